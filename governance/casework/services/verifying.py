"""Verifying the history (账本校验): does every event fit its predecessor, and is none missing?"""
from dataclasses import dataclass

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from governance.organisation import chain
from governance.organisation.services.recording import verify_changes

from ..models import Event, Matter
from .door import event_payload


@dataclass(frozen=True)
class Misfit:
    """The first row that does not fit: which ledger, whose, its place in the chain, and what is wrong.

    `reason`: `gap`, `link`, `hash`, `personal`, `tail` (rows missing at the end), `change`.
    """

    ledger: str
    subject: str
    seq: int
    reason: str


def verify_ledger() -> tuple[int, Misfit | None]:
    """Check every chain; returns how many events were read and the first misfit, if any.

    One pass over the events in chain order with a server-side cursor: memory stays flat.
    """
    read, misfit = _verify_events()
    if misfit is not None:
        return read, misfit
    change = verify_changes()
    if change is not None:
        return read, Misfit("organisation", f"{change.subject_type} {change.subject_id}", change.seq, "change")
    return read, None


def _verify_events() -> tuple[int, Misfit | None]:
    read, previous = 0, None
    for event in Event.objects.in_chain_order().iterator(chunk_size=5000):
        if previous is not None and event.matter_id != previous.matter_id:
            previous = None
        reason = _reason(event, previous)
        if reason:
            return read, Misfit("matter", _number_of(event.matter_id), event.seq, reason)
        read, previous = read + 1, event
    return read, _missing_tail()


def _missing_tail() -> Misfit | None:
    """A matter that counts more events than it has: rows at the end of its chain are gone."""
    last = Event.objects.filter(matter=OuterRef("pk")).order_by("-seq").values("seq")[:1]
    short = (
        Matter.objects.annotate(last_seq=Coalesce(Subquery(last), 0))
        .exclude(event_count=F("last_seq")).order_by("pk").values_list("number", "last_seq").first()
    )
    return Misfit("matter", short[0], short[1], "tail") if short else None


def _reason(event: Event, previous: Event | None) -> str:
    expected_seq, expected_prev = (previous.seq + 1, previous.hash) if previous else (1, "")
    if event.seq != expected_seq:
        return "gap"
    if event.prev_hash != expected_prev:
        return "link"
    if event.hash != chain.link(event.prev_hash, event_payload(event)):
        return "hash"
    return "" if _personal_fits(event) else "personal"


def _personal_fits(event: Event) -> bool:
    """Erased values leave the hash behind; values that are there must fit it."""
    personal = getattr(event, "personal", None)
    if personal is None or personal.erased_at is not None:
        return True
    return event.personal_hash == chain.seal_personal(personal.values, personal.salt)


def _number_of(matter_id: int) -> str:
    return Matter.objects.filter(pk=matter_id).values_list("number", flat=True).first() or str(matter_id)
