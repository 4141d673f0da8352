"""Rows of an uploaded table, whatever it was saved as: xlsx, or csv in UTF-8 or GB18030."""
import csv
import io
import zipfile

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

from ...registry import Refused

MOST_ROWS = 20_000


def read_rows(name: str, content: bytes) -> list[list[str]]:
    """All rows as text. Refused: `file-not-a-table`, `file-too-long`."""
    rows = _xlsx(content) if name.lower().endswith(".xlsx") else _csv(content)
    rows = [row for row in rows if any(row)]
    if len(rows) > MOST_ROWS:
        raise Refused("file-too-long", _("The file has too many rows. Split it."), ["file"])
    return rows


def _xlsx(content: bytes) -> list[list[str]]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        raise _not_a_table() from error
    return [[_text(cell) for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)]


def _csv(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise _not_a_table()
        return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text))]
    raise _not_a_table()


def _text(value) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.date().isoformat() if hasattr(value, "date") else str(value).strip()


def _not_a_table() -> Refused:
    message = _("This is not an Excel (.xlsx) or CSV file. Save it as one of these.")
    return Refused("file-not-a-table", message, ["file"])
