"""Every clock of a dispute across National Day, Spring Festival and worked weekends of 2026.

Off: 15-23 February, 25-27 September, 1-7 October. Worked: Saturdays 14 and 28 February, Sunday 20 September,
Saturday 10 October. The expected days were counted by hand on the State Council's arrangement.
"""
from datetime import date

import pytest

from governance.casework.calendar import Arrangement, WorkCalendar, legal_holidays
from governance.casework.clocks import Bearer, Roll, due, get_rule
from governance.organisation.registry import Refused
from tests.support.clock_tables import ends

THREE_WORKING_DAYS = [
    ("2026-09-25", "2026-09-30"),  # 28, 29, 30 September
    ("2026-09-29", "2026-10-09"),  # 30 September, 8, 9 October
    ("2026-09-30", "2026-10-10"),  # 8, 9 October and the worked Saturday 10
    ("2026-02-13", "2026-02-25"),  # the worked Saturday 14, then 24, 25
    ("2026-02-26", "2026-03-02"),  # 27, the worked Saturday 28, Monday 2 March
    ("2026-09-18", "2026-09-22"),  # the worked Sunday 20, then 21, 22
    ("2026-09-20", "2026-09-23"),  # started on the worked Sunday: day 0
]
MONTHS = [
    ("2026-01-31", "2026-02-28"),  # no 31 February: its last day
    ("2024-01-31", "2024-02-29"),  # leap year
    ("2026-09-01", "2026-10-01"),  # National Day: a duty of the office does not move
    ("2026-01-17", "2026-02-17"),  # Spring Festival: the same
    ("2026-08-20", "2026-09-20"),  # the worked Sunday
    ("2026-12-31", "2027-01-31"),
]
THIRTY_DAYS = [
    ("2026-09-05", "2026-10-05"),  # 25 days to 30 September, 5 more; stays on the day off
    ("2026-01-20", "2026-02-19"),  # 11 days to 31 January, 19 more; stays
    ("2026-08-21", "2026-09-20"),  # 10 days to 31 August, 20 more
]
THIRTY_DAYS_FORWARD = [
    ("2026-09-02", "2026-10-08"),  # 2 October is off until 7
    ("2026-01-20", "2026-02-24"),  # 19 February is off until 23
    ("2026-08-26", "2026-09-28"),  # 25 September is off until 27
    ("2026-08-21", "2026-09-20"),  # the Sunday is worked: not moved
    ("2026-09-10", "2026-10-10"),  # the Saturday is worked: not moved
    ("2026-09-11", "2026-10-12"),  # Sunday 11 October
]


@pytest.mark.parametrize("code", ["acceptance", "sender_reply", "performance_check"])
@pytest.mark.parametrize(("start", "end"), THREE_WORKING_DAYS)
def test_three_working_days(code, start, end):
    assert ends(f"dispute.{code}", start) == end


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-09-28", "2026-10-10"),  # 29, 30 September, 8, 9, 10 October
        ("2026-02-12", "2026-02-26"),  # 13, 14, 24, 25, 26 February
        ("2026-09-18", "2026-09-24"),  # 20, 21, 22, 23, 24 September
        ("2026-10-07", "2026-10-13"),  # 8, 9, 10, 12, 13 October
    ],
)
def test_first_session_has_five_working_days(start, end):
    assert ends("dispute.first_session", start) == end


@pytest.mark.parametrize(("start", "end"), MONTHS)
def test_mediation_has_a_month(start, end):
    assert ends("dispute.mediation", start) == end


@pytest.mark.parametrize(
    ("given", "end"),
    [
        ({"pauses": [("2026-09-05", "2026-09-08")]}, "2026-10-04"),  # 3 days: the 8th counts again
        ({"pauses": [("2026-09-05", "2026-09-05")]}, "2026-10-01"),  # resumed on the same day: nothing
        ({"pauses": [("2026-09-05", "2026-09-08"), ("2026-09-07", "2026-09-10")]}, "2026-10-06"),  # 5, not 6
        ({"pauses": [("2026-09-05", "2026-09-08"), ("2026-10-03", "2026-10-08")]}, "2026-10-09"),  # 3 and 5
        ({"extend_days": 30}, "2026-10-31"),  # from 1 October, unextended
        ({"extend_days": 30, "pauses": [("2026-09-10", "2026-09-15")]}, "2026-11-05"),  # 1 + 5 + 30
        ({"extend_days": 30, "pauses": [("2026-10-20", "2026-10-25")]}, "2026-11-05"),  # within the extension
        ({"pauses": [("2026-09-10", None)]}, None),  # open: no end
    ],
)
def test_mediation_paused_and_extended(given, end):
    assert ends("dispute.mediation", "2026-09-01", **given) == end


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"extend_days": 31}, "extension-too-long"),
        ({"pauses": [("2026-09-08", "2026-09-05")]}, "pause-ends-before-start"),
        ({"pauses": [("2026-08-31", "2026-09-05")]}, "pause-before-start"),
        ({"pauses": [("2026-10-02", "2026-10-05")]}, "pause-after-end"),
        ({"length": 2}, "length-not-local"),
        ({"due_on": "2026-10-30"}, "day-not-agreed"),
        ({"hours": 2}, "hours-not-allowed"),
        ({"variant": "urgent"}, "variant-unknown"),
    ],
)
def test_what_the_month_of_mediation_does_not_allow(given, code):
    with pytest.raises(Refused) as refusal:
        ends("dispute.mediation", "2026-09-01", **given)
    assert refusal.value.code == code


