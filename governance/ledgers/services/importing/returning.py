"""The same file given back with a column 错误原因 (回传文件): what has to be mended stands beside the row."""
import os
import tempfile
from collections import defaultdict
from contextlib import closing
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill

from governance.organisation.services.recording import record_change

from ...formulas import guarded
from ...models import ImportBatch, ImportRow
from ...reading import open_book
from ...reading.headings import RETURNED
from ...reading.strict import as_transitional
from .originals import in_clear
from .payloads import unseal
from .telling import trouble_words

# A workbook of more rows is written as a stream, without its colours and widths, so that memory stays flat.
MOST_WHOLE_ROWS = 20_000
_SIGNS = 24
_RED = PatternFill("solid", start_color="FFF3D6D2")


def result_file(batch: ImportBatch, *, actor) -> tuple[str, Path]:
    """Name and path of a temporary .xlsx, which the caller removes; auditors read who had it given out.

    Refused: `file-erased`, `file-damaged`.
    """
    with in_clear(batch) as path, closing(open_book(path, batch.file_name)) as book:
        handle, name = tempfile.mkstemp(suffix=".xlsx")
        os.close(handle)
        target = Path(name)
        try:
            reasons = _reasons(batch)
            if book.type == "xlsx" and (book.row_count or batch.read_count) <= MOST_WHOLE_ROWS:
                _write_into(path, target, batch, reasons)
            else:
                _write_anew(book, target, batch, reasons)
            record_change(
                subject_type="import", subject_id=batch.pk, verb="original_given_out", actor=actor,
                data={"rows": batch.read_count, "errors": batch.error_count}, personal={"file": batch.file_name},
            )
        except BaseException:
            target.unlink(missing_ok=True)
            raise
    return f"{Path(batch.file_name).stem}-{RETURNED}.xlsx", target


def _reasons(batch: ImportBatch) -> dict[str, dict[int, str]]:
    """Sheet -> row -> reasons in words, of rows in error."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    rows = ImportRow.objects.filter(batch=batch, verdict=ImportRow.Verdict.ERROR)
    for row in rows.iterator(chunk_size=1000):
        held = unseal(bytes(row.payload))
        words = "\n".join(map(trouble_words, held["troubles"])) or f"{row.reason_cell} {row.reason_code}"
        found[row.sheet][row.row_number] = guarded(words)
    return found


def _write_into(path: Path, target: Path, batch: ImportBatch, reasons) -> None:
    """The workbook itself, with its look, and one column more."""
    with as_transitional(path) as file:
        workbook = load_workbook(file)
    for sheet in batch.mapping:
        worksheet = workbook[sheet["sheet"]]
        place = _place(sheet)
        heading = worksheet.cell(sheet["first_row"], place, RETURNED)
        heading.font, heading.alignment = Font(bold=True), Alignment(horizontal="center")
        for row, words in reasons.get(sheet["sheet"], {}).items():
            cell = worksheet.cell(row, place, words)
            cell.fill, cell.alignment = _RED, Alignment(wrap_text=True, vertical="top")
            # Not every program fits a row to wrapped text by itself: a reason that is not seen is not mended.
            lines = sum(1 + len(line) // _SIGNS for line in words.split("\n"))
            held = worksheet.row_dimensions[row]
            held.height = max(held.height or 0, 15 * lines)
        worksheet.column_dimensions[heading.column_letter].width = 2 * _SIGNS
    workbook.save(target)


def _write_anew(book, target: Path, batch: ImportBatch, reasons) -> None:
    """An .xlsx of the same cells, for .xls and .csv and for very long ones."""
    workbook = Workbook(write_only=True)
    mapped = {sheet["sheet"]: sheet for sheet in batch.mapping}
    for sheet in book.sheets:
        worksheet = workbook.create_sheet(sheet.name[:31])
        known = mapped.get(sheet.name)
        place = _place(known) if known else None
        for number, values in sheet.rows():
            cells = [_cell(worksheet, value) for value in values]
            if known is not None:
                told = RETURNED if number == known["first_row"] else reasons.get(sheet.name, {}).get(number)
                if told:
                    cells += [None] * (place - 1 - len(cells))
                    cells[place - 1:] = [_cell(worksheet, told)]
            worksheet.append(cells)
    workbook.save(target)


def _place(sheet: dict) -> int:
    """The first column to the right of the headings, or that of an earlier return."""
    from openpyxl.utils import column_index_from_string

    earlier = next((c["letter"] for c in sheet["columns"] if c["heading"] == RETURNED), None)
    letters = [column["letter"] for column in sheet["columns"]]
    return column_index_from_string(earlier) if earlier else max(map(column_index_from_string, letters)) + 1


def _cell(worksheet, value):
    """A cell whose text is never taken for a formula."""
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(worksheet, value=guarded(value))
    cell.data_type = "s"
    return cell
