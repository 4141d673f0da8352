"""What the dashboard asks of units and matters beside the figures (看板)."""
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.apps import apps
from django.db.models import Count, DateField, DateTimeField, ExpressionWrapper, F, Min, OuterRef, Subquery
from django.db.models.functions import Trunc
from django.utils import timezone
from django.utils.functional import cached_property

from governance.casework.visibility import Sight

from ..calendar import Period, days
from ..visibility import PLACES

# What ends at 24:00 of a day belongs to that day.
MICROSECOND = timedelta(microseconds=1)


@dataclass(eq=False)
class Board:
    """For whom, over which place and when the dashboard is shown; one query beyond the reader's sight.

    `unit`: the place; `units`: places that the reader may choose; `villages`: places side by side below it;
    `places`: unit id -> ids of it and of all below it, as far as the reader's posts reach.
    """

    user: object
    now: datetime
    unit: object = None
    units: list = field(default_factory=list)
    villages: list = field(default_factory=list)
    places: dict = field(default_factory=dict)

    @classmethod
    def of(cls, user, chosen: str, now: datetime) -> "Board":
        """The board of the chosen place, else of the widest that the reader's posts reach; no unit: nothing to show."""
        ids = {pk for (reach, unit_ids) in Sight.of(user).reached if reach == "unit" for pk in unit_ids}
        reached = list(apps.get_model("organisation.Unit").objects.filter(pk__in=ids).in_tree_order())
        units = [unit for unit in reached if unit.level in PLACES]
        if not units:
            return cls(user, now)
        widest = min(units, key=lambda unit: (len(unit.path), unit.code))
        unit = next((unit for unit in units if str(unit.pk) == chosen), widest)
        below = ("township",) if unit.level == "district" else ("village", "community")
        side_by_side = [u for u in units if u.level in below and u.path.startswith(unit.path) and u.pk != unit.pk]
        places = {
            place.pk: frozenset(u.pk for u in reached if u.path.startswith(place.path))
            for place in (unit, *side_by_side)
        }
        return cls(user, now, unit, units, side_by_side, places)

    @property
    def here(self) -> dict:
        """The place alone, as places of an ask."""
        return {self.unit.pk: self.places[self.unit.pk]}

    @property
    def beside(self) -> dict:
        """The places side by side, as places of an ask."""
        return {unit.pk: self.places[unit.pk] for unit in self.villages}

    @property
    def today(self):
        """The day on the township's clock."""
        return timezone.localdate(self.now)

    def last_days(self, count: int, *, weeks_ago: int = 0) -> Period:
        """So many days up to today, or up to the same weekday some weeks ago."""
        last = self.today - timedelta(weeks=weeks_ago)
        return days(last - timedelta(days=count - 1), last).at(self.now)

    @cached_property
    def matters(self):
        """Matters of the place that the reader sees and that count."""
        rows = apps.get_model("casework.Matter").objects.visible_to(self.user).counted()
        return rows.filter(unit_id__in=self.places[self.unit.pk])

    def leaders_in_charge(self, matters) -> list:
        """The duty of the leader in charge of each matter, or None (one query)."""
        duties = apps.get_model("organisation.Duty").objects
        return duties.in_charge([(matter.kind, matter.unit) for matter in matters], self.today)

    @cached_property
    def overdue_by_handler(self) -> list[dict]:
        """Overdue matters by handler, the most first: `handler_id`, `name`, `count`, `oldest`."""
        handlers: dict = {}
        for row in self._overdue:
            one = handlers.setdefault(row["handler_id"], {**row, "count": 0})
            one["count"] += row["count"]
            one["oldest"] = min(one["oldest"], row["oldest"])
        return sorted(handlers.values(), key=lambda one: (-one["count"], one["oldest"]))

    def overdue_by_place(self) -> dict[int, int]:
        """How many overdue matters lie in each of the places side by side."""
        counts: dict = {}
        for row in self._overdue:
            counts[row["unit_id"]] = counts.get(row["unit_id"], 0) + row["count"]
        return {pk: sum(counts.get(unit, 0) for unit in ids) for pk, ids in self.beside.items()}

    @cached_property
    def _overdue(self) -> list[dict]:
        """Overdue matters counted by unit and handler, with the oldest (one query, once); index `matter_unit_due`."""
        rows = self.matters.overdue(self.now).order_by().values("unit_id", "handler_id", name=F("handler__name"))
        return list(rows.annotate(count=Count("pk"), oldest=Min("next_due_at")))

    def due_by_day(self, first, last) -> dict:
        """`{day: {rule: matters}}` of what ends from a day to a day, by the limit that presses (one query).

        A matter counts with one rule only, so that the sum of a day is what the list of that day shows. Index
        `matter_unit_due`.
        """
        start = timezone.make_aware(datetime.combine(max(first, self.today), datetime.min.time()))
        end = timezone.make_aware(datetime.combine(last + timedelta(days=1), datetime.min.time()))
        clocks = apps.get_model("casework.Clock").objects.running().of_office()
        pressing = clocks.filter(matter=OuterRef("pk"), due_at=OuterRef("next_due_at")).order_by("pk").values("rule")
        moment = ExpressionWrapper(F("next_due_at") - MICROSECOND, output_field=DateTimeField())
        rows = self.matters.filter(next_due_at__gt=start, next_due_at__lte=end).annotate(
            day=Trunc(moment, "day", output_field=DateField()), rule=Subquery(pressing[:1])
        )
        found: dict = {}
        for day, rule, count in rows.order_by().values_list("day", "rule").annotate(Count("pk")):
            found.setdefault(day, {})[rule] = count
        return found

    def statutory(self, matters):
        """Those of the matters whose next limit is set by law, not by the township itself."""
        clocks = apps.get_model("casework.Clock").objects.running().of_office().filter(is_local=False)
        return matters.filter(pk__in=clocks.filter(due_at=F("matter__next_due_at")).values("matter_id"))
