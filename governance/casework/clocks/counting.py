"""How a clock is counted (期间计算): start, pauses, extension, roll; 民法典 art. 200-204.

Order: the length from the start, then each pause by its own length, then the extension from the end so
far, then the roll of a last day that is a day off.
"""
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from governance.organisation.registry import Refused

from .rules import Basis, ClockRule, Roll

INSTANTS = (Basis.HOURS, Basis.MINUTES, Basis.WORKING_HOURS)


@dataclass(frozen=True)
class Pause:
    """A pause (中止) from inclusive, to exclusive; open while `end` is None."""

    start: date | datetime
    end: date | datetime | None = None


@dataclass(frozen=True)
class Due:
    """When a clock ends (届满): the last day (None for hour clocks), and when it becomes overdue."""

    due_on: date | None = None
    due_at: datetime | None = None
    provisional: bool = False
    paused_since: date | datetime | None = None


@dataclass(frozen=True)
class Shift:
    """One pause as counted: by how many days, working days or minutes the end moved, and to where."""

    start: date | datetime
    end: date | datetime
    amount: int
    to: date | datetime


@dataclass(frozen=True)
class Trace:
    """Every station of a count, for the explanation; days for day clocks, instants for hour clocks."""

    rule: ClockRule
    start: date | datetime
    length: float | None = None
    first: date | datetime | None = None
    shifts: tuple[Shift, ...] = ()
    extend_days: int = 0
    extended: date | datetime | None = None
    end: date | datetime | None = None
    paused_since: date | datetime | None = None
    provisional: bool = False


def due(
    rule: ClockRule, *, start, length=None, variant=None, due_on=None, hours=None, pauses=(), extend_days=0,
    calendar,
) -> Due:
    """When a clock of this rule ends; no day while a pause is open or the day is not yet agreed.

    `length` is a local override, or a period agreed instead of a day. Refused: `variant-unknown
    variant-missing length-not-local hours-missing hours-not-allowed day-not-agreed day-before-start
    day-too-late pause-not-allowed pause-before-start pause-ends-before-start pause-after-end
    extension-not-allowed extension-too-long`.
    """
    done = trace(
        rule, start=start, length=length, variant=variant, due_on=due_on, hours=hours, pauses=pauses,
        extend_days=extend_days, calendar=calendar,
    )
    if done.paused_since is not None or done.end is None:
        return Due(paused_since=done.paused_since)
    if done.rule.basis in INSTANTS:
        return Due(due_at=done.end, provisional=done.provisional)
    return Due(due_on=done.end, due_at=calendar.day_end(done.end), provisional=done.provisional)


def counts_instants(rule: ClockRule, variant: str | None = None) -> bool:
    """Whether the clock ends at an instant, so that its pauses are instants too, and not whole days."""
    return rule.in_variant(variant).basis in INSTANTS


def trace(rule, *, start, length, variant, due_on, hours, pauses, extend_days, calendar) -> Trace:
    """Count a clock through all its stations. Refused as `due`."""
    rule = _resolve(rule.in_variant(variant), length, due_on, hours)
    start = _grain(rule, start, calendar)
    first = _first_end(rule, start, due_on, calendar)
    done = Trace(rule, start, length=rule.length, first=first, extended=first, end=first)
    _check_policies(rule, pauses, extend_days)
    if first is None:
        return done
    done = _paused(done, _merge(_grained(rule, pauses, calendar)), extend_days, calendar)
    return done if done.paused_since is not None else _finished(done, extend_days, calendar)


def _resolve(rule: ClockRule, length, due_on, hours) -> ClockRule:
    """The rule with the length that holds in this case; refuses what the rule does not let be set."""
    if due_on is not None and rule.basis != Basis.AGREED:
        raise Refused("day-not-agreed", _("The day of this clock is not set by hand."))
    if hours is not None and (rule.basis not in INSTANTS or rule.length is not None):
        raise Refused("hours-not-allowed", _("The hours of this clock are not set by hand."))
    if length is not None and not (rule.is_local or rule.basis == Basis.AGREED):
        raise Refused("length-not-local", _("A length that the law sets is not changed."))
    if due_on is not None:
        return replace(rule, length=None)
    given = next((value for value in (hours, length, rule.length) if value is not None), None)
    if given is not None and given <= 0:
        raise Refused("length-not-positive", _("A length is more than zero."))
    if given is None and rule.basis in INSTANTS:
        raise Refused("hours-missing", _("Say how many hours this clock has."), missing=("hours",))
    if given is None and rule.basis != Basis.AGREED:
        raise Refused("variant-missing", _("Say which class the case is of."), missing=("variant",))
    return replace(rule, length=given)


def _check_policies(rule: ClockRule, pauses, extend_days: int) -> None:
    if pauses and rule.pause is None:
        raise Refused("pause-not-allowed", _("This clock cannot be paused."))
    if not extend_days:
        return
    if rule.extension is None:
        raise Refused("extension-not-allowed", _("This clock cannot be extended."))
    if extend_days < 0:
        raise Refused("extension-not-positive", _("An extension adds at least one day."))
    cap = rule.extension.total_days
    if cap is not None and extend_days > cap:
        raise Refused("extension-too-long", _("At most %(days)s days are allowed.") % {"days": cap})


