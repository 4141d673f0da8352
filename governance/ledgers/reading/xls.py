"""Reading the old binary .xls (xlrd). At most 65,536 rows a sheet, so that it may be held in memory."""
import mmap
import struct
from pathlib import Path

import xlrd
from xlrd import compdoc

from . import guard
from .books import BROKEN, Sheet

_FORMULA, _BOUNDSHEET, _BOF, _EOF = 0x0006, 0x0085, 0x0809, 0x000A


def open_xls(path: Path):
    """The sheets of an old workbook, and how to close it. Refused: `file-has-password`, `file-damaged`."""
    try:
        book = xlrd.open_workbook(path, formatting_info=True)
    except (xlrd.XLRDError, compdoc.CompDocError) as error:
        raise guard.refuse("file-has-password" if "encrypt" in str(error).lower() else "file-damaged") from error
    except NotImplementedError:
        book = xlrd.open_workbook(path)
    formulas = _formulas(path)
    sheets = [_sheet(book, number, formulas) for number in range(book.nsheets)]
    return sheets, book.release_resources


def _sheet(book, number: int, formulas) -> Sheet:
    sheet = book.sheet_by_index(number)
    merges = {
        (top + 1, left + 1): (bottom, right) for top, bottom, left, right in getattr(sheet, "merged_cells", ())
    }
    hidden = frozenset(
        column + 1 for column, info in getattr(sheet, "colinfo_map", {}).items() if info.hidden
    )

    hidden_rows = frozenset(row + 1 for row, info in getattr(sheet, "rowinfo_map", {}).items() if info.hidden)

    def rows():
        for row in range(sheet.nrows):
            yield row + 1, [_value(cell, book.datemode) for cell in sheet.row(row)]

    return Sheet(
        name=sheet.name, rows=rows, merges=merges, formulas=formulas.get(number, set()), hidden_columns=hidden,
        hidden_rows=hidden_rows,
        is_hidden=sheet.visibility != 0, is_1904=book.datemode == 1, row_count=sheet.nrows,
    )


def _value(cell, datemode: int):
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return None
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, datemode)
        except (xlrd.xldate.XLDateError, ValueError, OverflowError):
            return cell.value
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#N/A")
    return cell.value if cell.value != "" else None


def _formulas(path: Path) -> dict[int, set]:
    """Cells with formulas by number of the sheet, from the records of the file: xlrd does not tell them."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            document = compdoc.CompDoc(content, logfile=_Silent())
            stream = next(
                (s for s in map(document.get_named_stream, ("Workbook", "Book")) if s is not None), b""
            )
            return _formula_cells(bytes(stream))
    except (*BROKEN, compdoc.CompDocError, struct.error):
        return {}


def _formula_cells(stream: bytes) -> dict[int, set]:
    starts, found, place, sheet = [], {}, 0, None
    while place + 4 <= len(stream):
        code, length = struct.unpack_from("<HH", stream, place)
        if code == _BOUNDSHEET:
            starts.append(struct.unpack_from("<I", stream, place + 4)[0])
        elif code == _BOF:
            sheet = starts.index(place) if place in starts else None
        elif code == _FORMULA and sheet is not None:
            row, column = struct.unpack_from("<HH", stream, place + 4)
            found.setdefault(sheet, set()).add((row + 1, column + 1))
        place += 4 + length
    return found


class _Silent:
    """Takes what xlrd would print about odd files."""

    def write(self, text):
        """Nothing."""
