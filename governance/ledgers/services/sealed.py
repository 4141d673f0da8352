"""Files that are kept encrypted (加密存放): in clear only in memory, while they are read or made."""
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from django.conf import settings

from governance.keeping.services import storing
from governance.organisation import encryption

CHUNK = 1 << 20


@contextmanager
def room_in_memory() -> Iterator[tuple]:
    """An open file that vanishes with its `with`, and the path at which it is opened again.

    Where the system can (Linux) it lies in memory and never on the disk.
    """
    if hasattr(os, "memfd_create") and Path("/proc/self/fd").exists():
        with os.fdopen(os.memfd_create("ledger", os.MFD_CLOEXEC), "wb") as file:
            yield file, Path(f"/proc/self/fd/{file.fileno()}")
    else:
        with tempfile.NamedTemporaryFile(prefix="ledger-") as file:
            yield file, Path(file.name)


def seal(clear: Path, path: str) -> Path:
    """Write the file encrypted to its place in the store."""
    with clear.open("rb") as content:
        chunks = iter(lambda: content.read(CHUNK), b"")
        return storing.put(path, encryption.encrypt_blocks(chunks, key=settings.PERSONAL_KEY))


def unsealed(path: Path) -> BytesIO:
    """What the file holds, in clear. FileNotFoundError; ValueError if it was changed or is of another key."""
    with path.open("rb") as kept:
        return BytesIO(b"".join(encryption.decrypt_blocks(kept, key=settings.PERSONAL_KEY)))
