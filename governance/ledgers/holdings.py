"""What the ledgers hand down to be kept (保管登记): uploaded ledgers, files taken out, rows not yet entered."""
import json

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from governance.keeping.registry import FileSource, SealedColumns, register_files, register_sealed
from governance.organisation import encryption

from .models import ImportBatch, ImportRow, LedgerExport
from .services.exporting.making import FOLDER


def _with_phones_anew(text: str) -> str:
    """What an update replaced holds telephone numbers that are encrypted by themselves."""
    held, key = json.loads(text), settings.PERSONAL_KEY
    for phone in (held.get("phones") or {}).values():
        phone[0] = encryption.encrypt(encryption.decrypt(bytes.fromhex(phone[0]), key=key), key=key).hex()
    return json.dumps(held, ensure_ascii=False)


register_files(FileSource(
    "export", _("Files taken out"), lambda: LedgerExport.objects.filter(state=LedgerExport.State.READY),
    prefix=f"{FOLDER}/", is_encrypted=True, passes=True,
))
register_files(FileSource(
    "ledger", _("Uploaded ledgers"), lambda: ImportBatch.objects.filter(erased_at=None), is_encrypted=True, passes=True,
))
register_sealed(SealedColumns(
    "import_row", _("Rows of ledgers"), ImportRow.objects.all, ("payload", "before"),
    within={"before": _with_phones_anew},
))
