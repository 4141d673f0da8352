"""The runs of a batch (后台执行): dry run, entering, undoing; each can be killed anywhere and goes on.

Rows are taken in groups, each in one transaction with the batch locked: after a kill -9 a group is there whole
or not at all, a second worker waits for the first and finds its rows done.
"""
import itertools
import logging
import sys
import traceback
import uuid
from contextlib import closing

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from governance.casework import registry
from governance.casework.models import Matter
from governance.casework.services import entering
from governance.casework.workflow import Refused

from ... import layout as layouts
from ...models import ImportBatch, ImportRow
from ...querysets import RUNNING
from ...reading import Reading, open_book
from .comparing import changes_of, held_of, whole
from .context import Context, surroundings_of
from .judging import Judge, version_now
from .originals import in_clear
from .payloads import seal, seal_plain, typed, unseal

_log = logging.getLogger(__name__)
GROUP, UNDO_GROUP, MOST_TRIES = 250, 50, 5
OUTCOME_COLUMNS = (
    "verdict", "fate", "fate_code", "payload", "before", "matter_id", "version", "event_count", "reason_code",
    "reason_cell",
)
COUNTS = ("done_count", "kept_count", "new_count", "same_count", "update_count", "error_count")
State, Verdict, Fate = ImportBatch.State, ImportRow.Verdict, ImportRow.Fate


class Superseded(Exception):
    """Another run has taken the batch over: this one writes nothing more."""


def run(batch_id: int) -> str:
    """Do what was ordered of a batch, to its end; the state it then has. Safe to call twice."""
    batch = ImportBatch.objects.filter(pk=batch_id).first()
    work = {State.RECEIVED: read_in, State.READING: read_in, State.COMMITTING: _commit, State.UNDOING: _undo}
    if batch is not None and batch.state in work:
        _run(batch, work[batch.state])
        batch.refresh_from_db()
    return batch.state if batch is not None else ""


def _run(batch: ImportBatch, work) -> None:
    """One run to its end, whatever happens: a fault ends the batch with a word, trouble with the database waits.

    A worker that dies, or a database that is away, is tried again; what is begun too often without anything being
    done would be for ever.
    """
    begun = ImportBatch.objects.filter(pk=batch.pk, attempt=batch.attempt)
    try:
        if batch.try_count >= MOST_TRIES:
            raise RuntimeError("begun too often")
        begun.update(try_count=F("try_count") + 1)
        work(batch.pk)
    except Superseded:
        return
    except (OperationalError, InterfaceError):
        _log_fault(batch)
        raise
    except Exception:
        _log_fault(batch)
        end_early(batch, "import-failed")


def _log_fault(batch: ImportBatch) -> None:
    """Where it went wrong, without the words of the error: names may stand in them."""
    kind, _error, trace = sys.exc_info()
    _log.error("import %s ended by %s\n%s", batch.pk, kind.__name__, "".join(traceback.format_tb(trace)))


def end_early(batch: ImportBatch, code: str) -> None:
    """Put a batch that runs to its end at once: of a dry run nothing stays; what was entered or undone stays so."""
    state = State.REFUSED if batch.state in (State.RECEIVED, State.READING) else State.STOPPED
    if batch.state == State.COMMITTING and not ImportRow.objects.filter(batch=batch).entered().exists():
        state = State.CHECKED
    ImportBatch.objects.filter(pk=batch.pk, attempt=batch.attempt, state__in=(State.RECEIVED, *RUNNING)).update(
        state=state, refusal_code=code, refusal_data={}, attempt=uuid.uuid4(),
    )


def read_in(batch_id: int) -> None:
    """The dry run: a verdict for every row, nothing entered. A file that cannot be read refuses the batch."""
    batch = ImportBatch.objects.select_related("township", "created_by").get(pk=batch_id)
    layout = layouts.get(batch.kind)
    _start_reading(batch)
    try:
        with in_clear(batch) as path, closing(open_book(path, batch.file_name)) as book:
            _read(batch, layout, Reading(layout, surroundings_of(batch, layout)), book)
    except Refused as refusal:
        _finish(batch, State.REFUSED, refusal_code=refusal.code, refusal_data=getattr(refusal, "data", {}))


def _start_reading(batch: ImportBatch) -> None:
    """Begin anew: rows of a run that was cut off are dropped."""
    with transaction.atomic():
        _hold(batch)
        ImportRow.objects.filter(batch=batch).delete()
        fields = ("read_count", "new_count", "same_count", "update_count", "error_count", "guess_count")
        for name in fields:
            setattr(batch, name, 0)
        batch.refusal_code, batch.refusal_data, batch.mapping, batch.notes, batch.places = "", {}, [], [], []
        batch.save(update_fields=[*fields, "refusal_code", "refusal_data", "mapping", "notes", "places"])


