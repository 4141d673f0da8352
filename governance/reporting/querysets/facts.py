"""The stock of past days, from the nightly table (每日存量)."""
from collections import defaultdict

from django.apps import apps
from django.db.models import Sum

from .counting import below


def stock_on(day, metric: str, units) -> dict[int, int]:
    """How many rows the stock figure had at the end of a day, by unit and what lies below it; two queries.

    The township's own count, for charts of a whole township: nobody's wall is taken out of it. A page for one person
    asks `figures` at that day instead.
    """
    return {pk: counts.get(day, 0) for pk, counts in stock_series(day, day, metric, units).items()}


def stock_series(first, last, metric: str, units) -> dict[int, dict]:
    """The same for every day from first to last: `{unit id: {day: count}}`; days without any are left out."""
    ids_of = below(units)
    every = frozenset().union(*ids_of.values()) if ids_of else frozenset()
    rows = (
        apps.get_model("reporting.StockFact").objects.filter(metric=metric, day__gte=first, day__lte=last)
        .filter(unit_id__in=every).values_list("unit_id", "day").annotate(count=Sum("count"))
    )
    series = {pk: defaultdict(int) for pk in ids_of}
    for unit_id, day, count in rows:
        for pk, ids in ids_of.items():
            if unit_id in ids:
                series[pk][day] += count
    return {pk: dict(days) for pk, days in series.items()}
