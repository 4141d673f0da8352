"""`manage.py backup FOLDER`: a backup of everything, made while the portal runs, and tried by restoring it."""
from django.conf import settings
from django.utils.translation import gettext as _

from governance.keeping.models import Backup
from governance.keeping.services.backups import making, proving, retaining
from governance.organisation.management.answering import Answer, AnsweringCommand
from governance.organisation.registry import Refused


class Command(AnsweringCommand):
    """Make an encrypted backup. Exit 0 made and proved, 1 files were missing, 2 there is no backup, with a code."""

    help = (
        "Back up database, attachments, kept files, templates and settings (without keys) into a folder, encrypted "
        "with PORTAL_BACKUP_KEY, and restore it into a scratch database to prove it. Files it has are not copied again."
    )

    def add_arguments(self, parser):
        """Take the folder."""
        super().add_arguments(parser)
        parser.add_argument("folder", nargs="?", default="", help="default: PORTAL_BACKUP_FOLDER")
        parser.add_argument("--no-proof", action="store_true", help="do not restore it into a scratch database")
        parser.add_argument("--prune", action="store_true", help="clear old ones as PORTAL_BACKUP_KEEP says")

    def answer(self, options) -> Answer:
        """What was made. Refused: whatever making and proving refuse."""
        folder = options["folder"] or settings.BACKUP_FOLDER
        if not folder:
            raise Refused("backup-folder-missing", _("Name a folder, or set PORTAL_BACKUP_FOLDER."))
        vault = making.vault_at(folder)
        rule = retaining.rule_of(settings.BACKUP_KEEP)
        row = making.make(vault)
        if not options["no_proof"]:
            row = proving.prove(vault, row)
        gone = retaining.prune(vault, rule) if options["prune"] else []
        return told(row, gone)


def told(row: Backup, gone) -> Answer:
    """A backup in words and numbers."""
    data = {
        "backup": row.name, "folder": row.folder, "state": row.state, "database_bytes": row.database_bytes,
        "files": row.file_count, "new_files": row.new_count, "new_bytes": row.new_bytes, "missing": row.missing_count,
        "events": row.event_count, "pruned": gone,
    }
    lines = [
        _("Backup %(name)s: database %(database).1f MB, %(files)d files, %(new)d of them new (%(bytes).1f MB).")
        % {"name": row.name, "database": row.database_bytes / 1e6, "files": row.file_count, "new": row.new_count,
           "bytes": row.new_bytes / 1e6}
    ]
    if row.proved_at:
        lines.append(_("Restored on trial: every table is what it was, %(events)d events fit.")
                     % {"events": row.event_count})
    if row.missing_count:
        lines.append(_("%(count)d files are missing or altered in the store: see manage.py verify_files.")
                     % {"count": row.missing_count})
    return Answer(data, lines, is_wrong=bool(row.missing_count))
