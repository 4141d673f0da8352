"""What the ledgers hand down to be kept (保管登记): uploaded ledgers, files taken out, rows not yet entered."""
import json

from django.utils.translation import gettext_lazy as _

from governance.keeping.registry import FileSource, SealedColumns, encrypted_anew, register_files, register_sealed
from governance.organisation import encryption

from .models import ImportBatch, ImportRow, LedgerExport
from .services.exporting.making import FOLDER


def _row(values: dict, key: bytes) -> dict:
    """What an update replaced holds telephone numbers that are encrypted by themselves."""
    changed = encrypted_anew("payload", "before")(values, key)
    held = json.loads(encryption.decrypt(values["before"], key=key) or "{}") if "before" in changed else {}
    for phone in (held.get("phones") or {}).values():
        phone[0] = encryption.encrypt(encryption.decrypt(bytes.fromhex(phone[0]), key=key), key=key).hex()
    if held.get("phones"):
        changed["before"] = encryption.encrypt(json.dumps(held, ensure_ascii=False), key=key)
    return changed


register_files(FileSource(
    "export", _("Files taken out"), lambda: LedgerExport.objects.filter(state=LedgerExport.State.READY),
    prefix=f"{FOLDER}/", is_encrypted=True, passes=True,
))
register_files(FileSource(
    "ledger", _("Uploaded ledgers"), lambda: ImportBatch.objects.filter(erased_at=None), is_encrypted=True, passes=True,
))
register_sealed(SealedColumns(
    "import_row", _("Rows of ledgers"), ImportRow.objects.all, ("payload", "before"), _row,
))
