"""Starting a server again that has stopped under a running portal (服务恢复), for as long as it takes.

Nothing here waits: the supervisor looks in several times a second and has other children to look after. Each failure is
told with its reason, and the pauses grow; the portal never gives up on its own data.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack

from . import errors

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1, 30
# After so long, processes that outlived their server and hold its data are ended: they serve nobody.
LINGER_SECONDS = 10
SAY_SO_EVERY_SECONDS = 30
ENOUGH_ROOM = 32 * 1024 * 1024


class Revival:
    """The way back of one server: tried, told why not, tried again."""

    def __init__(self, servers, server):
        self.servers, self.server = servers, server
        self.began = self.next_try = self.spoke = time.monotonic()
        self.pause = FIRST_PAUSE_SECONDS
        self.process: subprocess.Popen | None = None
        self._log_size = 0
        servers.tell(errors.SERVER_GONE, server=server.name)

    def look(self) -> subprocess.Popen | None:
        """The new process once it answers; None until then."""
        if self.process is None:
            if time.monotonic() >= self.next_try:
                self._try()
            return None
        if self.process.poll() is not None:
            self.process = None
            self._failed(self._why())
        elif self.server.state() == "up":
            self.servers.tell(
                errors.SERVER_BACK, server=self.server.name, seconds=round(time.monotonic() - self.began)
            )
            return self.process
        elif time.monotonic() > self.spoke + SAY_SO_EVERY_SECONDS:
            self.spoke = time.monotonic()
            self.servers.tell(errors.RECOVERING, server=self.server.name, seconds="…")
        return None

    def end(self) -> None:
        """Stop what was begun."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.server.stop_signal)
            self.process.wait()

    def _try(self) -> None:
        try:
            with ExitStack() as stack:
                lock = stack.enter_context(open(self.servers.place.data / "lock", "a"))
                held = stack.enter_context(open(self.servers.held_file(self.server), "a"))
                if not (_taken(lock) and _taken(held)):
                    self._failed(self._lingering())
                    return
                self.server.prepare()
                log = stack.enter_context(self._log())
                self.process = self.server.start(held.fileno(), log)
        except errors.CannotStart as problem:
            self._failed((problem.text, problem.values))
        except OSError as problem:
            self._failed(self._room() or (errors.NOT_POSSIBLE, {"reason": problem.strerror or problem}))

    def _failed(self, why: tuple[str, dict]) -> None:
        self.servers.tell(
            errors.SERVER_FAILS, server=self.server.name, seconds=self.pause, folder=self.servers.place.data, reason=why
        )
        self.next_try = time.monotonic() + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE_SECONDS)

    def _log(self):
        """The log, or nothing at all where it cannot be written: a full disk of logs stops no server."""
        path = self.servers.log_file(self.server)
        try:
            log = open(path, "ab")  # noqa: SIM115 (closed by the caller)
            self._log_size = os.fstat(log.fileno()).st_size
            log.write(b"\n")
            log.flush()
        except OSError as problem:
            self.servers.tell(
                errors.LOG_NOT_WRITABLE, server=self.server.name, log=path, reason=problem.strerror or problem
            )
            return open(os.devnull, "wb")
        return log

    def _why(self) -> tuple[str, dict]:
        """Why it stopped: a full disk, or the last lines that it wrote this time."""
        room = self._room()
        if room:
            return room
        path = self.servers.log_file(self.server)
        try:
            with open(path, "rb") as log:
                log.seek(max(self._log_size, os.fstat(log.fileno()).st_size - 1500))
                tail = log.read().decode(errors="replace").strip()
        except OSError:
            tail = ""
        return errors.LAST_LINES, {"log": path, "tail": tail}

    def _room(self) -> tuple[str, dict] | None:
        for folder in (self.server.folder, self.servers.place.data):
            facts = os.statvfs(folder)
            left = facts.f_bavail * facts.f_frsize
            if left < ENOUGH_ROOM:
                return errors.DISK_FULL, {"folder": folder, "megabytes": left >> 20}
        return None

    def _lingering(self) -> tuple[str, dict]:
        """Processes that outlived their server; after a while they are ended."""
        left = lingering(self.servers.held_file(self.server), self.server.program())
        if time.monotonic() > self.began + LINGER_SECONDS:
            for number in left:
                os.kill(number, signal.SIGKILL)
        names = ", ".join(map(str, left)) or "?"
        return errors.SERVER_LINGERS, {"server": self.server.name, "processes": names}


def lingering(held, program) -> list[int]:
    """The processes of a server program that hold its lock file open; empty where the system does not tell."""
    found = []
    if sys.platform != "linux":
        return found
    wanted, binary = os.stat(held), os.path.realpath(program)
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            if os.readlink(f"{entry.path}/exe").removesuffix(" (deleted)") != binary:
                continue
            opened = (os.stat(one) for one in os.scandir(f"{entry.path}/fd"))
            if any((one.st_dev, one.st_ino) == (wanted.st_dev, wanted.st_ino) for one in opened):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def _taken(file) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
