"""`manage.py rebuild_facts --from DAY --to DAY`: count the stock of past days anew."""
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from governance.organisation.management.answering import Answer, AnsweringCommand
from governance.organisation.registry import Refused
from governance.reporting.services.facts import fill_days


class Command(AnsweringCommand):
    """Exit 0 done, 2 wrong use (`day-unknown`, `days-reversed`, `day-not-over`)."""

    help = "Count the stock of open matters at the end of each day from --from to --to anew, from their histories."

    def add_arguments(self, parser):
        """The days."""
        super().add_arguments(parser)
        parser.add_argument("--from", dest="first", required=True, metavar="DAY", help="first day, like 2026-11-01")
        parser.add_argument("--to", dest="last", metavar="DAY", help="last day (default: yesterday)")

    def answer(self, options) -> Answer:
        """Fill the days; each is whole by itself, so that a run cut off can be run again."""
        yesterday = timezone.localdate() - timezone.timedelta(days=1)
        first, last = _day(options["first"]), _day(options["last"]) if options["last"] else yesterday
        if last < first:
            raise Refused("days-reversed", _("The last day lies before the first."))
        done = fill_days(first, last)
        data = {**done, "from": first.isoformat(), "to": last.isoformat()}
        return Answer(data, [_("%(days)d days, %(rows)d rows written.") % done])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise Refused("day-unknown", _("“%(text)s” is not a day like 2026-11-01.") % {"text": text}) from fault
