"""The one page on which a campaign is summed up, on screen and as Word, from its frozen figures (专项排查总结)."""
import io

from django.utils import timezone, translation
from django.utils.dateparse import parse_date
from docx import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from governance.casework.services.vocabularies import term_label

from .campaign_counts import STANDINGS, board, report_code
from .papers.default import BODY, HEAD, set_font

_MIN_FOR_PERCENT = 5
HEADINGS = ("村（社区）", "报告情况", "排查发现", "已化解", "正在化解", "未化解")
_WIDTHS_CM = (4.2, 3.6, 2.2, 2.0, 2.2, 2.0)
# So many villages fit below the text on one page; above that the table is set smaller.
_ROOMY, _CLOSE = 16, 28


def summary_of(campaign, user) -> dict:
    """Text and rows of the page for a reader: the frozen figures of the disputes that they may see.

    `villages`, `total`, `categories`, `lacking` (names), `confidential` (how many are left out), `text`.
    """
    now = board(campaign, user)
    held = {row["unit"]: row for row in campaign.figures["villages"]}
    villages = [
        {**{name: row[name] for name in ("found", *STANDINGS)}, "name": held[row["unit"].pk]["name"],
         "report": report_code(row), "reported_on": parse_date(held[row["unit"].pk]["reported_on"]),
         "is_late": held[row["unit"].pk]["is_late"]}
        for row in now["villages"]
    ]
    lacking = [row["name"] for row in villages if row["report"] == "missing"]
    # The page is Chinese for every reader, as the paper is.
    with translation.override("zh-hans"):
        categories = [{**row, "label": term_label("dispute.category", row["code"])} for row in now["categories"]]
    return {
        "text": _text(campaign, villages, now["total"], categories), "villages": villages, "total": now["total"],
        "categories": categories, "lacking": lacking, "confidential": now["confidential"],
    }


def report_words(row) -> str:
    """How a village reported, as the paper says it."""
    words = {"missing": "未报告", "zero": "零报告", "found": "已报告"}[row["report"]]
    return f"{words}（逾期）" if row["is_late"] else words


def summary_as_word(campaign, user) -> bytes:
    """The page as a Word file: one A4 page for a township of up to some thirty villages."""
    summary, document = summary_of(campaign, user), Document()
    size = 10.5 if len(summary["villages"]) <= _ROOMY else 9 if len(summary["villages"]) <= _CLOSE else 7.5
    _set_page(document)
    _line(document, f"{campaign.title}总结", font=HEAD, size=18, align=WD_ALIGN_PARAGRAPH.CENTER, after=6)
    filed = f"填报单位：{campaign.township.name}　　　　统计截止：{_moment(campaign.summed_up_at)}"
    _line(document, filed, size=10.5, after=4)
    for paragraph in (*summary["text"], *campaign.conclusion.splitlines()):
        _line(document, paragraph, indent=Cm(0.85))
    if summary["confidential"]:
        _line(document, f"另有保密事项{summary['confidential']}件，本页未列。", indent=Cm(0.85))
    document.paragraphs[-1].paragraph_format.space_after = Pt(6)
    _add_table(document, summary, size)
    day = f"{timezone.localtime(campaign.summed_up_at):%Y年%-m月%-d日}"
    _line(document, f"{campaign.township.name}（印章）　　", align=WD_ALIGN_PARAGRAPH.RIGHT, before=10)
    _line(document, f"{day}　　", align=WD_ALIGN_PARAGRAPH.RIGHT)
    taken = f"导出人：{user.name}　导出时间：{timezone.localtime():%Y年%-m月%-d日 %H:%M}"
    _line(document, taken, size=8, align=WD_ALIGN_PARAGRAPH.RIGHT, before=4)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _text(campaign, villages, total, categories) -> list[str]:
    days = f"{_day(campaign.starts_on)}至{_day(campaign.ends_on)}"
    lacking = [row["name"] for row in villages if row["report"] == "missing"]
    zero = [row["name"] for row in villages if row["report"] == "zero"]
    reported = f"{len(villages)}个村（社区）参加，{len(villages) - len(lacking)}个已报告"
    if zero:
        reported += f"，其中{len(zero)}个零报告（{'、'.join(zero)}）"
    if lacking:
        reported += f"；{len(lacking)}个未报告：{'、'.join(lacking)}"
    found, settled = total["found"], total["settled"]
    percent = f"，化解率{(200 * settled + found) // (2 * found)}%" if found >= _MIN_FOR_PERCENT else ""
    counted = (
        f"共排查发现矛盾纠纷{found}件，已化解{settled}件（{settled}/{found}{percent}），"
        f"正在化解{total['pending']}件，未化解{total['unsettled']}件。"
    )
    text = [f"{days}，{campaign.township.short_name}开展“{campaign.title}”。{reported}。", counted]
    if categories:
        text.append("按类型：" + "，".join(f"{row['label']}{row['found']}件" for row in categories) + "。")
    return text


def _numbers(row):
    return (row["found"], row["settled"], row["pending"], row["unsettled"])


def _moment(instant) -> str:
    return f"{timezone.localtime(instant):%Y年%-m月%-d日 %H:%M}"


def _day(day) -> str:
    return f"{day:%Y年%-m月%-d日}"


def _set_page(document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.4), Cm(2.4)
    section.top_margin, section.bottom_margin = Cm(2), Cm(1.8)
    set_font(document.styles["Normal"], BODY, 12)
    spacing = document.styles["Normal"].paragraph_format
    spacing.space_before, spacing.space_after, spacing.line_spacing = Pt(0), Pt(0), 1.25


def _line(document, text, *, font=BODY, size=12, align=None, indent=None, before=0, after=0) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    layout = paragraph.paragraph_format
    layout.space_before, layout.space_after, layout.first_line_indent = Pt(before), Pt(after), indent
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _add_table(document, summary, size: float) -> None:
    table = document.add_table(rows=1, cols=len(HEADINGS), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _fill(table.rows[0], HEADINGS, size, HEAD)
    for row in summary["villages"]:
        _fill(table.add_row(), (row["name"], report_words(row), *_numbers(row)), size)
    _fill(table.add_row(), ("合计", "", *_numbers(summary["total"])), size, HEAD)
    # LibreOffice and WPS take widths from the columns, Word from the cells.
    for column, width in zip(table.columns, _WIDTHS_CM, strict=True):
        column.width = Cm(width)


def _fill(row, values, size: float, font=BODY) -> None:
    row.height = Pt(1.45 * size)
    for place, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
        cell.width, cell.vertical_alignment = Cm(_WIDTHS_CM[place]), WD_ALIGN_VERTICAL.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if place == 0 else WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.line_spacing = 1.1
        run = paragraph.add_run(str(value))
        run.font.name, run.font.size = font, Pt(size)
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
