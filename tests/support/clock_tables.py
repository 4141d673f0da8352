"""Reading the tables of clock tests: texts in, the end as text out."""
from datetime import date, datetime

from governance.casework import clocks
from governance.casework.calendar import WorkCalendar


def read(text: str):
    """A day, or an instant on the township's clock."""
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def ends(rule, start: str, *, pauses=(), due_on=None, calendar=None, **given) -> str:
    """When a clock of the rule (or of its code) ends: `2026-10-05`, or `2026-10-05T10:30` for instants."""
    rule = clocks.get_rule(rule) if isinstance(rule, str) else rule
    due = clocks.due(
        rule, start=read(start), due_on=due_on and date.fromisoformat(due_on),
        pauses=tuple(clocks.Pause(read(begin), end and read(end)) for begin, end in pauses),
        calendar=calendar or WorkCalendar(), **given,
    )
    if due.due_on is not None:
        return due.due_on.isoformat()
    return due.due_at and f"{due.due_at:%Y-%m-%dT%H:%M}"
