"""All clock rules together: each row of the table exists and says what it must; what holds for every rule."""
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.casework import clocks
from governance.casework.calendar import SHANGHAI, WorkCalendar
from governance.casework.clocks import Basis, Bearer, Roll
from governance.organisation.registry import Refused

TABLE = {
    "office": """
        dispute.acceptance dispute.first_session dispute.mediation dispute.court_pre_filing
        dispute.court_in_case_ordinary dispute.court_in_case_simple dispute.sender_reply
        dispute.performance_check dispute.revisit petition.transfer petition.notice petition.objection
        petition.handling petition.statutory_duty petition.opinion_performance petition.urgent_report
        petition.simple_notice petition.simple_handling petition.superior petition.accusation
        petition.callback petition.promise adopted.contact hotline.contact hotline.done visit.problem
        visit.revisit hazard.rectification hazard.recheck hazard.recheck_latest hazard.major_report
        accident.supplement emergency.first_report emergency.written_report minor.report drill.township
        drill.high_risk_unit risk.reassess supervision.feedback supervision.done assessment.decision
        dispatch.arrive
    """,
    "party": "dispute.performance",
    "window": """
        dispute.confirmation petition.review_window petition.reexamination_window assessment.consult
        accountability.appeal assessment.objection
    """,
    "external": "petition.review petition.reexamination accident.enterprise accident.forward",
}
BEARERS = {code: bearer for bearer, codes in TABLE.items() for code in codes.split()}
SURVIVORS = {
    "dispute.revisit", "dispute.confirmation", "dispute.performance", "dispute.performance_check",
    "petition.callback", "petition.opinion_performance", "petition.review_window",
}
READ = {
    "dispute.mediation", "dispute.court_pre_filing", "dispute.court_in_case_ordinary",
    "dispute.court_in_case_simple", "dispute.confirmation", "dispute.performance", "petition.transfer",
    "petition.notice", "petition.objection", "petition.reexamination_window", "petition.reexamination",
    "hotline.contact", "hotline.done", "accident.enterprise", "accident.forward", "accident.supplement",
}
CALENDAR = WorkCalendar()


def cases():
    """Each rule of the table in each of its classes: (rule, variant)."""
    for code in BEARERS:
        rule = clocks.get_rule(code)
        if rule.length is not None or rule.basis == Basis.AGREED or not rule.variants:
            yield rule, None
        for variant in rule.variants:
            yield rule, variant.code


ANY_CASE = st.sampled_from(list(cases()))
ANY_START = st.datetimes(
    min_value=datetime(2020, 1, 1), max_value=datetime(2027, 12, 31)
).map(lambda moment: moment.replace(microsecond=0, tzinfo=SHANGHAI))


def arguments(rule, variant, start, days=10):
    """What a case needs beside its start: the agreed day, or the hours."""
    resolved = rule.in_variant(variant)
    wanted = {"start": start, "variant": variant, "calendar": CALENDAR}
    if resolved.basis == Basis.AGREED:
        wanted["due_on"] = start.date() + timedelta(days=days)
    elif resolved.length is None:
        wanted["hours"] = 3
    return wanted


def test_every_row_of_the_table_exists():
    assert len(BEARERS) == 53
    assert set(BEARERS) <= {rule.code for rule in clocks.all_rules()}


@pytest.mark.parametrize("code", BEARERS)
def test_every_rule_says_whose_it_is_and_what_it_rests_on(code):
    rule = clocks.get_rule(code)
    assert rule.bearer == BEARERS[code]
    assert rule.kind == code.partition(".")[0]
    assert rule.survives_closing == (code in SURVIVORS)
    assert (rule.verified is True) == (code in READ)
    assert (rule.verified is None) == ("✓" not in rule.source and "○" not in rule.source)
    assert rule.is_local == ("local" in rule.source and "cap local" not in rule.source)
    assert rule.label and rule.starts and rule.stops and rule.source


@pytest.mark.parametrize("code", BEARERS)
def test_only_rights_move_to_the_next_working_day(code):
    rule = clocks.get_rule(code)
    assert (rule.roll == Roll.FORWARD) == (rule.bearer == Bearer.WINDOW)
    assert (rule.period_roll == Roll.FORWARD) == (rule.bearer == Bearer.PARTY)


