"""Writing a table row by row (逐行写出): memory stays flat whatever the number of rows."""
import math
import unicodedata
from datetime import date, datetime

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from ..formulas import guarded
from .sheet import DATE, MONEY, SERIAL, TEXT, WHOLE, Sheet, SheetColumn

MOST_CHARACTERS = 32_000
CUT = "……（后略，全文见系统）"
A4 = 9
LINE_POINTS, MOST_POINTS = 15.5, 400
_SONG = "宋体"
_THIN = Side(style="thin", color="808080")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_NUMBER_FORMATS = {WHOLE: "0", SERIAL: "0", MONEY: "#,##0.00", DATE: "yyyy-mm-dd", TEXT: "@"}
_FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))


def write_workbook(path, sheet: Sheet, rows, *, after_row=None) -> int:
    """Write the table to the file; return the number of rows.

    `rows`: sequences of text, number, date or None, one value for each column that is not `SERIAL`.
    `after_row(count)` is called after each row.
    """
    book = Workbook(write_only=True)
    book.properties.creator = sheet.taken_by
    book.properties.title = sheet.title
    page = book.create_sheet(sheet.title.translate(_FORBIDDEN_IN_NAMES)[:31])
    heading_row = 1 if sheet.plain else 4
    _set_up(page, sheet, heading_row)
    if not sheet.plain:
        _write_head(page, sheet)
    _write_headings(page, sheet, heading_row)
    count = _write_rows(page, sheet, heading_row, rows, after_row)
    page.auto_filter.ref = f"A{heading_row}:{_last(sheet)}{heading_row + count}"
    if sheet.plain:
        _write_note(book, sheet, count)
    else:
        _write_foot(page, sheet, heading_row + count + 1)
    book.save(path)
    return count


def _last(sheet: Sheet) -> str:
    return get_column_letter(len(sheet.columns))


def _set_up(page, sheet: Sheet, heading_row: int) -> None:
    """Widths, panes and paper; a streamed sheet takes them before its first row only."""
    for position, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(position)].width = column.width
    page.freeze_panes = f"C{heading_row + 1}"
    page.print_title_rows = f"{heading_row}:{heading_row}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_options.horizontalCentered = True
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top, page.page_margins.bottom = 0.6, 0.7
    page.page_margins.header = page.page_margins.footer = 0.3
    page.oddHeader.right.text = sheet.watermark().replace("&", "&&")
    page.oddHeader.right.size = 8
    page.oddFooter.center.text = "第 &P 页，共 &N 页"


def _write_head(page, sheet: Sheet) -> None:
    """Title, filing line and watermark, each across the table."""
    width, last = len(sheet.columns), _last(sheet)
    centred = Alignment(horizontal="center", vertical="center")
    page.row_dimensions[1].height = 34
    page.merged_cells.add(f"A1:{last}1")
    page.append([_styled(page, sheet.title, font=Font(name=_SONG, size=18, bold=True), alignment=centred)])
    page.row_dimensions[2].height = 22
    page.append(_three_parts(page, sheet.filing_line(), width, row=2))
    page.merged_cells.add(f"A3:{last}3")
    page.row_dimensions[3].height = 18
    page.append([
        _styled(page, sheet.watermark(), font=Font(name=_SONG, size=9, color="666666"),
                alignment=Alignment(horizontal="right", vertical="center"))
    ])


