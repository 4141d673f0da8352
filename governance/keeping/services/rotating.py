"""Changing the personal key without loss (更换密钥): everything under an older key is put under the first one.

In small portions while the portal runs; each portion commits together with how far it is, so that a kill loses
nothing and the next run goes on. A round in which nothing had to change proves that the older keys may go.
"""
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from psycopg2.extras import execute_values

from governance.organisation import encryption
from governance.organisation.services.recording import record_change

from ..models import KeyTurn
from ..registry import FileSource, SealedColumns, all_files, all_sealed
from . import storing
from .backups.making import mark_of

ROWS, FILES, MOST_ROUNDS = 500, 20, 5


@dataclass(frozen=True)
class Step:
    """How far one kind is: rows seen and changed in this round, how many there are about."""

    code: str
    seen: int
    changed: int
    failed: int


def current_mark() -> str:
    """By what the first key is recognised."""
    return mark_of(encryption.first_key(settings.PERSONAL_KEY))


def rotate() -> Iterator[Step]:
    """Turn everything to the first key, telling after each portion; ends after a round without a change.

    What cannot be opened with any key is left as it is and counted as failed.
    """
    for _number in range(MOST_ROUNDS):
        _begin_round()
        for kind in (*all_sealed(), *(source for source in all_files() if source.is_encrypted)):
            yield from _through(kind)
        if not KeyTurn.objects.filter(key=current_mark(), changed__gt=0).exists():
            record_change(subject_type="personal_key", subject_id=current_mark(), verb="rotated", actor=None,
                          data={"failed": failures()})
            return


def is_done() -> bool:
    """Whether the last round was through and changed nothing."""
    turns = KeyTurn.objects.filter(key=current_mark())
    return turns.exists() and not turns.filter(through_at=None).exists() and not turns.filter(changed__gt=0).exists()


def failures() -> int:
    """Rows and files that no key opens."""
    return sum(KeyTurn.objects.filter(key=current_mark()).values_list("failed", flat=True))


def _begin_round() -> None:
    """Begin anew if the last round is through; one that was broken off is carried on."""
    turns = KeyTurn.objects.filter(key=current_mark())
    if turns.exists() and not turns.filter(through_at=None).exists():
        turns.update(after=0, seen=0, changed=0, failed=0, through_at=None)


def _through(kind) -> Iterator[Step]:
    turn, _made = KeyTurn.objects.get_or_create(code=kind.code, key=current_mark())
    portion = _turn_files if isinstance(kind, FileSource) else _turn_rows
    while turn.through_at is None:
        with transaction.atomic():
            portion(kind, turn)
            turn.save()
        yield Step(kind.code, turn.seen, turn.changed, turn.failed)


def _turn_rows(sealed: SealedColumns, turn: KeyTurn) -> None:
    key = settings.PERSONAL_KEY
    rows = sealed.rows().filter(pk__gt=turn.after) if turn.after else sealed.rows()
    rows = list(rows.order_by("pk").select_for_update(no_key=True, of=("self",)).values("pk", *sealed.fields)[:ROWS])
    changes = {}
    for values in rows:
        try:
            changed = sealed.turn(values, key)
        except ValueError:
            turn.failed += 1
            continue
        if changed:
            changes[values["pk"]] = changed
    _write(sealed.rows().model, changes)
    turn.seen, turn.changed = turn.seen + len(rows), turn.changed + len(changes)
    _step_on(turn, rows[-1]["pk"] if rows else 0, len(rows) < ROWS)


def _write(model, changes: dict) -> None:
    """Update the rows, those with the same columns by one statement."""
    quote, table = connection.ops.quote_name, model._meta.db_table
    by_columns = {}
    for pk, changed in changes.items():
        by_columns.setdefault(tuple(sorted(changed)), []).append((pk, *(changed[name] for name in sorted(changed))))
    for names, rows in by_columns.items():
        columns = [model._meta.get_field(name).column for name in names]
        put = ", ".join(f"{quote(name)} = given.{quote(name)}" for name in columns)
        given = ", ".join(["pk", *map(quote, columns)])
        with connection.cursor() as cursor:
            execute_values(
                cursor.cursor,
                f"UPDATE {quote(table)} AS held SET {put} FROM (VALUES %s) AS given ({given})"
                f" WHERE held.{quote(model._meta.pk.column)} = given.pk", rows, page_size=ROWS,
            )


def _turn_files(source: FileSource, turn: KeyTurn) -> None:
    held = source.rows().filter(pk__gt=turn.after).order_by("pk").select_for_update(no_key=True, of=("self",))
    pks = list(held.values_list("pk", flat=True)[:FILES])
    for pk in pks:
        stored = source.find(pk)
        try:
            turn.changed += stored is not None and _turn_file(stored.path)
        except (OSError, ValueError):
            turn.failed += 1
    turn.seen += len(pks)
    _step_on(turn, pks[-1] if pks else 0, len(pks) < FILES)


def _turn_file(path: str) -> bool:
    """Encrypt a file anew in its place; whoever reads the old one reads it to its end."""
    with storing.place(path).open("rb") as file:
        if encryption.is_current_file(file, key=settings.PERSONAL_KEY):
            return False
        blocks = encryption.decrypt_blocks(file, key=settings.PERSONAL_KEY)
        storing.write(path, encryption.encrypt_blocks(blocks, key=settings.PERSONAL_KEY))
    return True


def _step_on(turn: KeyTurn, last, is_end: bool) -> None:
    turn.after = last if last and isinstance(last, int) else turn.after
    if is_end:
        turn.through_at = timezone.now()
