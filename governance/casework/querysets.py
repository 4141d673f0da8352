"""Questions that are asked of the kernel's tables."""
from datetime import datetime, time, timedelta

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, F, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.utils import timezone

from . import bigrams, clocks
from .visibility import Sight

PROTECTED_COLUMNS = frozenset(
    {"status", "is_open", "next_due_at", "number", "version", "event_count", "outcome", "closed_at"}
)


class MatterQuerySet(models.QuerySet):
    """Chainable reads of matters; every list starts with `visible_to`."""

    def visible_to(self, user):
        """Only what this user may see. The id lists are fetched first (see visibility.py)."""
        sight = Sight.of(user)
        return self.none() if sight.sees_nothing() else self.filter(sight.q())

    def counted(self):
        """Without what was entered by mistake or merged into another: those count nowhere."""
        return self.exclude(status__in=["voided", "merged"])

    def open(self):
        """Open matters."""
        return self.filter(is_open=True)

    def overdue(self, now):
        """Matters with a clock of the office that has run out; partial index `matter_due`."""
        return self.filter(next_due_at__lt=now)

    def due_before(self, instant, now):
        """Matters that become overdue after now and up to an instant."""
        return self.filter(next_due_at__gte=now, next_due_at__lte=instant)

    def due_on(self, day):
        """Matters whose next time limit ends on a day; what ends at its 24:00 belongs to it."""
        start = timezone.make_aware(datetime.combine(day, time.min))
        return self.filter(next_due_at__gt=start, next_due_at__lte=start + timedelta(days=1))

    def similar_open(self, kind, unit, category):
        """Open matters of the same kind and category in the same village: is it this one?

        Index `matter_open_category`; the grids of a village lie in it.
        """
        village_id = unit.parent_id if unit.level == "grid" else unit.pk
        places = Q(unit_id=village_id)
        if unit.level in ("grid", "village", "community"):
            places |= Q(unit__parent_id=village_id)
        return self.open().filter(places, kind=kind, category=category).order_by("-reported_at")

    def stuck(self, before):
        """Open matters in which nothing has moved since an instant; index `matter_open_moved`."""
        return self.open().filter(last_moved_at__lt=before).order_by("last_moved_at")

    def matching(self, text):
        """Full-text search by bigrams; GIN index `matter_search`. Nothing searchable: no rows."""
        query = bigrams.query(text)
        if not query:
            return self.none()
        return self.annotate(
            _hit=RawSQL('"casework_matter"."search" @@ %s::tsquery', (query,), output_field=BooleanField())
        ).filter(_hit=True)

    def for_list(self, now):
        """Rows of a list page: one query, whatever the page size."""
        late = ExpressionWrapper(Q(next_due_at__lt=now), output_field=BooleanField())
        return (
            self.select_related("unit", "unit__parent", "township", "handler")
            .defer("search", "description")
            .annotate(is_overdue=late)
        )

    def for_detail(self):
        """One matter with what its page always shows (one query); `further_units`: id and short name of each."""
        further = apps.get_model("casework.MatterUnit").objects.filter(matter=OuterRef("pk")).order_by("pk")
        units = ArraySubquery(further.values(json=JSONObject(id="unit_id", short_name="unit__short_name")))
        return self.annotate(further_units=units).select_related(
            "unit", "unit__parent", "township", "handler", "responsible_unit", "creator", "duplicate_of",
            "tombstone",
        ).defer("search")

    def update(self, **fields):
        """Refuses the columns that only the write door may set."""
        caught = PROTECTED_COLUMNS & set(fields)
        if caught:
            raise RuntimeError(f"only the write door sets {sorted(caught)}")
        return super().update(**fields)


class ClockQuerySet(models.QuerySet):
    """Chainable reads of clocks."""

    def running(self):
        """Clocks that run now (not paused, stopped, moot or lapsed)."""
        return self.filter(state="running")

    def live(self):
        """Clocks that run or are paused."""
        return self.filter(state__in=["running", "paused"])

    def of_office(self):
        """The township's own duties: only these make a matter overdue and escalate."""
        return self.filter(bearer="office")

    def overdue(self, now):
        """Running clocks of the office that have run out; partial index `clock_running_due`."""
        return self.running().of_office().filter(due_at__lt=now)

    def visible_to(self, user):
        """Clocks of matters that the user may see."""
        matters = apps.get_model("casework.Matter").objects.visible_to(user)
        return self.filter(matter__in=matters)

    def with_story(self):
        """With pauses and extensions, and who proposed these, as plain values for `hang`: one query in all."""
        models = {name: apps.get_model(f"casework.{name}").objects for name in ("Pause", "Extension")}
        pauses = models["Pause"].filter(clock=OuterRef("pk")).order_by("started_at")
        extensions = models["Extension"].filter(clock=OuterRef("pk")).order_by("pk")
        return self.annotate(
            pauses_told=ArraySubquery(pauses.values(json=JSONObject(id="pk", started_at="started_at",
                                                                    ended_at="ended_at"))),
            extensions_told=ArraySubquery(extensions.values(json=JSONObject(
                id="pk", days="days", state="state", proposed_by="proposed_by__name"
            ))),
        )

    def for_detail(self):
        """With pauses, extensions and events: three queries."""
        return self.select_related("started_event", "stopped_event").prefetch_related(
            "pauses", "extensions", "extensions__proposed_by", "extensions__decided_by"
        )


