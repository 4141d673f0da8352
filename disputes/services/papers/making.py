"""Making a paper: who may, what is recorded, and the Word file itself (制作文书)."""
import io

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from governance.casework.services.door import passage
from governance.casework.services.vocabularies import term_label
from governance.casework.workflow import Refused

from .catalogue import PAPERS
from .facts import Facts

MAKERS = ("mediator", "clerk", "handler")
BODY, HEAD = "仿宋", "黑体"


class PaperFacts(Facts):
    """Facts with the words of the vocabularies, and the contents of the dossier."""

    def __init__(self, matter):
        super().__init__(matter)
        self.channel = term_label("dispute.source", matter.channel)
        self.category = term_label("dispute.category", matter.category)
        self.outcome = term_label("dispute.outcome", matter.outcome) if matter.outcome else ""

    def contents(self) -> str:
        """The papers that this matter has, numbered."""
        titles = [paper.title for paper in PAPERS.values() if paper.code != "dossier" and not paper.lacks(self)]
        return "\n".join(f"{place}. {title}" for place, title in enumerate(titles, start=1))


def available(matter) -> list[tuple]:
    """(paper, what it lacks) of every paper, in the order of the file."""
    facts = PaperFacts(matter)
    return [(paper, paper.lacks(facts)) for paper in PAPERS.values()]


def make_paper(*, matter_id, code, actor, origin="web") -> tuple[str, bytes]:
    """The file name and content of a paper; that it was made stands in the history.

    Refused: `paper-unknown`, `paper-not-ready` (with what is missing), `not-your-right`.
    """
    paper = PAPERS.get(code)
    if paper is None:
        raise Refused("paper-unknown", _("There is no such paper."))
    with passage(matter_id=matter_id, actor=actor, roles=MAKERS, origin=origin) as act:
        facts = PaperFacts(act.matter)
        lacks = paper.lacks(facts)
        if lacks:
            raise Refused("paper-not-ready", lacks)
        content = _written(paper, facts)
        act.event("paper_made", data={"paper": code, "shown": {"paper": paper.title}}, changes=False)
    return f"{paper.title}_{act.matter.number}.docx", content


def _written(paper, facts) -> bytes:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    set_font(document.styles["Normal"], BODY, 12)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _font_of_run(title.add_run(f"{facts.committee}\n{paper.title}"), HEAD, 18)
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for heading, text in paper.rows(facts):
        cells = table.add_row().cells
        cells[0].width, cells[1].width = Cm(3.2), Cm(12.8)
        _font_of_run(cells[0].paragraphs[0].add_run(heading), HEAD, 12)
        cells[1].text = str(text)
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


def _font_of_run(run, name: str, size: int) -> None:
    run.font.name, run.font.size = name, Pt(size)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), name)
