"""`manage.py generate_demo`: the fictional demo township."""
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from disputes.services.generating import PASSWORD, accounts, make_matters, make_township
from disputes.services.generating.campaigns import make_campaigns, make_filters
from disputes.services.generating.reports import make_reports
from disputes.services.generating.township import absent_officer
from governance.casework.services.reminding import owe_reminders, pay_reminders


class Command(BaseCommand):
    """Make the demo township; a second run changes nothing. `--accounts` makes its people and lists the accounts."""

    help = "Make the fictional demo township: units and people at once, then two years of disputes."

    def add_arguments(self, parser):
        parser.add_argument("--accounts", action="store_true", help="units and people only; print the accounts")
        parser.add_argument("--count", type=int, default=300, help="how many disputes (default 300)")

    def handle(self, *args, **options):
        make_township()
        absent_officer(timezone.localdate())
        if options["accounts"]:
            self.stdout.write(_("Password of every demo account: %(password)s") % {"password": PASSWORD})
            for username, what in accounts():
                self.stdout.write(f"  {username:<12} {what}")
            return
        made = make_matters(options["count"])
        make_campaigns(timezone.localdate())
        make_filters()
        make_reports(timezone.localdate())
        owe_reminders()
        pay_reminders()
        self.stdout.write(_("The demo township is filled: %(count)d disputes.") % {"count": made})
