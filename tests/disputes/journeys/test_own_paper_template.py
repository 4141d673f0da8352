"""The system administrator replaces the form of a paper: downloads it, errs, corrects, uses it, puts it back."""
import io

import pytest
from docx import Document

from disputes.models import PaperTemplate
from tests.support.browser import assert_axe_clean, assert_no_sideways_scroll
from tests.support.journeys import who

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def page(township, page_at, settings, tmp_path, request):
    settings.ATTACHMENT_ROOT = tmp_path
    return page_at(width=request.param, height=800, user=who("xitong"))


def looks_right(page, shown):
    page.wait_for_selector(f"main >> text={shown}")
    page.wait_for_load_state()
    assert_no_sideways_scroll(page)
    assert_axe_clean(page)


def altered(path, old: str, new: str) -> dict:
    """The downloaded file with one word changed, as an upload."""
    document = Document(path)
    cells = [cell for row in document.tables[0].rows for cell in row.cells]
    (cell,) = [cell for cell in cells if cell.text == old]
    cell.text = new
    stream = io.BytesIO()
    document.save(stream)
    return {"name": "清河镇协议书.docx", "mimeType": WORD, "buffer": stream.getvalue()}


def send(page, file):
    page.set_input_files("input[type=file]", files=[file])
    page.click("main .btn.go")


@pytest.mark.parametrize("page", [360, 1366], indirect=True)
def test_a_template_is_downloaded_mended_used_and_put_back(page):
    page.goto("/disputes/templates/")
    looks_right(page, "人民调解卷宗")
    page.click("main >> text=人民调解协议书")
    looks_right(page, "模板可用字段")
    with page.expect_download() as download:
        page.click("text=下载当前模板")
    path = download.value.path()
    send(page, altered(path, "{{ 协议内容 }}", "{{ 协议内客 }}"))
    looks_right(page, "您是否要写“协议内容”")
    assert not PaperTemplate.objects.exists()
    send(page, altered(path, "{{ 协议内容 }}", "经调解，双方约定：{{ 协议内容 }}"))
    looks_right(page, "在用：本镇模板第 1 版")
    page.click("main >> text=恢复通用格式")
    looks_right(page, "恢复通用格式？")
    page.click("main .btn.danger")
    looks_right(page, "在用：通用格式")
    assert PaperTemplate.objects.get().ended_at is not None
