"""Reading .csv: encoding, separator and quotation marks as programs and people write them (逗号分隔文件)."""
import csv
import re
from collections.abc import Iterator
from pathlib import Path

from charset_normalizer import from_bytes

from . import guard
from .books import Sheet

_SAMPLE = 512 * 1024
# ="13812345678": how programs keep Excel from making a number of a text.
_AS_TEXT = re.compile(r'^="([^"]*)"$')
_MARKS = "\t;|,，"
_MOST_HEADING, _LEAST_HEADINGS = 24, 3


def open_csv(path: Path, name: str):
    """The only sheet of a text file, and how to close it. Refused: `encoding-unknown`."""
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        delimiter = _delimiter(file.read(8192))

    def rows():
        with path.open(encoding=encoding, newline="") as file:
            for number, values in enumerate(_records(file, delimiter), start=1):
                yield number, [_AS_TEXT.sub(r"\1", value.strip()) or None for value in values]

    with path.open("rb") as file:
        lines = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    return [Sheet(name=name, rows=rows, row_count=lines)], lambda: None


def _records(file, delimiter: str) -> Iterator[list[str]]:
    """The cells of each record. Refused with the line: `quote-unclosed`, `line-too-long`.

    Signs behind a closing quotation mark are forgiven within a line; over several lines they, or the end of the
    file, tell that the mark was never closed and swallowed whole rows.
    """
    taken: list[str] = []

    def lines():
        for line in file:
            taken.append(line)
            yield line

    reader, first = csv.reader(lines(), delimiter=delimiter), 1
    while True:
        try:
            record = next(reader, None)
            if len(taken) > 1:
                for _checked in csv.reader(taken, delimiter=delimiter, strict=True):
                    pass
        except csv.Error as error:
            raise guard.refuse("quote-unclosed" if len(taken) > 1 else "line-too-long", line=first) from error
        if record is None:
            return
        first += len(taken)
        taken.clear()
        yield record


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
    """The sign that parts the cells of the headings: sentences further down hold any of them too."""
    lines = [line for line in sample.splitlines() if line.strip()][:20]
    for line in lines:
        found = {mark: _headings(line.split(mark)) for mark in _MARKS}
        if any(found.values()):
            return max(_MARKS, key=lambda mark: found[mark])
    for mark in "\t;|":
        if lines and 2 * sum(line.count(mark) >= 2 for line in lines) >= len(lines):
            return mark
    return max(",，", key=lambda mark: sum(line.count(mark) for line in lines)) if lines else ","


def _headings(cells: list[str]) -> int:
    """How many cells there are, if all of them are as short as headings."""
    cells = [cell.strip().strip('"') for cell in cells]
    filled = sum(bool(cell) for cell in cells)
    return filled if filled >= _LEAST_HEADINGS and max(map(len, cells)) <= _MOST_HEADING else 0
