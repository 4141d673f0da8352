"""What a written workbook holds: the township's form, nothing that runs, the same text when it is read again."""
import tracemalloc
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from governance.ledgers.formulas import guarded, plain
from governance.ledgers.writing import DATE, MONEY, SERIAL, TEXT, WHOLE, Sheet, SheetColumn, write_workbook

COLUMNS = (
    SheetColumn("序号", 6, SERIAL), SheetColumn("村(社区)", 10), SheetColumn("排查时间", 12, DATE),
    SheetColumn("纠纷简要情况", 30, TEXT), SheetColumn("涉及人数", 6, WHOLE),
    SheetColumn("协议涉及金额(元)", 12, MONEY),
)
DANGEROUS = ["=1+1", "+86 138", "-3000元", "@SUM(A1)", "\t=1", "＝1＋1", "'=1", "''@x", "=cmd|' /C calc'!A0"]


def sheet(**changes):
    facts = {
        "title": "富春江镇2026年矛盾纠纷排查化解台账", "columns": COLUMNS, "filed_by": "富春江镇综治办",
        "taken_by": "赵文书 & 同事", "taken_at": datetime(2026, 11, 24, 12, 15, tzinfo=UTC), "mark": "DC-2026-00012",
        "period": (date(2026, 1, 1), date(2026, 11, 24)),
    }
    return Sheet(**(facts | changes))


def written(tmp_path, rows, **changes):
    path = tmp_path / "台账.xlsx"
    assert write_workbook(path, sheet(**changes), rows) == len(rows)
    return load_workbook(path)


def texts(page):
    return [[cell.value for cell in row if cell.value is not None] for row in page.iter_rows()]


def test_the_form_has_what_a_township_files(tmp_path):
    book = written(tmp_path, [("芝厦村", date(2026, 3, 4), "院墙越界", 6, 3000.5)])
    page = book.worksheets[0]
    lines = texts(page)
    assert lines[0] == ["富春江镇2026年矛盾纠纷排查化解台账"]
    assert lines[1][0] == "填报单位：富春江镇综治办" and lines[1][2] == "填报时间：2026年11月24日"
    assert lines[1][1] == "统计期间：2026年1月1日至2026年11月24日"
    assert "赵文书 & 同事" in lines[2][0] and "2026年11月24日 20:15" in lines[2][0] and "DC-2026-00012" in lines[2][0]
    assert lines[3] == [column.heading for column in COLUMNS]
    assert lines[4] == [1, "芝厦村", datetime(2026, 3, 4), "院墙越界", 6, 3000.5]
    assert lines[5] == ["填报人：赵文书 & 同事", "审核人：", "（盖章）"]
    assert page.freeze_panes == "C5" and page.print_title_rows == "$4:$4" and page.auto_filter.ref == "A4:F5"
    assert (page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToWidth) == ("landscape", 9, 1)
    assert page.sheet_properties.pageSetUpPr.fitToPage and page.column_dimensions["D"].width == 30
    assert "赵文书 && 同事" in page.oddHeader.right.text and "&P" in page.oddFooter.center.text
    cell = page["D5"]
    assert cell.alignment.wrap_text and cell.border.left.style == "thin" and cell.font.name == "宋体"
    assert "A1:F1" in {str(area) for area in page.merged_cells.ranges}


def test_long_text_makes_its_row_higher(tmp_path):
    page = written(tmp_path, [("芝厦村", None, "短", 1, 1), ("芝厦村", None, "很长的案情" * 20, 1, 1)]).worksheets[0]
    assert page.row_dimensions[6].height > 3 * page.row_dimensions[5].height


@pytest.mark.parametrize("text", DANGEROUS)
def test_nothing_that_is_written_runs(tmp_path, text):
    page = written(tmp_path, [(text, None, text, None, None)], title=text, taken_by=text).worksheets[0]
    for row in page.iter_rows():
        for cell in row:
            assert cell.data_type != "f", cell.coordinate
            assert not str(cell.value or "").startswith(tuple("=+-@\t＝＋－＠")), cell.coordinate
    assert plain(page["D5"].value) == text


def test_a_lone_sign_and_numbers_stay_as_they_are(tmp_path):
    page = written(tmp_path, [("-", None, "/", -3, -3000)]).worksheets[0]
    assert [cell.value for cell in page[5]][1:] == ["-", None, "/", -3, -3000]


@given(st.text(alphabet="'=+-@\t＝＋－＠a中1 ", max_size=8))
def test_guarding_loses_nothing(text):
    assert plain(guarded(text)) == text


def test_control_characters_and_endless_text_do_not_break_the_file(tmp_path):
    page = written(tmp_path, [("芝\x00厦\x0b村", None, "长" * 50_000, None, None)]).worksheets[0]
    assert page["B5"].value == "芝厦村" and page["D5"].value.endswith("全文见系统）")


def test_a_plain_table_begins_with_its_headings_and_is_marked_on_a_second_sheet(tmp_path):
    book = written(tmp_path, [("芝厦村", None, "x", None, None)], plain=True)
    assert texts(book.worksheets[0])[0] == [column.heading for column in COLUMNS]
    assert len(texts(book.worksheets[0])) == 2
    assert any("赵文书" in line[0] for line in texts(book.worksheets[1]))


def test_memory_stays_flat_whatever_the_number_of_rows(tmp_path):
    def peak(count):
        rows = (("芝厦村", date(2026, 3, 4), f"第{number}件，院墙越界", 6, 3000) for number in range(count))
        tracemalloc.start()
        write_workbook(tmp_path / "many.xlsx", sheet(), rows)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(6000) < peak(600) * 1.5
