"""An old ledger comes in (job 3): uploaded, a heading corrected, checked, entered, given back, undone, again."""
import os
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from disputes.services.generating import make_township
from governance.casework.models import Matter
from governance.ledgers.models import ColumnMapping, ImportBatch
from governance.ledgers.services import importing
from governance.ledgers.services.importing import batches
from governance.organisation.models import User
from tests.support.browser import assert_axe_clean, assert_no_sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("PORTAL_PICTURES")
HEADINGS = (
    "序号", "所属村", "登记日期", "类别", "申请人", "联系方式", "被申请人", "基本案情", "调解结果", "那边的人",
    "宗教信仰",
)
ROWS = (
    (1, "南庄村", "2024.3.5", "邻里纠纷", "林大山", "13812345678", "孙来福", "院墙越界半米", "已化解", "", "无"),
    (2, "同上", "2024年3月8日", "房屋宅基地", "何小红", "", "金水根", "翻建房屋滴水檐超出原基", "调解不成，引导诉讼"),
    (3, "北庙村", "2024-04-01", "婚姻家庭", "许长根", "139", "魏美珍", "赡养老人轮流照料争执", "正在化解"),
    (4, "无此村", "2024-04-02", "邻里", "张三元", "", "李四喜", "两家排水沟走向争吵", "已化解"),
    (5, "东岗村", "2024-13-40", "邻里", "周五福", "", "吴六顺", "晒谷场占用争执", "已化解"),
)


@pytest.fixture
def township(transactional_db):
    make_township()


def ledger(path):
    book = Workbook()
    sheet = book.active
    sheet.title = "2024年"
    for row in (("清河镇2024年矛盾纠纷排查化解台账",), HEADINGS, *ROWS, ("填报人：李桂兰",)):
        sheet.append(row)
    book.save(path)
    return path


def who(name):
    return User.objects.get(username=name)


def check(page, name):
    assert_no_sideways_scroll(page)
    assert_axe_clean(page)
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}-{page.viewport_size['width']}.png", full_page=True)


def upload(page, path, then="#rows-h"):
    page.goto("/ledgers/imports/")
    page.set_input_files("[name=file]", path)
    page.click("main form .btn.go")
    page.wait_for_selector(then)


def correct_a_heading(page, batch):
    page.click(f"a[href='/ledgers/imports/{batch.pk}/columns/']")
    check(page, "import-columns")
    page.get_by_label("那边的人").select_option("remark")
    page.click("main .btn.go")
    page.wait_for_selector("#rows-h")
    assert ColumnMapping.objects.get(heading="那边的人").code == "remark"


def given_back(page, batch, tmp_path):
    with page.expect_download() as waiting:
        page.click(f"a[href='/ledgers/imports/{batch.pk}/file/']")
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return load_workbook(path).worksheets[0]


@pytest.mark.parametrize("width", [360, 1366])
def test_a_clerk_brings_an_old_ledger_in_and_takes_it_back(township, page_at, tmp_path, width):
    page = page_at(width=width, user=who("wenshu"))
    page.goto("/ledgers/imports/")
    check(page, "imports-empty")
    path = ledger(tmp_path / "清河镇2024年台账.xlsx")
    upload(page, path)
    words = page.inner_text("main")
    for word in ("不予读入", "宗教信仰", "未识别", "那边的人", "无此村", "房屋宅基地"):
        assert word in words, word
    assert "homestead" not in words, "codes are not words"
    assert not Matter.objects.exists(), "a dry run enters nothing"
    batch = ImportBatch.objects.get()
    assert (batch.read_count, batch.new_count, batch.error_count) == (5, 3, 2)
    check(page, "import-checked")
    correct_a_heading(page, batch)
    page.click("a[href='?verdict=error']")
    words = page.inner_text("table")
    assert "无此村" in words and "B6" in words and "林大山" not in words
    check(page, "import-errors")
    page.click("main form .btn.go")
    page.wait_for_selector(f"a[href='/ledgers/imports/{batch.pk}/undo/']")
    assert Matter.objects.count() == 3
    check(page, "import-entered")
    sheet = given_back(page, batch, tmp_path)
    assert sheet.cell(2, len(HEADINGS) + 1).value == "错误原因" and "无此村" in sheet.cell(6, len(HEADINGS) + 1).value

    upload(page, path)
    again = ImportBatch.objects.order_by("pk").last()
    assert (again.new_count, again.same_count, again.error_count) == (0, 3, 2), "the same file enters nothing twice"
    assert page.locator("main form .btn.go").count() == 0
    page.goto(f"/ledgers/imports/{batch.pk}/undo/")
    check(page, "import-undo")
    page.click(".btn.danger")
    page.wait_for_selector("#rows-h")
    assert Matter.objects.counted().count() == 0
    check(page, "import-undone")
    page.goto("/ledgers/imports/")
    check(page, "imports")


def test_what_is_no_ledger_is_refused_in_words(township, page_at, tmp_path):
    path = tmp_path / "照片.xlsx"
    path.write_bytes(b"\xff\xd8\xff\xe0 not a table" * 40)
    page = page_at(width=360, user=who("wenshu"))
    upload(page, path, then=".notice.error")
    check(page, "import-refused")
    assert ImportBatch.objects.get().state == "refused" and not Matter.objects.exists()


def test_how_far_it_is_shows_by_itself_and_the_rows_follow(township, page_at, tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "start_later", lambda *arguments: None)
    page = page_at(width=360, user=who("wenshu"))
    upload(page, ledger(tmp_path / "台账.xlsx"), then="#import-progress")
    check(page, "import-progress")
    importing.run(ImportBatch.objects.get().pk)
    page.wait_for_selector("#rows-h")
