"""The store of files (文件存储): proved by its marker, written to the disk before it is believed, read with its hash.

A folder that is not mounted looks like an empty one. So the store has a marker file with an id that stands in the
database too; without it nothing is written, and what is missing is told apart from what never was.
"""
import contextlib
import errno
import hashlib
import os
import uuid
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.organisation.registry import Refused
from governance.organisation.services.recording import record_change

from ..models import Store
from ..registry import all_files

MARKER = ".portal-store"
CHUNK = 1 << 20
_FULL = {errno.ENOSPC, errno.EDQUOT}
# The id of the store, once it was read: asked anew when the marker differs.
_known: dict[str, str] = {}


def root() -> Path:
    """The folder of the store, outside the web root."""
    return Path(settings.ATTACHMENT_ROOT)


def place(path: str) -> Path:
    """Where a file lies."""
    return root() / path


def is_there() -> bool:
    """Whether the folder is the store of this database. Mostly without a query."""
    found = marker()
    if found is None:
        return False
    name = connection.settings_dict["NAME"]
    if _known.get(name) != found:
        _known[name] = Store.objects.values_list("code", flat=True).first() or ""
    return _known[name] == found


def require_store() -> None:
    """Refused `store-missing` when the folder is not the store: nothing may be written beside it."""
    if not is_there() and not (not Store.objects.exists() and establish()):
        raise Refused(
            "store-missing",
            _("Files cannot be stored at the moment: the folder of the attachments is not there. The rest of the "
              "portal works. The system administrator has to bring it back; then send again."),
        )


@transaction.atomic
def establish() -> bool:
    """Set the store up with the database, once: the marker is written, its id kept. Whether it is there afterwards.

    A folder that has a marker already keeps it. Where rows speak of files and none of them is there, no marker is
    written: the right folder is not mounted.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('keeping.store', 0))")
    row = Store.objects.first()
    if row is None:
        row = Store.objects.create(code=marker() or uuid.uuid4().hex, made_at=timezone.now())
        if marker() is None and not _lacks_its_files():
            write_marker(row.code)
    return marker() == row.code


def adopt_store(*, actor=None, force: bool = False) -> str:
    """Make the folder the store of this database from now on; its id.

    Refused: `store-of-another` (it has the marker of another portal's store), `store-lacks-files` (the files that
    rows speak of are not in it), both unless forced.
    """
    establish()
    row, found = Store.objects.get(), marker()
    if not force and found not in (None, row.code):
        raise Refused("store-of-another", _("This folder is the store of another portal. Use --force if it is right."))
    if not force and _lacks_its_files():
        raise Refused("store-lacks-files", _("The files are not in this folder. Use --force if they are lost."))
    write_marker(row.code)
    record_change(subject_type="store", subject_id=row.code, verb="adopted", actor=actor, data={"forced": force})
    return row.code


def put(path: str, chunks: Iterable[bytes]) -> Path:
    """Write a file so that it is on the disk when this returns: the file, its name, the folders that are new.

    Refused: `store-missing`, `store-full`, `store-not-writable`; then nothing of it is left.
    """
    require_store()
    try:
        return write(path, chunks)
    except OSError as problem:
        raise _not_written(problem) from problem


def write(path: str, chunks: Iterable[bytes], *, durable: bool = True) -> Path:
    """Write a file under its name whole or not at all; not `durable`, the caller brings it to the disk. OSError."""
    target = place(path)
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        _make_folder(target.parent)
        with draft.open("wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        draft.replace(target)
        if durable:
            _sync_folder(target.parent)
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
    return target


def opened(path: str, sha256: str):
    """The open file, after its content was compared with its hash; for files that lie in clear.

    Refused: `store-missing`, `file-missing` (the record is there, the file is not), `file-altered`.
    """
    try:
        file = place(path).open("rb")
    except OSError as problem:
        raise missing(path) from problem
    if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
        file.close()
        raise Refused(
            "file-altered",
            _("This file was altered after it was stored and is not given out. The system administrator can bring it "
              "back from a backup."),
        )
    file.seek(0)
    return file


def missing(path: str) -> Refused:
    """Why a file that a row speaks of cannot be opened."""
    if not is_there():
        return Refused(
            "store-missing",
            _("The folder of the attachments is not there at the moment. Nothing is lost by that; the system "
              "administrator has to bring it back."),
        )
    return Refused(
        "file-missing",
        _("This file is on record, but it is not in the store any more. The system administrator can bring it back "
          "from a backup."),
    )


def marker() -> str | None:
    """The id that stands in the folder, if any does."""
    try:
        return (root() / MARKER).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None


def write_marker(code: str) -> None:
    """Make the folder the store of this id."""
    root().mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = root() / f"{MARKER}.{os.getpid()}"
    with draft.open("w", encoding="ascii") as file:
        file.write(code + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(root() / MARKER)
    _sync_folder(root())


def _lacks_its_files() -> bool:
    """Whether rows speak of files and not one of a few of them is there."""
    try:
        with transaction.atomic():
            asked = [stored.path for source in all_files() if not source.passes for stored in source.after(0, 5)]
    except ProgrammingError:  # Only a part of the tables is made yet.
        return False
    return bool(asked) and not any(place(path).exists() for path in asked)


def _make_folder(folder: Path) -> None:
    """Make the folders that are missing below the store, each with its name on the disk; never the store itself."""
    if folder.exists():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _not_written(problem: OSError) -> Refused:
    if problem.errno in _FULL:
        return Refused(
            "store-full",
            _("Files cannot be stored at the moment: the disk is full. The system administrator has to make room; "
              "then send again."),
        )
    return Refused(
        "store-not-writable",
        _("Files cannot be stored at the moment (%(reason)s). The system administrator has to look at the folder of "
          "the attachments; then send again.") % {"reason": problem.strerror or problem},
    )
