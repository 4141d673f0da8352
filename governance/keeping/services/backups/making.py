"""Making a backup while the portal runs (备份): the database as of one instant, and the files that it speaks of."""
import errno
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.organisation import encryption
from governance.organisation.registry import Refused

from ...models import Backup, Store
from ...registry import all_files
from .. import storing
from . import contents, programs
from .vault import CHUNK, Vault

FORMAT = 1
_FULL = {errno.ENOSPC, errno.EDQUOT}
_SECRET = re.compile(r"KEY|PASSWORD|SECRET|TOKEN|DATABASE_URL|REDIS_URL|SCRATCH")


def vault_at(folder) -> Vault:
    """The folder of backups with the key of the environment. Refused: `backup-key-missing`."""
    return Vault(folder, settings.BACKUP_KEY)


def make(vault: Vault) -> Backup:
    """Make a backup; afterwards it is whole in the folder, or there is nothing of it.

    Refused: `backup-running`, `store-missing`, `backup-disk-full`, `backup-not-written`, `backup-database-failed`,
    `postgres-programs-missing`; the row says so too.
    """
    with vault.locked():
        storing.require_store()
        broken_off = Backup.objects.filter(folder=str(vault.folder), state=Backup.State.RUNNING)
        broken_off.update(state=Backup.State.FAILED, problem_code="broken-off", problem=_("It was broken off."))
        row = Backup.objects.create(name=vault.new_name(), folder=str(vault.folder), began_at=timezone.now())
        with failing(row):
            try:
                _write(vault, row)
            except BaseException:
                vault.abandon(row.name)
                raise
            row.state, row.made_at = Backup.State.WHOLE, timezone.now()
            row.save()
    return row


@contextmanager
def failing(row: Backup):
    """Have the row say why its backup failed; what the machine says becomes a word."""
    try:
        try:
            yield
        except OSError as problem:
            raise _not_written(problem) from problem
    except Refused as refusal:
        row.state, row.problem_code, row.problem = Backup.State.FAILED, refusal.code, str(refusal.message)[:400]
        row.save()
        raise
    except Exception as problem:
        row.state, row.problem_code, row.problem = Backup.State.FAILED, "unexpected", type(problem).__name__
        row.save()
        raise


def _write(vault: Vault, row: Backup) -> None:
    draft = vault.begin(row.name)
    parts = {}
    with tempfile.TemporaryFile(dir=draft) as listed:
        with _snapshot() as snapshot, connection.cursor() as cursor:
            held = contents.read(cursor)
            migrations = sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())
            _list_files(listed)
            parts["database"] = vault.write_part(draft, "database", _dump(snapshot))
        listed.seek(0)
        missing = []
        parts["files"] = vault.write_part(draft, "files", _copied(vault, draft, row, listed, missing))
    row.database_bytes, row.missing_count = parts["database"]["bytes"], len(missing)
    manifest = {
        "format": FORMAT, "name": row.name, "began_at": row.began_at.isoformat(), "parts": parts, "contents": held,
        "migrations": migrations, "store": Store.objects.values_list("code", flat=True).get(),
        "postgres": programs.server_major(), "files": row.file_count, "missing": missing, "settings": told_settings(),
        "personal_keys": [mark_of(key) for key in encryption.keys_in(settings.PERSONAL_KEY)],
    }
    vault.write_part(draft, "manifest", [json.dumps(manifest, ensure_ascii=False).encode()])
    vault.publish(row.name)


@contextmanager
def _snapshot():
    """One instant of the database, for this transaction and for pg_dump."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        contents.settle(cursor)
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def _dump(snapshot: str) -> Iterator[bytes]:
    """What pg_dump says. Refused: `backup-database-failed`."""
    program = programs.find("pg_dump", at_least=programs.server_major())
    with tempfile.TemporaryFile() as errors, programs.running(
        program, "--format=custom", "--compress=3", "--no-owner", "--no-privileges", f"--snapshot={snapshot}",
        parameters=programs.address(), errors=errors, stdout=-1,
    ) as process:
        yield from iter(lambda: process.stdout.read(CHUNK), b"")
        if process.wait():
            raise Refused(
                "backup-database-failed",
                _("The database could not be dumped: %(reason)s") % {"reason": programs.tail(errors)},
            )


def _list_files(listed) -> None:
    """Write down which files the snapshot speaks of: copying them may take longer than it should be held."""
    for source in all_files():
        for stored in source.each():
            line = [source.code, stored.pk, stored.path, stored.sha256]
            listed.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


def _copied(vault: Vault, draft: Path, row: Backup, listed, missing: list) -> Iterator[bytes]:
    """Copy what the folder has not yet; say of each file what lies where. Memory stays flat."""
    sources = {source.code: source for source in all_files()}
    for line in listed:
        code, pk, path, sha256 = json.loads(line)
        source = sources[code]
        digest = _kept(vault, draft, row, source, path, sha256)
        if digest:
            row.file_count += 1
            yield json.dumps([path, vault.object_name(digest), digest], ensure_ascii=False).encode() + b"\n"
        elif not (source.passes and source.find(pk) is None):
            missing.append(path)
    vault.settle()


def _kept(vault: Vault, draft: Path, row: Backup, source, path: str, sha256: str) -> str:
    """The hash of what lies at the path, once the folder has it; "" when it is missing or altered.

    An encrypted file changes with its key, so it is told by what lies on the disk. A file that is altered, of which
    the folder has the right content, is kept as that.
    """
    try:
        with storing.place(path).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest() if source.is_encrypted else sha256
            name = vault.object_name(digest)
            if vault.has(name) or (draft / "new" / name).exists():
                return digest
            file.seek(0)
            seen = hashlib.sha256()
            size = vault.add(draft, name, _watched(file, seen))
    except FileNotFoundError:
        return sha256 if not source.is_encrypted and vault.has(vault.object_name(sha256)) else ""
    if seen.hexdigest() != digest:
        vault.drop(draft, name)
        return ""
    row.new_count, row.new_bytes = row.new_count + 1, row.new_bytes + size
    return digest


def _watched(file, digest) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        yield chunk


def told_settings() -> dict[str, str]:
    """What the environment sets, without keys, passwords and addresses that hold them."""
    return {
        name: os.environ[name] for name in settings.VARIABLES if os.environ.get(name) and not _SECRET.search(name)
    }


def mark_of(key: bytes) -> str:
    """By what a key is recognised and not known."""
    return hashlib.sha256(b"mark-of-key:" + key).hexdigest()[:12]


def _not_written(problem: OSError) -> Refused:
    if problem.errno in _FULL:
        return Refused(
            "backup-disk-full",
            _("The disk of the backups is full. Nothing of this backup was kept; earlier ones are as they were."),
        )
    return Refused(
        "backup-not-written",
        _("The backup could not be written (%(reason)s): %(file)s")
        % {"reason": problem.strerror or problem, "file": problem.filename or ""},
    )