@pytest.mark.parametrize(("rule", "variant"), list(cases()))
def test_every_rule_explains_itself(rule, variant):
    wanted = arguments(rule, variant, datetime(2026, 9, 25, 16, 30, tzinfo=SHANGHAI))
    sentence = clocks.explain(rule, **wanted)
    end = clocks.due(rule, **wanted)
    assert str(end.due_on and end.due_on.year or end.due_at.year) in sentence
    assert str(rule.article) in sentence


@settings(max_examples=300, deadline=None)
@given(case=ANY_CASE, start=ANY_START, after=st.integers(0, 5 * 24 * 60), length=st.integers(0, 40 * 24 * 60))
def test_pausing_never_shortens(case, start, after, length):
    # The arithmetic is asked of every rule, also of those that allow no pause.
    rule, variant = case
    rule = replace(rule, pause=clocks.PausePolicy("a test", "none"))
    wanted = arguments(rule, variant, start)
    plain = clocks.due(rule, **wanted)
    begin = min(start + timedelta(minutes=after), plain.due_at - timedelta(minutes=1))
    pause = clocks.Pause(begin, begin + timedelta(minutes=length))
    assert clocks.due(rule, **wanted, pauses=(pause,)).due_at >= plain.due_at


@settings(max_examples=300, deadline=None)
@given(case=ANY_CASE, start=ANY_START, days=st.integers(1, 400))
def test_extending_never_exceeds_the_cap(case, start, days):
    rule, variant = case
    wanted = arguments(rule, variant, start)
    plain = clocks.due(rule, **wanted)
    cap = rule.extension.total_days if rule.extension else 0
    if cap is not None and days > cap:
        with pytest.raises(Refused):
            clocks.due(rule, **wanted, extend_days=days)
    else:
        assert clocks.due(rule, **wanted, extend_days=days).due_at - plain.due_at <= timedelta(days=days)


@settings(max_examples=400, deadline=None)
@given(case=ANY_CASE.filter(lambda case: case[0].bearer == Bearer.OFFICE), start=ANY_START)
def test_a_duty_of_the_office_never_ends_later_than_its_rule_allows(case, start):
    rule, variant = case
    resolved, wanted = rule.in_variant(variant), arguments(rule, variant, start)
    end = clocks.due(rule, **wanted)
    day = start.date()
    if resolved.basis == Basis.AGREED:
        assert end.due_on == wanted["due_on"]
    elif resolved.basis == Basis.DAYS:
        assert (end.due_on - day).days == resolved.length
    elif resolved.basis == Basis.MONTHS:
        months = (end.due_on.year - day.year) * 12 + end.due_on.month - day.month
        assert months == resolved.length and end.due_on.day <= day.day
    elif resolved.basis == Basis.WORKING_DAYS:
        assert CALENDAR.working_days_in(day + timedelta(days=1), end.due_on + timedelta(days=1)) == resolved.length
    elif resolved.basis == Basis.WORKING_HOURS:
        assert CALENDAR.working_time_in(start, end.due_at) == timedelta(hours=3)
    else:
        unit = "minutes" if resolved.basis == Basis.MINUTES else "hours"
        assert end.due_at - start == timedelta(**{unit: resolved.length or 3})


@settings(max_examples=200, deadline=None)
@given(case=ANY_CASE, start=ANY_START)
def test_a_right_never_ends_on_a_day_off_nor_before_its_length(case, start):
    rule, variant = case
    if rule.bearer == Bearer.WINDOW and variant is None and rule.basis == Basis.DAYS:
        end = clocks.due(rule, start=start, calendar=CALENDAR)
        assert CALENDAR.is_working_day(end.due_on)
        assert (end.due_on - start.date()).days >= rule.length


def test_what_rests_on_an_unpublished_year_is_provisional():
    calendar = WorkCalendar(until=date(2026, 12, 31))
    by_days = clocks.due(clocks.get_rule("petition.handling"), start=date(2026, 12, 1), calendar=calendar)
    assert (by_days.due_on, by_days.provisional) == (date(2027, 1, 30), False)
    window = clocks.due(clocks.get_rule("petition.review_window"), start=date(2026, 12, 11), calendar=calendar)
    # 10 January 2027 is a Sunday; by weekdays it moves to Monday.
    assert (window.due_on, window.provisional) == (date(2027, 1, 11), True)
    working = clocks.due(clocks.get_rule("dispute.acceptance"), start=date(2026, 12, 30), calendar=calendar)
    # 31 December; Friday 1 January is a legal holiday; Monday 4 and Tuesday 5.
    assert (working.due_on, working.provisional) == (date(2027, 1, 5), True)
