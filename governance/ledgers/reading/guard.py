"""What is looked at before a file is opened (上传检查): type, size, password, how far it unpacks."""
import re
import zipfile
from pathlib import Path

from governance.organisation.registry import Refused

from .wording import Remark, words_of

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 400 * 1024 * 1024
# A ledger of 100,000 rows packs about 15 : 1; what packs far better and is large is no ledger.
MOST_RATIO, RATIO_COUNTS_FROM = 120, 20 * 1024 * 1024
MOST_MEMBERS = 2000
# Web systems write tables as pages and call them .xls.
_WEB_PAGE = re.compile(
    r"(?:\s|<!--.*?-->)*(?:<!doctype html|<(?:html|head|body|table|meta|style|div|script)\b|MIME-Version:)", re.I | re.S
)
_NO_TABLE = re.compile(r"\s*(?:<\?xml|<!doctype|%PDF|\{\\rtf)", re.I)
OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"


def refuse(code: str, **data) -> Refused:
    """A refusal of the whole file, to be raised."""
    refusal = Refused(code, words_of(Remark(code, data=data)), ("file",))
    refusal.data = data
    return refusal


def type_of(path: Path) -> str:
    """`xlsx`, `xls` or `csv` by what is in the file, never by its name.

    Refused: `file-is-empty`, `file-too-large`, `file-has-password`, `file-damaged`, `file-not-a-table`,
    `file-is-web-page`, `file-unpacks-too-large`.
    """
    size = path.stat().st_size
    if size == 0:
        raise refuse("file-is-empty")
    if size > MOST_BYTES:
        raise refuse("file-too-large", size=size // 1024 // 1024, most=MOST_BYTES // 1024 // 1024)
    with path.open("rb") as file:
        head = file.read(8192)
    if head.startswith(OLE):
        return _ole(path)
    if head.startswith(ZIP):
        _check_zip(path, size)
        return "xlsx"
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refuse("file-not-a-table")
    text = _as_text(head)
    if _WEB_PAGE.match(text):
        raise refuse("file-is-web-page")
    if _NO_TABLE.match(text):
        raise refuse("file-not-a-table")
    return "csv"


def _as_text(head: bytes) -> str:
    """The beginning of a file without its mark; what is no text as it may be."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    return head.decode("utf-8-sig", "replace")


def _ole(path: Path) -> str:
    """An old workbook, or a new one in an encrypted wrapper."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise refuse("file-has-password")
    for stream in ("Workbook", "Book"):
        if stream.encode("utf-16-le") in content:
            return "xls"
    raise refuse("file-not-a-table")


def _check_zip(path: Path, size: int) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise refuse("file-damaged") from error
    if any(member.flag_bits & 1 for member in members):
        raise refuse("file-has-password")
    names = {member.filename for member in members}
    if not any(name.endswith("workbook.xml") for name in names):
        raise refuse("file-not-a-table")
    # Reading never goes beyond the size that a member declares, so that a false one cannot unpack further.
    unpacked = sum(member.file_size for member in members)
    bomb = unpacked > RATIO_COUNTS_FROM and unpacked > MOST_RATIO * size
    if unpacked > MOST_UNPACKED or bomb or len(members) > MOST_MEMBERS:
        raise refuse("file-unpacks-too-large", size=unpacked // 1024 // 1024)
