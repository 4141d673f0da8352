"""Verifying the history (账本校验): does every event fit its predecessor, and is none missing?"""
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from governance.organisation import chain
from governance.organisation.services.recording import verify_changes

from ..models import Event, Matter, Seal
from .door import event_payload
from .sealing import LEAF_BYTES, TABLES, digest_of, leaf_of


@dataclass(frozen=True)
class Misfit:
    """The first row that does not fit: which ledger, whose, its place in the chain, and what is wrong.

    `reason`: `gap`, `link`, `hash`, `personal`, `tail` (rows missing at the end), `change`; of the seals
    `seal-gap`, `seal-link`, `seal-hash` (the seal itself; `seq` is its number), `sealed-missing` and
    `sealed-changed` (a row under the seal; `seq` is the row's id), `unsealed` (a row put in behind a seal),
    `paper` (the seal is not the one that was printed).
    """

    ledger: str
    subject: str
    seq: int
    reason: str


def verify_ledger(printed=()) -> tuple[int, Misfit | None]:
    """Check every chain and every seal; returns how many events were read and the first misfit, if any.

    One pass over the events in chain order with a server-side cursor: memory stays flat. `printed`: pairs
    (number, hash) of seals that were kept outside the machine.
    """
    read, misfit = _verify_events()
    if misfit is not None:
        return read, misfit
    change = verify_changes()
    if change is not None:
        return read, Misfit("organisation", f"{change.subject_type} {change.subject_id}", change.seq, "change")
    return read, verify_seals(printed)


def verify_seals(printed=()) -> Misfit | None:
    """The first seal or sealed row that does not fit; None if all do. Memory: one seal at a time."""
    previous, kept = None, dict(printed)
    for seal in Seal.objects.order_by("number").iterator(chunk_size=20):
        reason = _seal_reason(seal, previous)
        if reason:
            return Misfit("seal", str(seal.number), seal.number, reason)
        if seal.number in kept and not _is_printed(seal, kept.pop(seal.number)):
            return Misfit("seal", str(seal.number), seal.number, "paper")
        misfit = _first_changed_row(seal)
        if misfit is not None:
            return misfit
        previous = seal
    if kept:
        number = min(kept)
        return Misfit("seal", str(number), number, "seal-gap")
    return _slipped_in(previous)


def _is_printed(seal: Seal, typed: str) -> bool:
    typed = "".join(typed.lower().split())
    return len(typed) >= 2 * LEAF_BYTES and seal.hash.startswith(typed)


def _seal_reason(seal: Seal, previous: Seal | None) -> str:
    expected_number, expected_prev = (previous.number + 1, previous.hash) if previous else (1, "")
    if seal.number != expected_number:
        return "seal-gap"
    if seal.prev_hash != expected_prev:
        return "seal-link"
    return "" if seal.hash == chain.link(seal.prev_hash, seal.payload) else "seal-hash"


def _first_changed_row(seal: Seal) -> Misfit | None:
    """Compare the rows under a seal with what it kept of them."""
    rows = _rows_under(seal)
    if len(rows) == seal.count and digest_of(row_hash for _pk, row_hash in rows) == seal.digest:
        return None
    leaves, held = bytes(seal.leaves), dict(rows)
    for place, pk in enumerate(_ids_in(seal.ids)):
        if pk not in held:
            return Misfit(seal.ledger, _place_of(seal, pk, rows), pk, "sealed-missing")
        if leaf_of(held[pk]) != leaves[place * LEAF_BYTES : (place + 1) * LEAF_BYTES]:
            return Misfit(seal.ledger, _place_of(seal, pk, rows), pk, "sealed-changed")
    return Misfit("seal", str(seal.number), seal.number, "seal-hash")


def _rows_under(seal: Seal) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, hash FROM {TABLES[seal.ledger]}"
            " WHERE id BETWEEN %s AND %s AND id <@ %s::int8multirange ORDER BY id",
            [seal.first_id, seal.last_id, seal.ids],
        )
        return cursor.fetchall()


def _ids_in(ranges: str):
    """The ids of `{[1,4),[7,8)}`, ascending."""
    for part in ranges.strip("{}").replace("),[", ")|[").split("|"):
        first, end = part.strip("[)").split(",")
        yield from range(int(first), int(end))


def _place_of(seal: Seal, pk: int, rows) -> str:
    """Whose row it is, if it is still there; else which seal misses it."""
    if seal.ledger == Seal.Ledger.MATTERS and pk in dict(rows):
        return _number_of(Event.objects.values_list("matter_id", flat=True).get(pk=pk))
    return f"seal {seal.number}"


def _slipped_in(last: Seal | None) -> Misfit | None:
    """A row that claims a transaction from before the last seal, and that no seal holds."""
    if last is None:
        return None
    for ledger, table in TABLES.items():
        seal = Seal.objects.of(ledger).last()
        if seal is None:
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT min(id) FROM {table} WHERE coalesce(xid, 0) < %s AND %s ="
                " (SELECT system_identifier::text FROM pg_control_system()) AND NOT id <@ ("
                "SELECT coalesce(range_agg(ids::int8multirange), '{}') FROM casework_seal WHERE ledger = %s)",
                [seal.floor_xid, seal.cluster, ledger],
            )
            (pk,) = cursor.fetchone()
        if pk is not None:
            return Misfit(ledger, f"seal {seal.number}", pk, "unsealed")
    return None


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
