"""Starting, sharing and stopping the embedded servers of one data folder (启停与共用).

Three locks in the data folder, and never a process id, say who is there:
``lock`` is held while somebody starts or attaches; ``in-use`` is shared by all commands that use the servers,
so that the one that started them outlives the others; ``<server>.held`` is inherited by the server itself
and is therefore free exactly when no process of it is left.
"""

import atexit
import contextlib
import fcntl
import os
import subprocess
import sys
import time

from . import errors
from .folders import Place
from .postgres import Postgres
from .reviving import Revival
from .valkey import Valkey

PATIENCE_SECONDS = 60
SAY_SO_AFTER_SECONDS = 3


def say(text, **values):
    """Tell whoever waits at the terminal, apart from the output of the command."""
    sys.stderr.write(errors.said(text, values) + "\n")
    sys.stderr.flush()


@contextlib.contextmanager
def locked(path, kind=fcntl.LOCK_EX):
    """Hold the lock file ``path`` inside the block."""
    with open(path, "a") as file:
        fcntl.flock(file, kind)
        yield file


def lock_within(file, seconds, tell=say, notice="", **values) -> bool:
    """Take the exclusive lock within so many seconds, saying when it takes long; False if nobody lets go."""
    deadline = time.monotonic() + seconds
    speak_at = time.monotonic() + 1
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
        if notice and time.monotonic() > speak_at:
            tell(notice, **values)
            notice = ""
        time.sleep(0.05)


class Servers:
    """The embedded servers that a command needs of one data folder."""

    def __init__(self, place: Place, *, postgres=True, valkey=True, durable=True, tell=say):
        self.place = place
        self.wanted = (Postgres,) * postgres + (Valkey,) * valkey
        self.durable = durable
        self.tell = tell
        self.started = []
        self.revivals: list[Revival] = []
        self._use = None

    def share(self) -> "Servers":
        """Attach to the servers that run, or start them until this process ends."""
        self.place = self.place.make()
        self._use = open(self.place.data / "in-use", "a")  # noqa: SIM115 (held until the process ends)
        fcntl.flock(self._use, fcntl.LOCK_SH)
        atexit.register(self.release)
        self._run(attach=True)
        return self

    def own(self) -> "Servers":
        """Start the servers for a portal; servers of a passing command are waited for, not shared."""
        self.place = self.place.make()
        self._run(attach=False)
        return self

    def release(self) -> None:
        """Let go; whoever started the servers waits for the others and then stops them."""
        if self.started and self._use:
            fcntl.flock(self._use, fcntl.LOCK_UN)
            if not lock_within(self._use, 0):
                self.tell(errors.WAITING, folder=self.place.data)
                with contextlib.suppress(KeyboardInterrupt):
                    fcntl.flock(self._use, fcntl.LOCK_EX)
        self.stop()
        if self._use:
            self._use.close()
            self._use = None

    def stop(self) -> None:
        """Stop what this process started and wait until it is gone."""
        for revival in self.revivals:
            revival.end()
        self.revivals = []
        for server, process in reversed(self.started):
            process.send_signal(server.stop_signal)
        for _server, process in self.started:
            try:
                process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        self.started = []

    def revive(self) -> None:
        """Look after what this process started: what has stopped is started again, without waiting for it."""
        for pair in [pair for pair in self.started if pair[1].poll() is not None]:
            self.started.remove(pair)
            self.revivals.append(Revival(self, pair[0]))
        for revival in list(self.revivals):
            process = revival.look()
            if process is not None:
                self.revivals.remove(revival)
                self.started.append((revival.server, process))

    def _run(self, attach):
        with locked(self.place.data / "lock"):
            try:
                started = [self._begin(kind(self.place, self.durable), attach) for kind in self.wanted]
                for server, process in started:
                    self._wait(server, process)
                    server.finish()
            except BaseException:
                self.stop()
                raise

    def _begin(self, server, attach):
        """Attach to the server or start it; return it with its process, None when attached."""
        if attach and server.state() == "up":
            return server, None
        with open(self.held_file(server), "a") as file:
            if not lock_within(file, PATIENCE_SECONDS, self.tell, errors.WAITING, folder=self.place.data):
                raise errors.CannotStart(errors.STILL_HELD, folder=self.place.data)
            server.prepare()
            with open(self.log_file(server), "ab") as log:
                process = server.start(file.fileno(), log)
        self.started.append((server, process))
        return server, process

    def _wait(self, server, process):
        began = time.monotonic()
        told = False
        while server.state() != "up":
            if process is not None and process.poll() is not None:
                raise errors.CannotStart(
                    errors.STOPPED_AT_ONCE,
                    server=server.name,
                    log=self.log_file(server),
                    folder=server.folder,
                    tail=self._tail(server),
                )
            waited = time.monotonic() - began
            if waited > SAY_SO_AFTER_SECONDS and not told:
                self.tell(errors.RECOVERING, server=server.name, seconds=PATIENCE_SECONDS)
                told = True
            # Recovery takes as long as it takes; cut off, it would begin anew.
            if waited > PATIENCE_SECONDS and server.state() == "down":
                raise errors.CannotStart(
                    errors.TOO_LATE,
                    server=server.name,
                    seconds=PATIENCE_SECONDS,
                    log=self.log_file(server),
                    folder=self.place.data,
                )
            time.sleep(0.05)

    def held_file(self, server):
        """The lock that every process of the server holds."""
        return self.place.data / f"{server.name.lower()}.held"

    def log_file(self, server):
        """Where the server writes what it has to say."""
        return self.place.data / "log" / f"{server.name.lower()}.log"

    def _tail(self, server) -> str:
        with open(self.log_file(server), "rb") as log:
            log.seek(max(0, os.fstat(log.fileno()).st_size - 1500))
            return log.read().decode(errors="replace")
