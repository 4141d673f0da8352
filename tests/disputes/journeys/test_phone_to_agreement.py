"""A boundary dispute from a village officer's phone over acceptance and two sessions to a printed agreement."""
import calendar
import io
from datetime import date, timedelta

import pytest
from django.utils import timezone
from docx import Document

from governance.casework.calendar import WorkCalendar
from governance.casework.models import Clock, Matter
from governance.casework.services.verifying import verify_ledger
from tests.support.journeys import PHONE, photo, who

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIDES = ("林大山", "孙来福")


def text_of(content) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def a_month_after(day: date) -> date:
    year, month = divmod(day.year * 12 + day.month, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def working_day(number: int) -> date:
    """The day that is so many working days after today, counted one by one."""
    days, day = WorkCalendar(), timezone.localdate()
    while number:
        day += timedelta(days=1)
        number -= days.is_working_day(day)
    return day


def report_on_the_phone(officer) -> Matter:
    """Category, what happened, where, who, a photo: the number is there at once."""
    officer.go("/").click(".report-button .btn.go")
    fill_in_a_report(officer)
    officer.page.click("#report .btn.go")
    officer.page.wait_for_selector("#queue-list li[data-done]")
    matter = Matter.objects.get()
    assert matter.number in officer.page.inner_text("#queue-list")
    assert matter.attachments.count() == 1 and matter.parties.count() == 2
    return matter


def fill_in_a_report(officer) -> None:
    """What the officer types."""
    officer.fill(
        **{"category": "homestead", "description": "林家翻建院墙，孙家认为越界半米，双方争执",
           "unit": {"index": 1}, "channel": "application", "address": "三组12号", "parties-0-name": SIDES[0],
           "parties-0-phone": "13812345678", "parties-1-name": SIDES[1], "photos": photo(size=(2400, 1800))}
    )


def test_without_a_network_the_report_waits_and_sends_itself_once(visit):
    officer = visit("cun1", width=PHONE).go("/report/quick/")
    fill_in_a_report(officer)
    phone = officer.page
    phone.context.set_offline(True)
    phone.click("#report .btn.go")
    phone.wait_for_selector("#queue-list li")
    assert "待上报" in phone.inner_text("#queue-list"), phone.inner_text("#queue")
    assert not Matter.objects.exists()
    phone.context.set_offline(False)
    phone.wait_for_selector("#queue-list li[data-done]", timeout=30000)
    matter = Matter.objects.get()
    assert matter.attachments.count() == 1
    assert phone.locator("#queue-list li:not([data-done])").count() == 0


def accept_and_begin(clerk, matter) -> None:
    """The clerk finds it under *to accept*, accepts it with mediator and day, and begins mediation."""
    clerk.go("/")
    assert matter.title in clerk.page.inner_text("#accept")
    clerk.click("#accept a.title")
    assert clerk.page.locator(".btn.go").count() == 1
    clerk.click(".head .btn.go")
    session = timezone.localtime() + timedelta(days=2)
    clerk.fill(
        committee=str(matter.township_id), initiative="applied", handler=str(who("tiaojie").pk),
        session_planned_at=session.strftime("%Y-%m-%dT14:30"), session_place="镇调解室",
    ).send()
    clerk.take(matter, "start", mediators=[who("tiaojie").pk], rights_told_on=timezone.localdate().isoformat())


def test_a_dispute_goes_from_the_phone_to_a_printed_agreement(visit):
    matter = report_on_the_phone(visit("cun1", width=PHONE))
    clerk = visit("wenshu")
    accept_and_begin(clerk, matter)
    limits_say_why(clerk)
    assert "镇调解室" in clerk.text and "14:30" in clerk.text
    mediator = visit("tiaojie", width=PHONE)
    mediate_twice(mediator, matter)
    agree(mediator, matter)
    print_papers(mediator, matter)
    assert verify_ledger()[1] is None


def limits_say_why(clerk) -> None:
    """Each due date stands there with its day, counted anew by hand, its reason and its article."""
    limits, today = clerk.page.inner_text("[aria-labelledby=clocks-h]"), timezone.localdate()
    for rule, why, due_on, source in (
        ("调解期限", "1个月后的对应日", a_month_after(today), "《人民调解工作若干规定》第33条"),
        ("首次调解期限", "第5个工作日为", working_day(5), "依据：本镇自定"),
    ):
        sentence = next(part for part in limits.split("\n\n") if why in part)
        assert rule in limits and in_words(due_on) in sentence and source in sentence, limits


def mediate_twice(mediator, matter) -> None:
    """Two sessions, the first as it was planned, each recorded on the phone."""
    mediator.go("/").click(f"main a[href='/matters/{matter.pk}/'] >> nth=0")
    for record, result in (("双方陈述意见，分歧在半米界址", "休会再谈"), ("丈量后双方愿意各让一步", "同意分期补偿")):
        mediator.take(
            matter, "record_session", held_at=timezone.localtime().strftime("%Y-%m-%dT%H:%M"), place="镇调解室",
            participants="林大山、孙来福、调解员", record=record, result=result,
        )
    assert "休会再谈" in mediator.text and "同意分期补偿" in mediator.text


def agree(mediator, matter) -> None:
    """A written agreement with two instalments, each with its day; one clock for each."""
    today = timezone.localdate()
    mediator.take(
        matter, "agree", terms="孙家支付3000元，分两期付清，界址以石桩为准。", manner="银行转账", copies=3,
        due_1=today, what_1="第一期款", yuan_1=1500, due_2=today + timedelta(days=30), what_2="第二期款", yuan_2=1500,
        evidence_signed_agreement=photo("协议书.jpg"),
    )
    matter.refresh_from_db()
    assert (matter.status, matter.outcome) == ("performing", "written_agreement")
    running = Clock.objects.filter(matter=matter).running().values_list("rule", flat=True)
    assert sorted(running) == ["dispute.confirmation", *["dispute.performance"] * 2, *["dispute.performance_check"] * 2]
    assert in_words(today + timedelta(days=30)) in mediator.text


def print_papers(mediator, matter) -> None:
    """The agreement in the usual form, and every other paper that the matter has come to."""
    mediator.go(f"/matters/{matter.pk}/").click("文书")
    listed = mediator.text
    made = {}
    for title in mediator.page.locator("form[data-download] button").all_inner_texts():
        name, content = mediator.download(f"form[data-download] button:text-is('{title}')")
        assert name == f"{title}_{matter.number}.docx"
        made[title] = text_of(content)
        assert all(side in made[title] for side in SIDES), title
    assert set(made) == {
        "人民调解申请书", "人民调解受理登记表", "人民调解权利义务告知书", "人民调解笔录", "人民调解协议书",
        "司法确认申请书", "人民调解卷宗",
    }
    for part in ("孙家支付3000元", "人民币壹仟伍佰元整", "银行转账", "一式3份", "清河人调协〔", "人民调解委员会(印章)"):
        assert part in made["人民调解协议书"], made["人民调解协议书"]
    assert "丈量后双方愿意各让一步" in made["人民调解笔录"] and "13812345678" not in "".join(made.values())
    for paper, lacks in (("人民调解口头协议登记表", "尚未达成口头协议"), ("人民调解不成告知书", "调解尚未以不成告终"),
                         ("人民调解回访记录", "尚无回访记录")):
        assert paper in listed and lacks in listed, listed
