"""`manage.py verify_files`: is every file there, and is it what was stored?"""
from django.utils.translation import gettext as _

from governance.keeping.models import FileTrouble
from governance.keeping.services import checking, storing
from governance.organisation.management.answering import Answer, AnsweringCommand

SHOWN = 20


class Command(AnsweringCommand):
    """Compare every file with its hash. Exit 0 all are whole, 1 files are missing or altered, 2 there is no store."""

    help = "Compare every stored file with its hash; exit 1 names those that are missing or altered."

    def add_arguments(self, parser):
        """Take how much is to be read."""
        super().add_arguments(parser)
        parser.add_argument("--slice", type=float, metavar="SECONDS", help="go on for so long where the last run ended")

    def answer(self, options) -> Answer:
        """What was found. Refused: `store-missing`."""
        storing.require_store()
        if options["slice"]:
            count = checking.verify_slice(seconds=options["slice"])
        else:
            count = checking.verify_all()
        troubles = list(FileTrouble.objects.all())
        data = {
            "files": count,
            "missing": sum(row.kind == FileTrouble.Kind.MISSING for row in troubles),
            "altered": sum(row.kind == FileTrouble.Kind.ALTERED for row in troubles),
            "troubles": [
                {"source": row.source, "row": row.row, "path": row.path, "kind": row.kind} for row in troubles
            ],
        }
        lines = [_("%(count)d files compared; %(missing)d are missing, %(altered)d were altered.")
                 % {"count": count, "missing": data["missing"], "altered": data["altered"]}]
        lines += [f"{row.get_kind_display()}: {row.source} {row.row} {row.path}" for row in troubles[:SHOWN]]
        return Answer(data, lines, is_wrong=bool(troubles))
