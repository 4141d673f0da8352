"""Bringing a backup back (恢复): onto a machine with an empty database; broken off, it is simply begun again.

The files come first and one by one, the database last and whole: until then there is nothing to see.
"""
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import F
from django.utils.translation import gettext as _

from governance.organisation import encryption
from governance.organisation.registry import Refused
from governance.organisation.services.upgrading import unknown_to_us

from ...models import Backup
from .. import storing
from . import contents, programs
from .making import mark_of
from .proving import damaged, fill, run_verify
from .vault import Vault


@dataclass(frozen=True)
class Restored:
    """What was brought back; `verified` is None where the history has to wait for the migrations."""

    name: str
    hash: str
    files: int
    missing: tuple
    events: int
    verified: bool | None


def restore(vault: Vault, name: str = "", *, after_file=lambda count, of: None) -> Restored:
    """Bring the last whole backup back, or the one named.

    Refused: `backup-not-found`, `backup-damaged`, `backup-file-damaged`, `backup-of-newer-version`,
    `personal-key-differs`, `database-not-empty`, `store-of-another`, `database-unreachable`.
    """
    name = name or (vault.names() or [""])[-1]
    if name not in vault.names():
        raise Refused("backup-not-found", _("There is no whole backup of this name in the folder."))
    manifest = vault.manifest(name)
    is_current = _require_fitting(manifest)
    _require_empty_database()
    _take_store(manifest["store"])
    count = 0
    for path, held, sha256 in vault.files(name, manifest):
        _bring_back(vault, path, held, sha256)
        count += 1
        after_file(count, manifest["files"])
    fill(vault, name, manifest, programs.address())
    _note_settings(manifest["settings"])
    told = _finished(name) if is_current else {}
    return Restored(
        name, contents.hash_of(manifest["contents"]), count, tuple(manifest["missing"]), told.get("events", 0),
        told.get("fits", False) if is_current else None,
    )


def _finished(name: str) -> dict:
    """What verifying the history says; the backup's own row was written while it was being made."""
    Backup.objects.filter(name=name, state=Backup.State.RUNNING).update(state=Backup.State.WHOLE, made_at=F("began_at"))
    return run_verify(programs.address())


def _require_fitting(manifest: dict) -> bool:
    """Whether the backup is of just this version; refused where it cannot be read here."""
    newer = unknown_to_us(manifest["migrations"])
    if newer:
        raise Refused(
            "backup-of-newer-version",
            _("The backup is of a newer version of the portal (%(first)s). Install that version, then restore.")
            % {"first": newer[0]},
        )
    ours = {mark_of(key) for key in encryption.keys_in(settings.PERSONAL_KEY)}
    if not set(manifest["personal_keys"]) <= ours:
        raise Refused(
            "personal-key-differs",
            _("PORTAL_PERSONAL_KEY is not the one with which the contact data were encrypted. Take the key from the "
              "safe; without it they cannot be read."),
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    return known <= set(manifest["migrations"])


def _require_empty_database() -> None:
    try:
        with programs.connected(programs.address()) as cursor:
            cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            count = cursor.fetchone()[0]
    except psycopg2.Error as problem:
        raise Refused("database-unreachable", str(problem).strip()) from problem
    if count:
        raise Refused(
            "database-not-empty",
            _("There are data in this database, and restoring never overwrites any. Name an empty one: another "
              "PORTAL_DATA, or a new database in DATABASE_URL."),
        )


def _take_store(code: str) -> None:
    found = storing.marker()
    if found not in (None, code):
        raise Refused(
            "store-of-another",
            _("PORTAL_MEDIA (%(folder)s) is the folder of another portal's attachments. Name an empty one.")
            % {"folder": storing.root()},
        )
    storing.write_marker(code)


def _bring_back(vault: Vault, path: str, held: str, sha256: str) -> None:
    """Write a file to its place, unless it is there whole from a restore that was broken off."""
    target = storing.place(path)
    if not target.resolve().is_relative_to(storing.root().resolve()):
        raise damaged(path)
    if target.exists() and _hash_of(target) == sha256:
        return
    seen = hashlib.sha256()

    def watched():
        for block in vault.read_object(held):
            seen.update(block)
            yield block

    try:
        storing.write(path, watched(), durable=False)
    except (FileNotFoundError, ValueError) as problem:
        raise damaged(path) from problem
    if seen.hexdigest() != sha256:
        target.unlink()
        raise damaged(path)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _note_settings(held: dict) -> None:
    """Leave the old machine's settings beside the data, for whoever sets the new one up."""
    connection.close()
    os.sync()
    settings.DATA_ROOT.mkdir(parents=True, exist_ok=True)
    path = settings.DATA_ROOT / "settings-of-backup.env"
    path.write_text("".join(f"{name}={value}\n" for name, value in sorted(held.items())), encoding="utf-8")
    path.chmod(0o600)
