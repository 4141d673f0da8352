"""What a database holds, in a few numbers (内容指纹): for each table its rows and a sum of their hashes.

The same snapshot gives the same numbers wherever it is restored, whatever the order of rows on the disk.
"""
import hashlib
import json

_AS_WRITTEN = (
    "SET LOCAL DateStyle TO ISO", "SET LOCAL IntervalStyle TO postgres", "SET LOCAL TimeZone TO 'UTC'",
    "SET LOCAL bytea_output TO hex", "SET LOCAL extra_float_digits TO 1",
    "SET LOCAL statement_timeout TO 0", "SET LOCAL idle_in_transaction_session_timeout TO 0",
)


def settle(cursor) -> None:
    """Have values written alike everywhere, and long work not cut off, until the transaction ends."""
    for statement in _AS_WRITTEN:
        cursor.execute(statement)


def read(cursor) -> dict[str, list]:
    """Rows and sum of each table, in a transaction that `settle` has prepared."""
    cursor.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY c.relname"
    )
    found = {}
    for (table,) in cursor.fetchall():
        cursor.execute(
            f'SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM public."{table}" t'
        )
        found[table] = list(cursor.fetchone())
    return found


def read_elsewhere(cursor) -> dict[str, list]:
    """The same over a connection of its own."""
    cursor.execute("BEGIN")
    settle(cursor)
    found = read(cursor)
    cursor.execute("COMMIT")
    return found


def hash_of(contents: dict) -> str:
    """One hash for all of it, to be read out over the telephone by its first characters."""
    return hashlib.sha256(json.dumps(contents, sort_keys=True).encode()).hexdigest()


def first_difference(expected: dict, found: dict) -> str:
    """The first table that does not fit, "" if all do."""
    return next((name for name in sorted({*expected, *found}) if expected.get(name) != found.get(name)), "")
