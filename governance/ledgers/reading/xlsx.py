"""Reading .xlsx row by row, with what openpyxl's streaming reader leaves out: merged cells, hidden columns, formulas.

Those three are found by one pass over the sheet's XML as bytes, which costs a fraction of parsing it.
"""
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.escape import unescape

from . import guard
from .books import BROKEN, Sheet
from .strict import as_transitional

_BLOCK = 1 << 20
_KEEP = 4096
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=\"([A-Z]+\d+:[A-Z]+\d+)\"")
_FORMULA = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=\"([A-Z]+\d+)\"[^>]*>\s*<(?:\w+:)?f\b")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_ROW_HIDDEN = re.compile(rb"\bhidden=\"(?:1|true)\"")
_ROW_NUMBER = re.compile(rb"\br=\"(\d+)\"")
_ATTRIBUTE = re.compile(rb"\b(min|max|hidden)=\"(\w+)\"")
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\b[^>]*?\bref=\"[A-Z]+\d+:[A-Z]+(\d+)\"")
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)


def open_xlsx(path: Path):
    """The sheets of a workbook, and how to close it."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")) and _DTD.search(archive.open(name).read(2048)):
                raise guard.refuse("file-damaged")
    # Opened by us, as openpyxl goes by the name's ending, and uploads are kept without one.
    file = as_transitional(path)
    try:
        book = load_workbook(file, read_only=True, data_only=True)
        is_1904 = book.epoch == CALENDAR_MAC_1904
        sheets = [_sheet(path, worksheet, is_1904) for worksheet in book.worksheets]
    except BaseException:
        file.close()
        raise

    def close():
        book.close()
        file.close()

    return sheets, close


def _sheet(path: Path, worksheet, is_1904: bool) -> Sheet:
    # Some programs write a false extent, which the streaming reader would believe.
    worksheet.reset_dimensions()
    seen = _scan(path, worksheet._worksheet_path)

    def rows():
        try:
            for number, values in enumerate(worksheet.iter_rows(values_only=True), start=1):
                yield number, [_decoded(value) if isinstance(value, str) else value for value in values]
        except BROKEN as error:
            raise guard.refuse("file-damaged") from error

    return Sheet(
        name=worksheet.title, rows=rows, merges=seen.merges, formulas=seen.formulas,
        hidden_columns=frozenset(seen.hidden_columns), hidden_rows=frozenset(seen.hidden_rows),
        is_hidden=worksheet.sheet_state != "visible", is_1904=is_1904, row_count=seen.last_row,
    )


def _decoded(text: str) -> str:
    """The text with its escaped signs (_x000D_) as signs; those that no text can hold left out."""
    if "_x" not in text:
        return text
    whole = unescape(text).encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return whole.replace("\0", "")


@dataclass
class _Seen:
    """What one pass over the XML finds."""

    merges: dict = field(default_factory=dict)
    formulas: set = field(default_factory=set)
    hidden_columns: set = field(default_factory=set)
    hidden_rows: set = field(default_factory=set)
    last_row: int | None = None

    def look(self, text: bytes) -> None:
        """Take in a part of the XML; parts overlap, so that nothing is counted."""
        for found in _FORMULA.finditer(text):
            self.formulas.add(coordinate_to_tuple(found[1].decode()))
        for found in _MERGE.finditer(text):
            left, top, right, bottom = range_boundaries(found[1].decode())
            self.merges[(top, left)] = (bottom, right)
        for found in _COLUMN.finditer(text):
            self.hidden_columns |= _hidden(found[0])
        if b"hidden=" in text:
            rows = (found[0] for found in _ROW.finditer(text) if _ROW_HIDDEN.search(found[0]))
            self.hidden_rows |= {int(number[1]) for number in map(_ROW_NUMBER.search, rows) if number}
        if self.last_row is None and (extent := _DIMENSION.search(text)):
            self.last_row = int(extent[1])


def _scan(path: Path, member: str) -> _Seen:
    """Merged cells, cells with formulas, hidden columns and rows, last row."""
    seen, rest = _Seen(), b""
    with zipfile.ZipFile(path) as archive, archive.open(member) as file:
        while block := file.read(_BLOCK):
            text = rest + block
            seen.look(text)
            rest = text[-_KEEP:]
    return seen


def _hidden(tag: bytes) -> set[int]:
    values = dict(_ATTRIBUTE.findall(tag))
    if values.get(b"hidden") not in (b"1", b"true"):
        return set()
    first, last = int(values.get(b"min", 0)), int(values.get(b"max", 0))
    return set(range(first, min(last, first + 500) + 1))
