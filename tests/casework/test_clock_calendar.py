"""The working calendar: worked weekends, days off, working hours, what is published."""
from datetime import date, datetime, time, timedelta

import pytest

from governance.casework.calendar import SHANGHAI, WorkCalendar

CALENDAR = WorkCalendar()


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-14", True), ("2026-02-15", False), ("2026-02-23", False), ("2026-02-24", True),
        ("2026-02-28", True), ("2026-09-20", True), ("2026-09-25", False), ("2026-10-07", False),
        ("2026-10-10", True), ("2026-10-11", False), ("2026-11-24", True),
    ],
)
def test_days_off_and_worked_weekends_of_2026(day, works):
    assert CALENDAR.is_working_day(date.fromisoformat(day)) is works


def test_working_days_are_counted_from_the_day_after():
    assert CALENDAR.add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert CALENDAR.add_working_days(date(2026, 10, 3), 3) == date(2026, 10, 10)
    assert CALENDAR.working_days_in(date(2026, 9, 24), date(2026, 10, 11)) == 7  # 24, 28-30, 8, 9, 10


def test_the_last_working_day_before_a_holiday():
    assert CALENDAR.working_day_until(date(2026, 10, 5)) == date(2026, 9, 30)
    assert CALENDAR.working_day_from(date(2026, 10, 5)) == date(2026, 10, 8)


@pytest.mark.parametrize(
    ("instant", "opening"),
    [
        ("2026-09-30T09:00", "2026-09-30T09:00"),  # open already
        ("2026-09-30T07:00", "2026-09-30T08:30"),
        ("2026-09-30T12:00", "2026-09-30T14:30"),  # closes at noon
        ("2026-09-30T17:30", "2026-10-08T08:30"),
        ("2026-10-10T08:00", "2026-10-10T08:30"),  # a worked Saturday
    ],
)
def test_the_next_opening(instant, opening):
    assert CALENDAR.next_opening(at(instant)) == at(opening)


def test_working_time_ends_at_closing_and_not_at_the_next_opening():
    assert CALENDAR.add_working_time(at("2026-09-30T08:30"), timedelta(hours=3.5)) == at("2026-09-30T12:00")
    assert CALENDAR.working_time_in(at("2026-09-30T11:00"), at("2026-10-08T09:00")) == timedelta(hours=4.5)


def test_a_township_has_its_own_hours():
    summer = WorkCalendar(((time(8), time(12)), (time(15), time(18))))
    assert summer.next_opening(at("2026-09-30T12:30")) == at("2026-09-30T15:00")
    with pytest.raises(ValueError, match="opening"):
        WorkCalendar(((time(12), time(8)),))


def test_a_year_that_is_not_published_goes_by_weekdays_and_legal_holidays():
    calendar = WorkCalendar(until=date(2025, 12, 31))
    assert not calendar.knows(date(2026, 1, 1)) and CALENDAR.knows(date(2026, 12, 31))
    assert calendar.is_working_day(date(2026, 10, 6)) and not calendar.is_working_day(date(2026, 10, 1))
    assert not calendar.is_working_day(date(2026, 9, 20))


def test_a_day_ends_at_the_following_midnight_in_shanghai():
    assert CALENDAR.day_end(date(2026, 10, 5)).isoformat() == "2026-10-06T00:00:00+08:00"


def test_instants_of_other_zones_are_read_on_the_local_clock():
    assert CALENDAR.local(datetime.fromisoformat("2026-09-25T16:30+00:00")).date() == date(2026, 9, 26)
