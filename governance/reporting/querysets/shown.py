"""A version of a roll-up as one person sees it (所见周报): the villages they reach, the matters they may see.

A cell shows how many of the matters behind it the reader may see, and its list is exactly those: whoever is walled
off from a matter finds it in neither. What stays hidden only because it is confidential is said as a number.
"""
from dataclasses import dataclass, field

from django.apps import apps

from governance.casework.visibility import Sight

from .. import registry
from ..registry import Figure
from ..visibility import reached_units


@dataclass
class ShownRow:
    """One line: the part (None for the total), and its figures by code with the ids behind them."""

    part: object = None
    figures: dict = field(default_factory=dict)
    ids: dict = field(default_factory=dict)


@dataclass
class ShownVersion:
    """What of a version the reader sees: lines, the total (None without the whole township), what is hidden."""

    version: object
    metrics: list
    rows: list
    total: ShownRow | None
    confidential: int = 0
    missing: list = field(default_factory=list)
    is_whole: bool = True

    def row(self, part_id):
        """The line of a part; None if it is not shown."""
        return next((row for row in self.rows if row.part.pk == part_id), None)


def shown(version, user, metrics=None) -> ShownVersion:
    """The version for this reader; three queries beyond their sight. `version` brings `rollup`."""
    metrics = metrics or registry.get_table("weekly").metrics()
    reach = frozenset().union(*(reached_units(user, metric) for metric in metrics)) if metrics else frozenset()
    cells = apps.get_model("reporting.RollupCell").objects.filter(
        part__version=version, part__unit_id__in=reach, metric__in=[metric.code for metric in metrics]
    )
    parts = version.parts.filter(unit_id__in=reach).select_related("unit", "confirmed_by", "returned_by")
    lines = {part.pk: ShownRow(part) for part in parts}
    cells = list(cells.values_list("part_id", "metric", "rows", "total_rows"))
    seen, confidential = _seen(cells, user)
    for part_id, code, rows, total in cells:
        metric = registry.get(code)
        is_matters = metric.numerator.base.source is None
        lines[part_id].ids[code] = (_kept(rows, seen, is_matters), _kept(total, seen, is_matters))
    whole = version.rollup.township_id in reach
    # What lies in no village is a line only where something does.
    rows = [row for row in lines.values() if row.part.is_village or (whole and _has_any(row))]
    total = ShownRow(ids=_added(lines.values(), metrics)) if whole else None
    for row in [*rows, *([total] if total else [])]:
        row.figures = {metric.code: _figure(metric, row.ids.get(metric.code, ([], None))) for metric in metrics}
    missing = [row.part.unit for row in rows if row.part.is_village and row.part.confirmed_at is None]
    is_whole = not walled_off(cells, metrics, user)
    return ShownVersion(version, metrics, rows, total, confidential, missing, is_whole)


def sees_whole(version, user, unit_id=None) -> bool:
    """Whether no matter of the version, or of one village's part of it, lies behind the user's wall (two queries).

    Whoever does not see every case does not stand by the figures: neither confirms, looks over nor signs them.
    """
    metrics = registry.get_table("weekly").metrics()
    cells = apps.get_model("reporting.RollupCell").objects.filter(part__version=version)
    cells = cells.filter(part__unit_id=unit_id) if unit_id is not None else cells
    return not walled_off(cells.values_list("part_id", "metric", "rows", "total_rows"), metrics, user)


def walled_off(cells, metrics, user) -> bool:
    """Whether a matter of these cells lies behind the user's wall; never told which, nor how many."""
    walled = Sight.of(user).walled
    of_matters = {metric.code for metric in metrics if metric.numerator.base.source is None}
    return bool(walled) and any(
        not walled.isdisjoint((*rows, *(total or ()))) for _part, code, rows, total in cells if code in of_matters
    )


def _has_any(row) -> bool:
    return any(rows or total for rows, total in row.ids.values())


def _seen(cells, user) -> tuple[set, int]:
    """Ids that the user may see, and how many more are confidential (those behind their own wall not told)."""
    wanted = {pk for _part, _code, rows, total in cells for pk in (*rows, *(total or ()))}
    matters = apps.get_model("casework.Matter").objects
    seen = set(matters.visible_to(user).filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    hidden = wanted - seen - Sight.of(user).walled
    return seen, matters.filter(pk__in=hidden, is_confidential=True).count() if hidden else 0


def _kept(ids, seen, is_matters):
    if ids is None or not is_matters:
        return ids
    return [pk for pk in ids if pk in seen]


def _added(lines, metrics) -> dict:
    added = {metric.code: ([], [] if metric.denominator else None) for metric in metrics}
    for line in lines:
        for code, (rows, total) in line.ids.items():
            added[code][0].extend(rows)
            if total is not None:
                added[code][1].extend(total)
    return added


def _figure(metric, ids) -> Figure:
    rows, total = ids
    return Figure(metric, len(rows), None if metric.denominator is None else len(total or ()))
