"""The one page on which a campaign is summed up, on screen and as Word, from its frozen figures (专项排查总结)."""
import io

from django.utils import timezone
from docx import Document
from docx.shared import Cm

from governance.casework.services.vocabularies import term_label

from .papers.default import BODY, set_font

_MIN_FOR_PERCENT = 5
HEADINGS = ("村（社区）", "报告情况", "排查发现", "已化解", "正在化解", "未化解")


def summary_of(campaign) -> dict:
    """Text and rows of the page; all figures are the frozen ones."""
    figures = campaign.figures
    villages = figures["villages"]
    lacking = [row["name"] for row in villages if row["report"] == "missing"]
    zero = [row["name"] for row in villages if row["report"] == "zero"]
    categories = [{**row, "label": term_label("dispute.category", row["code"])} for row in figures["categories"]]
    return {
        "text": _text(campaign, villages, figures["total"], lacking, zero, categories), "villages": villages,
        "total": figures["total"], "categories": categories, "lacking": lacking,
    }


def report_words(row) -> str:
    """How a village reported, as the paper says it."""
    words = {"missing": "未报告", "zero": "零报告", "found": "已报告"}[row["report"]]
    return f"{words}（逾期）" if row["is_late"] else words


def summary_as_word(campaign) -> bytes:
    """The page as a Word file."""
    summary, document = summary_of(campaign), Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    set_font(document.styles["Normal"], BODY, 12)
    document.add_heading(f"{campaign.title}总结", level=1)
    document.add_paragraph(f"填报单位：{campaign.township.short_name}　　统计截止：{_moment(campaign.summed_up_at)}")
    for paragraph in (*summary["text"], *campaign.conclusion.splitlines()):
        document.add_paragraph(paragraph)
    table = document.add_table(rows=1, cols=len(HEADINGS), style="Table Grid")
    _fill(table.rows[0], HEADINGS)
    for row in summary["villages"]:
        _fill(table.add_row(), (row["name"], report_words(row), *_numbers(row)))
    _fill(table.add_row(), ("合计", "", *_numbers(summary["total"])))
    document.add_paragraph()
    day = f"{timezone.localtime(campaign.summed_up_at):%Y年%m月%d日}"
    document.add_paragraph(f"{campaign.township.short_name}（印章）　　　{day}")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _text(campaign, villages, total, lacking, zero, categories) -> list[str]:
    days = f"{campaign.starts_on:%Y年%m月%d日}至{campaign.ends_on:%Y年%m月%d日}"
    reported = f"{len(villages)}个村（社区）参加，{len(villages) - len(lacking)}个已报告"
    if zero:
        reported += f"，其中{len(zero)}个零报告（{'、'.join(zero)}）"
    if lacking:
        reported += f"；{len(lacking)}个未报告：{'、'.join(lacking)}"
    found, settled = total["found"], total["settled"]
    percent = f"，化解率{round(100 * settled / found)}%" if found >= _MIN_FOR_PERCENT else ""
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
    return f"{timezone.localtime(instant):%Y年%m月%d日 %H:%M}"


def _fill(row, values) -> None:
    for cell, value in zip(row.cells, values, strict=True):
        cell.text = str(value)
