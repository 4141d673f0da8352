"""Tables as Word and Excel in the township's form (上报表): title, who files, columns in two rows of headings."""
import io
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone, translation
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from .. import registry

_SONG = "宋体"
_A4 = 9
_WIDTH_CM, _WIDTH_CHARACTERS = 27.3, 150
_WEIGHTS = {registry.PERCENT: 1.5, registry.YUAN: 1.7}


@dataclass
class Paper:
    """A table ready to be written: headings with their groups, lines of texts, what stands above and below."""

    title: str
    file_name: str
    filed_by: str
    span: str
    headings: list[tuple[str, str]]
    lines: list[list[str]]
    weights: list[float]
    notes: list[str] = field(default_factory=list)
    signatures: str = ""
    taken_by: str = ""
    taken_at: datetime | None = None

    def mark(self) -> str:
        """Who took it out, and when."""
        return f"导出人：{self.taken_by}　导出时间：{timezone.localtime(self.taken_at):%Y年%-m月%-d日 %H:%M}"


def of_version(seen, user) -> Paper:
    """The paper of a roll-up's version as the user sees it: every village by name, the unconfirmed marked."""
    version, period = seen.version, seen.version.rollup.period
    table = registry.get_table("weekly")
    with translation.override("zh-hans"):
        lines = [
            [_place(row.part, version), *_texts(table, row.figures), _note(row.part)] for row in seen.rows
        ]
        if seen.total is not None:
            lines.append(["合计", *_texts(table, seen.total.figures), ""])
        notes = [version.remark] if version.remark else []
        if seen.missing:
            notes.append("未确认：" + "、".join(unit.short_name for unit in seen.missing))
        if seen.confidential:
            notes.append(f"另有保密事项 {seen.confidential} 件，本表未列。")
        cut_off = timezone.localtime(version.cut_off_at)
        notes.append(f"数据截止 {cut_off:%Y年%-m月%-d日 %H:%M}，第 {version.number} 版。")
        notes.append("化解率为“已化解/新增”，新增不足 5 件不计百分比。")
        return Paper(
            title="矛盾纠纷排查化解周报", file_name=f"矛盾纠纷周报-{period.code}-第{version.number}版",
            filed_by=version.rollup.township.name, span=f"{period.label}（{_days(period)}）", headings=_headings(table),
            lines=lines, weights=_weights(table), notes=notes, signatures=_signatures(version),
            taken_by=user.name, taken_at=timezone.now(),
        )


def of_table(table, period, units, told, user) -> Paper:
    """The paper of a table over any period."""
    with translation.override("zh-hans"):
        lines = [[
            "合计" if unit.level == "township" else unit.short_name, *_texts(table, told.get(unit.pk, {})), "",
        ] for unit in units]
        townships = [unit.name for unit in units if unit.level == "township"] or [units[0].name]
        return Paper(
            title=str(table.title), file_name=f"{table.title}-{period.code}", filed_by="、".join(townships),
            span=f"{period.label}（{_days(period)}）", headings=_headings(table), lines=lines,
            weights=_weights(table),
            notes=["率均注明“分子/分母”，分母不足 5 的不计百分比。"], signatures="审核人：　　　　　　填报人：",
            taken_by=user.name, taken_at=timezone.now(),
        )