def _grain(rule: ClockRule, moment, calendar):
    """A moment in the grain of the rule: a day, or an instant on the township's clock."""
    if rule.basis in INSTANTS:
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time(0))
        return calendar.local(moment)
    return calendar.local(moment).date() if isinstance(moment, datetime) else moment


def _grained(rule: ClockRule, pauses, calendar) -> list[Pause]:
    rows = []
    for pause in pauses:
        begin = _grain(rule, pause.start, calendar)
        end = None if pause.end is None else _grain(rule, pause.end, calendar)
        if end is not None and end < begin:
            raise Refused("pause-ends-before-start", _("A pause cannot end before it began."))
        rows.append(Pause(begin, end))
    return sorted(rows, key=lambda pause: pause.start)


def _merge(pauses: list[Pause]) -> list[Pause]:
    """Pauses without overlap, so that no day is counted twice; an open one swallows what comes after."""
    merged: list[Pause] = []
    for pause in pauses:
        last = merged[-1] if merged else None
        if last is None or (last.end is not None and pause.start > last.end):
            merged.append(pause)
        elif last.end is not None and (pause.end is None or pause.end > last.end):
            merged[-1] = Pause(last.start, pause.end)
    return merged


def _first_end(rule: ClockRule, start, due_on, calendar):
    """The end before pauses, extension and roll; None if its day is not yet agreed."""
    if rule.basis == Basis.AGREED:
        return _agreed_end(rule, start, due_on)
    if rule.basis == Basis.WORKING_HOURS:
        return calendar.add_working_time(start, timedelta(hours=rule.length))
    if rule.basis in INSTANTS:
        unit = "hours" if rule.basis == Basis.HOURS else "minutes"
        return start + timedelta(**{unit: rule.length})
    if rule.basis == Basis.WORKING_DAYS:
        return calendar.add_working_days(start, rule.length)
    if rule.basis == Basis.MONTHS:
        return _add_months(start, rule.length)
    return start + timedelta(days=rule.length)


def _agreed_end(rule: ClockRule, start: date, due_on: date | None) -> date | None:
    if due_on is None:
        due_on = start + timedelta(days=rule.length) if rule.length else None
    if due_on is None:
        return None
    if due_on < start:
        raise Refused("day-before-start", _("The day lies before the clock's start."))
    if rule.max_days is not None and due_on > start + timedelta(days=rule.max_days):
        raise Refused(
            "day-too-late",
            _("The day may lie at most %(days)s days after the start, unless that is approved.")
            % {"days": rule.max_days},
        )
    return due_on


def _add_months(day: date, months: int) -> date:
    """The same day number so many months later, or that month's last day if there is none (art. 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _paused(done: Trace, pauses: list[Pause], extend_days: int, calendar) -> Trace:
    """Move the end by each pause's own length. A pause that begins after the end revives nothing."""
    end, shifts = done.first, []
    for pause in pauses:
        if pause.start < done.start:
            raise Refused("pause-before-start", _("A pause cannot begin before its clock."))
        if pause.start > end + timedelta(days=extend_days):
            raise Refused("pause-after-end", _("A pause cannot begin after the end of its clock."))
        if pause.end is None:
            return replace(done, shifts=tuple(shifts), paused_since=pause.start)
        end, amount = _shift(done.rule, end, pause, calendar)
        shifts.append(Shift(pause.start, pause.end, amount, end))
    return replace(done, shifts=tuple(shifts), extended=end, end=end)


def _shift(rule: ClockRule, end, pause: Pause, calendar):
    """The end moved by one pause, and by how much: days, working days or minutes."""
    if rule.basis == Basis.WORKING_DAYS:
        days = calendar.working_days_in(pause.start, pause.end)
        return calendar.add_working_days(end, days), days
    if rule.basis == Basis.WORKING_HOURS:
        worked = calendar.working_time_in(pause.start, pause.end)
        return calendar.add_working_time(end, worked), _minutes(worked)
    length = pause.end - pause.start
    return end + length, _minutes(length) if rule.basis in INSTANTS else length.days


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)


def _finished(done: Trace, extend_days: int, calendar) -> Trace:
    """The extension and the roll; provisional if the end rests on a calendar not yet published."""
    rule = done.rule
    extended = done.end + timedelta(days=extend_days)
    end = extended
    if _roll_of(rule, done) == Roll.FORWARD:
        end = calendar.working_day_from(extended)
    rests_on_calendar = (
        _roll_of(rule, done) == Roll.FORWARD or rule.basis in (Basis.WORKING_DAYS, Basis.WORKING_HOURS)
    )
    last = end.date() if isinstance(end, datetime) else end
    return replace(
        done, extend_days=extend_days, extended=extended, end=end,
        provisional=rests_on_calendar and not calendar.knows(last),
    )


def _roll_of(rule: ClockRule, done: Trace) -> Roll:
    """The roll that holds: a period agreed instead of a day may have its own."""
    by_period = rule.basis == Basis.AGREED and rule.length is not None
    return rule.period_roll if by_period else rule.roll
