"""Figures as data (指标): what is counted, in words and as a question; declared by apps, found at start-up.

A base is one question over rows (matters, or what hangs on them), a part is a base with some values of its
dimensions chosen, a metric has a numerator and perhaps a denominator. What counts a part and what lists the
rows behind it read the same question, so that a cell and its list cannot differ.
"""
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median
from typing import Any

from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

from . import calendar

# No percentage is shown where it rests on fewer rows than this.
SUPPRESS_BELOW = 5

PER_MATTER, PER_EVENT, STOCK = "matter", "event", "stock"
COUNT, SUM, OLDEST, MEDIAN = "count", "sum", "oldest", "median"
NUMBER, PERCENT, DIFFERENCE, YUAN, DAYS = "number", "percent", "difference", "yuan", "days"


@dataclass(frozen=True)
class Base:
    """One question (口径): `rows(all_rows, period) -> queryset` with a column for each dimension.

    - `kind`: code of the case kind whose visibility holds.
    - `dimensions`: names of columns or annotations with few values, by which parts choose.
    - `measure`: a numeric column that parts may sum or take the median of.
    - `source(user) -> queryset`: where rows come from; by default the matters that the user may see. The
      rows must name their unit in the column `unit`. It holds also what a filed report counted once.
    - `listed(rows) -> queryset` and `template`: how such rows are listed, in which order, by which template.
    - `beside`: for a dimension or measure that costs a look at other tables, `(rows, period) -> rows` that puts it
      beside the rows; asked only where something is chosen or measured by it.
    - `subject`: column that tells apart several rows of one matter (its clock, its instalment).
    """

    code: str
    kind: str
    rows: Callable[[Any, Any], Any]
    dimensions: tuple[str, ...] = ()
    measure: str = ""
    source: Callable[[Any], Any] | None = None
    unit: str = "unit_id"
    subject: str = ""
    listed: Callable[[Any], Any] | None = None
    template: str = "casework/_matter_table.html"
    beside: Mapping[str, Callable[[Any, Any], Any]] = field(default_factory=dict, hash=False)

    def rows_with(self, columns, rows, period):
        """The rows of the period with these dimensions or measures beside them."""
        rows = self.rows(rows, period)
        for column in columns:
            if column in self.beside:
                rows = self.beside[column](rows, period)
        return rows


@dataclass(frozen=True)
class Choice:
    """Which values of a dimension count; `values` may be a function, for what an administrator can extend."""

    dimension: str
    values: Any
    excluded: bool = False

    def codes(self) -> frozenset:
        """The values now."""
        return frozenset(self.values() if callable(self.values) else self.values)


def one_of(dimension: str, *values) -> Choice:
    """Rows whose dimension has one of these values."""
    return Choice(dimension, values)


@dataclass(frozen=True)
class Part:
    """Numerator or denominator of a metric: a base, the values that count, and how rows are taken together."""

    base: Base
    choices: tuple[Choice, ...] = ()
    take: str = COUNT


@dataclass(frozen=True)
class Metric:
    """A figure (指标).

    - `definition`: in words, shown on hover and in the glossary; `source`: the document that asks for it.
    - `grain`: per matter, per event, or a stock at the cut-off.
    - `roles`: roles of the posts that see it; None: whoever sees matters of the kind by their post.
    - `group`: heading in the glossary; `better`: "up", "down" or "" for neither.
    """

    code: str
    name: Any
    definition: Any
    numerator: Part
    denominator: Part | None = None
    grain: str = PER_MATTER
    format: str = NUMBER
    roles: frozenset | None = None
    group: str = ""
    source: str = ""
    better: str = ""

    @property
    def kind(self) -> str:
        """Code of the case kind whose visibility holds."""
        return self.numerator.base.kind

    def part(self, name: str) -> Part:
        """The part by its letter: `n`, or `N` for the denominator. KeyError if there is none."""
        parts = {"n": self.numerator, "N": self.denominator}
        if parts.get(name) is None:
            raise KeyError(name)
        return parts[name]


