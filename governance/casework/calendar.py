"""The working calendar (工作日历): working days with worked weekends (调休), and working hours.

Pure. Days off come from the State Council's yearly arrangement: as the township entered it, else as the library
`chinesecalendar` holds it. For a year that has neither, the legal holidays of 全国年节及纪念日放假办法 (国务院令第
795号, 2024) are days off, by the lunar calendar too, and Monday to Friday are working days else: which days are moved
(调休, 补假) is not known yet, and whatever rests on such a year is provisional.
"""
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from chinese_calendar import constants

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORKING_HOURS = ((time(8, 30), time(12, 0)), (time(14, 30), time(17, 30)))
ONE_DAY = timedelta(days=1)


@cache
def published_until() -> date:
    """The last day of the last year whose arrangement of days off is known."""
    return date(max(constants.holidays).year, 12, 31)


@cache
def legal_holidays(year: int) -> frozenset[date]:
    """The legal holidays of a year from 2025 to 2099 (art. 2): 元旦 1, 春节 4 with its eve, 清明 1, 劳动节 2, 端午 1,
    中秋 1, 国庆节 3.
    """
    # Takes a third of a second to load: only what reaches into a year that is not arranged yet pays for it.
    from holidays.countries.china import China, ChinaStaticHolidays

    if not 2025 <= year < 2100:
        return frozenset()
    moved = ChinaStaticHolidays.substituted_label.split("%s")[0]
    named = China(years=year, observed=False, language="zh_CN")
    return frozenset(day for day, name in named.items() if not name.startswith(moved))


@dataclass(frozen=True)
class Arrangement:
    """A year's days off and worked weekend days as the State Council announced them (节假日安排)."""

    year: int
    days_off: frozenset[date]
    workdays: frozenset[date]

    @property
    def first_day(self) -> date:
        """The first day for which it says anything; 元旦 may have one in December."""
        return min(self.days_off | self.workdays | {date(self.year, 1, 1)})


_DAY = r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?"
_DAYS = re.compile(rf"{_DAY}(?:\s*(?:\.\.|至|到|—+|~|～)\s*{_DAY})?")


def hours_in_words(spans) -> str:
    """08:30–12:00、14:30–17:30."""
    return "、".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in spans)


def read_days(text: str) -> frozenset[date]:
    """The days in a text, single or `2027-02-05..2027-02-12` (至); ValueError names what is no day."""
    found: set[date] = set()
    for part in filter(None, re.split(r"[\s,，;；、]+", re.sub(r"\s*(\.\.|至|到|—+|~|～)\s*", r"\1", text))):
        match = _DAYS.fullmatch(part)
        if match is None:
            raise ValueError(part)
        try:
            first = date(*map(int, match.groups()[:3]))
            last = date(*map(int, match.groups()[3:])) if match[4] else first
        except ValueError as problem:
            raise ValueError(part) from problem
        if not 0 <= (last - first).days < 31:
            raise ValueError(part)
        found.update(first + timedelta(days=n) for n in range((last - first).days + 1))
    return frozenset(found)


class WorkCalendar:
    """The working calendar (工作日历) with the township's own working hours, in half-open spans of a day."""

    def __init__(self, hours=WORKING_HOURS, *, until: date | None = None, arrangements: Iterable[Arrangement] = ()):
        if not hours or any(opens >= closes for opens, closes in hours):
            raise ValueError("working hours need an opening before each closing")
        self.hours = tuple(sorted(hours))
        self.until = until or published_until()
        self.arranged_years = frozenset(one.year for one in arrangements)
        self.days_off = frozenset().union(*(one.days_off for one in arrangements))
        self.workdays = frozenset().union(*(one.workdays for one in arrangements))

    @staticmethod
    def local(instant: datetime) -> datetime:
        """The instant on the township's clock; one without a zone is taken to be on it already."""
        return instant.replace(tzinfo=SHANGHAI) if instant.tzinfo is None else instant.astimezone(SHANGHAI)

    @staticmethod
    def day_end(day: date) -> datetime:
        """24:00 of a day, the instant from which what was due on it is overdue."""
        return datetime.combine(day + ONE_DAY, time(0), SHANGHAI)

    def knows(self, day: date) -> bool:
        """Whether the arrangement of the day's year is published."""
        return day.year in self.arranged_years or day <= self.until

    def is_working_day(self, day: date) -> bool:
        """Whether people work on the day: as entered, else as the library knows it, else by law and weekday."""
        if day in self.workdays or day in self.days_off:
            return day in self.workdays
        if day.year not in self.arranged_years and day <= self.until:
            return day in constants.workdays or day not in constants.holidays and day.weekday() < 5
        return day.weekday() < 5 and day not in legal_holidays(day.year)

    def working_day_from(self, day: date) -> date:
        """The day itself if people work on it, else the next working day."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def working_day_until(self, day: date) -> date:
        """The day itself if people work on it, else the last working day before it."""
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The working day that is number `count` after the day; the day itself is never counted."""
        for _ in range(count):
            day = self.working_day_from(day + ONE_DAY)
        return day

    def working_days_in(self, start: date, end: date) -> int:
        """How many working days lie in [start, end)."""
        days = (start + timedelta(days=n) for n in range(max((end - start).days, 0)))
        return sum(self.is_working_day(day) for day in days)

    def opening(self, day: date) -> datetime:
        """When work begins on a day, whether it is a working day or not."""
        return datetime.combine(day, self.hours[0][0], SHANGHAI)

    def next_opening(self, instant: datetime) -> datetime:
        """The instant itself if it lies in working hours, else the next opening."""
        return next(opens for opens, _ in self._spans_from(instant))

    def add_working_time(self, instant: datetime, amount: timedelta) -> datetime:
        """The first instant at which `amount` of working time has gone by; time off does not count."""
        if not amount:
            return self.local(instant)
        for opens, closes in self._spans_from(instant):
            if amount <= closes - opens:
                return opens + amount
            amount -= closes - opens
        raise AssertionError("working spans never end")

    def working_time_in(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies in [start, end)."""
        end, total = self.local(end), timedelta()
        for opens, closes in self._spans_from(start):
            if opens >= end:
                return total
            total += min(closes, end) - opens
        raise AssertionError("working spans never end")

    def _spans_from(self, instant: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Spans of working time from an instant on, the first one cut at it; never ends."""
        instant = self.local(instant)
        day = instant.date()
        while True:
            day = self.working_day_from(day)
            for opens, closes in self.hours:
                begin = max(datetime.combine(day, opens, SHANGHAI), instant)
                end = datetime.combine(day, closes, SHANGHAI)
                if begin < end:
                    yield begin, end
            day += ONE_DAY
