"""`manage.py reindex_search`: write what search finds of every matter anew, while the portal runs."""
from django.utils.translation import gettext as _

from governance.casework.services.indexing import reindex_all
from governance.organisation.management.answering import Answer, AnsweringCommand


class Command(AnsweringCommand):
    """Reindex in slices, each committed by itself; stopped half-way, it goes on with --after."""

    help = "Write the search index of all matters anew, in slices; --after goes on where an earlier run was stopped."

    def add_arguments(self, parser):
        """From where on."""
        super().add_arguments(parser)
        parser.add_argument("--after", type=int, default=0, metavar="ID", help="only matters with a higher id")

    def answer(self, options) -> Answer:
        """How many were written."""
        count = reindex_all(after=options["after"], tell=lambda last: self._tell(options, last))
        return Answer({"count": count}, [_("%(count)d matters are indexed anew.") % {"count": count}])

    def _tell(self, options, last):
        if not options["json"]:
            self.stderr.write(_("up to id %(id)d") % {"id": last})
