"""Workbooks as streams of rows (工作簿): .xlsx, .xls and .csv look alike from here on."""
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl.utils.exceptions import InvalidFileException

from . import guard

# Damaged files make the readers raise nearly anything of this kind.
BROKEN = (zipfile.BadZipFile, KeyError, ValueError, TypeError, IndexError, AttributeError, OSError, EOFError,
          SyntaxError, AssertionError, OverflowError, zipfile.zlib.error,
          InvalidFileException)


@dataclass
class Sheet:
    """A sheet (工作表). Rows and columns count from 1.

    - `rows()`: yields `(row number, values)`; a value is str, number, datetime, bool or None.
    - `merges`: top left cell `(row, column)` of merged ones -> bottom right.
    - `formulas`: cells whose value is the last one that Excel computed.
    - `is_1904`: days without a date format are counted from 1904 on, as old Macintosh workbooks have them.
    """

    name: str
    rows: Callable[[], Iterator[tuple[int, list]]]
    merges: dict = field(default_factory=dict)
    formulas: set = field(default_factory=set)
    hidden_columns: frozenset = frozenset()
    hidden_rows: frozenset = frozenset()
    is_hidden: bool = False
    is_1904: bool = False
    row_count: int | None = None


@dataclass
class Book:
    """A file of one or more sheets. Close it after use."""

    name: str
    type: str
    sheets: list[Sheet]
    close: Callable[[], None] = lambda: None

    @property
    def row_count(self) -> int | None:
        """How many rows all sheets have, if the file says so: for showing progress."""
        counts = [sheet.row_count for sheet in self.sheets]
        return sum(counts) if counts and None not in counts else None


def open_book(path: Path, name: str) -> Book:
    """Open a ledger. Refused with a code of `wording.REFUSALS` if it cannot be one."""
    path = Path(path)
    kind = guard.type_of(path)
    try:
        sheets, close = _OPENERS[kind](path, Path(name).stem)
    except BROKEN as error:
        raise guard.refuse("file-damaged") from error
    return Book(name=name, type=kind, sheets=sheets, close=close)


def _open_xlsx(path: Path, _name: str):
    from .xlsx import open_xlsx

    return open_xlsx(path)


def _open_xls(path: Path, _name: str):
    from .xls import open_xls

    return open_xls(path)


def _open_csv(path: Path, name: str):
    from .delimited import open_csv

    return open_csv(path, name)


_OPENERS = {"xlsx": _open_xlsx, "xls": _open_xls, "csv": _open_csv}