def _read(batch: ImportBatch, layout, reading: Reading, book) -> None:
    judge = Judge(batch, layout, batch.created_by)
    batch.total_count = book.row_count
    records, position = reading.records(book), itertools.count(1)
    while group := list(itertools.islice(records, GROUP)):
        rows = [_row(batch, one, next(position)) for one in judge.judge(group)]
        with transaction.atomic():
            _hold(batch)
            ImportRow.objects.bulk_create(rows)
            for row in rows:
                name = f"{row.verdict}_count"
                setattr(batch, name, getattr(batch, name) + 1)
            batch.guess_count += sum(row.has_guesses for row in rows)
            batch.read_count += len(rows)
            batch.save(update_fields=[
                "total_count", "read_count", "new_count", "same_count", "update_count", "error_count", "guess_count",
            ])
    batch.mapping = [_mapped(sheet, heading) for sheet, heading in reading.headings]
    batch.notes = [note.plain() for note in reading.notes]
    places = [{"text": text, "code": code, "count": count} for text, (code, count) in reading.places.items()]
    _finish(batch, State.CHECKED, total_count=batch.read_count, mapping=batch.mapping, notes=batch.notes,
            places=places, checked_at=timezone.now())


def _row(batch: ImportBatch, judged, position: int) -> ImportRow:
    record = judged.record
    first = record.troubles[0] if record.troubles else None
    return ImportRow(
        batch=batch, position=position, sheet=record.sheet[:100], row_number=record.row, verdict=judged.verdict,
        reason_code=first.code if first else "", reason_cell=first.cell if first else "",
        has_guesses=bool(record.guesses), identity=judged.identity, fingerprint=judged.fingerprint,
        matter_id=judged.matter_id, payload=seal(record, judged.changes, judged.stood),
    )


def _mapped(sheet, heading) -> dict:
    return {
        "sheet": sheet.name, "first_row": heading.first_row, "last_row": heading.last_row,
        "columns": [
            {"letter": guess.letter, "heading": guess.heading, "code": guess.code, "how": guess.how}
            for guess in heading.guesses
        ],
    }


def _commit(batch_id: int) -> None:
    """Enter what is new and bring up to date what changed, group by group."""
    batch = ImportBatch.objects.select_related("township", "committed_by").get(pk=batch_id)
    layout = layouts.get(batch.kind)
    context = Context.of(batch, layout)
    while _commit_group(batch, layout, context):
        pass
    with transaction.atomic():
        _hold(batch)
        same = ImportRow.objects.filter(batch=batch).exclude(verdict=Verdict.ERROR).exclude(payload=b"")
        same.update(payload=b"")
        _finish(batch, State.COMMITTED, committed_at=timezone.now())


@transaction.atomic
def _commit_group(batch: ImportBatch, layout, context: Context) -> int:
    """One group, whole or not at all; how many rows it had."""
    _hold(batch)
    # One ledger of a kind enters a township at a time, so that the same file sent twice is entered once.
    _wait_for(f"ledger:{batch.township_id}:{batch.kind}")
    # Another worker may have entered groups since this one read the batch.
    batch.refresh_from_db(fields=COUNTS)
    rows = list(ImportRow.objects.filter(batch=batch).waiting()[:GROUP])
    new = [row for row in rows if row.verdict == Verdict.NEW]
    held = set(
        ImportRow.objects.entered().filter(verdict=Verdict.NEW, fingerprint__in={row.fingerprint for row in new})
        .values_list("fingerprint", flat=True)
    )
    _enter(batch, layout, context, [row for row in new if row.fingerprint not in held])
    for row in new:
        if row.fingerprint in held:
            row.verdict, row.payload = Verdict.SAME, b""
            _recount(batch, "new_count", "same_count")
    # Written before the updates, which may be of a row of this very group.
    _write_entered([row for row in new if row.fate == Fate.ENTERED])
    for row in new:
        if row.fate != Fate.ENTERED:
            row.save(update_fields=OUTCOME_COLUMNS)
    for row in rows:
        if row.verdict == Verdict.UPDATE:
            _update(batch, layout, context, row)
            row.save(update_fields=OUTCOME_COLUMNS)
    batch.done_count, batch.try_count = batch.done_count + len(rows), 0
    batch.save(update_fields=["done_count", "new_count", "same_count", "update_count", "error_count", "try_count"])
    return len(rows)


def _enter(batch, layout, context, rows) -> None:
    """Enter new rows together; one that the door would refuse becomes an error, the others go in."""
    kind, entries, good = registry.get(layout.kind), [], []
    for row in rows:
        entry = layout.past(typed(unseal(row.payload)["values"], layout), context.for_row(batch, row))
        try:
            entering.check_past(kind, batch.committed_by, entry, context.now)
        except Refused as refusal:
            _fail(batch, row, refusal, "new_count")
            continue
        entries.append(entry)
        good.append(row)
    entered = entering.enter_past(kind=layout.kind, actor=batch.committed_by, entries=entries)
    for row, result in zip(good, entered, strict=True):
        row.matter_id, row.version, row.event_count = result.matter_id, result.version, result.event_count
        row.fate, row.payload = Fate.ENTERED, b""


