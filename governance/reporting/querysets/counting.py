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
    rows = chosen.base.rows(rows.filter(**{f"{chosen.base.unit}__in": ids}), period.at(now or timezone.now()))
    return narrowed(rows, chosen)


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
        parts_of[(part.base.code, ask.period)].append((ask, name, part, _choices(part)))
    for question, unit_id, values, *group in _groups(parts_of, user, with_rows):
        for ask, name, _part, choices in parts_of[question]:
            if all((values[dimension] in codes) != excluded for dimension, codes, excluded in choices):
                for key in keys_of[ask].get(unit_id, ()):
                    counted[(ask, name, key)].add(*group)
    return counted


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


def narrowed(rows, part: Part):
    """The rows of a base that a part counts."""
    for choice in part.choices:
        condition = {f"{choice.dimension}__in": sorted(choice.codes(), key=str)}
        rows = rows.exclude(**condition) if choice.excluded else rows.filter(**condition)
    return rows


def _groups(parts_of, user, with_rows):
    """Yield ((base code, period), unit id, {dimension: value}, number of rows, measures, ids), from one statement."""
    sqls, params, questions = [], [], []
    for question, wanted in parts_of.items():
        parts = [part for _ask, _name, part, _choices in wanted]
        base, unit_ids = parts[0].base, set().union(*(ids for ask, *_ in wanted for ids in ask.places.values()))
        needed = tuple(d for d in base.dimensions if any(c.dimension == d for part in parts for c in part.choices))
        measure = base.measure if any(part.take != registry.COUNT for part in parts) else ""
        rows = base.rows(origin(base, user).filter(**{f"{base.unit}__in": sorted(unit_ids)}), question[1])
        try:
            sql, own = _grouped(base, rows, needed, measure, with_rows,
                                is_sum=all(p.take in _ADDED for p in parts))
        except EmptyResultSet:
            continue
        sqls.append(sql)
        params.extend((len(questions), *own))
        questions.append((question, needed))
    if not sqls:
        return
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(sqls), params)
        for place, unit_id, values, n, measures, ids in cursor.fetchall():
            question, needed = questions[place]
            yield question, unit_id, dict(zip(needed, _read(values), strict=True)), n, measures, ids


def _grouped(base, rows, needed, measure: str, with_rows: bool, *, is_sum: bool):
    """SQL that groups the rows of a base by unit and dimensions."""
    columns = [base.unit, "pk", *needed, *([measure] if measure else [])]
    sql, params = rows.order_by().values_list(*columns).query.sql_with_params()
    chosen = [f"d{place}" for place in range(len(needed))]
    measures, ids = "NULL::float8[]", "array_agg(id)" if with_rows else "NULL::bigint[]"
    if measure:
        measures = "ARRAY[sum(m)::float8]" if is_sum else "array_agg(m::float8)"
    names = ", ".join(["u", "id", *chosen, *(["m"] if measure else [])])
    return (
        f"SELECT %s::int, u, jsonb_build_array({', '.join(chosen)}), count(*), {measures}, {ids} "
        f"FROM ({sql}) AS part({names}) GROUP BY {', '.join(['u', *chosen])}",
        params,
    )


def _choices(part: Part):
    return [(choice.dimension, choice.codes(), choice.excluded) for choice in part.choices]


def _read(values) -> list:
    return json.loads(values) if isinstance(values, str) else values


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
