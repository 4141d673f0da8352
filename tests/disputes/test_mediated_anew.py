"""Mediated anew (重新调解): what becomes of the agreement before, its instalments, checks and confirmation."""
import pytest
from django.urls import reverse
from django.utils import timezone

from disputes.ledger import values
from disputes.models import Instalment
from governance.casework.models import Clock, Matter
from governance.casework.services import moving
from governance.casework.services.linking import merge
from governance.casework.services.verifying import verify_ledger
from governance.casework.visibility import roles_of
from governance.casework.workflow import Refused
from governance.reporting import calendar, registry
from governance.reporting.querysets import figures
from tests.disputes.test_settling import Case, at, day, paper, who

pytestmark = pytest.mark.django_db
PERFORMANCE, CHECK, WINDOW = "dispute.performance", "dispute.performance_check", "dispute.confirmation"
OLD = {"record_performance", "record_check", "apply_confirmation", "waive_confirmation"}


@pytest.fixture(autouse=True)
def township(qinghe, db):
    """Each test begins in the demo township."""


def anew(way, agreed_due=(40, 20, -30)):
    """In default with one of three instalments still to come, then mediated anew."""
    case = Case().mediated().agreed(agreed_due)
    case.take("record_default", "tiaojie", 18, urging="上门催促", advice="可向法院起诉")
    if way == "reopen":
        case.take("close", "wenshu", 16, way_after_default="suit")
        case.take("reopen", "bangongshi", 12, reason="又起争执")
    else:
        case.take("remediate", "tiaojie", 12)
    return case


def states(case, rule) -> list[str]:
    """States of the clocks of a rule, in the order of the instalments (or of their starts)."""
    rows = Clock.objects.filter(matter=case.matter, rule=rule)
    return [row.state for row in sorted(rows, key=lambda clock: (int(clock.subject or 0), clock.pk))]


def offered(case, user="tiaojie") -> set[str]:
    matter = Matter.objects.get(pk=case.matter.pk)
    return {step.name for step in moving.steps_for(matter, who(user), roles=roles_of(who(user), matter))}


def instalment(case, position) -> Instalment:
    return case.matter.instalments.order_by("pk")[position - 1]


@pytest.mark.parametrize("way", ["remediate", "reopen"])
def test_while_it_is_mediated_anew_the_agreement_binds_and_is_watched_over(way):
    case = anew(way)
    assert case.matter.status == "mediating" and case.matter.outcome == ""
    assert states(case, PERFORMANCE) == ["running"] * 3
    assert states(case, CHECK) == ["stopped", "stopped", "running"]
    assert states(case, WINDOW) == ["running"]
    assert case.matter.agreements.get().replaced_on is None and case.matter.dispute.performance == "overdue"
    assert offered(case) >= OLD
    case.take("record_performance", "tiaojie", 5, instalment=instalment(case, 1))
    case.take("record_check", "tiaojie", 4, instalment=instalment(case, 2), found="not_performed",
              finding="仍未履行")
    assert case.matter.status == "mediating", "neither leads out of mediation"
    assert states(case, PERFORMANCE) == ["stopped", "running", "running"]
    case.take("apply_confirmation", "tiaojie", 3, court="云川县人民法院")
    case.take("decide_confirmation", "tiaojie", 2, result="confirmed", ruling_number="〔2026〕8号")
    assert case.matter.dispute.confirmation_state == "confirmed" and states(case, WINDOW) == ["stopped"]
    assert verify_ledger()[1] is None


def end(case, way):
    if way == "withdraw":
        case.take("withdraw", "wenshu", 6, asked_by=case.matter.parties.first())
    else:
        case.take("fail", "tiaojie", 6, reason="各执一词", advice="可就原协议向人民法院起诉")
    if way == "refer":
        case.take("refer", "wenshu", 5, way="court", authority="云川县人民法院")
    return case


@pytest.mark.parametrize(
    ("way", "status", "outcome"),
    [("fail", "failed", "failed"), ("refer", "referred", "failed"), ("withdraw", "withdrawn", "withdrawn")],
)
@pytest.mark.parametrize("begun", ["remediate", "reopen"])
def test_failed_or_withdrawn_again_the_agreement_goes_on_to_bind(begun, way, status, outcome):
    case = end(anew(begun), way)
    assert (case.matter.status, case.matter.outcome) == (status, outcome)
    assert case.matter.agreements.get().replaced_on is None
    assert states(case, PERFORMANCE) == ["running"] * 3 and states(case, CHECK)[2] == "running"
    assert offered(case) >= OLD
    case.take("record_performance", "tiaojie", 4, instalment=instalment(case, 1))
    assert case.matter.status == status
    case.take("close", "wenshu", 3)
    assert case.matter.outcome == outcome, "the last result counts"
    assert offered(case) >= {"record_performance", "record_check"}
    for position, days_ago in ((2, 2), (3, 1)):
        case.take("record_performance", "tiaojie", days_ago, instalment=instalment(case, position))
    assert case.matter.status == "closed" and case.matter.dispute.performance == "performed"
    assert case.clocks() == ["dispute.confirmation"] and not offered(case) & {"record_performance", "record_check"}
    assert verify_ledger()[1] is None


