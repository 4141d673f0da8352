"""Sealing the history (封存): what was committed since the last seal, chained to it, in the order of commits.

How the order of commits is known: each row keeps the number of the transaction that wrote it. A seal notes the
oldest transaction that was still running, so the next one reads only rows from that number on and leaves out
those that are sealed already. A transaction that commits late is sealed when it has committed: no row is left
out, none is sealed twice, and nobody waits for anybody. A database that was restored on another machine counts
its transactions anew; then all rows are read once.
"""
import hashlib

from django.db import connection, transaction
from django.utils import timezone

from governance.organisation import chain

from ..models import Seal

ROWS_IN_A_SEAL = 50_000
LEAF_BYTES = 8
TABLES = {Seal.Ledger.MATTERS.value: "casework_event", Seal.Ledger.ORGANISATION.value: "organisation_change"}

_TO_SEAL = """
    SELECT id, hash, coalesce(xid, 0) FROM {table}
    WHERE {since} AND id > %(after)s AND NOT id <@ (
        SELECT coalesce(range_agg(ids::int8multirange), '{{}}') FROM casework_seal
        WHERE ledger = %(ledger)s AND last_xid >= %(floor)s
    )
    ORDER BY id LIMIT %(most)s
"""


@transaction.atomic
def seal_ledger(*, most: int = ROWS_IN_A_SEAL) -> list[Seal]:
    """Seal every committed row of both ledgers that no seal holds yet; returns the new seals, oldest first.

    One run at a time; a second one waits and finds nothing left. Memory is bounded by `most` rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('casework.seal', 0))")
    last = Seal.objects.order_by("number").last()
    written = []
    for ledger in TABLES:
        floor, cluster = _oldest_running()
        since, after = _floor_of(ledger, cluster), 0
        while rows := _unsealed(ledger, since, after, most):
            last, after = _seal(ledger, rows, last, floor, cluster), rows[-1][0]
            written.append(last)
    return written


def digest_of(hashes) -> str:
    """SHA-256 (hex) over the hashes of rows in the order of their ids."""
    return hashlib.sha256("".join(hashes).encode()).hexdigest()


def leaf_of(row_hash: str) -> bytes:
    """What a seal keeps of one row's hash."""
    return bytes.fromhex(row_hash[: 2 * LEAF_BYTES])


def ranges_of(ids) -> str:
    """Ascending ids as the text of an int8multirange: `{[1,4),[7,8)}`."""
    parts, first, previous = [], None, None
    for one in ids:
        if previous is not None and one == previous + 1:
            previous = one
            continue
        if first is not None:
            parts.append(f"[{first},{previous + 1})")
        first = previous = one
    return "{" + ",".join([*parts, f"[{first},{previous + 1})"]) + "}"


def _oldest_running() -> tuple[int, str]:
    """The number of the oldest transaction that may still commit, and which cluster counts it.

    Read before the rows: at worst the next seal looks at a few rows more.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
            " (SELECT system_identifier::text FROM pg_control_system())"
        )
        return cursor.fetchone()


def _floor_of(ledger: str, cluster: str) -> int:
    """From which transaction on rows may be unsealed; 0 reads all (first seal, or another cluster)."""
    last = Seal.objects.of(ledger).last()
    return last.floor_xid if last is not None and last.cluster == cluster else 0


def _unsealed(ledger: str, floor: int, after: int, most: int) -> list[tuple[int, str, int]]:
    since = "xid >= %(floor)s" if floor else "true"
    sql = _TO_SEAL.format(table=TABLES[ledger], since=since)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"ledger": ledger, "floor": floor, "after": after, "most": most})
        return cursor.fetchall()


def _seal(ledger: str, rows, last: Seal | None, floor: int, cluster: str) -> Seal:
    hashes = [row_hash for _pk, row_hash, _xid in rows]
    seal = Seal(
        number=last.number + 1 if last else 1, ledger=ledger, at=timezone.now(), count=len(rows),
        first_id=rows[0][0], last_id=rows[-1][0], ids=ranges_of(pk for pk, _hash, _xid in rows),
        leaves=b"".join(leaf_of(row_hash) for row_hash in hashes), digest=digest_of(hashes),
        cluster=cluster, floor_xid=floor, last_xid=max(xid for _pk, _hash, xid in rows),
        prev_hash=last.hash if last else "",
    )
    seal.hash = chain.link(seal.prev_hash, seal.payload)
    seal.save(force_insert=True)
    return seal
