"""The folder of backups (备份目录): encrypted objects that all backups share, and a folder for each backup.

    objects/ab/ab12…      a file of the store, once, whatever the number of backups that have it
    20261127T013000Z/     database, files (what lies where), manifest; whole: it bears its name only when it is
    .20261127T013000Z/    one that is being made, or was broken off; nothing ever reads it

What is written is encrypted with PORTAL_BACKUP_KEY before it reaches the folder; objects are named by a keyed hash.
"""
import fcntl
import hashlib
import hmac
import json
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.utils.translation import gettext as _

from governance.organisation import encryption
from governance.organisation.registry import Refused

PURPOSE = b"backup:"
_NAME = re.compile(r"\d{8}T\d{6}Z")
CHUNK = 1 << 20
# So many new files, or bytes, are brought to the disk at once.
_BATCH, _BATCH_BYTES = 2000, 256 << 20
_README = """Backups of the township governance portal, encrypted with its PORTAL_BACKUP_KEY.
Restore on an empty machine: manage.py restore THIS-FOLDER, then make run. See docs/operations.md.
本目录是乡镇治理门户的加密备份。恢复：在新机器上执行 manage.py restore 本目录，然后 make run。
"""


class Vault:
    """A folder of backups, with the key that opens them."""

    def __init__(self, folder, key: bytes):
        if not key:
            raise Refused(
                "backup-key-missing",
                _("Set PORTAL_BACKUP_KEY: 50 random characters of its own, kept on paper apart from the backups."),
            )
        self.folder, self.key = Path(folder), key
        self._named_by = hashlib.sha256(b"backup-names:" + encryption.first_key(key)).digest()
        self._waiting: list[tuple[Path, Path]] = []
        self._waiting_bytes = 0

    @contextmanager
    def locked(self):
        """Hold the folder, one backup at a time. Refused: `backup-running`."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / ".lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as held:
                raise Refused("backup-running", _("Another backup into this folder is running.")) from held
            yield

    def new_name(self) -> str:
        """The name of a backup that begins now; no other one has it."""
        while True:
            name = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
            if not (self.folder / name).exists():
                return name
            time.sleep(0.1)

    def names(self) -> list[str]:
        """The whole backups, the oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(one.name for one in self.folder.iterdir() if _NAME.fullmatch(one.name))

    def begin(self, name: str) -> Path:
        """The folder of a new backup; what was broken off is cleared away. Under the lock."""
        for left in self.folder.glob(".*Z"):
            shutil.rmtree(left)
        (self.folder / "objects").mkdir(exist_ok=True, mode=0o700)
        (self.folder / "README.txt").write_text(_README, encoding="utf-8")
        draft = self.folder / f".{name}"
        (draft / "new").mkdir(parents=True, mode=0o700)
        return draft

    def publish(self, name: str) -> None:
        """Give a backup its name, after all of it is on the disk."""
        self.settle()
        draft = self.folder / f".{name}"
        (draft / "new").rmdir()
        os.sync()
        draft.rename(self.folder / name)
        _sync(self.folder)

    def abandon(self, name: str) -> None:
        """Clear what there is of a backup that failed; a whole one is never touched by it."""
        self._waiting, self._waiting_bytes = [], 0
        shutil.rmtree(self.folder / f".{name}", ignore_errors=True)

    def forget(self, name: str) -> None:
        """Clear a whole backup whose time is over."""
        (self.folder / name).rename(self.folder / f".{name}")
        shutil.rmtree(self.folder / f".{name}")

    def object_name(self, sha256: str) -> str:
        """The name of the object with this content."""
        return hmac.new(self._named_by, sha256.encode(), hashlib.sha256).hexdigest()

    def has(self, name: str) -> bool:
        """Whether the object is in the pool."""
        return self._object(name).exists()

    def add(self, draft: Path, name: str, chunks: Iterable[bytes]) -> int:
        """Take an object in; it comes to the pool with its batch, when it is on the disk. Its size there."""
        path = draft / "new" / name
        size = self._write(path, chunks)
        self._waiting.append((path, self._object(name)))
        self._waiting_bytes += size
        if len(self._waiting) >= _BATCH or self._waiting_bytes >= _BATCH_BYTES:
            self.settle()
        return size

    def drop(self, draft: Path, name: str) -> None:
        """Take back an object that was just added."""
        self._waiting = [pair for pair in self._waiting if pair[0] != draft / "new" / name]
        (draft / "new" / name).unlink(missing_ok=True)

    def settle(self) -> None:
        """Bring what was added to the disk, and then into the pool: a half one is never found there."""
        if self._waiting:
            os.sync()
        for path, target in self._waiting:
            target.parent.mkdir(exist_ok=True, mode=0o700)
            path.replace(target)
        self._waiting, self._waiting_bytes = [], 0

    def read_object(self, name: str) -> Iterator[bytes]:
        """What an object holds. FileNotFoundError; ValueError if it was changed or is of another key."""
        with self._object(name).open("rb") as file:
            yield from encryption.decrypt_blocks(file, key=self.key, purpose=PURPOSE, takes_clear=False)

    def write_part(self, draft: Path, part: str, chunks: Iterable[bytes]) -> dict:
        """Write a part of a backup; its size and hash, which the manifest keeps."""
        digest = hashlib.sha256()
        size = self._write(draft / part, chunks, digest)
        return {"bytes": size, "sha256": digest.hexdigest()}

    def read_part(self, name: str, part: str, *, expected: dict | None = None) -> Iterator[bytes]:
        """A part of a whole backup. Refused: `backup-damaged` when it is not what the manifest says."""
        path = self.folder / name / part
        try:
            with path.open("rb") as file:
                if expected and hashlib.file_digest(file, "sha256").hexdigest() != expected["sha256"]:
                    raise ValueError(part)
                file.seek(0)
                yield from encryption.decrypt_blocks(file, key=self.key, purpose=PURPOSE, takes_clear=False)
        except (OSError, ValueError) as problem:
            raise Refused(
                "backup-damaged",
                _("The backup %(name)s cannot be read (%(part)s): it is damaged, or PORTAL_BACKUP_KEY is not its key.")
                % {"name": name, "part": part},
            ) from problem

    def manifest(self, name: str) -> dict:
        """What a whole backup says of itself. Refused: `backup-damaged`."""
        return json.loads(b"".join(self.read_part(name, "manifest")))

    def files(self, name: str, manifest: dict) -> Iterator[tuple[str, str, str]]:
        """Of each file its path, its object and the hash of what lies there."""
        rest = b""
        for block in self.read_part(name, "files", expected=manifest["parts"]["files"]):
            *lines, rest = (rest + block).split(b"\n")
            yield from (tuple(json.loads(line)) for line in lines)

    def objects(self) -> Iterator[Path]:
        """Every object in the pool."""
        return (self.folder / "objects").glob("??/*")

    def _object(self, name: str) -> Path:
        return self.folder / "objects" / name[:2] / name

    def _write(self, path: Path, chunks: Iterable[bytes], digest=None) -> int:
        size = 0
        with path.open("wb") as file:
            for block in encryption.encrypt_blocks(chunks, key=self.key, purpose=PURPOSE):
                size += file.write(block)
                if digest is not None:
                    digest.update(block)
        return size


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
