"""What was open or closed at an instant, from the matters' own history (历史在办)."""
from datetime import datetime

from django.apps import apps
from django.db.models import BigIntegerField, DateTimeField, Exists, F, OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from governance.casework import registry

CLOSING, REOPENING = "closing", "reopening"


def toggles(kind: str) -> dict[str, tuple[str, ...]]:
    """Names of the steps that close a matter of the kind, and of those that open it again."""
    workflow = registry.get(kind).workflow
    closed = {state.code for state in workflow.states if not state.is_open}
    found = {CLOSING: [], REOPENING: []}
    for step in workflow.steps:
        if set(step.sources) & closed - set(step.stays_in) and set(step.targets) - closed:
            found[REOPENING].append(step.name)
        elif set(step.targets) & closed:
            found[CLOSING].append(step.name)
    return {way: tuple(names) for way, names in found.items()}


def open_at(matters, kind: str, instant: datetime):
    """Those of the matters that were open at an instant, by the dates of the acts as last corrected.

    A matter that never closed before it was open; one that did, and was opened again, is asked for its last
    such act before the instant. Reopened matters are few: the index `event_verb_at` finds them.
    """
    ways = toggles(kind)
    events = apps.get_model("casework.Event").objects
    reopened = events.filter(verb__in=ways[REOPENING]).values("matter_id")
    last = (
        with_corrected_dates(events.filter(matter=OuterRef("pk"), verb__in=[*ways[CLOSING], *ways[REOPENING]]))
        .filter(held_at__lt=instant).order_by("-seq").values("verb")[:1]
    )
    still = Q(first_closed_at__isnull=True) | Q(first_closed_at__gte=instant)
    # In this order: the few that were ever reopened, and only of those the last act before the instant.
    again = Q(pk__in=reopened) & Q(_last_toggle__in=ways[REOPENING]) & Q(first_closed_at__lt=instant)
    return matters.filter(reported_at__lt=instant).alias(_last_toggle=Subquery(last)).filter(still | again)


def closed_in(matters, kind: str, start: datetime, end: datetime):
    """Those that were closed in [start, end), whatever happened later; each once.

    First and last closure stand on the matter; those between, of a matter that was reopened, in its history.
    """
    ways = toggles(kind)
    events = apps.get_model("casework.Event").objects
    reopened = events.filter(verb__in=ways[REOPENING]).values("matter_id")
    between = with_corrected_dates(events.filter(verb__in=ways[CLOSING], matter=OuterRef("pk"))).filter(
        held_at__gte=start, held_at__lt=end
    )
    first = Q(first_closed_at__gte=start, first_closed_at__lt=end)
    last = Q(closed_at__gte=start, closed_at__lt=end)
    return matters.filter(first | last | (Q(pk__in=reopened) & Q(Exists(between))))


def with_corrected_dates(events):
    """Events with `held_at`, the date of the act as last corrected (`services.recording.correct_date`)."""
    corrections = events.model.objects.filter(matter_id=OuterRef("matter_id"), verb="date_corrected").annotate(
        _about=Cast(KeyTextTransform("event", "data"), BigIntegerField()),
        _to_at=Cast(KeyTextTransform("to_at", "data"), DateTimeField()),
    )
    later = corrections.filter(_about=OuterRef("pk")).order_by("-seq").values("_to_at")[:1]
    return events.order_by().annotate(held_at=Coalesce(Subquery(later), F("acted_at")))
