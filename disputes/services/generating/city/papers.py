"""The one file behind every generated signed agreement (占位附件)."""
import hashlib

from governance.keeping.services import storing

_CONTENT = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
_PATH = "generated/agreement.pdf"

# Columns of an attachment that is this file.
PLACEHOLDER = {
    "name": "协议书.pdf", "path": _PATH, "content_type": "application/pdf", "size_bytes": len(_CONTENT),
    "sha256": hashlib.sha256(_CONTENT).hexdigest(),
}


def write_placeholder() -> None:
    """Put the file where attachments lie, unless it is there."""
    if not storing.place(_PATH).exists():
        storing.put(_PATH, [_CONTENT])
