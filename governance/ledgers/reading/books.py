"""Workbooks as streams of rows (工作簿): .xlsx, .xls and .csv look alike from here on."""
import csv
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from charset_normalizer import from_bytes
from openpyxl.utils.exceptions import InvalidFileException

from . import guard

# Damaged files make the readers raise nearly anything of this kind.
BROKEN = (zipfile.BadZipFile, KeyError, ValueError, TypeError, IndexError, AttributeError, OSError, EOFError,
          SyntaxError, AssertionError, OverflowError, zipfile.zlib.error,
          InvalidFileException)
_SAMPLE = 512 * 1024
# ="13812345678": how programs keep Excel from making a number of a text.
_AS_TEXT = re.compile(r'^="([^"]*)"$')


@dataclass
class Sheet:
    """A sheet (工作表). Rows and columns count from 1.

    - `rows()`: yields `(row number, values)`; a value is str, number, datetime, bool or None.
    - `merges`: top left cell `(row, column)` of merged ones -> bottom right.
    - `formulas`: cells whose value is the last one that Excel computed.
    """

    name: str
    rows: Callable[[], Iterator[tuple[int, list]]]
    merges: dict = field(default_factory=dict)
    formulas: set = field(default_factory=set)
    hidden_columns: frozenset = frozenset()
    hidden_rows: frozenset = frozenset()
    is_hidden: bool = False
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
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        delimiter = _delimiter(file.read(8192))

    def rows():
        with path.open(encoding=encoding, newline="") as file:
            for number, values in enumerate(csv.reader(file, delimiter=delimiter), start=1):
                yield number, [_AS_TEXT.sub(r"\1", value.strip()) or None for value in values]

    with path.open("rb") as file:
        lines = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    return [Sheet(name=name, rows=rows, row_count=lines)], lambda: None


_OPENERS = {"xlsx": _open_xlsx, "xls": _open_xls, "csv": _open_csv}


def encoding_of(path: Path) -> str:
    """The encoding of a text file: by its mark, else UTF-8 or GB18030, whichever all of it fits.

    Refused: `encoding-unknown`.
    """
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        if _fits(path, encoding):
            return encoding
    found = from_bytes(sample).best()
    if found is None or not _fits(path, found.encoding):
        raise guard.refuse("encoding-unknown")
    return found.encoding


def _fits(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as file:
            while block := file.read(1 << 20):
                if "\0" in block:
                    return False
    except UnicodeError:
        return False
    return True


def _delimiter(sample: str) -> str:
    """The sign that parts the cells: that of most lines, tabs before commas, as sentences hold commas too."""
    lines = [line for line in sample.splitlines() if line.strip()][:20]
    for mark in "\t;|":
        if lines and 2 * sum(line.count(mark) >= 2 for line in lines) >= len(lines):
            return mark
    return max(",，", key=lambda mark: sum(line.count(mark) for line in lines)) if lines else ","