@dataclass(frozen=True)
class Figure:
    """A counted metric: `n` rows, of `total` rows (None without a denominator), `value` for sums and days."""

    metric: Metric
    n: int = 0
    total: int | None = None
    value: Decimal | float | None = None

    @property
    def percent(self) -> int | None:
        """The percentage, None below five or where the metric has none."""
        if self.metric.format != PERCENT or not self.total or self.total < SUPPRESS_BELOW:
            return None
        # Halves are rounded up, as everybody does who checks it by hand.
        return (200 * self.n + self.total) // (2 * self.total)

    @property
    def difference(self) -> int | None:
        """What the stock grew by."""
        return self.n - self.total if self.metric.format == DIFFERENCE else None

    @property
    def number(self) -> float | None:
        """The figure as a number, in the unit of its format."""
        if self.metric.format in (PERCENT, DIFFERENCE):
            return self.percent if self.metric.format == PERCENT else self.difference
        if self.metric.format == NUMBER and self.metric.numerator.take == COUNT:
            return self.n
        empty = 0 if self.metric.format == NUMBER else None
        return empty if self.value is None else float(self.value)

    @property
    def text(self) -> str:
        """The figure as shown: a rate always with n/N."""
        if self.metric.format == PERCENT:
            rate = "" if self.percent is None else f" {self.percent}%"
            return f"{self.n}/{self.total}{rate}"
        if self.metric.format == DIFFERENCE:
            return f"{self.difference:+d}" if self.difference else "0"
        if self.metric.format in (YUAN, DAYS):
            return "–" if self.value is None else self._yuan() if self.metric.format == YUAN else self._days()
        return str(self.n) if self.metric.numerator.take == COUNT else f"{self.value or 0:.0f}"

    def _yuan(self) -> str:
        return f"{self.value:,.2f}".removesuffix(".00")

    def _days(self) -> str:
        return _("%(count)s days") % {"count": round(float(self.value))}


@dataclass
class Tally:
    """Rows of one part that were counted together, from groups of rows."""

    n: int = 0
    values: list = field(default_factory=list)
    rows: list = field(default_factory=list)

    def add(self, n: int, values, rows) -> None:
        """Take in a group: how many rows, the measures of those that have one, and their ids if asked for."""
        self.n += n
        self.values.extend(value for value in values or () if value is not None)
        self.rows.extend(rows or ())

    def taken(self, how: str):
        """The measure: sum, greatest or median; None if no row has one."""
        if how == COUNT or not self.values:
            return None
        return {SUM: sum, OLDEST: max, MEDIAN: median}[how](self.values)


@dataclass(frozen=True)
class Column:
    """A column of a table for superiors (报表栏目): its heading as the form words it, and the code of its figure.

    A column whose figure no installed app declares stays in the form and shows a dash.
    """

    heading: Any
    metric: str
    group: Any = ""


@dataclass(frozen=True)
class Table:
    """A table that superiors ask for (上报表样): code, title, kinds of periods, columns in their order.

    The weekly roll-up is made of the columns of the table `weekly`, `screen` names those shown on its page.
    """

    code: str
    title: Any
    periods: tuple[str, ...]
    columns: tuple[Column, ...]
    screen: tuple[str, ...] = ()

    def last_period(self, day, *, cut: int = 0) -> calendar.Period:
        """The period that superiors ask for on a day: the last complete month, or of the kind that it has.

        `cut`: the day on which the township's months end; 0: the calendar's.
        """
        kind = calendar.MONTH if calendar.MONTH in self.periods else self.periods[0]
        return calendar.last_complete(kind, day, cut=cut)

    def metrics(self) -> list[Metric]:
        """The figures in it that are declared, each once."""
        return by_code(dict.fromkeys([*(column.metric for column in self.columns), *self.screen]))


_metrics: dict[str, Metric] = {}
_tables: dict[str, Table] = {}


def register(*metrics: Metric) -> None:
    """Take metrics in. ValueError if another one holds the code."""
    for metric in metrics:
        if _metrics.get(metric.code, metric) != metric:
            raise ValueError(f"metric {metric.code} is registered twice")
        _metrics[metric.code] = metric


def unregister(*codes: str) -> None:
    """Take metrics out again (tests register their own)."""
    for code in codes:
        _metrics.pop(code, None)


def get(code: str) -> Metric:
    """The metric with this code; KeyError if no installed app declares it."""
    return _metrics[code]


def all_metrics() -> list[Metric]:
    """All metrics in the order in which the apps declared them."""
    return list(_metrics.values())


def by_code(codes) -> list[Metric]:
    """The metrics with these codes that are declared, in this order."""
    return [_metrics[code] for code in codes if code in _metrics]


def register_table(table: Table) -> None:
    """Take a table in; a code names one table."""
    if _tables.get(table.code, table) != table:
        raise ValueError(f"table {table.code} is registered twice")
    _tables[table.code] = table


def get_table(code: str) -> Table:
    """The table with this code; KeyError if no installed app declares it."""
    return _tables[code]


def all_tables() -> list[Table]:
    """All tables."""
    return list(_tables.values())


def autodiscover() -> None:
    """Collect the declarations of every installed app (`metrics.py`)."""
    autodiscover_modules("metrics")


def figure(metric: Metric, tallies: Mapping[str, Tally]) -> Figure:
    """The figure from the tallies of its parts."""
    upper = tallies["n"]
    total = tallies["N"].n if metric.denominator else None
    return Figure(metric, upper.n, total, upper.taken(metric.numerator.take))
