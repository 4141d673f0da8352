"""Who looks whether an agreement is performed (履行核查): every check ends, also on a closed dispute."""
import pytest
from django.urls import reverse
from django.utils import timezone

from disputes.models import committee_name
from disputes.serializers import DisputeDetail
from governance.casework.models import Clock, Matter
from governance.casework.sentences import sentence
from governance.casework.services import moving, recording
from governance.casework.services.verifying import verify_ledger
from governance.casework.workflow import Refused
from governance.ledgers.registry import Scope, declared_exports
from tests.disputes.test_settling import Case, at, day, who

pytestmark = pytest.mark.django_db
CHECK = "dispute.performance_check"


@pytest.fixture(autouse=True)
def township(qinghe, db):
    """Each test begins in the demo township."""


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
    case.take("record_check", "tiaojie", 3, instalment=case.matter.instalments.get(position=2), finding="仍未履行",
              found="not_performed")
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
    case.take("record_check", "tiaojie", 18, instalment=case.matter.instalments.get(position=2), finding="外出务工",
              found="unreachable")
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
    ("position", "days_ago", "finding", "found", "code"),
    [
        (1, 45, "未到期", "not_performed", "check-before-due"),
        (1, 3, " ", "not_performed", "finding-missing"),
        (None, 3, "未履行", "not_performed", "instalment-missing"),
        (1, 3, "不清楚", "", "found-missing"),
        (1, 3, "不清楚", "perhaps", "found-missing"),
    ],
)
def test_a_check_that_cannot_be_is_refused_whole(position, days_ago, finding, found, code):
    case = Case().mediated().agreed((40, 20))
    row = case.matter.instalments.filter(position=position).first()
    with pytest.raises(Refused) as refusal:
        case.take("record_check", "tiaojie", days_ago, instalment=row, finding=finding, found=found)
    assert refusal.value.code == code and set(checks(case).values()) == {"running"}
    assert not case.matter.performance_checks.exists()


def test_what_was_found_is_a_fact_with_its_day_and_finder():
    case = Case().mediated().agreed((40, 20))
    case.take("record_check", "tiaojie", 38, instalment=first_of(case), found="unreachable", finding="电话不通")
    row = case.matter.performance_checks.get()
    assert (row.instalment.position, row.checked_on, row.found, row.words, row.checked_by) == (
        1, day(38), "unreachable", "电话不通", who("tiaojie")
    )
    assert first_of(case).state == "open" and case.matter.dispute.performance == "overdue"


@pytest.mark.parametrize(("found", "state"), [("performed", "performed"), ("partly", "partly")])
def test_what_is_found_performed_is_recorded_as_performance_with_its_own_day(found, state):
    case = Case().mediated().agreed((40, -20))
    case.take("record_check", "tiaojie", 38, instalment=first_of(case), found=found, finding="收条已核",
              performed_on=day(41), performed_yuan=700)
    row = first_of(case)
    assert row.state == state and row.performed_yuan == 700
    assert row.performed_on == (day(41) if found == "performed" else None)
    verbs = [event.verb for event in case.matter.events.order_by("-seq")[:2]]
    assert verbs == ["record_performance", "record_check"], "told apart, each with its date"
    clock = Clock.objects.get(matter=case.matter, rule="dispute.performance", subject=str(row.pk))
    check = Clock.objects.get(matter=case.matter, rule=CHECK, subject=str(row.pk))
    assert timezone.localdate(check.stopped_at) == day(38), "the check was made when it was made"
    if found == "performed":
        assert timezone.localdate(clock.stopped_at) == day(41) and not row.was_late
    else:
        assert clock.state == "running" and case.matter.dispute.performance == "overdue"
    assert verify_ledger()[1] is None


def test_the_last_one_found_performed_ends_the_watch_and_is_performed():
    case = Case().mediated().agreed((40,))
    case.take("record_check", "tiaojie", 38, instalment=first_of(case), found="performed", finding="已付清")
    assert case.matter.status == "performed" and case.matter.dispute.performance == "performed"
    assert first_of(case).performed_on == day(38), "without a day, that of the check"


def test_performance_after_the_check_is_refused_whole():
    case = Case().mediated().agreed((40,))
    with pytest.raises(Refused) as refusal:
        case.take("record_check", "tiaojie", 38, instalment=first_of(case), found="performed", finding="已付",
                  performed_on=day(37))
    assert refusal.value.code == "performed-after-check"
    assert not case.matter.performance_checks.exists() and first_of(case).state == "open"


def test_checks_stand_on_the_page_in_the_export_and_in_the_interface(client):
    case = Case().mediated().agreed((40, 20))
    case.take("record_check", "tiaojie", 38, instalment=first_of(case), found="not_performed", finding="推说没钱")
    case.take("record_check", "tiaojie", 36, instalment=first_of(case), found="unreachable", finding="人不在家")
    client.force_login(who("wenshu"))
    page = client.get(reverse("casework:matter", args=[case.matter.pk])).content.decode()
    assert "未履行 · " in page and "推说没钱" in page and "联系不上 · " in page
    export = next(row for row in declared_exports() if row.code == "agreements")
    scope = Scope(who("wenshu"), case.matter.township, frozenset([case.matter.unit_id]), day(60), day(0))
    line = export.spread(export.rows(scope).get())[0]
    cells = {column.code: column.value(line) for column in export.columns if column.value is not None}
    assert (cells["checked_on"], cells["found"], cells["checked_by"], cells["finding"]) == (
        day(36), "联系不上", who("tiaojie").name, "人不在家"
    )
    data = DisputeDetail(Matter.objects.get(pk=case.matter.pk), context={}).get_agreements(case.matter)
    assert [row["found"] for row in data[0]["instalments"][0]["checks"]] == ["not_performed", "unreachable"]


def test_the_day_of_a_check_is_corrected_but_not_before_it_was_due():
    case = Case().mediated().agreed((40, 20))
    case.take("record_check", "tiaojie", 30, instalment=first_of(case), found="not_performed", finding="未付")
    event = case.matter.events.get(verb="record_check")

    def correct(days_ago):
        recording.correct_date(
            event_id=event.pk, actor=who("wenshu"), version=None, acted_at=at(days_ago), reason="笔误"
        )

    correct(38)
    assert case.matter.performance_checks.get().checked_on == day(38)
    clock = Clock.objects.get(matter=case.matter, rule=CHECK, subject=str(first_of(case).pk))
    assert timezone.localdate(clock.stopped_at) == day(38)
    with pytest.raises(Refused) as refusal:
        correct(41)
    assert refusal.value.code == "dates-out-of-order"


def first_of(case):
    return case.matter.instalments.get(position=1)


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
