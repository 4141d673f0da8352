"""What was open or closed at an instant, from the matters' own history (历史在办)."""
from django.apps import apps
from django.db.models import Exists, F, OuterRef, Q, Subquery

from governance.casework import registry

from .spans import within

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


def open_at(matters, kind: str, instant):
    """Those of the matters that were open at an instant, by the dates of the acts as last corrected.

    A matter that never closed before it was open; one that did, and was opened again, is asked for its last
    such act before the instant.
    """
    ways = toggles(kind)
    last = (
        acts(*ways[CLOSING], *ways[REOPENING]).filter(held_at__lt=instant).order_by("-seq").values("verb")[:1]
    )
    still = Q(first_closed_at__isnull=True) | Q(first_closed_at__gte=instant)
    # In this order: only of the few that may have been opened again, the last act before the instant.
    again = Q(first_closed_at__lt=instant) & may_have_been_reopened() & Q(_last_toggle__in=ways[REOPENING])
    return matters.filter(reported_at__lt=instant).alias(_last_toggle=Subquery(last)).filter(still | again)


def closed_in(matters, kind: str, period):
    """Those that were closed in a period, whatever happened later; each once.

    First and last closure stand on the matter; those between, of a matter that was opened again, in its history.
    """
    between = acts(*toggles(kind)[CLOSING]).filter(within("held_at", period))
    again = may_have_been_reopened() & Q(Exists(between))
    return matters.filter(within("first_closed_at", period) | within("closed_at", period) | again)


def may_have_been_reopened() -> Q:
    """What closed once and for all bears one date of closure; all others may have been opened again.

    Told from the matter alone, so that a township's history is not read for its few reopened matters. Two closures of
    one instant look like one: between them it was open for no time.
    """
    first = F("first_closed_at")
    return Q(first_closed_at__isnull=False) & (Q(is_open=True) | Q(closed_at__gt=first) | Q(closed_at__lt=first))


def acts(*verbs: str, matter: str = "pk"):
    """A matter's acts of these names, by their dates as last corrected; `matter`: the outer column that holds it."""
    return apps.get_model("casework.DatedAct").objects.filter(matter=OuterRef(matter), verb__in=verbs)
