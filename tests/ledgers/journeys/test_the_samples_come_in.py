"""The three sample ledgers in a real browser: understood without a correction, entered, undone, and the same again."""
import os
from pathlib import Path

import pytest
from openpyxl import load_workbook

from governance.casework.models import Matter
from governance.ledgers.models import ImportBatch
from tests.support.browser import assert_axe_clean, assert_no_sideways_scroll
from tests.support.factories.ledgers import make_ledger_town, rows_with, sample, workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("PORTAL_PICTURES")
SAMPLES = {"disputes-2024-annual.xlsx": 102, "disputes-2025-monthly.xlsx": 98, "disputes-2016-legacy.xls": 60}


def look(page, name):
    assert_no_sideways_scroll(page)
    assert_axe_clean(page)
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}-{page.viewport_size['width']}.png", full_page=True)


def upload(page, path):
    page.goto("/ledgers/imports/")
    page.set_input_files("[name=file]", path)
    page.click("main form .btn.go")
    page.wait_for_selector("#rows-h")
    return ImportBatch.objects.order_by("pk").last()


@pytest.mark.parametrize("width", [360, 1366])
def test_a_clerk_brings_three_years_in(transactional_db, page_at, settings, tmp_path, width):
    settings.ATTACHMENT_ROOT = tmp_path / "attachments"
    _town, clerk = make_ledger_town()
    page = page_at(width=width, user=clerk)
    batches = []
    for name, records in SAMPLES.items():
        batch = upload(page, sample(name))
        assert (batch.read_count, batch.new_count, batch.error_count) == (records, records, 0)
        look(page, f"sample-{name[:13]}")
        page.click("main form .btn.go")
        page.wait_for_selector(f"a[href='/ledgers/imports/{batch.pk}/undo/']")
        batches.append(batch)
    assert Matter.objects.count() == sum(SAMPLES.values())
    look(page, "sample-entered")
    again = upload(page, sample("disputes-2016-legacy.xls"))
    assert (again.same_count, again.new_count) == (60, 0), "the same again enters nothing"
    page.goto(f"/ledgers/imports/{batches[-1].pk}/undo/")
    page.click(".btn.danger")
    page.wait_for_selector("#rows-h")
    assert Matter.objects.counted().count() == 200
    third = upload(page, sample("disputes-2016-legacy.xls"))
    assert third.new_count == 60, "what was undone can come in again"


@pytest.mark.parametrize("width", [360, 1366])
def test_a_strange_ledger_comes_back_with_its_reasons(transactional_db, page_at, settings, tmp_path, width):
    settings.ATTACHMENT_ROOT = tmp_path / "attachments"
    _town, clerk = make_ledger_town()
    page = page_at(width=width, user=clerk)
    headings = ["序号", "村", "日期", "类型", "甲方", "乙方", "内容", "已化解", "化解中", "身份证号", "那边的事"]
    rows = [
        ["2023-2024年度台账", None, None, None, None, None, "单位：万元"], headings,
        [1, "芝厦村", "去年12月", "邻里", "甲大", "乙大", "吵架", "√", None, None, None],
        [2, "芝夏村", "2024.3.5", "外星来客", "甲二", "乙二", "吵架", "√", "√", "330122198001011234", "无"],
        [3, None, "3月5日", "合同", "甲三", "乙三", "欠款", None, "√", None, None],
        [4, "金家", "2024.3.6", "借款", "甲四", "乙四", "欠款", "√", None, None, None], ["填表人：某某"],
    ]
    batch = upload(page, workbook(tmp_path / "怪台账.xlsx", rows))
    assert (batch.read_count, batch.error_count) == (4, 3)
    words = page.inner_text("main")
    for told in ("去年12月", "芝厦村", "不止一项", "身份证号", "那边的事"):
        assert told in words, told
    assert "330122198001011234" not in words
    look(page, "strange-checked")
    page.click(f"a[href='/ledgers/imports/{batch.pk}/columns/']")
    look(page, "strange-columns")
    page.get_by_label("那边的事").select_option("remark")
    page.click("main .btn.go")
    page.wait_for_selector("#rows-h")
    page.click("a[href='?verdict=error']")
    look(page, "strange-errors")
    with page.expect_download() as waiting:
        page.click(f"a[href='/ledgers/imports/{batch.pk}/file/']")
    waiting.value.save_as(tmp_path / "back.xlsx")
    sheet = load_workbook(tmp_path / "back.xlsx").active
    assert sheet["L2"].value == "错误原因" and "去年12月" in sheet["L3"].value and sheet["L6"].value is None
    assert sheet["L4"].value.count("\n") == 1 and sheet.row_dimensions[4].height >= 30, "both reasons can be seen"
    mended = rows_with({"排查时间": "2023-12-05", "当事人姓名": "甲大", "对方当事人": "乙大"})
    assert upload(page, workbook(tmp_path / "改.xlsx", mended)).new_count == 1
    if PICTURES:
        (Path(PICTURES) / "back.xlsx").write_bytes((tmp_path / "back.xlsx").read_bytes())
