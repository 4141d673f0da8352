"""A date typed wrongly is corrected (更正日期): the fact it stands for, its clocks and the figures follow it."""
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from governance.casework.models import Clock, Matter
from governance.casework.sentences import sentence
from governance.casework.services import recording, timing
from governance.casework.services.verifying import verify_ledger
from governance.casework.workflow import Refused
from governance.organisation.models import Unit
from governance.reporting import calendar, registry
from governance.reporting.querysets import figures
from governance.reporting.services import rolling_up
from tests.disputes.test_settling import Case, at, day, who

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def township(qinghe, db):
    """Each test begins in the demo township."""


def correct(case, verb, days_ago=None, *, last=True, **beside):
    """Correct the date of the latest act of this name; the matter as it is then."""
    event = case.matter.events.filter(verb=verb).order_by("-seq" if last else "seq").first()
    recording.correct_date(
        event_id=event.pk, actor=who("wenshu"), version=Matter.objects.get(pk=case.matter.pk).version,
        acted_at=None if days_ago is None else at(days_ago), beside=beside, reason="笔误",
    )
    case.matter = Matter.objects.get(pk=case.matter.pk)
    return case.matter


def refused(case, verb, days_ago=None, **beside):
    with pytest.raises(Refused) as refusal:
        correct(case, verb, days_ago, **beside)
    return refusal.value.code


def clock(case, rule, subject=""):
    return Clock.objects.filter(matter=case.matter, rule=f"dispute.{rule}", subject=str(subject)).latest("pk")


def test_an_agreement_moves_with_its_effect_its_window_and_its_instalments_clocks():
    case = Case().mediated().agreed((40, 20))
    correct(case, "agree", 50)
    agreement = case.matter.agreements.get()
    assert (agreement.agreed_on, agreement.effective_on) == (day(50), day(50))
    window = clock(case, "confirmation")
    assert timezone.localdate(window.started_at) == day(50) and window.due_on >= day(20)
    assert timing.due_of(window).due_on == window.due_on
    first = case.matter.instalments.first()
    assert timezone.localdate(clock(case, "performance", first.pk).started_at) == day(50)
    assert timezone.localdate(clock(case, "performance_check", first.pk).started_at) == first.due_on
    assert timezone.localdate(clock(case, "mediation").stopped_at) == day(50)
    assert timezone.localdate(Clock.objects.get(matter=case.matter, rule="dispute.mediation").stopped_at) == day(50)
    told = sentence(case.matter.events.order_by("-seq").first())
    assert "%(" not in told and "达成书面协议" in told
    assert verify_ledger()[1] is None


def test_the_day_of_effect_is_corrected_by_itself_and_a_window_that_lapsed_runs_again():
    case = Case().mediated().agreed((10,))
    timing.lapse_windows()
    assert clock(case, "confirmation").state == "lapsed"
    correct(case, "agree", effective_on=day(20))
    agreement = case.matter.agreements.get()
    assert (agreement.agreed_on, agreement.effective_on) == (day(56), day(20))
    window = clock(case, "confirmation")
    assert (window.state, window.stopped_at) == ("running", None) and window.due_at > timezone.now()
    assert timing.lapse_windows() == 0
    told = sentence(case.matter.events.order_by("-seq").first())
    assert "生效" in told and "更正" in told and "%(" not in told
    correct(case, "agree", 50)
    agreement.refresh_from_db()
    assert (agreement.agreed_on, agreement.effective_on) == (day(50), day(20)), "a day typed apart stays"
    correct(case, "agree", effective_on=day(45))
    assert clock(case, "confirmation").state == "running" and timing.lapse_windows() == 1, "over, so it lapses anew"


@pytest.mark.parametrize(
    ("verb", "days_ago", "code"),
    [
        ("accept", 61, "dates-out-of-order"),
        ("accept", 55, "dates-out-of-order"),
        ("record_session", 60, "dates-out-of-order"),
        ("record_session", 55, "dates-out-of-order"),
        ("agree", 58, "dates-out-of-order"),
        ("agree", 62, "dates-out-of-order"),
        ("agree", 39, "dates-out-of-order"),
        ("record_performance", 57, "dates-out-of-order"),
        ("record_default", 20, "instalment-not-overdue"),
        ("record_default", 12, "dates-out-of-order"),
        ("close", 19, "dates-out-of-order"),
        ("agree", 56, "nothing-corrected"),
    ],
)
def test_what_cannot_have_come_in_that_order_is_refused_whole(verb, days_ago, code):
    case = Case().mediated().agreed((40, 20))
    first = case.matter.instalments.first()
    case.take("record_performance", "tiaojie", 41, instalment=first)
    case.take("record_default", "tiaojie", 18, urging="上门催促", advice="可向法院起诉")
    case.take("close", "wenshu", 15, way_after_default="suit")
    held = list(case.matter.events.values_list("pk", flat=True))
    clocks = list(Clock.objects.filter(matter=case.matter).values_list("pk", "started_at", "stopped_at", "due_at"))
    assert refused(case, verb, days_ago) == code
    assert list(case.matter.events.values_list("pk", flat=True)) == held
    assert list(
        Clock.objects.filter(matter=case.matter).values_list("pk", "started_at", "stopped_at", "due_at")
    ) == clocks
    assert case.matter.agreements.get().agreed_on == day(56)