@pytest.mark.parametrize(("start", "end"), THIRTY_DAYS)
@pytest.mark.parametrize("code", ["court_pre_filing", "revisit"])
def test_thirty_days_that_do_not_move(code, start, end):
    assert ends(f"dispute.{code}", start) == end


@pytest.mark.parametrize(
    ("code", "start", "given", "end"),
    [
        ("court_in_case_ordinary", "2026-09-18", {}, "2026-10-03"),  # 12 days to 30 September, 3 more
        ("court_in_case_ordinary", "2026-02-02", {}, "2026-02-17"),
        ("court_in_case_ordinary", "2026-09-05", {}, "2026-09-20"),
        ("court_in_case_simple", "2026-09-25", {}, "2026-10-02"),  # 5 days to 30 September, 2 more
        ("court_in_case_simple", "2026-02-10", {}, "2026-02-17"),
        ("court_in_case_simple", "2026-09-13", {}, "2026-09-20"),
        ("court_pre_filing", "2026-09-05", {"extend_days": 45}, "2026-11-19"),  # 26 to 31 October, 19 more
        ("court_in_case_ordinary", "2026-09-18", {"extend_days": 7}, "2026-10-10"),
        ("court_in_case_simple", "2026-09-25", {"extend_days": 10}, "2026-10-12"),
    ],
)
def test_mediation_for_the_court(code, start, given, end):
    assert ends(f"dispute.{code}", start, **given) == end


@pytest.mark.parametrize(("start", "end"), THIRTY_DAYS_FORWARD)
def test_confirmation_is_a_right_and_moves_to_the_next_working_day(start, end):
    assert ends("dispute.confirmation", start) == end


@pytest.mark.parametrize(
    ("start", "given", "end"),
    [
        ("2026-09-25", {"due_on": "2026-10-05"}, "2026-10-05"),  # a day agreed stays
        ("2026-01-10", {"due_on": "2026-02-17"}, "2026-02-17"),
        ("2026-09-01", {"due_on": "2026-09-20"}, "2026-09-20"),
        ("2026-09-25", {"length": 10}, "2026-10-08"),  # a period agreed: 5 October moves forward
        ("2026-02-07", {"length": 10}, "2026-02-24"),  # 17 February moves forward
        ("2026-09-10", {"length": 10}, "2026-09-20"),  # the worked Sunday stays
        ("2026-09-25", {"due_on": "2026-10-05", "extend_days": 10}, "2026-10-15"),  # written change
        ("2026-09-25", {}, None),  # no day yet
    ],
)
def test_performance_ends_on_the_day_agreed(start, given, end):
    assert ends("dispute.performance", start, **given) == end


def test_performance_cannot_be_due_before_the_agreement():
    with pytest.raises(Refused) as refusal:
        ends("dispute.performance", "2026-09-25", due_on="2026-09-24")
    assert refusal.value.code == "day-before-start"


@pytest.mark.parametrize("code", ["acceptance", "first_session", "sender_reply", "performance_check", "revisit"])
def test_local_lengths_are_the_townships_own(code):
    rule = get_rule(f"dispute.{code}")
    assert rule.is_local
    assert ends(rule, "2026-09-01", length=1) == "2026-09-02"


def test_who_bears_what():
    bearers = {code: get_rule(f"dispute.{code}").bearer for code in ("mediation", "confirmation", "performance")}
    assert bearers == {
        "mediation": Bearer.OFFICE, "confirmation": Bearer.WINDOW, "performance": Bearer.PARTY,
    }
    assert get_rule("dispute.confirmation").roll == Roll.FORWARD


def test_a_residents_right_does_not_end_on_new_years_day():
    ahead = WorkCalendar(until=date(2026, 12, 31))
    end = due(get_rule("dispute.confirmation"), start=date(2026, 12, 2), calendar=ahead)
    # Friday 1 January is a legal holiday; Saturday and Sunday follow.
    assert (end.due_on, end.provisional) == (date(2027, 1, 4), True)


def test_a_clock_goes_by_the_arrangement_of_its_year_as_soon_as_it_is_entered():
    off = legal_holidays(2027) | {date(2027, 2, day) for day in range(5, 13)}
    entered = Arrangement(2027, frozenset(off), frozenset({date(2027, 2, 14)}))
    calendar = WorkCalendar(until=date(2026, 12, 31), arrangements=[entered])
    end = due(get_rule("dispute.acceptance"), start=date(2027, 2, 4), calendar=calendar)
    assert (end.due_on, end.provisional) == (date(2027, 2, 16), False), "Sunday 14 is worked, then 15 and 16"
