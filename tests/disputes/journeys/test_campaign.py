"""A concentrated investigation in a real browser: announced, reported on the phone, who is missing, summed up."""
from datetime import timedelta

import pytest
from django.utils import timezone

from disputes.models import Campaign, InvestigationRound
from disputes.services.generating import make_township
from governance.casework.models import Matter
from governance.organisation.models import User
from tests.support.browser import assert_no_sideways_scroll, check

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def who(name):
    return User.objects.get(username=name)


def announce(desk):
    day = timezone.localdate()
    desk.goto("/disputes/campaigns/")
    check(desk)
    desk.click("text=部署专项排查")
    check(desk)
    desk.fill("[name=title]", "年末矛盾纠纷专项排查")
    desk.fill("[name=text]", "以网格为单位逐组走访")
    for name, days in (("starts_on", -3), ("ends_on", -1), ("report_by", 1)):
        desk.fill(f"[name={name}]", (day + timedelta(days=days)).isoformat())
    desk.click("main .btn.go")
    desk.wait_for_url("**/disputes/campaigns/*/")
    check(desk)


def report_a_finding(phone):
    phone.goto("/")
    phone.click(".bottom summary")
    check(phone)
    phone.click(".bottom a:has-text('专项排查')")
    check(phone)
    phone.click("main .rows a")
    check(phone)
    phone.click("text=去报告")
    check(phone)
    phone.click("text=登记排查发现的纠纷")
    check(phone)
    phone.select_option("[name=category]", "land_forest")
    phone.fill("[name=description]", "田埂被挖半米")
    phone.select_option("[name=unit]", index=1)
    phone.fill("[name=parties-0-name]", "林大山")
    phone.fill("[name=parties-1-name]", "孙来福")
    phone.click("main .btn.go")
    phone.wait_for_url("**/villages/*/")
    phone.click("main .btn.go")
    phone.wait_for_selector(".notice.ok:has-text('已报告 1 件')")
    check(phone)


def test_a_campaign_from_its_announcement_to_its_summary(transactional_db, page_at):
    make_township()
    desk = page_at(width=1366, user=who("bangongshi"))
    announce(desk)
    report_a_finding(page_at(width=360, height=740, user=who("cun1")))
    zero = page_at(width=360, height=740, user=who("cun3"), java_script_enabled=False)
    zero.goto(f"/disputes/campaigns/{Campaign.objects.get().pk}/villages/{who('cun3').home_unit_id}/")
    zero.click("main .btn.go")
    zero.goto("/disputes/rounds/")
    zero.click("main .btn.go")
    assert_no_sideways_scroll(zero)
    assert Matter.objects.count() == 1 and InvestigationRound.objects.count() == 3
    desk.reload()
    assert "东岗村" not in desk.inner_text(".notice.warn") and "北庙村" in desk.inner_text(".notice.warn")
    desk.click("text=提醒未报告村")
    desk.wait_for_selector(".notice.ok:has-text('已提醒')")
    desk.click("text=总结 >> nth=0")
    desk.fill("[name=conclusion]", "总体平稳。")
    desk.click("main .btn.go")
    desk.wait_for_selector(".error")
    desk.check("[name=may_lack]")
    desk.click("main .btn.go")
    desk.wait_for_url("**/summary/")
    check(desk)
    with desk.expect_download() as download:
        desk.click("text=下载 Word")
    assert download.value.suggested_filename == "年末矛盾纠纷专项排查.docx"
    leader = page_at(width=360, height=740, user=who("zhenzhang"))
    leader.goto(desk.url)
    check(leader)
    assert "10个未报告" in leader.inner_text("main")