def test_an_effect_before_the_agreement_or_in_the_future_is_refused():
    case = Case().mediated().agreed((40,))
    assert refused(case, "agree", effective_on=day(57)) == "effective-before-agreed"
    assert refused(case, "agree", effective_on=day(-1)) == "act-in-the-future"
    assert refused(case, "agree", effective_on=day(30)) == "day-before-start", "due before it takes effect"


def test_the_end_without_an_agreement_and_the_referral_move():
    case = Case("court_pre_filing", sender="云川县人民法院", material_signed_on=day(60)).mediated()
    case.take("fail", "tiaojie", 50, reason="分歧较大", advice="可向人民法院起诉")
    case.take("refer", "wenshu", 49, way="court", authority="云川县人民法院")
    case.take("close", "wenshu", 48)
    case.take("record_sender_reply", "wenshu", 40, sender_reply="调解不成")
    correct(case, "fail", 52)
    correct(case, "refer", 51)
    correct(case, "close", 47)
    correct(case, "record_sender_reply", 46)
    assert case.matter.endings.get().ended_on == day(52)
    assert case.matter.referrals.get().referred_on == day(51)
    assert case.matter.dispute.sender_replied_on == day(46)
    assert timezone.localdate(case.matter.closed_at) == timezone.localdate(case.matter.first_closed_at) == day(47)
    reply = clock(case, "sender_reply")
    assert (timezone.localdate(reply.started_at), timezone.localdate(reply.stopped_at)) == (day(47), day(46))
    assert refused(case, "record_sender_reply", 53) == "stop-before-start"
    assert refused(case, "refer", 53) == refused(case, "fail", 50) == "dates-out-of-order"


def test_performance_moves_and_with_it_whether_it_was_late():
    case = Case().mediated().agreed((40, 20))
    first, second = case.matter.instalments.all()
    case.take("record_performance", "tiaojie", 38, instalment=first, is_partial=True, performed_yuan=500)
    case.take("record_performance", "tiaojie", 30, instalment=first)
    correct(case, "record_performance", 41)
    first.refresh_from_db()
    assert first.performed_on == day(41) and not first.was_late
    assert timezone.localdate(clock(case, "performance", first.pk).stopped_at) == day(41)
    correct(case, "record_performance", 39, last=False)
    first.refresh_from_db()
    assert first.performed_on == day(41), "a part that was paid is not the day of performance"
    assert timezone.localdate(clock(case, "performance_check", first.pk).stopped_at) == day(39)
    assert second.performed_on is None


def test_a_default_ends_the_checks_of_what_fell_due_by_its_right_day():
    case = Case().mediated().agreed((40, 30, 20))
    case.take("record_default", "tiaojie", 18, urging="上门催促", advice="可向法院起诉", urged_on=day(25))
    rows = list(case.matter.instalments.all())
    assert refused(case, "record_default", 26) == "dates-out-of-order", "before the urging"
    correct(case, "record_default", 25)
    assert case.matter.defaults.get().recorded_on == day(25)
    states = [clock(case, "performance_check", row.pk).state for row in rows]
    assert states == ["stopped", "stopped", "running"]
    assert case.matter.next_due_at == clock(case, "performance_check", rows[2].pk).due_at
    correct(case, "record_default", 19)
    assert [clock(case, "performance_check", row.pk).state for row in rows] == ["stopped"] * 3


def test_a_written_change_confirmation_and_revisit_move():
    case = Case().mediated().agreed((40,))
    case.take("apply_confirmation", "tiaojie", 45, court="云川县人民法院")
    case.take("decide_confirmation", "wenshu", 39, result="confirmed", ruling_number="〔2026〕1号")
    case.take("change_agreement", "tiaojie", 42, reason="延后", files=[written_change()],
              instalments=[{"due_on": day(30), "what": "全款", "amount_yuan": 3000}])
    correct(case, "change_agreement", 41)
    old, new = case.matter.instalments.order_by("pk")
    assert (old.replaced_on, new.counted_from) == (day(41), day(41))
    assert case.matter.agreement_changes.get().changed_on == day(41)
    assert timezone.localdate(clock(case, "performance", new.pk).started_at) == day(41)
    assert timezone.localdate(clock(case, "performance", old.pk).stopped_at) == day(41)
    assert refused(case, "change_agreement", 57) == "dates-out-of-order"
    correct(case, "apply_confirmation", 44)
    correct(case, "decide_confirmation", 40)
    row = case.matter.confirmations.get()
    assert (row.applied_on, row.decided_on) == (day(44), day(40))
    assert refused(case, "decide_confirmation", 45) == "dates-out-of-order"
    assert refused(case, "apply_confirmation", 57) == "dates-out-of-order"
    case.take("record_revisit", "tiaojie", 20, manner="visit", satisfied="satisfied", finding="已履行")
    correct(case, "record_revisit", 21)
    assert case.matter.revisits.get().visited_on == day(21)


