"""A leader finds what is overdue, whose it is and why, and writes an instruction; the auditor reads who looked."""
from datetime import timedelta

import pytest
from django.utils import timezone

from governance.casework.calendar import WorkCalendar
from governance.casework.models import Assignment, Matter
from governance.casework.services import assigning, reminding
from tests.support.factories.casework import report
from tests.support.journeys import DESK, PHONE, who

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TITLE, NAME, NUMBER = "林家孙家院墙界址纠纷", "林大山", "13812345678"


class Town:
    """What the factory needs of a town."""

    def __init__(self):
        self.officer = who("cun1")
        self.village = self.officer.home_unit


@pytest.fixture
def overdue(township) -> Matter:
    """A dispute of three weeks ago that nobody has accepted, and what was owed for it is sent."""
    sides = [{"kind": "applicant", "name": NAME, "phone": NUMBER}, {"kind": "respondent", "name": "孙来福"}]
    matter = report(
        Town(), kind="dispute", title=TITLE, category="neighbour", channel="investigation", parties=sides,
        reported_at=timezone.now() - timedelta(days=20),
    )
    assigning.assign(matter_id=matter.pk, actor=who("wenshu"), version=matter.version, handler=who("tiaojie"))
    reminding.owe_reminders()
    reminding.pay_reminders(WorkCalendar().next_opening(timezone.localtime()) + timedelta(minutes=1))
    return matter


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_leader_opens_a_reminder_and_instructs_in_one_act(overdue, visit, width):
    leader = visit("fuzhenzhang", width=width)
    leader.go("/notifications/")
    assert "纠纷受理期限" in leader.text and "已逾期" in leader.text
    leader.click("li.unread button.link >> nth=0")
    assert TITLE in leader.text, "a reminder leads to its matter"
    leader.go("/")
    urgent = leader.page.inner_text("#urgent")
    assert TITLE in urgent and "纠纷受理期限" in urgent and who("tiaojie").name in urgent, "which limit, and whose"
    leader.click("#urgent a.title")
    limits = leader.page.inner_text("[aria-labelledby=clocks-h]")
    assert "依据：本镇自定" in limits and "第3个工作日为" in limits, "one click: why"
    leader.click(".head a[href$='/acts/instruct/']")
    by = timezone.localdate() + timedelta(days=3)
    leader.fill(assignee=str(who("wenshu").pk), text="三天内上门核实，报我", due_on=by.isoformat()).send()
    assert "三天内上门核实，报我" in leader.text and f"{by.month}月{by.day}日" in leader.text
    given = Assignment.objects.get()
    assert (given.kind, given.assignee, given.due_on) == ("instruction", who("wenshu"), by)
    clerk = visit("wenshu", width=width).go("/")
    assert "三天内上门核实" in clerk.page.inner_text("#tasks")


def test_an_auditor_reads_who_looked_and_verifies_the_history(overdue, visit):
    clerk = visit("wenshu")
    clerk.go(f"/matters/{overdue.pk}/")
    assert NUMBER not in clerk.page.content()
    clerk.click("main a[href*='/acts/reveal/'] >> nth=0")
    clerk.fill(reason="电话核实双方意愿").send()
    assert NUMBER in clerk.text
    auditor = visit("shenji").go("/audit/reveals/")
    for part in (who("wenshu").name, overdue.number, "电话核实双方意愿"):
        assert part in auditor.text
    assert NAME not in auditor.text and NUMBER not in auditor.page.content() and TITLE not in auditor.text
    auditor.click("nav.side a[href='/audit/verify/']")
    auditor.send(button="main form .btn.go")
    assert "条记录" in auditor.page.inner_text("main .notice.ok"), auditor.text
    auditor.go("/organisation/changes/")
