"""Weeks and their versions as somebody reaches them: the latest of each, one of them, what a correction changed."""
from django.apps import apps
from django.db.models import Count, Max, Prefetch, Q

from ..visibility import units_with_figures
from .shown import shown


def version_for(user, rollup_id: int, number: int = 0):
    """The version asked for, else the latest, of a township in which the user reaches something; None if none."""
    townships = {unit.township_id for unit in units_with_figures(user)}
    versions = apps.get_model("reporting.RollupVersion").objects.select_related(
        "rollup__township", "reviewed_by", "signed_by", "returned_by"
    ).filter(rollup_id=rollup_id, rollup__township_id__in=townships)
    return versions.filter(number=number).first() if number else versions.first()


def attach_versions(rows, units) -> None:
    """The latest version of each week with how many of the reader's villages confirmed (three queries)."""
    parts = apps.get_model("reporting.RollupPart").objects
    versions = apps.get_model("reporting.RollupVersion").objects
    villages = Q(parts__is_village=True, parts__unit_id__in=[unit.pk for unit in units])
    counted = versions.annotate(
        villages=Count("parts", filter=villages),
        confirmed=Count("parts", filter=villages & Q(parts__confirmed_at__isnull=False)),
    ).select_related("signed_by").prefetch_related(Prefetch(
        "parts", parts.filter(
            is_village=True, confirmed_at=None, unit_id__in=[unit.pk for unit in units]
        ).select_related("unit"), to_attr="missing",
    ))
    rows = list(rows)
    latest = versions.filter(rollup__in=rows).values("rollup").annotate(top=Max("number"))
    wanted = {(row["rollup"], row["top"]) for row in latest}
    by_rollup = {}
    for version in counted.filter(rollup__in=rows):
        if (version.rollup_id, version.number) in wanted:
            by_rollup[version.rollup_id] = version
    for row in rows:
        row.latest = by_rollup.get(row.pk)


def changes(version, seen, versions, user) -> list:
    """What differs from the version before, for the lines that the reader sees: row, metric, before, after."""
    before = next((one for one in versions if one.number == version.number - 1), None)
    if before is None:
        return []
    before.rollup = version.rollup
    earlier = {row.part.unit_id: row for row in shown(before, user).rows}
    found = []
    for row in seen.rows:
        old = earlier.get(row.part.unit_id)
        for metric in seen.metrics:
            is_same = old and sorted(old.ids.get(metric.code, ([],))[0]) == sorted(row.ids[metric.code][0])
            text = old.figures[metric.code].text if old else "–"
            if not is_same or text != row.figures[metric.code].text:
                found.append({"row": row, "metric": metric, "before": text, "after": row.figures[metric.code].text})
    return found