def test_acceptance_of_the_same_hour_as_the_report_does_not_move_the_report():
    case = Case()
    received = case.matter.reported_at
    case.take("accept", "wenshu", 60, committee=case.matter.township, initiative="applied")
    Matter.objects.filter(pk=case.matter.pk).update(accepted_at=received)
    accepted = case.matter.events.get(verb="accept")
    assert abs(accepted.acted_at - received) < timedelta(minutes=1)
    correct(case, "accept", 59)
    assert case.matter.reported_at == received


def test_mediators_sessions_and_rights_move_and_acceptance_starts_its_clocks_anew():
    case = Case().mediated()
    correct(case, "record_session", 56)
    correct(case, "start", 57, rights_told_on=day(57))
    correct(case, "accept", 58)
    assert timezone.localdate(case.matter.sessions.get().held_at) == day(56)
    assert case.matter.mediators.get().named_on == day(57)
    assert case.matter.dispute.rights_told_on == day(57)
    assert timezone.localdate(case.matter.accepted_at) == day(58)
    assert timezone.localdate(clock(case, "mediation").started_at) == day(58)
    assert timezone.localdate(clock(case, "first_session").stopped_at) == day(56)


def test_a_declined_dispute_taken_up_again_is_corrected_in_its_own_order():
    case = Case()
    case.take("decline", "wenshu", 58, ground="seized", advice="可向法院起诉")
    case.take("close", "wenshu", 57)
    case.take("reopen", "bangongshi", 50, reason="法院未受理")
    case.take("accept", "wenshu", 49, committee=case.matter.township, initiative="applied")
    correct(case, "decline", 59)
    correct(case, "accept", 48)
    assert timezone.localdate(case.matter.accepted_at) == day(48) and case.matter.endings.get().ended_on == day(59)
    assert refused(case, "accept", 51) == "dates-out-of-order", "before it was taken up again"


def test_the_signed_for_material_corrected_starts_the_courts_time_anew():
    case = Case("court_pre_filing", sender="云川县人民法院", material_signed_on=day(60))
    recording.correct_facts(
        matter_id=case.matter.pk, actor=who("wenshu"), version=case.matter.version, values={},
        facts={"material_signed_on": day(58)}, reason="回执日期",
    )
    held = clock(case, "court_pre_filing")
    assert timezone.localdate(held.started_at) == day(58) and held.due_on == day(28)


def test_figures_and_the_signed_week_follow(client):
    week = calendar.last_complete(calendar.WEEK, timezone.localdate())
    town = Unit.objects.get(level="township")
    case = Case().mediated()
    in_week = (timezone.now() - (week.start + timedelta(days=2))).days
    wrong = in_week + 7
    facts = {"agreed_on": day(wrong), "terms": "和解", "both_confirm": True}
    case.take("agree_orally", "tiaojie", wrong, **facts)
    first = rolling_up.roll_up(township=town, period=week, actor=who("wenshu"))
    rolling_up.review(version_id=first.pk, actor=who("wenshu"))
    rolling_up.sign(version_id=first.pk, actor=who("zhenzhang"))
    assert settled(town, week) == 0
    correct(case, "agree_orally", in_week)
    assert settled(town, week) == 1
    second = rolling_up.roll_up(township=town, period=week, actor=who("wenshu"))
    assert second.number == 2
    client.force_login(who("wenshu"))
    page = client.get(reverse("reporting:rollup", args=[second.rollup_id]))
    changes = {(c["row"].part.unit.short_name, c["metric"].code): (c["before"], c["after"])
               for c in page.context["changes"]}
    assert changes[("南庄村", "settled")] == ("0", "1")


def test_through_the_screen_with_the_day_of_effect_beside(client):
    case = Case().mediated().agreed((40, 20))
    event = case.matter.events.get(verb="agree")
    client.force_login(who("wenshu"))
    address = reverse("casework:act-on", args=[case.matter.pk, "correct-date", event.pk])
    page = client.get(address)
    form = page.context["form"]
    assert form["effective_on"].value() == day(56)
    sent = {
        "version": case.matter.version, "reason": "看错了日历", "effective_on": day(49).isoformat(),
        "acted_at": timezone.localtime(at(50)).strftime("%Y-%m-%dT%H:%M"),
    }
    wrong = client.post(address, {**sent, "effective_on": day(51).isoformat()})
    assert wrong.status_code in (409, 422) and "不能早于" in wrong.content.decode()
    assert client.post(address, sent).status_code == 302
    agreement = case.matter.agreements.get()
    assert (agreement.agreed_on, agreement.effective_on) == (day(50), day(49))
    shown = client.get(reverse("casework:matter", args=[case.matter.pk])).content.decode()
    assert "生效日期" in shown and "更正为" in shown


def settled(town, period):
    return figures([registry.get("settled")], [town], period, who("wenshu"))[town.pk]["settled"].n


def written_change():
    return ("written_change", SimpleUploadedFile("变更.pdf", b"%PDF-1.4"))

