"""A body or an answer, held in memory and beyond a size in a nameless file (暂存)."""

import asyncio
import io
import tempfile

from .limits import Limits, Room

BLOCK = 64 * 1024


class Held:
    """Bytes that came and wait to go on; closed, they are gone from memory and disk."""

    def __init__(self, limits: Limits, room: Room, folder: str | None):
        self.limits, self.room, self.folder = limits, room, folder
        self.size = 0
        self._file = io.BytesIO()
        self._on_disk = False

    async def add(self, data: bytes) -> None:
        """Append; NoRoom if all together are too many, OSError if the disk is full."""
        self.room.take(len(data))
        self.size += len(data)
        if not self._on_disk and self.size > self.limits.memory_bytes:
            await asyncio.to_thread(self._move_to_disk)
        if self._on_disk:
            await asyncio.to_thread(self._file.write, data)
        else:
            self._file.write(data)

    async def blocks(self):
        """All of it from the beginning, block by block."""
        self._file.seek(0)
        while block := await asyncio.to_thread(self._file.read, BLOCK) if self._on_disk else self._file.read(BLOCK):
            yield block

    def close(self) -> None:
        """Let go of everything."""
        self._file.close()
        self.room.give_back(self.size)
        self.size = 0

    def _move_to_disk(self) -> None:
        file = tempfile.TemporaryFile(dir=self.folder)  # noqa: SIM115 (closed by `close`)
        file.write(self._file.getbuffer())
        self._file, self._on_disk = file, True
