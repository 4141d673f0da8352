"""The working calendar (工作日历): working days with worked weekends (调休), and working hours.

Pure. Days off come from the State Council's yearly arrangement; for a year that is not yet published
Monday to Friday are taken for working days, and whatever rests on them is provisional.
"""
from collections.abc import Iterator
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


class WorkCalendar:
    """The working calendar (工作日历) with the township's own working hours, in half-open spans of a day."""

    def __init__(self, hours=WORKING_HOURS, *, until: date | None = None):
        if not hours or any(opens >= closes for opens, closes in hours):
            raise ValueError("working hours need an opening before each closing")
        self.hours = tuple(sorted(hours))
        self.until = until or published_until()

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
        return day <= self.until

    def is_working_day(self, day: date) -> bool:
        """Whether people work on the day: by the arrangement, else by weekday."""
        if self.knows(day) and day in constants.workdays:
            return True
        if self.knows(day) and day in constants.holidays:
            return False
        return day.weekday() < 5

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
