"""The weekly report in a real browser: computed, confirmed on the phone, reviewed, signed, corrected, taken out."""
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from disputes.services.generating import make_township
from governance.casework.models import Matter
from governance.casework.services import moving
from governance.casework.services.opening import open_matter
from governance.organisation.models import User
from governance.reporting import calendar
from governance.reporting.models import RollupVersion
from tests.support.browser import check

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def who(name):
    return User.objects.get(username=name)


def report(village, category):
    officer, week = who(f"cun{village}"), calendar.last_complete(calendar.WEEK, timezone.localdate())
    return open_matter(
        kind="dispute", actor=officer, client_uuid=uuid.uuid4(), parties=[],
        values={"description": "田埂被挖半米", "category": category, "channel": "grid_report",
                "unit": officer.home_unit, "reported_at": week.start + timedelta(days=2)},
    )


def cell(page, village, column):
    """The text of a cell of the first table, by village and heading."""
    heads = [text.split("\n")[0] for text in page.locator(".figures-table >> nth=0 >> thead th").all_inner_texts()]
    line = page.locator(f".figures-table >> nth=0 >> tr:has(th:has-text('{village}'))")
    return line.locator("td").nth(heads.index(column) - 1)


def test_a_week_from_monday_to_its_second_version(transactional_db, page_at):
    make_township()
    report(1, "land_forest"), report(1, "neighbour"), report(2, "wage_arrears")
    desk = page_at(width=1366, user=who("wenshu"))
    desk.goto("/reports/weeks/")
    check(desk)
    desk.click("main form button")
    desk.wait_for_url("**/reports/weeks/*/")
    check(desk)
    week = desk.url
    assert (cell(desk, "南庄村", "新增").inner_text(), cell(desk, "合计", "新增").inner_text()) == ("2", "3")
    assert "清水村" in desk.inner_text(".notice.warn")
    cell(desk, "南庄村", "新增").locator("a").click()
    desk.wait_for_load_state("load")
    assert desk.locator("main tbody tr").count() == 2
    check(desk)
    confirm_on_the_phone(page_at(width=360, height=740, user=who("cun1")))
    desk.goto(week)
    assert "两起已到户核实" in desk.inner_text(".figures-table >> nth=0")
    desk.fill("[name=remark]", "秋收后土地边界类增多。")
    desk.click("#review .btn.go")
    desk.wait_for_selector(".notice.ok")
    sign(page_at(width=1366, user=who("zhenzhang")), week)
    correct_and_compute_anew(desk, week)
    for form in ("Word", "Excel"):
        with desk.expect_download() as taken:
            desk.click(f"main .acts >> text={form}")
        assert taken.value.suggested_filename.startswith("矛盾纠纷周报")
    read_the_glossary(desk, week)


def confirm_on_the_phone(phone):
    phone.goto("/notifications/")
    check(phone)
    phone.click("main button.link:has-text('待您确认')")
    phone.wait_for_url("**/reports/weeks/*/")
    phone.goto("/")
    check(phone)
    phone.click("#others a:has-text('待您确认')")
    check(phone)
    assert "北庙村" not in phone.content()
    phone.fill("[name=comment]", "两起已到户核实")
    phone.click("main .btn.go")
    phone.wait_for_selector(".notice.ok:has-text('南庄村')")
    check(phone)


def sign(leader, week):
    leader.goto("/")
    leader.click("#others a:has-text('待您签发')")
    assert leader.url == week
    check(leader)
    leader.click("#sign summary")
    check(leader)
    leader.click("#sign .btn.go")
    leader.wait_for_selector(".notice.ok")
    check(leader)
    assert RollupVersion.objects.get().is_frozen


def correct_and_compute_anew(desk, week):
    """An entry of the signed week was made by mistake: the first version stays, the second says what differs."""
    matter = Matter.objects.get(category="neighbour")
    moving.move(matter_id=matter.pk, step="void", actor=who("wenshu"), version=matter.version, reason="重复登记")
    desk.goto(week)
    desk.click("text=重新汇总")
    desk.wait_for_selector("h2:has-text('与上一版的差异')")
    check(desk)
    assert cell(desk, "南庄村", "新增").inner_text() == "1"
    desk.goto(f"{week}?version=1")
    assert cell(desk, "南庄村", "新增").inner_text() == "2"


def read_the_glossary(desk, week):
    desk.goto(week)
    head = desk.locator(".figures-table >> nth=0 >> .defined:has-text('办结化解率')")
    head.focus()
    assert head.locator(".definition").is_visible()
    head.press("Enter")
    desk.wait_for_url("**/reports/glossary/#settle_rate")
    check(desk)
