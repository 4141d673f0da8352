"""A real county becomes the organisation, people come from a list, somebody stands in for an officer on leave."""
import csv
import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from openpyxl import Workbook

from governance.casework.models import Event
from governance.organisation.models import Change, StandIn, Unit, User
from tests.support.factories.casework import report
from tests.support.journeys import who

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DIVISIONS = Path(os.environ.get("PORTAL_DIVISIONS", settings.BASE_DIR.parent / "shared/data/divisions-330122.csv"))
FEW = (
    ("330122", "桐庐县", ""), ("330122101", "富春江镇", "330122"), ("330122101201", "芝厦村村委会", "330122101"),
    ("330122101202", "横山社区居委会", "330122101"),
)


def divisions() -> tuple[dict, int, str]:
    """The official divisions of a county as a file, how many there are, and a village of it by short name."""
    if DIVISIONS.exists():
        content = DIVISIONS.read_bytes()
    else:
        lines = io.StringIO()
        csv.writer(lines).writerows([("区划代码", "名称", "上级代码"), *FEW])
        content = lines.getvalue().encode("gb18030")
    text = content.decode("utf-8-sig" if DIVISIONS.exists() else "gb18030")
    return {"name": "divisions-330122.csv", "mimeType": "text/csv", "buffer": content}, len(text.split("\n")[1:-1])


def people() -> dict:
    """A list as a township keeps it in Excel."""
    book = Workbook()
    for row in (
        ("姓名", "登录名", "手机", "单位代码或名称", "角色", "职务", "任职日期"),
        ("何新人", "hexinren", "13911112222", "富春江镇", "综治办工作人员", "科员", "2026年1月5日"),
        ("方村干", "fangcungan", 13911113333, "芝厦村", "村干部", "治保主任", "2026.1.5"),
        ("错单位", "cuodanwei", "", "没有这个村", "村干部", "", ""),
    ):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "人员名单.xlsx", "mimeType": kind, "buffer": stream.getvalue()}


def test_a_county_and_its_people_come_in_and_begin_to_work(visit, page_at):
    call_command(
        "appoint_first_administrators", "--code", "330122", "--name", "桐庐县", "--system", "xitong2", "卫系统",
        "--security", "anquan2", "蒋安全", "--auditor", "shenji2", "沈审计", stdout=io.StringIO(),
    )
    User.objects.update(must_change_password=False)
    admin = visit("xitong2").go("/")
    file, count = divisions()
    count -= 1  # The county itself is there.
    before = Unit.objects.count()
    admin.go("/organisation/units/").click("main a[href$='/units/import/']")
    admin.fill(file=file).send()
    assert f"新增{count}" in admin.text.replace(" ", "") and Unit.objects.count() == before, admin.text[:200]
    admin.go("/organisation/units/import/").fill(file=file, commit=True).send()
    assert Unit.objects.count() == before + count and (count == 232 or not DIVISIONS.exists())
    assert Unit.objects.get(code="330122101").level == "township"
    admin.go("/organisation/units/?q=330122101")
    assert "富春江镇" in admin.text
    admin.go("/organisation/users/").click("main a[href$='/users/import/']")
    admin.fill(file=people(), commit=True).send()
    assert "没有这个村" in admin.text and User.objects.filter(username="hexinren").exists()
    first = codes_on(admin)["hexinren"]
    second = appoint(visit("anquan2"))
    log_in_for_the_first_time(page_at, first + second)


def codes_on(visitor) -> dict:
    """The halves of one-time codes on a page, by login name."""
    rows = [row.split("\t") for row in visitor.text.split("\n") if row.count("\t") == 3]
    return {row[2].strip(): row[3].strip() for row in rows}


def appoint(security) -> str:
    """Whoever makes accounts gives no posts: the second hand confirms many at once and gives out the second halves."""
    security.go("/organisation/proposals/")
    assert "富春江镇" in security.text and "方村干" in security.text
    for box in security.page.query_selector_all("[name=proposal]"):
        box.check()
    security.click("main .btn.go")
    assert "共 2 项，已确认 2 项" in security.text, security.text
    assert User.objects.get(username="hexinren").posts.get().role == "clerk"
    return codes_on(security)["hexinren"]


def log_in_for_the_first_time(page_at, code) -> None:
    """The one-time code opens nothing but the page on which a password is chosen."""
    page = page_at(width=1366)
    page.goto("/")
    for name, value in (("username", "hexinren"), ("password", code)):
        page.fill(f"[name={name}]", value)
    page.click(".btn.go")
    page.wait_for_url("**/accounts/password/")
    for name in ("new_password1", "new_password2"):
        page.fill(f"[name={name}]", "Fu-chun-2026")
    page.click(".btn.go")
    page.wait_for_selector("#accept")
    assert "富春江镇" in page.inner_text(".who")


class Town:
    """What the factory needs of a town."""

    def __init__(self):
        self.officer = who("tiaojie")
        self.village = who("cun1").home_unit


def test_a_stand_in_finds_the_absent_officers_work_and_the_history_says_so(visit):
    matter = report(Town(), actor=who("wenshu"), kind="dispute", category="neighbour", channel="investigation",
                    title="水渠纠纷", reported_at=timezone.now() - timedelta(days=20),
                    parties=[{"kind": "applicant", "name": "林大山"}, {"kind": "respondent", "name": "孙来福"}])
    visit("wenshu").take(matter, "acts/assign", handler=str(who("cun1").pk))
    stand_in = visit("cun3").go("/")
    assert matter.title not in stand_in.text
    security, today = visit("anquan").go("/organisation/users/?q=cun1"), timezone.localdate()
    security.click(f"main a[href='/organisation/users/{who('cun1').pk}/']")
    security.click("main a[href$='/stand-in/']").fill(
        user=str(who("cun3").pk), from_on=today, to_on=today + timedelta(days=5), reason="年休假"
    ).send()
    assert StandIn.objects.get().user == who("cun3") and "年休假" in security.text
    stand_in.go("/")
    assert matter.title in stand_in.page.inner_text("#urgent")
    stand_in.click("#urgent a.title")
    stand_in.take(matter, "acts/note", text="已上门，双方愿意调解")
    told = stand_in.page.inner_text("#timeline")
    assert f"{who('cun3').name} 代{who('cun1').name}" in told.replace("\xa0", " "), told
    event = Event.objects.filter(matter=matter, verb="noted").get()
    assert (event.actor, event.on_behalf_of) == (who("cun3"), who("cun1"))
    assert Change.objects.filter(verb="stand_in_set").exists()
    auditor = visit("shenji").go("/organisation/changes/")
    told = f"代理{who('cun1').name}的南庄村村干部职务"
    assert told in auditor.text and "stand_in_set" not in auditor.text
