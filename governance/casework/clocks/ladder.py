"""When a clock reminds whom (提醒阶梯): announced before its end, then escalated if it is the office's.

Leads are days before the last one. A lead that falls on a day off is taken on the last working day before
it, as a reminder after the holiday would come too late; after the end the ladder counts working days.
"""
from dataclasses import dataclass
from datetime import datetime, timedelta

from .rules import Bearer, ClockRule

HANDLER, UNIT_HEAD, LEADER, OFFICE = "handler", "unit_head", "leader", "office"
# After the end: level, working days (or hours) later, and who is told.
ESCALATION_DAYS = (("overdue+1", 1, LEADER), ("overdue+5", 5, OFFICE))
ESCALATION_HOURS = (("overdue+2h", 2, LEADER), ("overdue+4h", 4, OFFICE))


@dataclass(frozen=True)
class ReminderMoment:
    """One rung of the ladder (提醒节点): its level code, its instant and the rungs that are told."""

    level: str
    at: datetime
    recipients: tuple[str, ...]


def reminder_moments(rule: ClockRule, *, start, due_on, due_at, calendar) -> list[ReminderMoment]:
    """The whole ladder of a clock, in order of time; empty while it has no end.

    Office clocks climb to the office; party clocks tell the handler (the mediator) only; windows and
    external clocks are announced before their end and never after.
    """
    if due_at is None:
        return []
    start = calendar.local(start)
    before = _before_instant(start, due_at) if due_on is None else _before_day(rule, start, due_on, calendar)
    return before + _after(rule, due_on, due_at, calendar)


def _before_day(rule: ClockRule, start: datetime, due_on, calendar) -> list[ReminderMoment]:
    """At the opening of the days before the last one; when a holiday joins several, only the nearest."""
    moments: dict[datetime, ReminderMoment] = {}
    for lead in sorted(rule.ladder, reverse=True):
        day = calendar.working_day_until(due_on - timedelta(days=lead))
        at = calendar.opening(day)
        if at > start:
            moments[at] = ReminderMoment(f"due-{lead}", at, (HANDLER,))
    return list(moments.values())


def _before_instant(start: datetime, due_at: datetime) -> list[ReminderMoment]:
    return [ReminderMoment("half-time", start + (due_at - start) / 2, (HANDLER,))]


def _after(rule: ClockRule, due_on, due_at: datetime, calendar) -> list[ReminderMoment]:
    if rule.bearer in (Bearer.WINDOW, Bearer.EXTERNAL):
        return []
    if rule.bearer == Bearer.PARTY:
        return [ReminderMoment("overdue", due_at, (HANDLER,))]
    overdue = ReminderMoment("overdue", due_at, (HANDLER, UNIT_HEAD))
    if due_on is None:
        later = [(level, due_at + timedelta(hours=hours), who) for level, hours, who in ESCALATION_HOURS]
    else:
        late = calendar.local(due_at).date()
        later = [
            (level, calendar.opening(calendar.add_working_days(late, days)), who)
            for level, days, who in ESCALATION_DAYS
        ]
    return [overdue, *(ReminderMoment(level, at, (who,)) for level, at, who in later)]
