"""A ledger goes out (job 4): a clerk chooses period and villages, the file is there, the auditor reads who took it."""
import os
from pathlib import Path

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from disputes.services.generating import make_matters, make_township
from governance.ledgers.models import LedgerExport
from governance.ledgers.services.exporting import make_export, ordering
from governance.organisation.models import User
from tests.support.browser import assert_axe_clean, assert_no_sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Where pictures of each page are left when somebody wants to look at them.
PICTURES = os.environ.get("PORTAL_PICTURES")


@pytest.fixture
def township(transactional_db):
    make_township()
    make_matters(25)


def who(name):
    return User.objects.get(username=name)


def check(page, name):
    assert_no_sideways_scroll(page)
    assert_axe_clean(page)
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}-{page.viewport_size['width']}.png", full_page=True)


def download(page, tmp_path):
    with page.expect_download() as waiting:
        page.click(".btn.go")
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


@pytest.mark.parametrize("width", [360, 1366])
def test_a_clerk_takes_the_ledger_of_two_villages_out(township, page_at, tmp_path, width):
    page = page_at(width=width, user=who("wenshu"))
    page.goto("/ledgers/exports/")
    check(page, "exports-empty")
    page.click("a[href='/ledgers/exports/new/dispute/']")
    check(page, "export-form")
    page.click("a[href='?period=last_year']")
    assert page.input_value("[name=from_on]") == f"{timezone.localdate().year - 1}-01-01"
    villages = [who("cun1").home_unit, who("cun2").home_unit]
    page.fill("[name=from_on]", f"{timezone.localdate().year - 2}-01-01")
    page.fill("[name=to_on]", timezone.localdate().isoformat())
    for village in villages:
        page.check(f"[name=places][value='{village.pk}']")
    page.check("[name=columns][value=number]")
    page.check("[name=shows_contacts]")
    page.click(".btn.go")
    page.wait_for_selector("#form-errors")
    check(page, "export-form-wrong")
    assert page.is_checked(f"[name=places][value='{villages[0].pk}']"), "nothing typed is lost"
    page.fill("[name=reason]", "上门核实情况")
    page.click(".btn.go")
    page.wait_for_selector("#export-state .btn.go")
    check(page, "export-ready")
    path = download(page, tmp_path)
    sheet = load_workbook(path).worksheets[0]
    taken = LedgerExport.objects.get()
    assert sheet["A1"].value == taken.title and path.name == f"{taken.title}.xlsx"
    assert {sheet.cell(row, 2).value for row in range(5, 5 + taken.row_count)} <= {v.short_name for v in villages}
    page.goto("/ledgers/exports/")
    assert taken.title in page.inner_text("main")
    check(page, "exports")

    auditor = page_at(width=width, user=who("shenji"))
    auditor.goto("/ledgers/exports/log/")
    assert "上门核实情况" in auditor.inner_text("main") and who("wenshu").name in auditor.inner_text("main")
    check(auditor, "export-log")
    auditor.click(f"a[href='/ledgers/exports/log/{taken.pk}/']")
    check(auditor, "export-matters")


def test_a_large_one_shows_how_far_it_is_and_then_its_file_by_itself(township, page_at, monkeypatch):
    monkeypatch.setattr(ordering, "AT_ONCE", 0)
    monkeypatch.setattr(ordering, "start_later", lambda *arguments: None)
    page = page_at(width=360, user=who("wenshu"))
    page.goto("/ledgers/exports/new/dispute/?period=last_year")
    page.click(".btn.go")
    page.wait_for_selector("#export-state progress")
    check(page, "export-progress")
    assert make_export(export_id=LedgerExport.objects.get().pk)
    page.wait_for_selector("#export-state .btn.go")
    check(page, "export-done-by-itself")


def test_the_system_administrator_takes_people_and_units_out(township, page_at, tmp_path):
    page = page_at(width=1366, user=who("xitong"))
    for code, heading in (("users", "姓名"), ("units", "区划代码")):
        page.goto(f"/ledgers/exports/new/{code}/")
        check(page, f"export-form-{code}")
        page.click(".btn.go")
        page.wait_for_selector("#export-state .btn.go")
        assert load_workbook(download(page, tmp_path)).worksheets[0]["A1"].value == heading
