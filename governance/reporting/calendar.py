"""Periods that figures are counted over (统计周期): weeks, months with a cut-off day, quarters, years.

Pure. A period is [first day, day after the last) on the township's clock; a stock counts at its cut-off.
"""
import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from governance.casework.calendar import SHANGHAI

WEEK, MONTH, QUARTER, YEAR, DAYS = "week", "month", "quarter", "year", "days"
_CODE = re.compile(r"(?P<year>\d{4})(?:-W(?P<week>\d\d?)|-Q(?P<quarter>[1-4])|-(?P<month>\d\d)(?:\.(?P<cut>\d\d))?)?")
_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)")
_FIRST_YEAR, _LAST_YEAR = 1990, 2200


class PeriodUnknown(ValueError):
    """A text that names no period."""


@dataclass(frozen=True)
class Period:
    """A period (周期): kind, code (`2026-W47`, `2026-11`, `2026-Q4`, `2026`), first day, day after the last.

    `as_of` is the instant up to which things are known; a period that still runs is cut off there.
    """

    kind: str
    code: str
    first: date
    until: date
    as_of: datetime | None = None

    @property
    def start(self) -> datetime:
        """The first instant."""
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        """The instant after the last."""
        return _midnight(self.until)

    @property
    def last(self) -> date:
        """The last day."""
        return self.until - timedelta(days=1)

    @property
    def cut_off(self) -> datetime:
        """When stocks are counted and dues have come: the end, or now while the period still runs."""
        now = self.as_of or datetime.now(SHANGHAI)
        return min(self.end, now.astimezone(SHANGHAI))

    @property
    def last_day_known(self) -> date:
        """The last day of which the cut-off has seen anything: for acts that bear a day and no hour."""
        return (self.cut_off - timedelta(microseconds=1)).date()

    @property
    def cut_off_day(self) -> date:
        """The day of the cut-off: what had to be done by a day before it has fallen due."""
        return self.cut_off.date()

    @property
    def label(self) -> str:
        """The period in words."""
        names = {
            WEEK: _("Week %(number)s of %(year)s"), MONTH: _("Month %(number)s of %(year)s"),
            QUARTER: _("Quarter %(number)s of %(year)s"), YEAR: _("Year %(year)s"),
        }
        if self.kind == DAYS:
            return f"{self.first} – {self.last}"
        year, _dash, number = self.code.split(".")[0].partition("-")
        words = names[self.kind] % {"year": year, "number": number.lstrip("WQ0")}
        if not self._cut():
            return words
        return _("%(month)s (up to day %(day)s)") % {"month": words, "day": self._cut()}

    def at(self, now: datetime) -> "Period":
        """The same period as known at an instant."""
        return replace(self, as_of=now)

    def previous(self) -> "Period":
        """The period of the same kind before this one, known up to now."""
        return self._beside(self.first - timedelta(days=1))

    def next(self) -> "Period":
        """The period of the same kind after this one, known up to now."""
        return self._beside(self.until)

    def year_before(self) -> "Period":
        """The same period a year earlier (week by its number)."""
        if self.kind == WEEK:
            year, number = self.code.split("-W")
            last = date(int(year) - 1, 12, 28).isocalendar().week
            return week(int(year) - 1, min(int(number), last))
        first, until = _add_months(self.first, -12), _add_months(self.until, -12)
        return parse(f"{first}..{until - timedelta(days=1)}") if self.kind == DAYS else self._beside(until - _ONE)

    def _beside(self, day: date) -> "Period":
        if self.kind == DAYS:
            length = self.until - self.first
            first = self.first - length if day < self.first else self.until
            return days(first, first + length - _ONE)
        return containing(self.kind, day, cut=self._cut())

    def _cut(self) -> int:
        return int(self.code.partition(".")[2] or 0) if self.kind == MONTH else 0


_ONE = timedelta(days=1)


def week(year: int, number: int) -> Period:
    """An ISO week, Monday to Sunday. PeriodUnknown if the year has no such week."""
    try:
        first = date.fromisocalendar(year, number, 1)
    except ValueError as fault:
        raise PeriodUnknown(str(fault)) from fault
    return Period(WEEK, f"{year}-W{number:02d}", first, first + timedelta(days=7))


def month(year: int, number: int, cut: int = 0) -> Period:
    """A month. With a cut-off day (often the 25th) it runs from the day after last month's cut-off to this one's."""
    first = date(year, number, 1)
    if not cut:
        return Period(MONTH, f"{year}-{number:02d}", first, _add_months(first, 1))
    if not 1 <= cut <= 28:
        raise PeriodUnknown("the cut-off day lies between 1 and 28")
    until = date(year, number, cut) + _ONE
    return Period(MONTH, f"{year}-{number:02d}.{cut:02d}", _add_months(date(year, number, cut), -1) + _ONE, until)


def quarter(year: int, number: int) -> Period:
    """A quarter of the calendar year."""
    first = date(year, 3 * number - 2, 1)
    return Period(QUARTER, f"{year}-Q{number}", first, _add_months(first, 3))


def year(number: int) -> Period:
    """A calendar year."""
    return Period(YEAR, str(number), date(number, 1, 1), date(number + 1, 1, 1))


def days(first: date, last: date) -> Period:
    """Any days, both included. PeriodUnknown if the last lies before the first."""
    if last < first:
        raise PeriodUnknown("the last day lies before the first")
    return Period(DAYS, f"{first}..{last}", first, last + _ONE)


def containing(kind: str, day: date, *, cut: int = 0) -> Period:
    """The period of a kind that a day lies in."""
    if kind == WEEK:
        iso = day.isocalendar()
        return week(iso.year, iso.week)
    if kind == MONTH:
        nominal = _add_months(day.replace(day=1), 1) if cut and day.day > cut else day
        return month(nominal.year, nominal.month, cut)
    if kind == QUARTER:
        return quarter(day.year, (day.month + 2) // 3)
    return year(day.year)


def last_complete(kind: str, day: date, *, cut: int = 0) -> Period:
    """The last period of a kind that is over on a day."""
    return containing(kind, day, cut=cut).previous()


def parse(text: str) -> Period:
    """A period from its code. PeriodUnknown for anything else."""
    spans = _DAYS.fullmatch(text or "")
    found = _CODE.fullmatch(text or "")
    try:
        if spans:
            first, last = date.fromisoformat(spans[1]), date.fromisoformat(spans[2])
            if first.year < _FIRST_YEAR or last.year > _LAST_YEAR:
                raise ValueError("the year is out of range")
            return days(first, last)
        return _from_parts({name: int(value) for name, value in found.groupdict().items() if value})
    except (AttributeError, ValueError) as fault:
        raise PeriodUnknown(f"{text!r} names no period") from fault


def _from_parts(parts: dict) -> Period:
    if not _FIRST_YEAR <= parts["year"] <= _LAST_YEAR:
        raise PeriodUnknown("the year is out of range")
    if "week" in parts:
        return week(parts["year"], parts["week"])
    if "quarter" in parts:
        return quarter(parts["year"], parts["quarter"])
    if "month" in parts:
        return month(parts["year"], parts["month"], parts.get("cut", 0))
    return year(parts["year"])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, SHANGHAI)


def _add_months(day: date, count: int) -> date:
    """The same day number some months on, or that month's last day if there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
