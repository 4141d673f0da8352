"""The usual form of each paper (默认文书模板): a Word template built from the catalogue, with fields for values."""
import io
from functools import cache

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from .catalogue import PAPERS, Each
from .values import COMMITTEE

BODY, HEAD = "仿宋", "黑体"


@cache
def default_template(code: str) -> bytes:
    """The Word file in which the fields of a paper stand as `{{ 名称 }}`."""
    paper, document = PAPERS[code], Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    set_font(document.styles["Normal"], BODY, 12)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _font_of_run(title.add_run(f"{{{{ {COMMITTEE} }}}}\n{paper.title}"), HEAD, 18)
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for row in paper.rows:
        if isinstance(row, Each):
            _add_each(table, row)
        else:
            _add_row(table, row.heading, row.text)
    # LibreOffice and WPS take widths from the columns, Word from the cells.
    table.columns[0].width, table.columns[1].width = Cm(3.2), Cm(12.8)
    document.add_paragraph()
    for who in paper.signs:
        document.add_paragraph(f"{who}：＿＿＿＿＿＿＿　　　年　　月　　日")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def set_font(style, name: str, size: int) -> None:
    """Set a style's font, also for Chinese."""
    style.font.name, style.font.size = name, Pt(size)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), name)


def _add_each(table, each: Each) -> None:
    """Rows that repeat stand between two rows that only say so, and that are not printed."""
    _add_row(table, f"{{%tr for {each.item} in {each.name} %}}", "")
    for heading in each.headings:
        _add_row(table, heading, f"{{{{ {each.item}.{heading} }}}}")
    _add_row(table, "{%tr endfor %}", "")


def _add_row(table, heading: str, text: str) -> None:
    cells = table.add_row().cells
    cells[0].width, cells[1].width = Cm(3.2), Cm(12.8)
    _font_of_run(cells[0].paragraphs[0].add_run(heading), HEAD, 12)
    cells[1].text = text


def _font_of_run(run, name: str, size: int) -> None:
    run.font.name, run.font.size = name, Pt(size)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), name)
