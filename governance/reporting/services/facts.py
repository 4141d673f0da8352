"""Filling the stock of every day (每日存量): nightly, and anew for any day."""
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.organisation.models import Unit
from governance.organisation.registry import Refused

from .. import calendar, registry
from ..models import StockFact
from ..querysets import tallies


def stock_metrics() -> list:
    """The figures that are kept for every day: counts of what is open at a cut-off."""
    return [m for m in registry.all_metrics() if m.grain == registry.STOCK and m.numerator.take == registry.COUNT]


def fill_day(day: date, *, now=None) -> int:
    """Count the stock at the end of a day in every unit and write it in place of what stood there; how many rows.

    Refused: `day-not-over`. Two runs for one day leave one.
    """
    now = now or timezone.now()
    period = calendar.days(day, day).at(now)
    if period.end > now:
        raise Refused("day-not-over", _("The day %(day)s is not over yet.") % {"day": day})
    metrics = stock_metrics()
    places = {pk: (pk,) for pk in Unit.objects.values_list("pk", flat=True)}
    counted = tallies(metrics, places, period, None)
    rows = [
        StockFact(day=day, unit_id=unit_id, metric=code, count=tally.n, counted_at=now)
        for (code, _part, unit_id), tally in counted.items() if tally.n
    ]
    with transaction.atomic():
        StockFact.objects.filter(day=day, metric__in=[metric.code for metric in metrics]).delete()
        StockFact.objects.bulk_create(rows, batch_size=5000)
    return len(rows)


def fill_days(first: date, last: date, *, now=None, tell=None) -> dict[str, int]:
    """Fill every day from first to last; each is whole by itself, so that a run cut off can be run again."""
    done = {"days": 0, "rows": 0}
    for count in range((last - first).days + 1):
        day = first + timedelta(days=count)
        done["rows"] += fill_day(day, now=now)
        done["days"] += 1
        if tell is not None:
            tell(day)
    return done


def fill_missing(*, now=None, back_days=14) -> dict[str, int]:
    """Fill yesterday, and those of the last days of which nothing stands there (the nightly run)."""
    now = now or timezone.now()
    yesterday = timezone.localdate(now) - timedelta(days=1)
    first = yesterday - timedelta(days=back_days)
    there = set(StockFact.objects.filter(day__gte=first).values_list("day", flat=True).distinct())
    done = {"days": 0, "rows": 0}
    for day in (first + timedelta(days=count) for count in range(back_days + 1)):
        if day == yesterday or day not in there:
            done["rows"] += fill_day(day, now=now)
            done["days"] += 1
    return done
