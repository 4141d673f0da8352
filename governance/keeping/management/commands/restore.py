"""`manage.py restore FOLDER`: bring a backup back into an empty database."""
from django.utils.translation import gettext as _

from governance.keeping.services.backups import making, restoring
from governance.organisation.management.answering import Answer, AnsweringCommand


class Command(AnsweringCommand):
    """Restore onto an empty machine; then start the portal. Exit 0 all fits, 1 the history does not, 2 refused."""

    help = (
        "Restore the last backup of a folder (or the one named) into an empty database and an empty folder of "
        "attachments; never overwrites. Broken off, it is begun again. Afterwards start the portal."
    )
    needs_database = False

    def add_arguments(self, parser):
        """Take the folder and which of its backups."""
        super().add_arguments(parser)
        parser.add_argument("folder", help="the folder of the backups")
        parser.add_argument("--backup", default="", metavar="NAME", help="one of them; default: the last")

    def answer(self, options) -> Answer:
        """What was brought back. Refused: whatever restoring refuses."""
        done = restoring.restore(
            making.vault_at(options["folder"]), options["backup"], after_file=self.tell
        )
        lines = [_("Backup %(name)s is restored: %(files)d files, hash %(hash)s.")
                 % {"name": done.name, "files": done.files, "hash": done.hash[:16]}]
        if done.missing:
            lines.append(_("%(count)d files were missing already when the backup was made.")
                         % {"count": len(done.missing)})
        if done.verified is None:
            lines.append(_("The backup is of an earlier version: the first start brings it up to date."))
        else:
            words = _("%(count)d events read, all fit.") if done.verified else _("The history does NOT fit.")
            lines.append(words % {"count": done.events} if done.verified else words)
        lines.append(_("Now start the portal. The old machine's settings lie in settings-of-backup.env."))
        data = {"backup": done.name, "hash": done.hash, "files": done.files, "missing": list(done.missing),
                "events": done.events, "verified": done.verified}
        return Answer(data, lines, is_wrong=done.verified is False)

    def tell(self, count, of):
        """Say how far it is, on a terminal."""
        if self.stderr.isatty() and (count % 100 == 0 or count == of):
            self.stderr.write(f"\r{count} / {of}", ending="\n" if count == of else "")
