"""`python -m governance.front`: serves the listening socket that it inherits until it is told to stop."""

import argparse
import asyncio
import contextlib
import json
import resource
import signal
import socket
import sys
import time

from .backend import Backend
from .client import Client, refused
from .crowd import Crowd
from .held import BLOCK
from .limits import Limits, Room

TELL_EVERY_SECONDS = 60
# Connections, and for each that is answered a worker's socket and two files.
MOST_FILES = 8192


class Front:
    """The listening socket, those who are connected, and the workers behind."""

    def __init__(self, limits: Limits, pages: str, health: str, folder: str | None):
        self.limits = limits
        self.crowd = Crowd(limits)
        self.backend = Backend(limits, Room(limits), pages, health, folder)
        self.is_stopping = asyncio.Event()

    async def run(self, listener: socket.socket) -> None:
        """Serve until it is to stop; what is under way is answered first, within its time."""
        server = await asyncio.start_server(self._connected, sock=listener, limit=BLOCK, backlog=1024)
        telling = asyncio.create_task(self._tell())
        await self.is_stopping.wait()
        server.close()
        telling.cancel()
        for member in list(self.crowd.members):
            if member.owes_since is not None:
                member.send_away()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.limits.stop_seconds):
                while self.crowd.members:
                    await asyncio.sleep(0.05)

    async def _connected(self, reader, writer) -> None:
        client = Client(self.limits, self.backend, reader, writer, self.is_stopping)
        if not self.crowd.enter(client, client.peer):
            refused["connections"] += 1
            writer.transport.abort()
            return
        try:
            await client.serve()
        finally:
            self.crowd.leave(client)

    async def _tell(self) -> None:
        """One line of the log for each minute in which something was refused: how often which, and nobody's address."""
        while True:
            await asyncio.sleep(TELL_EVERY_SECONDS)
            if refused:
                at = time.strftime("%Y-%m-%dT%H:%M:%S%z")
                line = {"at": at, "level": "WARNING", "logger": "portal.front", "message": "refused", **refused}
                sys.stderr.write(json.dumps(line) + "\n")
                refused.clear()


async def serve(listener: socket.socket, **where) -> None:
    """Serve until SIGTERM or SIGINT."""
    front = Front(Limits.of_environment(), **where)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, front.is_stopping.set)
    await front.run(listener)


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="governance.front", description=__doc__)
    parser.add_argument("--listen", type=int, required=True, help="descriptor of the listening socket")
    parser.add_argument("--pages", required=True, help="socket of the web workers")
    parser.add_argument("--health", required=True, help="socket that answers questions of health")
    parser.add_argument("--folder", help="where bodies lie that are too large for memory")
    options = parser.parse_args()
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    listener = socket.socket(fileno=options.listen)
    asyncio.run(serve(listener, pages=options.pages, health=options.health, folder=options.folder))


if __name__ == "__main__":
    main()
