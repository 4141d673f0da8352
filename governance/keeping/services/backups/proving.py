"""Proving a backup (备份验证): restored into a scratch database, compared, its history verified; files read again.

A backup counts once it was restored. The scratch database is made beside the portal's own and dropped afterwards.
"""
import hashlib
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator

import psycopg2
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.organisation.registry import Refused

from ...models import Backup
from . import contents, programs
from .making import failing
from .vault import Vault

# Of the objects that earlier backups brought, so many days' turns: each is read again once in that time.
ROUND_DAYS = 30


def prove(vault: Vault, row: Backup) -> Backup:
    """Restore the backup on trial; afterwards it is proved, or its row says why not.

    Refused: `backup-damaged`, `backup-differs` (a table is not what it was), `backup-history-misfits`,
    `backup-no-scratch` (the database user may not make a database).
    """
    with vault.locked(), failing(row):
        manifest = vault.manifest(row.name)
        with _scratch_database() as parameters:
            fill(vault, row.name, manifest, parameters)
            row.event_count = _verified_events(parameters)
        _read_objects(vault, row.name, manifest)
        row.state, row.proved_at = Backup.State.PROVED, timezone.now()
        row.save()
    return row


def fill(vault: Vault, name: str, manifest: dict, parameters: dict) -> None:
    """Restore a backup's database into an empty one, whole or not at all, and compare each table.

    Refused: `backup-damaged`, `backup-not-restored`, `backup-differs`, `postgres-programs-missing`.
    """
    program = programs.find("pg_restore", at_least=manifest["postgres"])
    with tempfile.TemporaryFile() as errors, programs.running(
        program, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
        f"--dbname={parameters['dbname']}", parameters=parameters, errors=errors, stdin=-1,
    ) as process:
        try:
            for block in vault.read_part(name, "database", expected=manifest["parts"]["database"]):
                process.stdin.write(block)
            process.stdin.close()
        except BrokenPipeError:
            pass
        if process.wait():
            raise Refused(
                "backup-not-restored",
                _("The database could not be restored: %(reason)s") % {"reason": programs.tail(errors)},
            )
    with programs.connected(parameters) as cursor:
        table = contents.first_difference(manifest["contents"], contents.read_elsewhere(cursor))
    if table:
        raise Refused("backup-differs", _("The restored table %(table)s is not what it was.") % {"table": table})


def _scratch_database():
    return scratch_database(programs.address()["dbname"] + "_backup_trial")


class scratch_database:
    """A database that is there inside the `with` only; one that a killed trial left is dropped first."""

    def __init__(self, name: str):
        self.name = name

    def __enter__(self) -> dict:
        """Its parameters. Refused: `backup-no-scratch`."""
        try:
            with programs.connected(programs.address()) as cursor:
                self._drop(cursor)
                cursor.execute(f'CREATE DATABASE "{self.name}" TEMPLATE template0 ENCODING \'UTF8\'')
        except psycopg2.Error as problem:
            raise Refused(
                "backup-no-scratch",
                _("The backup is made but could not be tried: the database user may not make a database (%(reason)s). "
                  "Give it the right CREATEDB.") % {"reason": str(problem).strip()},
            ) from problem
        return programs.address(dbname=self.name)

    def __exit__(self, *_exception) -> None:
        with programs.connected(programs.address()) as cursor:
            self._drop(cursor)

    def _drop(self, cursor) -> None:
        cursor.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


def _verified_events(parameters: dict) -> int:
    """How many events the restored history has, all of which fit. Refused: `backup-history-misfits`."""
    told = run_verify(parameters)
    if told.get("fits") is not True:
        raise Refused(
            "backup-history-misfits",
            _("The restored history does not fit: %(words)s") % {"words": json.dumps(told, ensure_ascii=False)[:300]},
        )
    return told["events"]


def run_verify(parameters: dict) -> dict:
    """What `verify_ledger` says of another database: a process of its own, as this one is bound to its own."""
    env = os.environ | {"DATABASE_URL": programs.url_of(parameters), "SECRET_KEY": settings.SECRET_KEY,
                        "PORTAL_PERSONAL_KEY": settings.PERSONAL_KEY.decode(), "REDIS_URL": settings.REDIS_URL,
                        "DJANGO_SETTINGS_MODULE": "governance.settings"}
    done = subprocess.run([*programs.manage_py(), "verify_ledger", "--json"], env=env, capture_output=True, text=True)
    try:
        return json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        return {"error": "not-verified", "message": done.stderr[-300:]}


def _read_objects(vault: Vault, name: str, manifest: dict) -> None:
    """Read again the objects whose turn it is. Refused: `backup-file-damaged`."""
    turn, seen = timezone.localdate().toordinal() % ROUND_DAYS, set()
    for path, held, sha256 in vault.files(name, manifest):
        if int(held[:8], 16) % ROUND_DAYS != turn or held in seen:
            continue
        seen.add(held)
        if hash_of(vault.read_object(held)) != sha256:
            raise damaged(path)


def hash_of(blocks: Iterator[bytes]) -> str:
    """The hash of what an object holds, "" when it cannot be read."""
    digest = hashlib.sha256()
    try:
        for block in blocks:
            digest.update(block)
    except (OSError, ValueError):
        return ""
    return digest.hexdigest()


def damaged(path: str) -> Refused:
    """The refusal of a file that the backup has no whole copy of."""
    return Refused(
        "backup-file-damaged",
        _("The backup's copy of %(file)s is missing or damaged. Make a backup into a new folder.") % {"file": path},
    )
