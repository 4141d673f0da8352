"""Making the file of an export (生成文件): once, whatever is delivered twice; the record is chained."""
import hashlib
import uuid
from pathlib import Path

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from governance.keeping.services import storing
from governance.organisation.models import UnitLevel
from governance.organisation.phones import mask_phone
from governance.organisation.registry import Refused
from governance.organisation.services.recording import record_change

from ...models import LedgerExport
from ...registry import Export, Scope
from ...writing import SERIAL, Sheet, SheetColumn, write_workbook
from ..sealed import room_in_memory, seal
from .scopes import find_export, scope_of

FOLDER = "exports"
KEPT_DAYS = 7
CHUNK = 500
PROGRESS_SECONDS = 3600


def make_export(*, export_id: int) -> bool:
    """Write the file of a waiting export and record what was taken out; False if there is nothing to do.

    Two workers with the same order do not meet: the row is held until the file stands. Whatever fails
    leaves a failed record and no file.
    """
    try:
        with transaction.atomic():
            row = LedgerExport.objects.waiting().select_for_update(skip_locked=True, of=("self",)).filter(
                pk=export_id).select_related("owner__home_unit", "township").first()
            if row is None:
                return False
            _make(row)
    except Exception as problem:
        code = problem.code if isinstance(problem, Refused) else "not-made"
        LedgerExport.objects.waiting().filter(pk=export_id).update(
            state=LedgerExport.State.FAILED, refusal_code=code, finished_at=timezone.now()
        )
        if not isinstance(problem, Refused):
            raise
        return False
    return True


def make_waiting(*, before) -> int:
    """Make what was ordered before an instant and still waits: its task was lost with the broker."""
    waiting = LedgerExport.objects.waiting().filter(ordered_at__lt=before).order_by("pk")
    return sum(make_export(export_id=pk) for pk in waiting.values_list("pk", flat=True))


def folder() -> Path:
    """Where the files lie, outside the web root."""
    return storing.place(FOLDER)


def progress_key(export_id: int) -> str:
    """Where in the cache the number of written rows stands."""
    return f"ledgers.export.{export_id}"


def _make(row: LedgerExport) -> None:
    export = find_export(row.code, row.owner)
    scope = scope_of(export, row.owner, township=row.township, place_ids=row.choice.get("places", ()),
                     from_on=row.from_on, to_on=row.to_on)
    name = f"{uuid.uuid4().hex}.xlsx"
    target = folder() / name
    try:
        with room_in_memory() as (_file, clear):
            row.matter_ids = _write(clear, row, export, scope)
            row.sha256, row.size_bytes = _digest(clear), clear.stat().st_size
            seal(clear, f"{FOLDER}/{name}")
        row.path = name
        row.state, row.finished_at = LedgerExport.State.READY, timezone.now()
        row.expires_at = row.finished_at + timezone.timedelta(days=KEPT_DAYS)
        row.save()
        _put_on_record(row)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _write(target: Path, row: LedgerExport, export: Export, scope: Scope) -> list[int]:
    """Write the file; the ids of the matters in it, each once."""
    columns = export.chosen(row.choice.get("columns", ()))
    filled = [column for column in columns if column.form != SERIAL]
    ids = {}

    def lines():
        for found in export.rows(scope).iterator(chunk_size=CHUNK):
            for line in export.spread(found) if export.spread else (found,):
                if export.matter_id is not None:
                    ids[export.matter_id(line)] = None
                yield [_shown(column, line, row.shows_contacts) for column in filled]

    def note(count):
        if count % CHUNK == 0:
            cache.set(progress_key(row.pk), count, PROGRESS_SECONDS)

    row.row_count = write_workbook(target, _sheet(row, export, columns), lines(), after_row=note)
    return list(ids)


def _shown(column, line, clear: bool):
    value = column.value(line)
    if column.is_contact and value and not clear:
        return "/".join(mask_phone(phone) for phone in str(value).split("/"))
    return value


def _sheet(row: LedgerExport, export: Export, columns) -> Sheet:
    return Sheet(
        title=row.title, columns=tuple(SheetColumn(c.heading, c.width, c.form) for c in columns),
        filed_by=_filed_by(row), taken_by=row.owner.name, taken_at=row.ordered_at, mark=row.mark,
        period=(row.from_on, row.to_on) if row.from_on else None, plain=export.plain,
    )


def _filed_by(row: LedgerExport) -> str:
    """富春江镇综治办: the township, and the department in which the person works."""
    home, township = row.owner.home_unit, row.township
    if township is None:
        return home.short_name if home else ""
    inside = home is not None and home.level == UnitLevel.DEPARTMENT and home.path.startswith(township.path)
    department = home.short_name if inside else ""
    return department if department.startswith(township.short_name) else f"{township.short_name}{department}"


def _put_on_record(row: LedgerExport) -> None:
    """The change log says what left the portal; the ids are hashed, as they stand beside it in the record."""
    matters = hashlib.sha256(",".join(map(str, row.matter_ids)).encode()).hexdigest() if row.matter_ids else ""
    record_change(
        subject_type="export", subject_id=row.pk, actor=row.owner,
        verb="contacts_exported" if row.shows_contacts else "exported",
        data={
            "code": row.code, "township": row.township_id, "rows": row.row_count, "file": row.sha256,
            "matters": len(row.matter_ids), "matters_hash": matters, **row.choice,
            "from_on": row.from_on and row.from_on.isoformat(), "to_on": row.to_on and row.to_on.isoformat(),
        },
        personal={"reason": row.reason} if row.reason else None,
    )


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
