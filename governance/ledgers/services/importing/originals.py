"""Uploaded files (上传原件): encrypted as they come in, in clear only while they are read, gone on their day."""
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from governance.keeping.services import storing
from governance.organisation import encryption

from ...models import ImportBatch
from ...reading import guard
from ..sealed import room_in_memory


def path_of(batch: ImportBatch) -> Path:
    """Where the uploaded file lies, encrypted."""
    return storing.place(batch.path)


def keep(path: str, content) -> tuple[int, str]:
    """Write the file encrypted; size and hash of what came in. One beyond the limit is not even kept.

    Refused: `file-too-large`, `file-is-empty`.
    """
    size, digest = 0, hashlib.sha256()

    def looked_at():
        nonlocal size
        for chunk in content.chunks() if hasattr(content, "chunks") else iter(lambda: content.read(1 << 20), b""):
            size += len(chunk)
            if size > guard.MOST_BYTES:
                raise guard.refuse("file-too-large", size=f">{guard.MOST_BYTES >> 20}", most=guard.MOST_BYTES >> 20)
            digest.update(chunk)
            yield chunk

    storing.put(path, encryption.encrypt_blocks(looked_at(), key=settings.PERSONAL_KEY))
    if not size:
        raise guard.refuse("file-is-empty")
    return size, digest.hexdigest()


@contextmanager
def in_clear(batch: ImportBatch) -> Iterator[Path]:
    """A path at which the file can be read in clear, within the `with` only.

    Where the system can (Linux) it lies in memory and never on the disk, so that a worker that is killed leaves
    nothing behind. Refused: `file-erased`, `file-damaged`.
    """
    if batch.erased_at is not None or not path_of(batch).exists():
        raise guard.refuse("file-erased") if batch.erased_at is not None else storing.missing(batch.path)
    with room_in_memory() as (file, path):
        try:
            with path_of(batch).open("rb") as kept:
                for block in encryption.decrypt_blocks(kept, key=settings.PERSONAL_KEY):
                    file.write(block)
        except ValueError as error:
            raise guard.refuse("file-damaged") from error
        file.flush()
        yield path