def as_word(paper: Paper) -> io.BytesIO:
    """A Word document on landscape A4."""
    document = Document()
    _set_page(document)
    _line(document, paper.title, size=18, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, f"填报单位：{paper.filed_by}　　　　统计周期：{paper.span}", size=10.5)
    table = document.add_table(rows=2, cols=len(paper.headings), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for place, heading, across in _spans(paper.headings):
        if across:
            first, last = place
            _fill(table.cell(0, first).merge(table.cell(0, last)), heading, bold=True)
        else:
            _fill(table.cell(0, place).merge(table.cell(1, place)), heading, bold=True)
    for place, (group, heading) in enumerate(paper.headings):
        if group:
            _fill(table.cell(1, place), heading, bold=True)
    for texts in paper.lines:
        cells = table.add_row().cells
        for place, text in enumerate(texts):
            _fill(cells[place], text, left=place in (0, len(texts) - 1))
    _set_widths(table, paper)
    for note in paper.notes:
        _line(document, f"注：{note}", size=9)
    _line(document, paper.signatures, size=10.5)
    _line(document, paper.mark(), size=8, align=WD_ALIGN_PARAGRAPH.RIGHT)
    return _saved(document)


def as_excel(paper: Paper) -> io.BytesIO:
    """An Excel workbook that prints on one landscape A4 page in width; texts that look like formulas stay texts."""
    book = Workbook()
    sheet = book.active
    sheet.title = paper.title[:31]
    last = get_column_letter(len(paper.headings))
    for row, (text, size, align) in enumerate((
        (paper.title, 18, "center"), (f"填报单位：{paper.filed_by}　　　统计周期：{paper.span}", 11, "left"),
    ), start=1):
        sheet.merge_cells(f"A{row}:{last}{row}")
        _put(sheet, row, 1, text, size=size, bold=row == 1, align=align, framed=False)
    for place, heading, across in _spans(paper.headings):
        first, end = place if across else (place, place)
        sheet.merge_cells(start_row=3, start_column=first + 1, end_row=3 if across else 4, end_column=end + 1)
        _put(sheet, 3, first + 1, heading, bold=True)
    for place, (group, heading) in enumerate(paper.headings, start=1):
        if group:
            _put(sheet, 4, place, heading, bold=True)
        _frame(sheet, 3, place)
        _frame(sheet, 4, place)
    for row, texts in enumerate(paper.lines, start=5):
        for place, text in enumerate(texts, start=1):
            value = int(text) if place not in (1, len(texts)) and text.isdigit() else text
            _put(sheet, row, place, value, align="left" if place in (1, len(texts)) else "center")
    for row, text in enumerate([*(f"注：{note}" for note in paper.notes), paper.signatures, paper.mark()],
                               start=5 + len(paper.lines)):
        sheet.merge_cells(f"A{row}:{last}{row}")
        _put(sheet, row, 1, text, size=10, align="left", framed=False)
    _set_sheet(sheet, paper)
    return _saved(book)


FORMS = {"docx": as_word, "xlsx": as_excel}


def _headings(table) -> list[tuple[str, str]]:
    return [("", "单位"), *((str(c.group), str(c.heading)) for c in table.columns), ("", "备注")]


def _weights(table) -> list[float]:
    """How wide each column is beside the others: counts narrow, rates and amounts wider, place and note widest."""
    formats = [registry.get(c.metric).format if registry.by_code([c.metric]) else "" for c in table.columns]
    return [1.8, *(_WEIGHTS.get(form, 0.9) for form in formats), 2.4]


def _spans(headings):
    """Yield (place, heading, False), or ((first, last), group, True) where several stand under one group."""
    place = 0
    while place < len(headings):
        group, heading = headings[place]
        end = place
        while group and end + 1 < len(headings) and headings[end + 1][0] == group:
            end += 1
        yield ((place, end), group, True) if group else (place, heading, False)
        place = end + 1


def _texts(table, told) -> list[str]:
    return [told[c.metric].text if c.metric in told else "–" for c in table.columns]


def _place(part, version) -> str:
    return part.unit.short_name if part.is_village else f"{version.rollup.township.short_name}本级"


def _note(part) -> str:
    if not part.is_village:
        return ""
    return part.comment if part.confirmed_at else "未确认"


def _signatures(version) -> str:
    signed = version.signed_by.name if version.signed_by else "　　　　"
    reviewed = version.reviewed_by.name if version.reviewed_by else "　　　　"
    day = f"{timezone.localtime(version.signed_at):%Y年%-m月%-d日}" if version.signed_at else "　　年　月　日"
    return f"签发：{signed}　　　　审核：{reviewed}　　　　日期：{day}　　　　（盖章）"


def _days(period) -> str:
    return f"{period.first:%-m月%-d日}至{period.last:%-m月%-d日}"


def _set_page(document) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(1.2)
    section.top_margin = section.bottom_margin = Cm(1.5)
    style = document.styles["Normal"]
    style.font.name, style.font.size = _SONG, Pt(9)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _SONG)


def _line(document, text, *, size, bold=False, align=None) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(4)
    if align is not None:
        paragraph.alignment = align
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold


def _fill(cell, text, *, bold=False, left=False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if left else WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(8), bold


def _set_widths(table, paper: Paper) -> None:
    """Widths of the grid and of every cell: programs read the one or the other."""
    table.autofit = False
    widths = [Cm(_WIDTH_CM * weight / sum(paper.weights)) for weight in paper.weights]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "20")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)
    for row in table.rows:
        row.height = Cm(0.6)
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width, cell.vertical_alignment = width, WD_ALIGN_VERTICAL.CENTER


def _put(sheet, row, column, value, *, size=10, bold=False, align="center", framed=True) -> None:
    cell = sheet.cell(row=row, column=column)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    cell.font = Font(name=_SONG, size=size, bold=bold)
    cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=framed)
    if framed:
        _frame(sheet, row, column)


def _frame(sheet, row, column) -> None:
    thin = Side(style="thin", color="808080")
    sheet.cell(row=row, column=column).border = Border(left=thin, right=thin, top=thin, bottom=thin)


def _set_sheet(sheet, paper: Paper) -> None:
    for place, weight in enumerate(paper.weights, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTH_CHARACTERS * weight / sum(paper.weights)
    sheet.row_dimensions[1].height, sheet.row_dimensions[4].height = 32, 56
    for row in range(5, 5 + len(paper.lines)):
        sheet.row_dimensions[row].height = 30
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.5
    sheet.freeze_panes = "B5"
    sheet.print_title_rows = "3:4"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _saved(document) -> io.BytesIO:
    file = io.BytesIO()
    document.save(file)
    file.seek(0)
    return file
