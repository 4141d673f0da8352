"""How clocks are counted, on rules of the kernel's own: grain, pauses of every basis, the register."""
from datetime import UTC, date, datetime, timedelta

import pytest

from governance.casework import clocks
from governance.casework.calendar import WorkCalendar
from governance.casework.clocks import Basis, ClockRule, ExtensionPolicy, Pause, PausePolicy, Roll
from governance.organisation.registry import Refused
from tests.support.clock_tables import ends

PAUSE = PausePolicy("parts", "part_order")


def rule(basis, length, **more):
    """A rule of no kind that may be paused."""
    return ClockRule(code="kernel.test", basis=basis, length=length, pause=PAUSE, **more)


def test_the_day_of_the_act_is_the_day_in_shanghai():
    late = datetime(2026, 9, 1, 16, 30, tzinfo=UTC)  # half past midnight of the 2nd
    assert clocks.due(rule(Basis.DAYS, 1), start=late, calendar=WorkCalendar()).due_on == date(2026, 9, 3)


def test_a_clock_of_days_becomes_overdue_at_midnight():
    due = clocks.due(rule(Basis.DAYS, 1), start=date(2026, 9, 1), calendar=WorkCalendar())
    assert due.due_at.isoformat() == "2026-09-03T00:00:00+08:00"
    assert not due.provisional and due.paused_since is None


def test_a_clock_of_hours_has_no_last_day():
    due = clocks.due(rule(Basis.HOURS, 2), start=datetime(2026, 9, 1, 23, 30), calendar=WorkCalendar())
    assert due.due_on is None and due.due_at.isoformat() == "2026-09-02T01:30:00+08:00"


@pytest.mark.parametrize(
    ("basis", "length", "start", "pause", "end"),
    [
        (Basis.DAYS, 10, "2026-11-02", ("2026-11-05", "2026-11-08"), "2026-11-15"),  # 3 days
        (Basis.MONTHS, 1, "2026-11-02", ("2026-11-02", "2026-11-05"), "2026-12-05"),  # day 0 counts too
        # 29, 30 September and 8 October were covered: from 9 October to 10, 12, 13.
        (Basis.WORKING_DAYS, 5, "2026-09-24", ("2026-09-29", "2026-10-09"), "2026-10-13"),
        # Only days off were covered: nothing moves.
        (Basis.WORKING_DAYS, 5, "2026-09-24", ("2026-10-01", "2026-10-08"), "2026-10-09"),
        (Basis.HOURS, 24, "2026-11-02T10:00", ("2026-11-02T23:15", "2026-11-03T01:00"), "2026-11-03T11:45"),
        (Basis.MINUTES, 30, "2026-11-02T10:00", ("2026-11-02T10:10", "2026-11-02T10:25"), "2026-11-02T10:45"),
        # Noon was covered, and half an hour on either side of it.
        (Basis.WORKING_HOURS, 4, "2026-11-02T09:00", ("2026-11-02T11:30", "2026-11-02T15:00"), "2026-11-02T16:30"),
        # A night was covered: nothing moves.
        (Basis.WORKING_HOURS, 7, "2026-11-02T09:00", ("2026-11-02T17:30", "2026-11-03T08:30"), "2026-11-03T09:30"),
    ],
)
def test_a_pause_shifts_the_end_by_its_own_length(basis, length, start, pause, end):
    assert ends(rule(basis, length), start, pauses=[pause]) == end


def test_an_open_pause_shows_since_when_and_no_end():
    pauses = (Pause(date(2026, 9, 5), date(2026, 9, 6)), Pause(date(2026, 9, 8)))
    due = clocks.due(rule(Basis.DAYS, 10), start=date(2026, 9, 1), pauses=pauses, calendar=WorkCalendar())
    assert (due.due_on, due.due_at, due.paused_since) == (None, None, date(2026, 9, 8))


def test_pauses_that_touch_or_nest_are_one():
    pauses = [("2026-09-03", "2026-09-05"), ("2026-09-05", "2026-09-07"), ("2026-09-04", "2026-09-06")]
    assert ends(rule(Basis.DAYS, 10), "2026-09-01", pauses=pauses) == "2026-09-15"


def test_a_pause_in_instants_counts_whole_days_for_a_clock_of_days():
    pauses = [("2026-09-05T16:00", "2026-09-08T09:00")]
    assert ends(rule(Basis.DAYS, 10), "2026-09-01", pauses=pauses) == "2026-09-14"


def test_the_roll_comes_last():
    forward = rule(Basis.DAYS, 10, roll=Roll.FORWARD, extension=ExtensionPolicy(1, 30, "unit_head"))
    # 1 October unextended is off; extended by 3 and paused for 2 it is the 6th, and only then moves to the 8th.
    assert ends(forward, "2026-09-21") == "2026-10-08"
    assert ends(forward, "2026-09-21", extend_days=3, pauses=[("2026-09-22", "2026-09-24")]) == "2026-10-08"
    assert ends(forward, "2026-09-21", extend_days=8) == "2026-10-09"


@pytest.mark.parametrize("length", [0, -1])
def test_a_length_is_positive(length):
    with pytest.raises(Refused) as refusal:
        ends(rule(Basis.DAYS, 3, is_local=True), "2026-09-01", length=length)
    assert refusal.value.code == "length-not-positive"


def test_a_rule_is_of_the_kind_its_code_names():
    assert ClockRule(code="probe.look").kind == "probe"
    with pytest.raises(ValueError, match="probe"):
        ClockRule(code="probe.look", kind="dispute")


def test_a_code_names_one_rule():
    first = ClockRule(code="kernel.registered_twice", length=3)
    clocks.register_rules(first, first)
    with pytest.raises(ValueError, match="twice"):
        clocks.register_rules(ClockRule(code="kernel.registered_twice", length=4))


def test_a_very_long_extension_of_a_rule_without_cap_is_counted_in_days():
    agreed = rule(Basis.AGREED, None, extension=ExtensionPolicy(None, None, "parties"))
    due = clocks.due(
        agreed, start=date(2026, 9, 1), due_on=date(2026, 9, 2), extend_days=500, calendar=WorkCalendar()
    )
    assert due.due_on == date(2026, 9, 2) + timedelta(days=500)
