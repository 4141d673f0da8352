"""The reminder ladder of a clock: when which rung is told."""
from datetime import date, datetime

import pytest

from governance.casework import clocks
from governance.casework.calendar import WorkCalendar
from governance.casework.clocks import Basis, Bearer, ClockRule


def ladder(start, *, basis=Basis.DAYS, length=30, bearer=Bearer.OFFICE):
    """The ladder as (level, local time, who is told)."""
    calendar = WorkCalendar()
    rule = ClockRule(code="kernel.ladder", basis=basis, length=length, bearer=bearer)
    due = clocks.due(rule, start=start, calendar=calendar)
    moments = clocks.reminder_moments(rule, start=start, due_on=due.due_on, due_at=due.due_at, calendar=calendar)
    return [(moment.level, f"{moment.at:%m-%d %H:%M}", moment.recipients) for moment in moments]


def test_an_office_clock_climbs_to_the_office():
    # Starts on 12 October, day 30 is Wednesday 11 November.
    assert ladder(datetime(2026, 10, 12, 10)) == [
        ("due-3", "11-06 08:30", ("handler",)),  # the 8th is a Sunday: the Friday before
        ("due-1", "11-10 08:30", ("handler",)),
        ("due-0", "11-11 08:30", ("handler",)),
        ("overdue", "11-12 00:00", ("handler", "unit_head")),
        ("overdue+1", "11-13 08:30", ("leader",)),
        ("overdue+5", "11-19 08:30", ("office",)),
    ]


def test_before_a_holiday_one_reminder_comes_in_time():
    # Day 30 is 5 October; all three leads fall on days off, before which 30 September is the last working day.
    assert ladder(datetime(2026, 9, 5, 10))[:2] == [
        ("due-0", "09-30 08:30", ("handler",)), ("overdue", "10-06 00:00", ("handler", "unit_head")),
    ]


def test_leads_before_the_start_are_left_out():
    assert [level for level, *_ in ladder(datetime(2026, 11, 2, 10), length=2)] == [
        "due-1", "due-0", "overdue", "overdue+1", "overdue+5",
    ]


def test_a_clock_of_hours_climbs_every_two_hours_round_the_clock():
    assert ladder(datetime(2026, 9, 30, 23), basis=Basis.HOURS, length=2) == [
        ("half-time", "10-01 00:00", ("handler",)),
        ("overdue", "10-01 01:00", ("handler", "unit_head")),
        ("overdue+2h", "10-01 03:00", ("leader",)),
        ("overdue+4h", "10-01 05:00", ("office",)),
    ]


def test_a_clock_of_the_parties_tells_the_mediator_only():
    told = ladder(datetime(2026, 10, 12, 10), bearer=Bearer.PARTY)
    assert [level for level, *_ in told] == ["due-3", "due-1", "due-0", "overdue"]
    assert {who for *_, who in told} == {("handler",)}


@pytest.mark.parametrize("bearer", [Bearer.WINDOW, Bearer.EXTERNAL])
def test_windows_and_external_clocks_are_announced_before_their_end_only(bearer):
    assert [level for level, *_ in ladder(datetime(2026, 10, 12, 10), bearer=bearer)] == ["due-3", "due-1", "due-0"]
    assert [level for level, *_ in ladder(datetime(2026, 10, 12, 10), basis=Basis.HOURS, bearer=bearer)] == [
        "half-time"
    ]


def test_a_clock_without_an_end_reminds_nobody():
    rule = ClockRule(code="kernel.ladder", basis=Basis.AGREED)
    assert clocks.reminder_moments(
        rule, start=datetime(2026, 9, 1), due_on=None, due_at=None, calendar=WorkCalendar()
    ) == []


def test_moments_come_in_order_of_time():
    for start in (date(2026, 2, day) for day in range(1, 28)):
        moments = [at for _level, at, _who in ladder(datetime.combine(start, datetime.min.time()), length=15)]
        assert moments == sorted(moments)