def _three_parts(page, texts, width: int, *, row: int) -> list:
    """Left, middle and right of a line, merged over thirds of the table."""
    cells = [None] * width
    third = max(width // 3, 1)
    starts = (0, third, max(width - third, third))
    for number, (start, text) in enumerate(zip(starts, texts, strict=True)):
        side = ("left", "center", "right")[number]
        end = (starts[number + 1] if number < 2 else width) - 1
        if start >= width or not text:
            continue
        cells[start] = _styled(page, text, font=Font(name=_SONG, size=11),
                               alignment=Alignment(horizontal=side, vertical="center"))
        if end > start:
            page.merged_cells.add(f"{get_column_letter(start + 1)}{row}:{get_column_letter(end + 1)}{row}")
    return cells


def _write_headings(page, sheet: Sheet, heading_row: int) -> None:
    style = {
        "font": Font(name=_SONG, size=11, bold=True), "border": _FRAME,
        "fill": PatternFill("solid", start_color="E3EFED"),
        "alignment": Alignment(horizontal="center", vertical="center", wrap_text=True),
    }
    lines = max(_lines(column.heading, column.width) for column in sheet.columns)
    page.row_dimensions[heading_row].height = lines * LINE_POINTS + 6
    page.append([_styled(page, column.heading, **style) for column in sheet.columns])


def _write_rows(page, sheet: Sheet, heading_row: int, rows, after_row) -> int:
    """Each column keeps one styled cell, filled anew for every row: making styles is what costs."""
    cells = [_body_cell(page, column) for column in sheet.columns]
    count = 0
    for row in rows:
        count += 1
        values, lines = iter(row), 1
        for cell, column in zip(cells, sheet.columns, strict=True):
            _fill(cell, count if column.form == SERIAL else next(values))
            if cell.data_type == "s" and cell.value:
                lines = max(lines, _lines(cell.value, column.width))
        place = heading_row + count
        page.row_dimensions[place].height = min(lines * LINE_POINTS + 4, MOST_POINTS)
        page.append(cells)
        # Spreadsheets do not fit rows to wrapped text by themselves; kept for all rows, heights would fill the memory.
        del page.row_dimensions[place]
        if after_row is not None:
            after_row(count)
    return count


def _lines(text: str, width: float) -> int:
    """Lines that a wrapped text takes in a column; a Chinese character is as wide as two letters."""
    room = max(width - 2.5, 2)
    return sum(max(math.ceil(_width(line) / room), 1) for line in text.split("\n"))


def _width(line: str) -> int:
    return len(line) if line.isascii() else sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line)


def _body_cell(page, column: SheetColumn) -> WriteOnlyCell:
    side = "left" if column.form == TEXT and column.width > 14 else "right" if column.form == MONEY else "center"
    cell = _styled(
        page, None, font=Font(name=_SONG, size=11), border=_FRAME,
        alignment=Alignment(horizontal=side, vertical="center", wrap_text=True),
    )
    cell.number_format = _NUMBER_FORMATS[column.form]
    return cell


def _fill(cell: WriteOnlyCell, value) -> None:
    if isinstance(value, datetime):
        value = timezone.localtime(value).replace(tzinfo=None)
    if value is None or value == "":
        cell.value = None
        return
    if isinstance(value, str):
        cell.value = _text(value)
        # Openpyxl takes what begins with "=" for a formula; here nothing is one.
        cell.data_type = "s"
        return
    own_format = cell.number_format
    cell.value = value
    if isinstance(value, date):
        cell.number_format = own_format if own_format != "@" else _NUMBER_FORMATS[DATE]


def _text(value: str) -> str:
    text = ILLEGAL_CHARACTERS_RE.sub("", value.replace("\r\n", "\n"))
    if len(text) > MOST_CHARACTERS:
        text = text[:MOST_CHARACTERS] + CUT
    return guarded(text)


def _write_foot(page, sheet: Sheet, row: int) -> None:
    """Who filled it in and who checked it, to be signed by hand."""
    page.row_dimensions[row].height = 30
    page.append(_three_parts(page, (f"填报人：{sheet.taken_by}", "审核人：", "（盖章）"), len(sheet.columns), row=row))


def _write_note(book, sheet: Sheet, count: int) -> None:
    """The mark of a plain table, on a sheet of its own."""
    note = book.create_sheet("导出说明")
    note.column_dimensions["A"].width = 90
    for line in (sheet.title, f"填报单位：{sheet.filed_by}", f"共 {count} 行", sheet.watermark()):
        note.append([_styled(note, line, font=Font(name=_SONG, size=11))])


def _styled(page, value, **style) -> WriteOnlyCell:
    cell = WriteOnlyCell(page)
    if value is not None:
        cell.value = guarded(value)
        cell.data_type = "s"
    for name, part in style.items():
        setattr(cell, name, part)
    return cell