def test_the_last_result_counts_in_figures_and_ledger_though_the_agreement_binds():
    case = end(anew("reopen"), "fail")
    town = case.matter.township
    asked = [registry.get(code) for code in ("settled", "failed", "unsettled", "in_performance")]
    period = calendar.days(day(11), day(0))
    told = figures(asked, [town], period, who("wenshu"))[town.pk]
    assert {code: figure.n for code, figure in told.items()} == {
        "settled": 0, "failed": 1, "unsettled": 1, "in_performance": 0,
    }
    matter = Matter.objects.get(pk=case.matter.pk)
    assert values.settled_on(matter) == day(6) and values.has_agreement(matter) == "no"
    assert values.agreement_number(matter) is None


@pytest.mark.parametrize("begun", ["remediate", "reopen"])
def test_a_later_agreement_takes_its_place_and_says_so(begun, client):
    case = anew(begun)
    case.take("record_session", "tiaojie", 8, place="镇", participants="双方", record="各退一步")
    case.take("agree", "tiaojie", 7, files=[paper()], agreed_on=day(7), terms="一次付清", manner="转账",
              instalments=[{"due_on": day(-20), "what": "全款", "amount_yuan": 2000}])
    old, new = case.matter.agreements.order_by("pk")
    assert (old.replaced_on, new.replaced_on) == (day(7), None)
    assert states(case, PERFORMANCE) == ["moot"] * 3 + ["running"]
    assert states(case, CHECK) == ["stopped", "stopped", "moot", "running"]
    assert states(case, WINDOW) == ["moot", "running"]
    assert case.matter.status == "performing" and case.matter.dispute.performance == ""
    with pytest.raises(Refused) as refusal:
        case.take("record_performance", "tiaojie", 1, instalment=instalment(case, 1))
    assert refusal.value.code == "instalment-missing", "nothing is owed under the old one any more"
    client.force_login(who("wenshu"))
    page = client.get(reverse("casework:matter", args=[case.matter.pk])).content.decode()
    assert page.count("已被新的协议取代") == 5 and "被新的协议取代</p>" in page
    case.take("record_performance", "tiaojie", 0, instalment=new.instalments.get())
    assert case.matter.status == "performed"


def test_an_application_for_the_old_agreement_is_not_decided_for_the_new_one():
    case = Case().mediated().agreed((40,))
    case.take("apply_confirmation", "tiaojie", 50, court="云川县人民法院")
    case.take("record_default", "tiaojie", 38, urging="催", advice="可起诉")
    case.take("remediate", "tiaojie", 30)
    case.take("record_session", "tiaojie", 29, place="镇", participants="双方", record="和解")
    case.take("agree_orally", "tiaojie", 29, both_confirm=True, terms="两清", agreed_on=day(29))
    assert case.matter.dispute.confirmation_state == "possible" and "decide_confirmation" not in offered(case)


def test_in_the_first_round_nothing_is_owed_yet():
    case = Case().mediated()
    assert case.matter.status == "mediating" and not offered(case) & {*OLD, "decide_confirmation"}
    case.take("fail", "tiaojie", 50, reason="分歧", advice="起诉")
    assert not offered(case) & OLD
    case.take("close", "wenshu", 49)
    assert not offered(case) & OLD


@pytest.mark.parametrize("how", ["void", "merge"])
def test_what_counts_nowhere_leaves_no_time_limit_behind(how):
    case, other = Case().mediated().agreed((40, -30)), Case()
    if how == "void":
        case.take("void", "wenshu", 1, reason="误录")
    else:
        merge(matter_id=case.matter.pk, into_id=other.matter.pk, actor=who("wenshu"), reason="同一件事")
    assert not Clock.objects.filter(matter=case.matter).live().exists()
    assert Matter.objects.get(pk=case.matter.pk).next_due_at is None


def test_time_of_a_round_is_counted_from_its_own_beginning():
    case = anew("remediate")
    clock = Clock.objects.filter(matter=case.matter, rule="dispute.mediation").latest("pk")
    assert timezone.localdate(clock.started_at) == timezone.localdate(at(12)) and clock.state == "running"
