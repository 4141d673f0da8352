"""The life of an imported file (导入批次): who may bring it in, what was ordered, how far it is."""
import uuid
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.casework.visibility import Sight
from governance.keeping.services import storing
from governance.organisation.models import Unit
from governance.organisation.registry import Refused
from governance.organisation.services.background import start_later

from ... import layout as layouts
from ...models import ColumnMapping, ImportBatch, ImportRow, PlaceMapping
from ...querysets import RUNNING, township_ids
from ...reading.headings import normal
from ...reading.text import tight
from .originals import keep, path_of
from .running import end_early

# *local*: how long file and understood values are kept after the upload.
KEPT_DAYS = 30
STALLED_AFTER = timedelta(minutes=3)
# So long nothing has moved before whoever waits for it is told.
TOLD_AFTER = timedelta(minutes=1)
TASK = "governance.ledgers.tasks.run_import"
State = ImportBatch.State
_CHECKABLE = (State.RECEIVED, State.READING, State.CHECKED, State.REFUSED)


def importable_kinds(user) -> list[layouts.Layout]:
    """Ledgers that the user may bring in somewhere."""
    return [one for one in layouts.all_layouts() if one.is_read and township_ids(user, one.kind)]


def townships_of(user, kind: str) -> list[Unit]:
    """Townships into which the user may bring ledgers of this kind."""
    return list(Unit.objects.filter(pk__in=township_ids(user, kind), level="township").in_tree_order())


def require_importer(user, township: Unit, kind: str) -> None:
    """Refused `ledger-unknown`, `not-your-right` unless the user manages this kind in the township."""
    try:
        layout = layouts.get(kind)
    except KeyError as error:
        raise Refused("ledger-unknown", _("There is no ledger “%(kind)s”.") % {"kind": kind}) from error
    Sight.of(user, fresh=True)
    if not layout.is_read or township.pk not in township_ids(user, kind):
        raise Refused("not-your-right", _("Your posts do not give you the right to do this here."))


def find_batch(batch_id: int, user) -> ImportBatch:
    """The batch, with the user's right to it. Refused `import-not-found`."""
    batch = ImportBatch.objects.visible_to(user).for_list().filter(pk=batch_id).first()
    if batch is None:
        raise Refused("import-not-found", _("There is no such import."))
    return batch


def take_in(*, actor, township: Unit, kind: str, name: str, content, start: bool = True) -> ImportBatch:
    """Keep an uploaded file (chunks of bytes, or a file) encrypted outside the web root, and order its dry run.

    Refused: `ledger-unknown`, `not-your-right`, `file-too-large`, `file-is-empty`; what is inside is looked at
    by the dry run, which refuses the batch.
    """
    require_importer(actor, township, kind)
    relative = Path("ledgers") / f"{timezone.localdate():%Y/%m}" / f"{uuid.uuid4().hex}.ledger"
    try:
        size, digest = keep(str(relative), content)
        with transaction.atomic():
            batch = ImportBatch.objects.create(
                township=township, kind=kind, file_name=Path(name).name[:200], path=str(relative), sha256=digest,
                size_bytes=size, created_by=actor, created_at=timezone.now(),
                erase_on=timezone.localdate() + timedelta(days=KEPT_DAYS),
            )
            if start:
                _begin(batch, State.READING)
    except BaseException:
        storing.place(str(relative)).unlink(missing_ok=True)
        raise
    return batch


def correct_mapping(*, batch_id: int, actor, columns: dict[str, str]) -> ImportBatch:
    """Say what headings mean (heading as shown -> column code, "" leaves it out) and check the file anew.

    Kept for the township: the next ledger of this kind is understood so from the start.
    Refused: `column-unknown`, `import-not-checkable`.
    """
    with _locked(batch_id, actor) as batch:
        _require(batch, _CHECKABLE, "import-not-checkable", _("This ledger is entered already."))
        layout = layouts.get(batch.kind)
        codes = {column.code for column in layout.columns}
        for heading, code in columns.items():
            if code and code not in codes:
                raise Refused("column-unknown", _("There is no column “%(code)s”.") % {"code": code})
            ColumnMapping.objects.update_or_create(
                township=batch.township, kind=batch.kind, heading=normal(heading)[:120],
                defaults={"code": code, "set_by": actor},
            )
        _begin(batch, State.READING)
    return batch


def order_reading(*, batch_id: int, actor) -> ImportBatch:
    """Check the file (again). Refused: `import-not-checkable`."""
    with _locked(batch_id, actor) as batch:
        _require(batch, _CHECKABLE, "import-not-checkable", _("This ledger is entered already."))
        _begin(batch, State.READING)
    return batch


def order_commit(*, batch_id: int, actor, start: bool = True) -> ImportBatch:
    """Enter the good rows, without the bad ones. Ordered twice it is done once.

    Refused: `import-not-checked`, `import-has-nothing-to-enter`.
    """
    with _locked(batch_id, actor) as batch:
        if batch.state in (State.COMMITTING, State.COMMITTED):
            return batch
        may = (State.CHECKED,) if batch.undone_by_id else (State.CHECKED, State.STOPPED)
        _require(batch, may, "import-not-checked", _("Check the ledger first."))
        if not batch.new_count + batch.update_count:
            raise Refused("import-has-nothing-to-enter", _("There is no new or changed row in it."))
        batch.committed_by = actor
        waiting = ImportRow.objects.filter(batch=batch).waiting().count()
        batch.done_count = batch.new_count + batch.update_count - waiting
        _begin(batch, State.COMMITTING, start)
    return batch


