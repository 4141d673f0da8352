"""`manage.py adopt_store`: from now on this folder is the store of the attachments."""
from django.utils.translation import gettext as _

from governance.keeping.services import storing
from governance.organisation.management.answering import Answer, AnsweringCommand


class Command(AnsweringCommand):
    """Write the marker of the store into the folder, after its files were moved or brought back by hand."""

    help = "Make the folder of the attachments (PORTAL_MEDIA) the store of this database; refuses a wrong folder."

    def add_arguments(self, parser):
        """Take the word that overrides the look at the folder."""
        super().add_arguments(parser)
        parser.add_argument("--force", action="store_true", help="although the folder is another's or lacks the files")

    def answer(self, options) -> Answer:
        """The id of the store. Refused: `store-of-another`, `store-lacks-files`."""
        code = storing.adopt_store(force=options["force"])
        return Answer({"store": code, "folder": str(storing.root())},
                      [_("%(folder)s is the store of this portal.") % {"folder": storing.root()}])