class EventQuerySet(models.QuerySet):
    """Chainable reads of the timeline."""

    def for_timeline(self):
        """A matter's history with the free words beside it, newest first (two queries)."""
        return (
            self.select_related("actor", "on_behalf_of", "personal")
            .prefetch_related("attachments")
            .order_by("-seq")
        )

    def in_chain_order(self):
        """All events, matter by matter, for verifying the chain."""
        return self.select_related("personal").order_by("matter_id", "seq")


class PartyQuerySet(models.QuerySet):
    """Chainable reads of parties."""

    def present(self):
        """Without those that were removed by a correction."""
        return self.filter(removed_at=None)


class ReminderQuerySet(models.QuerySet):
    """Chainable reads of reminders."""

    def payable(self, now):
        """Owed, not yet sent, and due to be sent: oldest first, no page limit that starves any."""
        return self.filter(sent_at=None, send_after__lte=now).order_by("send_after", "pk")

    def stale(self):
        """Owed for a due time that is no longer the clock's."""
        return self.filter(sent_at=None).exclude(due_at=F("clock__due_at"))


class MessageQuerySet(models.QuerySet):
    """Chainable reads of the outbox."""

    def to_mail(self, now, most_tries):
        """E-mails that wait to be sent, neither given up nor withheld; index `message_unsent`."""
        return self.filter(
            channel="email", sent_at=None, withheld_at=None, send_after__lte=now, tries__lt=most_tries
        )

    def in_portal(self, user):
        """The user's own messages in the portal, without those about matters that they see no longer.

        Asked of each of their messages by the matter's key: the badge, the list and what is marked as read agree.
        """
        seen = apps.get_model("casework.Matter").objects.visible_to(user).filter(pk=models.OuterRef("matter_id"))
        rows = self.filter(recipient=user, channel="portal")
        return rows.filter(models.Q(matter=None) | models.Exists(seen))


def unseen_messages(messages, user) -> set[int]:
    """Which of these messages are about matters that the user does not see now (their sight read anew)."""
    ids = {row.matter_id for row in messages if row.matter_id is not None}
    if not ids:
        return set()
    Sight.of(user, fresh=True)
    seen = _seen_among(ids, user)
    return {row.pk for row in messages if row.matter_id is not None and row.matter_id not in seen}


class SealQuerySet(models.QuerySet):
    """Chainable reads of the sealed ledger."""

    def of(self, ledger):
        """The seals of one ledger, oldest first."""
        return self.filter(ledger=ledger).order_by("number")

    def on(self, day):
        """The seals of a local day, oldest first."""
        return self.filter(at__date=day).order_by("number")


class WebhookSubscriptionQuerySet(models.QuerySet):
    """Chainable reads of webhook subscriptions."""

    def active(self):
        """Released, not paused, not ended, of a client whose account is active."""
        return self.filter(
            released_at__isnull=False, is_paused=False, ended_at=None, client__user__is_active=True
        )

    def unreleased(self):
        """Waiting for the second hand."""
        return self.filter(released_at=None, ended_at=None)

    def within(self, area):
        """Of clients of an administrator's area."""
        return self.filter(client__user__in=area.people().values("pk"))

    def for_list(self):
        """With the client, those that go on first (one query)."""
        return self.select_related("client__user").order_by(F("ended_at").desc(nulls_first=True), "pk")


class WebhookDeliveryQuerySet(models.QuerySet):
    """Chainable reads of webhook deliveries."""

    def waiting(self):
        """Neither delivered nor given up; partial index `webhook_waiting`."""
        return self.filter(state="waiting")

    def due(self, now):
        """Waiting, and due to be tried, of subscriptions that are active."""
        return self.waiting().filter(
            next_try_at__lte=now, subscription__released_at__isnull=False,
            subscription__is_paused=False, subscription__ended_at=None,
            subscription__client__user__is_active=True,
        )


def revived(model, values: dict):
    """A row out of plain values that a subquery gave, for showing: as if it had been read by itself."""
    fields = {name: model._meta.get_field(name).to_python(value) for name, value in values.items()}
    row = model(**fields)
    row._state.adding = False
    return row


def show_others(events, user) -> None:
    """Have events that name another matter (links, mergers) tell its number, if the user sees that one too.

    One query, if any event names one. Without it a sentence says "another matter": whoever stands behind the wall
    of one does not learn from the other that there is one. `user` None is the system itself, which is told.
    """
    events = [event for event in events if "other" in event.data]
    ids = {event.data["other"] for event in events}
    if user is not None and ids:
        ids = _seen_among(ids, user)
    for event in events:
        event.other_is_seen = event.data["other"] in ids


def _seen_among(ids, user) -> set[int]:
    seen = apps.get_model("casework.Matter").objects.visible_to(user).filter(pk__in=ids)
    return set(seen.values_list("pk", flat=True))


def hang(row, relation: str, rows) -> None:
    """Let a relation of a row answer with these rows, without a query."""
    held = getattr(row, relation).all()
    held._result_cache, held._prefetch_done = list(rows), True
    row._prefetched_objects_cache = {**getattr(row, "_prefetched_objects_cache", {}), relation: held}


def name_pressing_clocks(rows) -> None:
    """Say of each row which time limit presses most (one query)."""
    dues = {row.pk: row for row in rows if row.next_due_at is not None}
    if not dues:
        return
    found = apps.get_model("casework.Clock").objects.running().of_office().filter(matter_id__in=list(dues))
    for clock in found.only("id", "matter_id", "rule", "due_at", "due_on"):
        if clock.due_at == dues[clock.matter_id].next_due_at:
            dues[clock.matter_id].pressing = clocks.get_rule(clock.rule).label
            dues[clock.matter_id].pressing_on = clock.due_on
