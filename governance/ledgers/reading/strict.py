"""Workbooks in the strict form of the standard (ISO/IEC 29500 严格格式), which no reader at hand understands.

They differ in the names of their vocabularies only; with those of the usual form they are read as any other.
"""
import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

_BLOCK, _KEEP = 1 << 20, 256
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/([\w/]+)")
_USUAL = b"http://schemas.openxmlformats.org/"


def as_transitional(path: Path) -> BinaryIO:
    """The workbook open for reading, a strict one in its usual form: in memory, as it holds names."""
    with zipfile.ZipFile(path) as archive:
        book = next((name for name in archive.namelist() if name.endswith("workbook.xml")), None)
        with archive.open(book) as file:
            is_strict = bool(_STRICT.search(file.read(4096)))
        if not is_strict:
            return path.open("rb")
        rewritten = BytesIO()
        with zipfile.ZipFile(rewritten, "w", zipfile.ZIP_DEFLATED) as target:
            for member in archive.infolist():
                with archive.open(member) as source, target.open(member.filename, "w") as sink:
                    _rewrite(source, sink, is_text=member.filename.endswith((".xml", ".rels")))
    rewritten.seek(0)
    return rewritten


def _rewrite(source, sink, *, is_text: bool) -> None:
    """Copy in blocks; what may be half a name at the end of a block goes with the next one."""
    rest = b""
    while block := source.read(_BLOCK):
        text = rest + block
        cut = max(text.rfind(b"<", len(text) - _KEEP), 0) if is_text and len(block) == _BLOCK else len(text)
        sink.write(_STRICT.sub(_usual, text[:cut]) if is_text else text[:cut])
        rest = text[cut:]
    sink.write(_STRICT.sub(_usual, rest) if is_text else rest)


def _usual(match: re.Match) -> bytes:
    """spreadsheetml/main and officeDocument/relationships carry a year in their usual names."""
    return _USUAL + match[1] + b"/2006/" + match[2]
