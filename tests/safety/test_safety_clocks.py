"""Every clock of safety across the days off of 2026.

Off: 15-23 February, 25-27 September, 1-7 October. Worked: Saturdays 14 and 28 February, Sunday 20 September,
Saturday 10 October. The expected days were counted by hand on the State Council's arrangement.
"""
from datetime import date

import pytest

from governance.casework.clocks import Bearer, get_rule
from governance.organisation.registry import Refused
from safety.clocks.incident import supplement_is_due
from tests.support.clock_tables import ends


@pytest.mark.parametrize(
    ("start", "given", "end"),
    [
        ("2026-09-20", {"variant": "general", "due_on": "2026-10-05"}, "2026-10-05"),  # 15 days; stays
        ("2026-09-05", {"variant": "major", "due_on": "2026-10-05"}, "2026-10-05"),  # 30 days; stays
        ("2026-02-10", {"variant": "general", "due_on": "2026-02-17"}, "2026-02-17"),
        ("2026-09-10", {"due_on": "2026-09-20"}, "2026-09-20"),
        ("2026-09-05", {"variant": "approved", "due_on": "2026-12-31"}, "2026-12-31"),
        ("2026-09-20", {"variant": "general", "due_on": "2026-10-05", "extend_days": 10}, "2026-10-15"),
        ("2026-09-20", {"variant": "general", "length": 15}, "2026-10-05"),  # a period does not move either
    ],
)
def test_rectification_ends_on_the_day_of_the_notice(start, given, end):
    assert ends("hazard.rectification", start, **given) == end


@pytest.mark.parametrize(
    ("start", "given"),
    [
        ("2026-09-20", {"variant": "general", "due_on": "2026-10-06"}),  # 16 days
        ("2026-09-20", {"due_on": "2026-10-06"}),
        ("2026-09-05", {"variant": "major", "due_on": "2026-10-06"}),  # 31 days
    ],
)
def test_a_longer_day_needs_approval(start, given):
    with pytest.raises(Refused) as refusal:
        ends("hazard.rectification", start, **given)
    assert refusal.value.code == "day-too-late"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-09-28", "2026-10-10"),  # 29, 30 September, 8, 9, 10 October
        ("2026-02-12", "2026-02-26"),  # 13, 14, 24, 25, 26 February
        ("2026-09-18", "2026-09-24"),  # 20, 21, 22, 23, 24 September
    ],
)
def test_recheck_within_five_working_days(start, end):
    assert ends("hazard.recheck", start) == end


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-09-25", "2026-10-05"),  # 5 days to 30 September, 5 more; stays
        ("2026-02-08", "2026-02-18"),
        ("2026-09-10", "2026-09-20"),
    ],
)
def test_latest_recheck_within_ten_days(start, end):
    assert ends("hazard.recheck_latest", start) == end


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-09-30T17:00", "2026-10-01T17:00"),
        ("2026-02-14T09:15", "2026-02-15T09:15"),
        ("2026-09-19T20:00", "2026-09-20T20:00"),
    ],
)
def test_a_major_hazard_is_reported_within_a_day(start, end):
    assert ends("hazard.major_report", start) == end


@pytest.mark.parametrize("code", ["accident.forward", "accident.supplement"])
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-09-30T23:00", "2026-10-01T01:00"),  # across midnight into the holiday
        ("2026-02-14T23:30", "2026-02-15T01:30"),
        ("2026-09-20T12:30", "2026-09-20T14:30"),
    ],
)
def test_two_hours_round_the_clock(code, start, end):
    assert ends(code, start) == end


@pytest.mark.parametrize("code", ["accident.enterprise", "emergency.written_report"])
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-09-30T23:30", "2026-10-01T00:30"),
        ("2026-02-16T03:00", "2026-02-16T04:00"),
        ("2026-09-20T12:30", "2026-09-20T13:30"),
    ],
)
def test_one_hour_round_the_clock(code, start, end):
    assert ends(code, start) == end


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-09-30T23:45", "2026-10-01T00:15"),
        ("2026-02-16T03:00", "2026-02-16T03:30"),
        ("2026-09-20T17:20", "2026-09-20T17:50"),
    ],
)
def test_the_first_report_within_half_an_hour(start, end):
    assert ends("emergency.first_report", start) == end


