"""A boundary dispute, from a village officer's phone to a performed agreement, in a real browser."""
import io
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from disputes.services.generating import make_township
from governance.casework.models import Clock, Matter
from governance.casework.services.verifying import verify_ledger
from governance.organisation.models import User
from tests.support.browser import assert_axe_clean, assert_no_sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def township(transactional_db):
    make_township()


def who(name):
    return User.objects.get(username=name)


def photo():
    stream = io.BytesIO()
    Image.new("RGB", (2400, 1800), "olive").save(stream, "JPEG")
    return {"name": "院墙.jpg", "mimeType": "image/jpeg", "buffer": stream.getvalue()}


def check(page):
    assert_no_sideways_scroll(page)
    assert_axe_clean(page)


def report_on_the_phone(page):
    page.goto("/report/quick/")
    check(page)
    page.select_option("[name=category]", "homestead")
    page.fill("[name=description]", "林家翻建院墙，孙家认为越界半米，双方争执")
    page.select_option("[name=unit]", index=1)
    page.fill("[name=address]", "三组12号")
    page.fill("[name=parties-0-name]", "林大山")
    page.fill("[name=parties-0-phone]", "13812345678")
    page.fill("[name=parties-1-name]", "孙来福")
    page.set_input_files("[name=photos]", photo())


def take(page, pk, step, fill):
    page.goto(f"/matters/{pk}/steps/{step}/")
    fill(page)
    page.click("form[data-draft] .btn.go")
    page.wait_for_url(f"**/matters/{pk}/")


def test_an_officer_reports_and_the_mediator_settles_it(township, page_at):
    phone = page_at(width=360, height=740, user=who("cun1"))
    report_on_the_phone(phone)
    phone.click("#report .btn.go")
    phone.wait_for_selector("#queue-list li[data-done]")
    matter = Matter.objects.get()
    assert matter.number in phone.inner_text("#queue-list")
    assert matter.attachments.count() == 1 and matter.parties.count() == 2
    phone.goto("/")
    check(phone)

    desk = page_at(width=1366, user=who("wenshu"))
    desk.goto("/")
    assert matter.title in desk.inner_text("#accept")
    check(desk)
    desk.goto(f"/matters/{matter.pk}/")
    assert desk.locator(".btn.go").count() == 1
    check(desk)
    mediator = who("tiaojie")

    def accept(page):
        page.select_option("[name=initiative]", "applied")
        page.select_option("[name=handler]", str(mediator.pk))

    take(desk, matter.pk, "accept", accept)
    assert "人民调解工作若干规定" in desk.inner_text("main")
    today = timezone.localdate()

    def start(page):
        page.check(f"[name=mediators][value='{mediator.pk}']")
        page.fill("[name=rights_told_on]", today.isoformat())

    take(desk, matter.pk, "start", start)
    room = page_at(width=1366, user=mediator)
    for record in ("双方陈述意见", "双方愿意各让一步"):
        def session(page, record=record):
            page.fill("[name=held_at]", timezone.localtime().strftime("%Y-%m-%dT%H:%M"))
            page.fill("[name=place]", "镇调解室")
            page.fill("[name=participants]", "林大山、孙来福、调解员")
            page.fill("[name=record]", record)

        take(room, matter.pk, "record_session", session)

    def agree(page):
        page.fill("[name=terms]", "孙家支付3000元，分两期付清。")
        page.fill("[name=manner]", "银行转账")
        for place, days in ((1, 0), (2, 30)):
            page.fill(f"[name=due_{place}]", (today + timedelta(days=days)).isoformat())
            page.fill(f"[name=what_{place}]", f"第{place}期1500元")
        page.set_input_files("[name=evidence_signed_agreement]", photo())

    take(room, matter.pk, "agree", agree)
    matter.refresh_from_db()
    assert (matter.status, matter.outcome) == ("performing", "written_agreement")
    running = Clock.objects.filter(matter=matter).running().values_list("rule", flat=True)
    assert sorted(running) == ["dispute.confirmation", *["dispute.performance"] * 2, *["dispute.performance_check"] * 2]
    take(room, matter.pk, "record_performance", lambda page: None)
    take(room, matter.pk, "apply_confirmation", lambda page: page.fill("[name=court]", "云川县人民法院"))
    assert matter.instalments.outstanding().count() == 1
    check(room)
    assert verify_ledger()[1] is None


def test_without_a_network_the_report_waits_and_sends_itself_once(township, page_at):
    phone = page_at(width=360, height=740, user=who("cun1"))
    report_on_the_phone(phone)
    phone.context.set_offline(True)
    phone.click("#report .btn.go")
    phone.wait_for_selector("#queue-list li")
    assert "待上报" in phone.inner_text("#queue-list") and not Matter.objects.exists()
    phone.context.set_offline(False)
    phone.wait_for_selector("#queue-list li[data-done]", timeout=30000)
    matter = Matter.objects.get()
    assert matter.attachments.count() == 1
    assert phone.locator("#queue-list li:not([data-done])").count() == 0


def test_a_leader_finds_what_is_overdue_and_writes_an_instruction(township, page_at):
    from tests.support.factories.casework import report

    class Town:
        officer, village = who("cun1"), who("cun1").home_unit

    matter = report(Town, kind="dispute", category="neighbour", channel="investigation",
                    reported_at=timezone.now() - timedelta(days=20))
    leader = page_at(width=1366, user=who("zhenzhang"))
    leader.goto("/")
    assert matter.title in leader.inner_text("#urgent")
    leader.goto(f"/matters/{matter.pk}/acts/instruct/")
    leader.select_option("[name=assignee]", str(who("wenshu").pk))
    leader.fill("[name=text]", "三天内上门核实")
    leader.fill("[name=due_on]", (timezone.localdate() + timedelta(days=3)).isoformat())
    leader.click("form[data-draft] .btn.go")
    leader.wait_for_url(f"**/matters/{matter.pk}/")
    assert "三天内上门核实" in leader.inner_text("main")
    check(leader)
