"""Reading .xlsx row by row, with what openpyxl's streaming reader leaves out: merged cells, hidden columns, formulas.

Those three are found by one pass over the sheet's XML as bytes, which costs a fraction of parsing it.
"""
import re
import zipfile
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from . import guard
from .books import BROKEN, Sheet

_BLOCK = 1 << 20
_KEEP = 4096
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=\"([A-Z]+\d+:[A-Z]+\d+)\"")
_FORMULA = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=\"([A-Z]+\d+)\"[^>]*>\s*<(?:\w+:)?f\b")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
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
    file = path.open("rb")
    try:
        book = load_workbook(file, read_only=True, data_only=True)
        sheets = [_sheet(path, worksheet) for worksheet in book.worksheets]
    except BaseException:
        file.close()
        raise

    def close():
        book.close()
        file.close()

    return sheets, close


def _sheet(path: Path, worksheet) -> Sheet:
    # Some programs write a false extent, which the streaming reader would believe.
    worksheet.reset_dimensions()
    merges, formulas, hidden, last_row = _scan(path, worksheet._worksheet_path)

    def rows():
        try:
            for number, values in enumerate(worksheet.iter_rows(values_only=True), start=1):
                yield number, list(values)
        except BROKEN as error:
            raise guard.refuse("file-damaged") from error

    return Sheet(
        name=worksheet.title, rows=rows, merges=merges, formulas=formulas, hidden_columns=hidden,
        is_hidden=worksheet.sheet_state != "visible", row_count=last_row,
    )


def _scan(path: Path, member: str):
    """Merged cells, cells with formulas, hidden columns, last row."""
    merges, formulas, hidden, last_row = {}, set(), set(), None
    rest = b""
    with zipfile.ZipFile(path) as archive, archive.open(member) as file:
        while block := file.read(_BLOCK):
            text = rest + block
            for found in _FORMULA.finditer(text):
                formulas.add(coordinate_to_tuple(found[1].decode()))
            for found in _MERGE.finditer(text):
                left, top, right, bottom = range_boundaries(found[1].decode())
                merges[(top, left)] = (bottom, right)
            for found in _COLUMN.finditer(text):
                hidden |= _hidden(found[0])
            extent = _DIMENSION.search(text) if last_row is None else None
            last_row = int(extent[1]) if extent else last_row
            rest = text[-_KEEP:]
    return merges, formulas, frozenset(hidden), last_row


def _hidden(tag: bytes) -> set[int]:
    values = dict(_ATTRIBUTE.findall(tag))
    if values.get(b"hidden") not in (b"1", b"true"):
        return set()
    first, last = int(values.get(b"min", 0)), int(values.get(b"max", 0))
    return set(range(first, min(last, first + 500) + 1))