def _write_entered(rows) -> None:
    """Note what new rows became, in one statement: `bulk_update` takes seconds for what this does in moments."""
    columns = zip(*((row.pk, row.matter_id, row.version, row.event_count) for row in rows), strict=True)
    arrays = [list(column) for column in columns]
    if not arrays:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE ledgers_importrow AS held
            SET fate = 'entered', payload = '', matter_id = became.matter, version = became.version,
                event_count = became.events
            FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::int[]) AS became(id, matter, version, events)
            WHERE held.id = became.id
            """,
            arrays,
        )


def _update(batch, layout, context, row: ImportRow) -> None:
    """Bring the matter of a changed row up to date, through the door."""
    latest = ImportRow.objects.entered().filter(identity=row.identity).exclude(matter=None)
    latest = latest.filter(matter_id=row.matter_id) if row.matter_id else latest
    last = latest.order_by("-pk").first()
    if last is None:
        _fail(batch, row, Refused("row-above-not-entered", ""), "update_count")
        return
    row.matter_id = last.matter_id
    try:
        values = _brought_together(layout, row)
        if values is None:
            row.verdict, row.payload = Verdict.SAME, b""
            _recount(batch, "update_count", "same_count")
            return
        with transaction.atomic():
            result, before = entering.bring_up_to_date(
                matter_id=last.matter_id, actor=batch.committed_by, facts=layout.update, version=version_now(last),
                entry=layout.past(values, context.for_row(batch, row)),
            )
    except Refused as refusal:
        _fail(batch, row, refusal, "update_count")
        return
    row.matter_id, row.version, row.event_count = result.matter_id, result.version, result.event_count
    row.fate, row.payload, row.before = Fate.ENTERED, b"", seal_plain(before)


def _brought_together(layout, row: ImportRow) -> dict | None:
    """All that the matter says with what the row changes of it now; None if that is nothing."""
    payload = unseal(bytes(row.payload))
    held = held_of(layout, layout.matters(Matter.objects.filter(pk=row.matter_id)).get())
    changes = changes_of(layout, held, typed(payload["values"], layout), payload["said"])
    return whole(layout, held, changes) if changes else None


def _fail(batch: ImportBatch, row: ImportRow, refusal: Refused, counted: str) -> None:
    held = unseal(row.payload)
    told = {"code": refusal.code, "cell": f"A{row.row_number}", "data": {"value": str(refusal.message)}}
    held["troubles"].append(told)
    row.payload = seal_plain(held)
    row.verdict, row.reason_code, row.reason_cell = Verdict.ERROR, refusal.code, f"A{row.row_number}"
    row.fate_code = refusal.code
    _recount(batch, counted, "error_count")


def _recount(batch: ImportBatch, before: str, after: str) -> None:
    setattr(batch, before, getattr(batch, before) - 1)
    setattr(batch, after, getattr(batch, after) + 1)


def _undo(batch_id: int) -> None:
    """Take back what was entered, the last row first; what was worked on since stays and is named."""
    batch = ImportBatch.objects.select_related("undone_by").get(pk=batch_id)
    layout = layouts.get(batch.kind)
    while _undo_group(batch, layout):
        pass
    with transaction.atomic():
        _hold(batch)
        _finish(batch, State.UNDONE, undone_at=timezone.now())


@transaction.atomic
def _undo_group(batch: ImportBatch, layout) -> int:
    _hold(batch)
    batch.refresh_from_db(fields=COUNTS)
    rows = list(ImportRow.objects.filter(batch=batch).entered().order_by("-position")[:UNDO_GROUP])
    for row in rows:
        try:
            with transaction.atomic():
                _take_back(batch, layout, row)
            row.fate = Fate.UNDONE
        except Refused as refusal:
            row.fate, row.fate_code = Fate.KEPT, refusal.code
            batch.kept_count += 1
        row.before = b""
        row.save(update_fields=["fate", "fate_code", "before"])
    batch.done_count, batch.try_count = batch.done_count + len(rows), 0
    batch.save(update_fields=["done_count", "kept_count", "try_count"])
    return len(rows)


def _take_back(batch: ImportBatch, layout, row: ImportRow) -> None:
    by = {"matter_id": row.matter_id, "actor": batch.undone_by, "version": version_now(row), "file": batch.file_name}
    if row.verdict == Verdict.NEW:
        entering.take_back(**by)
    else:
        entering.put_back(before=unseal(row.before), facts=layout.revert, **by)


def _hold(batch: ImportBatch) -> None:
    """Lock the batch for this transaction and give a sign of life; Superseded if another run has it now."""
    attempt = ImportBatch.objects.select_for_update().filter(pk=batch.pk).values_list("attempt", flat=True).first()
    if attempt != batch.attempt:
        raise Superseded
    ImportBatch.objects.filter(pk=batch.pk).update(beat_at=timezone.now())


def _finish(batch: ImportBatch, state: str, **columns) -> None:
    with transaction.atomic():
        _hold(batch)
        ImportBatch.objects.filter(pk=batch.pk, attempt=batch.attempt).update(state=state, **columns)


def _wait_for(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
