"""Counting: all parts of all metrics over all units in one statement, and the rows behind one cell."""
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from .. import registry
from ..registry import Figure, Metric, Part, Tally
from ..visibility import reached_units
from .spans import Spans

_ADDED = (registry.COUNT, registry.SUM)


def figures(metrics, units, period, user, *, now=None) -> dict[int, dict[str, Figure]]:
    """Figures by unit and code: `{unit id: {code: Figure}}`, each over the unit and everything below it.

    Two queries, whatever the number of metrics, units and rows. A unit that the user's posts do not reach is
    missing, as is a metric that they may not see there; `user` None is the system itself (roll-ups).
    """
    units, period = list(units), period.at(now or timezone.now())
    ids_of = below(units)
    allowed = {metric.code: _allowed(metric, units, user) for metric in metrics}
    places = {pk: ids for pk, ids in ids_of.items() if any(pk in seen for seen in allowed.values())}
    counted = tallies(metrics, places, period, user)
    told = {pk: {} for pk in places}
    for metric in metrics:
        for pk in places:
            if pk in allowed[metric.code]:
                parts = {name: counted[(metric.code, name, pk)] for name in _parts(metric)}
                told[pk][metric.code] = registry.figure(metric, parts)
    return told


def rows_behind(metric: Metric, part: str, unit, period, user, *, now=None):
    """The rows that a part counts in a unit and below it: exactly as many as the figure says.

    A queryset of matters (a matter stands in it once for each clock or instalment that counts); empty for a
    unit that the user's posts do not reach. KeyError for a part that the metric does not have.
    """
    chosen = metric.part(part)
    rows = origin(chosen.base, user)
    if not _allowed(metric, [unit], user):
        return rows.none()
    ids = below([unit])[unit.pk]
    dimensions = dict.fromkeys(choice.dimension for choice in chosen.choices)
    rows = rows.filter(**{f"{chosen.base.unit}__in": ids})
    return narrowed(chosen.base.rows_with(dimensions, rows, period.at(now or timezone.now())), chosen)


def tallies(metrics, places, period, user, *, with_rows=False) -> dict[tuple, Tally]:
    """Tallies by (code, part, key of the place); `places`: key -> ids of the units that count there.

    One statement; `with_rows` brings the ids of the rows as well. Nothing is asked about the user's reach here:
    callers pass only places they may tell.
    """
    counted = answers([Ask(metric, period, places) for metric in metrics], user, with_rows=with_rows)
    return {(ask.metric.code, name, key): tally for (ask, name, key), tally in counted.items()}


@dataclass(frozen=True, eq=False)
class Ask:
    """One metric over one period and some places (`key -> ids of the units that count there`)."""

    metric: Metric
    period: Any
    places: Mapping[Any, frozenset]

    def figure(self, counted, key) -> Figure:
        """The figure of a place from the tallies that `answers` gave."""
        return registry.figure(self.metric, {name: counted[(self, name, key)] for name in _parts(self.metric)})


def answers(asks, user, *, with_rows=False) -> dict[tuple, Tally]:
    """Tallies by (ask, part, key of the place): many metrics over many periods in one statement.

    `with_rows` brings the ids of the rows as well. Nothing is asked about the user's reach here: callers pass only
    places they may tell.
    """
    wanted = [(ask, name, ask.metric.part(name)) for ask in asks for name in _parts(ask.metric)]
    counted = {(ask, name, key): Tally() for ask, name, _part in wanted for key in ask.places}
    parts_of, keys_of = defaultdict(list), {ask: _keys_by_unit(ask.places) for ask in asks}
    for ask, name, part in wanted:
        parts_of[(part.base, ask.period)].append((ask, name, part, _choices(part)))
    counting: dict = {}
    for question, unit_id, values, *group in _groups(parts_of, user, with_rows):
        if (question, values) not in counting:
            counting[(question, values)] = _counting(parts_of[question], *values)
        for ask, name in counting[(question, values)]:
            for key in keys_of[ask].get(unit_id, ()):
                counted[(ask, name, key)].add(*group)
    return counted


def _counting(wanted, dimensions, values) -> list:
    """Of the parts wanted those that count rows with these values, as (ask, name)."""
    held = dict(zip(dimensions, json.loads(values), strict=True))
    return [
        (ask, name) for ask, name, _part, choices in wanted
        if all((held[dimension] in codes) != excluded for dimension, codes, excluded in choices)
    ]


def _keys_by_unit(places) -> dict[int, list]:
    """For each unit the keys of the places that it counts in."""
    keys = defaultdict(list)
    for key, ids in places.items():
        for pk in ids:
            keys[pk].append(key)
    return keys


