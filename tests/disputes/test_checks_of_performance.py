"""Who looks whether an agreement is performed (履行核查): every check ends, also on a closed dispute."""
import pytest
from django.utils import timezone

from disputes.models import committee_name
from disputes.services.generating import make_township
from governance.casework.models import Clock
from governance.casework.sentences import sentence
from governance.casework.services import moving
from governance.casework.services.verifying import verify_ledger
from governance.casework.workflow import Refused
from tests.disputes.test_settling import Case, at, who

pytestmark = pytest.mark.django_db
CHECK = "dispute.performance_check"


@pytest.fixture(autouse=True)
def township(db):
    make_township()


def checks(case) -> dict:
    """Position of the instalment -> state of its check."""
    places = {str(row.pk): row.position for row in case.matter.instalments.all()}
    found = Clock.objects.filter(matter=case.matter, rule=CHECK).values_list("subject", "state")
    return {places[subject]: state for subject, state in found}


def closed_as_not_performed(due_days_ago):
    """In default some days after the first instalment, closed with the way to court."""
    case = Case().mediated().agreed(due_days_ago)
    case.take("record_default", "tiaojie", 38, urging="上门催促", advice="可向法院起诉")
    case.take("close", "wenshu", 36, way_after_default="suit")
    return case


def test_what_falls_due_after_closure_is_checked_without_performance():
    case = closed_as_not_performed((40, 20, -5))
    assert checks(case) == {1: "stopped", 2: "running", 3: "running"}
    late = Clock.objects.get(matter=case.matter, rule=CHECK, subject=str(case.matter.instalments.get(position=2).pk))
    assert late.due_at < timezone.now() and case.matter.next_due_at == late.due_at
    case.take("record_check", "tiaojie", 3, instalment=case.matter.instalments.get(position=2), finding="仍未履行")
    late.refresh_from_db()
    case.matter.refresh_from_db()
    assert (late.state, late.stopped_at.date()) == ("stopped", at(3).date())
    assert checks(case) == {1: "stopped", 2: "stopped", 3: "running"}, "the other check goes on"
    assert case.matter.status == "closed" and case.matter.dispute.performance == "overdue"
    assert case.matter.next_due_at > timezone.now(), "nothing is overdue any more"
    told = sentence(case.matter.events.last())
    assert "仍未履行" in told and "第2期" in told
    assert verify_ledger()[1] is None


@pytest.mark.parametrize("status", ["performing", "defaulted", "closed"])
def test_a_check_leaves_the_state_as_it_is(status):
    case = Case().mediated().agreed((40, 20))
    if status != "performing":
        case.take("record_default", "tiaojie", 38, urging="上门催促", advice="可向法院起诉")
    if status == "closed":
        case.take("close", "wenshu", 36, way_after_default="suit")
    case.take("record_check", "tiaojie", 18, instalment=case.matter.instalments.get(position=2), finding="外出务工")
    assert case.matter.status == status and checks(case)[2] == "stopped"


def test_a_default_ends_the_checks_of_all_that_fell_due_by_then_and_no_other():
    case = Case().mediated().agreed((40, 38, 20))
    case.take("record_default", "tiaojie", 38, urging="上门催促", advice="可向法院起诉")
    assert checks(case) == {1: "stopped", 2: "stopped", 3: "running"}


def test_late_performance_on_the_closed_dispute_ends_the_check():
    case = closed_as_not_performed((40, 20))
    case.take("record_performance", "tiaojie", 2, instalment=case.matter.instalments.get(position=2))
    assert checks(case) == {1: "stopped", 2: "stopped"}
    assert "dispute.performance" in case.clocks(), "the first is still owed"
    case.take("record_performance", "tiaojie", 1, instalment=case.matter.instalments.get(position=1))
    assert case.matter.dispute.performance == "performed" and case.clocks() == ["dispute.confirmation"]


@pytest.mark.parametrize(
    ("position", "days_ago", "finding", "code"),
    [
        (1, 45, "未到期", "check-before-due"),
        (1, 3, " ", "finding-missing"),
        (None, 3, "未履行", "instalment-missing"),
    ],
)
def test_a_check_that_cannot_be_is_refused_whole(position, days_ago, finding, code):
    case = Case().mediated().agreed((40, 20))
    row = case.matter.instalments.filter(position=position).first()
    with pytest.raises(Refused) as refusal:
        case.take("record_check", "tiaojie", days_ago, instalment=row, finding=finding)
    assert refusal.value.code == code and set(checks(case).values()) == {"running"}


def test_a_check_is_offered_greyed_until_something_is_due_and_only_to_who_mediates():
    case = Case().mediated().agreed((-5,))
    step = moving.registry.get("dispute").workflow.step("record_check")
    assert moving.blocked(case.matter, who("tiaojie"), step).code == "nothing-fell-due"
    with pytest.raises(Refused) as refusal:
        case.take("record_check", "wenshu", 0, instalment=case.matter.instalments.get(), finding="未到期")
    assert refusal.value.code == "not-your-right"
    performed = Case().mediated().agreed((40,))
    performed.take("record_performance", "tiaojie", 41, instalment=performed.matter.instalments.get())
    performed.take("close", "wenshu", 39)
    with pytest.raises(Refused) as refusal:
        performed.take("record_check", "tiaojie", 1, instalment=None, finding="已履行")
    assert refusal.value.code == "nothing-outstanding"


@pytest.mark.parametrize(
    ("name", "level", "written"),
    [
        ("清河镇", "township", "清河镇人民调解委员会"),
        ("南庄村", "village", "南庄村人民调解委员会"),
        ("向阳社区", "community", "向阳社区人民调解委员会"),
        ("派出所驻所调解室", "department", "派出所驻所调解室"),
    ],
)
def test_a_committee_is_called_as_a_township_writes_it(name, level, written):
    assert committee_name(name, level) == written