def order_undo(*, batch_id: int, actor, start: bool = True) -> ImportBatch:
    """Take back what the batch entered, as far as nobody has worked on it. Refused: `import-not-entered`."""
    with _locked(batch_id, actor) as batch:
        if batch.state in (State.UNDOING, State.UNDONE):
            return batch
        _require(
            batch, (State.COMMITTED, State.STOPPED), "import-not-entered", _("Nothing of this ledger is entered.")
        )
        batch.undone_by, batch.done_count, batch.kept_count = actor, 0, 0
        _begin(batch, State.UNDOING, start)
    return batch


def cancel(*, batch_id: int, actor) -> ImportBatch:
    """End what runs: a dry run leaves nothing; what was entered or undone by now stays so and is said.

    The worker that still runs writes nothing more. Refused: `import-not-running`.
    """
    with _locked(batch_id, actor) as batch:
        _require(batch, (State.RECEIVED, *RUNNING), "import-not-running", _("Nothing of this ledger is under way."))
        end_early(batch, "import-cancelled")
    batch.refresh_from_db()
    return batch


def correct_places(*, batch_id: int, actor, places: dict[str, str]) -> ImportBatch:
    """Say which village a cell's text means (text as shown -> code of a unit) and check the file anew.

    Kept for the township, for ledgers of every kind. Refused: `village-unknown`, `import-not-checkable`.
    """
    with _locked(batch_id, actor) as batch:
        _require(batch, _CHECKABLE, "import-not-checkable", _("This ledger is entered already."))
        units = {unit.code: unit for unit in villages_of(batch.township)}
        for text, code in places.items():
            if code not in units:
                raise Refused("village-unknown", _("There is no village “%(code)s” here.") % {"code": code})
            PlaceMapping.objects.update_or_create(
                township=batch.township, text=tight(text)[:40], defaults={"unit": units[code], "set_by": actor},
            )
        _begin(batch, State.READING)
    return batch


def villages_of(township: Unit) -> list[Unit]:
    """What a cell for the village may mean: villages and communities in use, and the township itself."""
    places = Unit.objects.filter(township=township, level__in=("village", "community", "township"))
    today = timezone.localdate()
    return [unit for unit in places.in_tree_order() if unit.valid_to is None or unit.valid_to >= today]


def progress_of(batch: ImportBatch) -> tuple[int, int | None]:
    """(done, of how many) of what runs now; None while it is not known."""
    if batch.state == State.READING:
        return batch.read_count, batch.total_count
    return batch.done_count, batch.new_count + batch.update_count


def stands_since(batch: ImportBatch, now=None):
    """Since when what should run has not moved; None while it moves."""
    is_late = batch.beat_at is not None and (now or timezone.now()) - batch.beat_at > TOLD_AFTER
    return batch.beat_at if is_late and batch.state in (State.RECEIVED, *RUNNING) else None


def resume_stalled(now=None) -> int:
    """Send runs that gave no sign of life to the worker again; how many. A second worker doubles nothing."""
    now = now or timezone.now()
    stalled = list(ImportBatch.objects.stalled(now - STALLED_AFTER).values_list("pk", flat=True))
    for batch_id in stalled:
        start_later(TASK, batch_id)
    return len(stalled)


def erase_old(today=None) -> int:
    """Erase files and understood values of batches whose day has come; verdicts and counts stay. How many."""
    today, erased = today or timezone.localdate(), 0
    for batch in ImportBatch.objects.filter(erase_on__lte=today, erased_at=None):
        path_of(batch).unlink(missing_ok=True)
        with transaction.atomic():
            ImportRow.objects.filter(batch=batch).update(payload=b"", before=b"")
            batch.erased_at, batch.places = timezone.now(), []
            batch.save(update_fields=["erased_at", "places"])
        erased += 1
    return erased


def forget(batch: ImportBatch) -> None:
    """Remove a batch of which nothing was entered, with its file. Refused `import-entered`."""
    if ImportRow.objects.filter(batch=batch).exclude(fate="").exists():
        raise Refused("import-entered", _("Rows of it are entered: undo it instead."))
    path_of(batch).unlink(missing_ok=True)
    ImportRow.objects.filter(batch=batch).delete()
    batch.delete()


@contextmanager
def _locked(batch_id: int, actor):
    """The batch, locked for one act, with the actor's right to it."""
    with transaction.atomic():
        find_batch(batch_id, actor)
        yield ImportBatch.objects.select_for_update().get(pk=batch_id)


def _require(batch: ImportBatch, states, code: str, message: str) -> None:
    if batch.state not in states:
        raise Refused(code, message)


def _begin(batch: ImportBatch, state: str, start: bool = True) -> None:
    """Put the batch into a running state under a new attempt: an older worker's writes come to nothing."""
    batch.state, batch.attempt, batch.beat_at, batch.try_count = state, uuid.uuid4(), timezone.now(), 0
    batch.refusal_code, batch.refusal_data = "", {}
    batch.save()
    if start:
        start_later(TASK, batch.pk)
