"""`manage.py verify_ledger`: does the history fit, event by event?"""
from django.utils.translation import gettext as _

from governance.casework.services.verifying import verify_ledger
from governance.casework.workflow import Refused
from governance.organisation.management.answering import Answer, AnsweringCommand


class Command(AnsweringCommand):
    """Verify every hash chain; names the first row that does not fit. Exit 0 all fit, 1 a row does not fit."""

    help = "Verify the hash chains of all matters and of the organisation; exit 1 names the first misfit."

    def add_arguments(self, parser):
        """Take seals that somebody kept on paper."""
        super().add_arguments(parser)
        parser.add_argument(
            "--printed", action="append", default=[], metavar="NUMBER:HASH",
            help="a seal as it stands on paper; at least 16 characters of its hash; may be given several times",
        )

    def answer(self, options) -> Answer:
        """Read every event once. Refused: `seal-invalid`."""
        read, misfit = verify_ledger(_printed(options["printed"]))
        data = {"events": read, "fits": misfit is None, "misfit": vars(misfit) if misfit else None}
        if misfit is None:
            return Answer(data, [_("%(count)d events read, all fit.") % {"count": read}])
        line = _("DOES NOT FIT: %(subject)s, row %(row)d (%(reason)s); %(count)d events before it fit.") % {
            "subject": misfit.subject, "row": misfit.seq, "reason": misfit.reason, "count": read,
        }
        return Answer(data, [line], is_wrong=True)


def _printed(typed) -> list[tuple[int, str]]:
    pairs = []
    for one in typed:
        number, _mark, seal_hash = one.partition(":")
        if not number.isdigit() or not seal_hash:
            raise Refused("seal-invalid", _("“%(text)s” is not NUMBER:HASH.") % {"text": one})
        pairs.append((int(number), seal_hash))
    return pairs
