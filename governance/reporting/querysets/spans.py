"""Periods as rows (周期为行): a question about one period is asked of many of them at one reading of the matters.

A question takes a period and compares columns with its bounds. `Spans` stands in the place of that period: its
bounds are columns of a list of periods which the question is joined to, so that what is counted of a week within
twelve is the very question that lists the matters of that week.
"""
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import DateField, DateTimeField, Q
from django.db.models.expressions import RawSQL

ALIAS = "span"
_INSTANTS, _DAYS = ("start", "end", "cut_off"), ("first", "until", "last_day_known", "cut_off_day")
_NAMES = ", ".join(f'"{name}"' for name in ("place", *_INSTANTS, *_DAYS))
_ROW = f"({', '.join(['%s::int', *['%s::timestamptz'] * len(_INSTANTS), *['%s::date'] * len(_DAYS)])})"


@dataclass(frozen=True)
class Hull:
    """From the first instant or day of several periods to the last: bounds that an index can begin with."""

    start: datetime
    end: datetime
    first: date
    until: date


class Spans:
    """Several periods in the place of one: the bounds of whichever row the question is joined to."""

    def __init__(self, periods):
        self.periods = list(periods)
        self.hull = Hull(
            min(p.start for p in self.periods), max(p.end for p in self.periods),
            min(p.first for p in self.periods), max(p.until for p in self.periods),
        )
        for names, field in ((_INSTANTS, DateTimeField()), (_DAYS, DateField())):
            for name in names:
                setattr(self, name, RawSQL(f'"{ALIAS}"."{name}"', (), output_field=field))

    def joined_to(self, sql: str, params, names: str) -> tuple[str, list]:
        """The question's SQL, with its columns under these names, beside each period's place in the list."""
        bounds = [
            value for place, period in enumerate(self.periods)
            for value in (place, *(getattr(period, name) for name in (*_INSTANTS, *_DAYS)))
        ]
        listed = ", ".join([_ROW] * len(self.periods))
        text = f'(VALUES {listed}) AS "{ALIAS}"({_NAMES}) CROSS JOIN LATERAL ({sql}) AS part({names})'
        return text, [*bounds, *params]


def within(column: str, period) -> Q:
    """The instant lies in the period; of several periods also within the whole of them, for the index."""
    return _between(column, period, "start", "end")


def on_a_day_of(column: str, period) -> Q:
    """The day lies in the period; of several periods also within the whole of them, for the index."""
    return _between(column, period, "first", "until")


def _between(column, period, lower, upper) -> Q:
    spans = [period, period.hull] if isinstance(period, Spans) else [period]
    bounds = {f"{column}__gte": lower, f"{column}__lt": upper}
    return Q(*((name, getattr(span, bound)) for span in spans for name, bound in bounds.items()))
