"""`manage.py generate_demo`: the fictional demo township."""
from django.utils import timezone
from django.utils.translation import gettext as _

from disputes.services.generating import PASSWORD, accounts, make_matters, make_township
from disputes.services.generating.campaigns import make_campaigns, make_filters
from disputes.services.generating.city import refuse_demo_beside_real_township
from disputes.services.generating.reports import make_reports
from disputes.services.generating.standing import merge_a_duplicate
from disputes.services.generating.township import absent_officer, has_township
from governance.casework.services.reminding import owe_reminders, pay_reminders
from governance.organisation.management.answering import Answer, AnsweringCommand


class Command(AnsweringCommand):
    """Make the demo township; a second run changes nothing. `--accounts` makes its people and lists the accounts."""

    help = "Make the fictional demo township: units and people at once, then two years of disputes."

    def add_arguments(self, parser):
        """Take how much of it."""
        super().add_arguments(parser)
        parser.add_argument("--accounts", action="store_true", help="units and people only; print the accounts")
        parser.add_argument("--count", type=int, default=300, help="how many disputes (default 300)")

    def answer(self, options) -> Answer:
        """The accounts, or how many disputes were made. Refused: `real-portal`, unless the demo is there already."""
        if not has_township():
            refuse_demo_beside_real_township()
        make_township()
        absent_officer(timezone.localdate())
        return _accounts() if options["accounts"] else _filled(options["count"])


def _accounts() -> Answer:
    rows = list(accounts())
    return Answer(
        {"password": PASSWORD, "accounts": [{"username": username, "who": str(who)} for username, who in rows]},
        [_("Password of every demo account: %(password)s") % {"password": PASSWORD},
         *(f"  {username:<12} {who}" for username, who in rows)],
    )


def _filled(count: int) -> Answer:
    today = timezone.localdate()
    made = make_matters(count)
    merge_a_duplicate()
    make_campaigns(today)
    make_filters()
    make_reports(today)
    owe_reminders()
    pay_reminders()
    return Answer({"made": made}, [_("The demo township is filled: %(count)d disputes.") % {"count": made}])