def origin(base, user):
    """The rows that a base begins with: what the user may see; all that counts for the system itself."""
    if base.source is not None:
        return base.source(user)
    matters = apps.get_model("casework.Matter").objects.filter(kind=base.kind).counted()
    return matters if user is None else matters.visible_to(user)


def _origins(parts_of, user) -> dict:
    """What each base begins with inside of the units asked for, put together once for all that begin alike."""
    places = [ids for wanted in parts_of.values() for ask, *_rest in wanted for ids in ask.places.values()]
    bases, chosen, made = {base for base, _period in parts_of}, sorted(set().union(*places)), {}
    for base in bases:
        alike = (base.kind, base.source, base.unit)
        if alike not in made:
            made[alike] = origin(base, user).filter(**{f"{base.unit}__in": chosen})
    return {base: made[(base.kind, base.source, base.unit)] for base in bases}


def narrowed(rows, part: Part):
    """The rows of a base that a part counts."""
    for choice in part.choices:
        condition = {f"{choice.dimension}__in": sorted(choice.codes(), key=str)}
        rows = rows.exclude(**condition) if choice.excluded else rows.filter(**condition)
    return rows


@dataclass(frozen=True)
class _Reading:
    """One reading of a base's rows: which dimensions are told apart, and what is measured (sums, or single values)."""

    base: Any
    dimensions: tuple[str, ...]
    measure: str
    is_sum: bool

    @classmethod
    def for_parts(cls, base, parts) -> "_Reading":
        """What these parts need, and no more: a dimension may cost a look into a matter's history."""
        chosen = {choice.dimension for part in parts for choice in part.choices}
        is_measured = any(part.take != registry.COUNT for part in parts)
        return cls(
            base, tuple(d for d in base.dimensions if d in chosen), base.measure if is_measured else "",
            all(part.take in _ADDED for part in parts),
        )

    def sql(self, origins, periods, *, with_rows: bool) -> tuple[str, list]:
        """SQL that groups the rows by period, unit and dimensions. EmptyResultSet if there can be none."""
        spans = Spans(periods)
        told = [*self.dimensions, *([self.measure] if self.measure else [])]
        rows = self.base.rows_with(told, origins[self.base], spans if len(periods) > 1 else periods[0]).order_by()
        chosen = [f"d{place}" for place in range(len(self.dimensions))]
        names = ", ".join(["u", "id", *chosen, *(["m"] if self.measure else [])])
        own, params = rows.values_list(self.base.unit, "pk", *told).query.sql_with_params()
        joined, params = spans.joined_to(own, params, names)
        measures = "NULL::float8[]"
        if self.measure:
            measures = "ARRAY[sum(m)::float8]" if self.is_sum else "array_agg(m::float8)"
        ids = "array_agg(id)" if with_rows else "NULL::bigint[]"
        return (
            f"SELECT %s::int, place, u, jsonb_build_array({', '.join(chosen)})::text, count(*), {measures}, {ids} "
            f"FROM {joined} GROUP BY {', '.join(['place', 'u', *chosen])}",
            params,
        )


def _groups(parts_of, user, with_rows):
    """Yield ((base, period), unit id, (dimensions, values), number of rows, measures, ids), from one statement.

    A base is read once for all its periods of which the same is asked.
    """
    periods_of = defaultdict(list)
    for (base, period), wanted in parts_of.items():
        periods_of[_Reading.for_parts(base, [part for _ask, _name, part, _choices in wanted])].append(period)
    origins = _origins(parts_of, user)
    sqls, params, readings = [], [], []
    for reading, periods in periods_of.items():
        try:
            sql, own = reading.sql(origins, periods, with_rows=with_rows)
        except EmptyResultSet:
            continue
        sqls.append(sql)
        params.extend((len(readings), *own))
        readings.append((reading, periods))
    if not sqls:
        return
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(sqls), params)
        for number, place, unit_id, values, n, measures, ids in cursor.fetchall():
            reading, periods = readings[number]
            yield (reading.base, periods[place]), unit_id, (reading.dimensions, values), n, measures, ids


def _choices(part: Part):
    return [(choice.dimension, choice.codes(), choice.excluded) for choice in part.choices]


def _parts(metric: Metric) -> tuple[str, ...]:
    return ("n", "N") if metric.denominator else ("n",)


def _allowed(metric: Metric, units, user) -> set[int]:
    ids = {unit.pk for unit in units}
    return ids if user is None else ids & reached_units(user, metric)


def below(units) -> dict[int, frozenset[int]]:
    """Ids of each unit and everything below it (one query)."""
    within = Q(pk__in=[])
    for unit in units:
        within |= Q(path__startswith=unit.path)
    rows = list(apps.get_model("organisation.Unit").objects.filter(within).values_list("pk", "path"))
    return {unit.pk: frozenset(pk for pk, path in rows if path.startswith(unit.path)) for unit in units}