def test_what_others_owe_is_external():
    assert get_rule("accident.enterprise").bearer == get_rule("accident.forward").bearer == Bearer.EXTERNAL
    assert get_rule("accident.supplement").bearer == Bearer.OFFICE


@pytest.mark.parametrize(
    ("changed_on", "is_road_or_fire", "is_due"),
    [
        (date(2026, 10, 1), False, True),  # day 30
        (date(2026, 10, 2), False, False),  # day 31
        (date(2026, 9, 8), True, True),  # day 7
        (date(2026, 9, 9), True, False),  # day 8
    ],
)
def test_casualties_are_supplemented_inside_a_window_only(changed_on, is_road_or_fire, is_due):
    assert is_due == supplement_is_due(
        accident_on=date(2026, 9, 1), changed_on=changed_on, is_road_or_fire=is_road_or_fire
    )


@pytest.mark.parametrize(
    ("start", "given", "end"),
    [
        ("2026-09-30T23:30", {"hours": 3}, "2026-10-01T02:30"),
        ("2026-09-20T16:30", {"hours": 0.5}, "2026-09-20T17:00"),
        # The worked Sunday until 17:30 is one hour; two more from Monday 8:30.
        ("2026-09-20T16:30", {"hours": 3, "variant": "working"}, "2026-09-21T10:30"),
        # Half an hour on 30 September, an hour and a half on 8 October.
        ("2026-09-30T17:00", {"hours": 2, "variant": "working"}, "2026-10-08T10:00"),
        # Started on a day off: from the next opening.
        ("2026-10-03T09:00", {"hours": 1, "variant": "working"}, "2026-10-08T09:30"),
        # An hour on the worked Saturday 14 February, three on Tuesday 24.
        ("2026-02-14T16:30", {"hours": 4, "variant": "working"}, "2026-02-24T11:30"),
        # Over noon: half an hour before, an hour after.
        ("2026-09-21T11:30", {"hours": 1.5, "variant": "working"}, "2026-09-21T15:30"),
    ],
)
def test_arrival_within_the_hours_of_the_dispatch(start, given, end):
    assert ends("dispatch.arrive", start, **given) == end


def test_a_dispatch_without_hours_is_asked_for_them():
    with pytest.raises(Refused) as refusal:
        ends("dispatch.arrive", "2026-09-20T16:30")
    assert refusal.value.code == "hours-missing"


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [
        ("drill.township", "2024-10-03", "2026-10-03"),  # stays on the day off
        ("drill.township", "2024-02-29", "2026-02-28"),  # no 29 February 2026
        ("drill.township", "2024-09-20", "2026-09-20"),
        ("drill.high_risk_unit", "2026-04-01", "2026-10-01"),
        ("drill.high_risk_unit", "2025-08-31", "2026-02-28"),
        ("drill.high_risk_unit", "2025-08-20", "2026-02-20"),
        ("drill.high_risk_unit", "2026-03-20", "2026-09-20"),
        ("risk.reassess", "2025-10-05", "2026-10-05"),
        ("risk.reassess", "2025-02-17", "2026-02-17"),
        ("risk.reassess", "2025-09-20", "2026-09-20"),
        ("risk.reassess", "2024-02-29", "2025-02-28"),
    ],
)
def test_drills_and_reassessments_come_round_by_the_calendar(code, start, end):
    assert ends(code, start) == end


@pytest.mark.parametrize(
    ("start", "given", "end"),
    [
        ("2026-09-02", {}, "2026-10-08"),  # 2 October is off until 7
        ("2026-01-20", {}, "2026-02-24"),  # 19 February is off until 23
        ("2026-08-21", {}, "2026-09-20"),  # the Sunday is worked
        ("2026-09-02", {"variant": "set_day", "due_on": "2026-10-20"}, "2026-10-20"),
    ],
)
def test_consultation_is_open_for_thirty_days_at_least(start, given, end):
    assert ends("assessment.consult", start, **given) == end
