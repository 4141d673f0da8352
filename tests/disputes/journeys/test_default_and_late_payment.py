"""A debtor does not pay: reminders up the ladder, default, closure, late payment, and the quarrel flares up again."""
from datetime import timedelta

import pytest
from django.utils import timezone

from governance.casework.calendar import WorkCalendar
from governance.casework.models import Matter, Message
from governance.casework.services import reminding
from governance.casework.services.verifying import verify_ledger
from tests.support.journeys import photo, who

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def day(days_ago) -> str:
    """A day as a browser sends it."""
    return (timezone.localdate() - timedelta(days=days_ago)).isoformat()


def moment(days_ago) -> str:
    """Half past nine of a day."""
    return f"{day(days_ago)}T09:30"


def typed_in_from_the_dossier(clerk, mediator) -> Matter:
    """The whole of the first round, typed in afterwards with the days on which it happened."""
    clerk.go("/report/dispute/").fill(
        **{"category": "homestead", "description": "两家为院墙界址争执", "unit": {"index": 2},
           "channel": "police_referral", "occurred_at": moment(101), "reported_at": moment(100), "sender": "清河派出所",
           "sender_reference": "清公移〔2026〕7号", "parties-0-name": "林大山", "parties-1-name": "孙来福"}
    ).send()
    matter = Matter.objects.get()
    clerk.take(matter, "accept", committee=str(matter.township_id), handler=str(who("tiaojie").pk), acted_at=moment(99))
    clerk.take(matter, "start", mediators=[who("tiaojie").pk], rights_told_on=day(98), acted_at=moment(98))
    mediator.take(matter, "record_inquiry", held_at=moment(97), place="林家", heard="林大山", participants="调解员",
                  record="陈述界址由来")
    mediator.take(matter, "record_session", held_at=moment(96), place="镇调解室", participants="双方",
                  record="各让一步")
    mediator.take(
        matter, "agree", agreed_on=day(95), terms="孙家支付3000元，分两期。", manner="转账",
        due_1=day(80), what_1="第一期款", yuan_1=1500, due_2=day(60), what_2="第二期款", yuan_2=1500,
        evidence_signed_agreement=photo("协议书.jpg"),
    )
    return matter


def the_ladder_reaches_everybody(matter, visit) -> None:
    """Beat's two tasks: the mediator, the head of the village, the leader in charge and the office are told."""
    reminding.owe_reminders()
    reminding.pay_reminders(WorkCalendar().next_opening(timezone.localtime()) + timedelta(minutes=1))
    told = Message.objects.filter(matter=matter, subject="reminder", channel="portal", data__rule__endswith="_check")
    assert set(told.values_list("recipient__username", flat=True)) == {
        "tiaojie", "shuji1", "fuzhenzhang", "bangongshi"
    }
    leader = visit("fuzhenzhang").go("/notifications/")
    assert "履行情况" in leader.text and "已逾期" in leader.text
    leader.click("li.unread button.link >> nth=0")
    assert f"/matters/{matter.pk}/" in leader.page.url


def test_a_default_is_closed_paid_late_reopened_and_settled(visit):
    clerk, mediator = visit("wenshu"), visit("tiaojie")
    matter = typed_in_from_the_dossier(clerk, mediator)
    first = matter.instalments.get(position=1)
    mediator.take(matter, "record_performance", instalment=str(first.pk), performed_on=day(81), performed_yuan=1500)
    mediator.take(matter, "apply_confirmation", court="云川县人民法院", done_on=day(70))
    the_ladder_reaches_everybody(matter, visit)
    mediator.take(matter, "record_default", urged_on=day(57), urging="上门催促两次", advice="可向人民法院起诉",
                  acted_at=moment(56))
    clerk.go(f"/matters/{matter.pk}/steps/close/").fill(acted_at=moment(50)).send()
    assert "先看下面标出的地方" not in clerk.text and "途径" in clerk.text, "which way the creditor goes has to be said"
    clerk.fill(way_after_default="suit").send()
    assert "达成书面协议" in clerk.text and "逾期未履行" in clerk.text and "引导起诉" in clerk.text
    matter.refresh_from_db()
    assert not matter.is_open
    pay_late_and_fall_out_again(clerk, mediator, matter)
    told = clerk.page.inner_text("#timeline")
    for sentence in (
        "登记为", "由清河镇人民调解委员会受理", "开始调解", "达成书面协议", "提醒吴玉梅", "逾期未履行",
        "可向人民法院起诉", "已结案", "重新", "又为水沟争执", "口头协议",
    ):
        assert sentence in told, (sentence, told)
    assert "%(" not in told and verify_ledger()[1] is None


def pay_late_and_fall_out_again(clerk, mediator, matter) -> None:
    """Paid on the closed matter; reopened, mediated anew, settled orally, closed."""
    second = matter.instalments.get(position=2)
    mediator.take(matter, "record_check", checked_on=day(40), found="not_performed",
                  finding="仍在外地务工，答应月底付清")
    assert "答应月底付清" in mediator.page.inner_text("#timeline")
    mediator.take(matter, "record_performance", instalment=str(second.pk), performed_on=day(30), performed_yuan=1500)
    assert "逾期未履行" not in mediator.page.inner_text("[aria-labelledby=dispute-h]")
    assert "已履行" in mediator.page.inner_text(".head")
    matter.refresh_from_db()
    assert not matter.is_open and matter.dispute.performance == "performed"
    clerk.take(matter, "reopen", reason="又为水沟争执", acted_at=moment(20))
    mediator.take(matter, "record_session", held_at=moment(15), place="村委会", participants="双方", record="和好如初")
    mediator.take(matter, "agree_orally", agreed_on=day(15), terms="共同疏通水沟，互不追究。", both_confirm=True)
    clerk.take(matter, "close", acted_at=moment(10))
    matter.refresh_from_db()
    assert matter.outcome == "oral_agreement" and not matter.is_open
    mediator.take(matter, "record_revisit", done_on=day(3), manner="visit", satisfied="satisfied", finding="两家和好")
    clerk.take(matter, "record_sender_reply", sender_reply="已达成口头协议并履行", done_on=day(2))
    clerk.go(f"/disputes/{matter.pk}/papers/")
    for title in ("人民调解调查笔录", "人民调解口头协议登记表", "委派委托调解复函", "人民调解回访记录"):
        name, content = clerk.download(f"form[data-download] button:text-is('{title}')")
        assert name.startswith(title) and len(content) > 10_000
    clerk.go(f"/matters/{matter.pk}/")
