"""One parent for web, worker and beat: starts them, restarts what crashes, stops all of them (进程管理)."""

import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field

from . import errors
from .children import spawn

LONGEST_PAUSE_SECONDS = 30
HEALTHY_AFTER_SECONDS = 60
STOP_WITHIN_SECONDS = 15
LOOK_EVERY_SECONDS = 0.25


@dataclass
class Child:
    """A process that is kept alive (子进程), or run once when ``once`` is set."""

    name: str
    program: list
    environment: dict
    cwd: str
    keep: tuple = ()
    once: bool = False
    # What the kernel sends when the supervisor is killed.
    death_signal: int = signal.SIGTERM
    process: subprocess.Popen | None = field(default=None, init=False)
    crashes: int = field(default=0, init=False)
    started: float = field(default=0.0, init=False)
    start_at: float = field(default=0.0, init=False)

    def start(self) -> None:
        """Start the process."""
        self.started = time.monotonic()
        self.process = spawn(
            self.program,
            stop_signal=self.death_signal,
            keep=self.keep,
            env=self.environment,
            cwd=self.cwd,
        )

    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def note_end(self) -> float:
        """Record the end; return the pause before the next start, longer with each crash."""
        lived = time.monotonic() - self.started
        self.crashes = 1 if lived > HEALTHY_AFTER_SECONDS else self.crashes + 1
        pause = min(2 ** (self.crashes - 1), LONGEST_PAUSE_SECONDS)
        self.start_at = time.monotonic() + pause
        self.process = None
        return pause


class Supervisor:
    """Keeps children alive until it is told to stop; ``tell`` gets a text and its values per crash."""

    def __init__(self, servers, tell):
        self.servers = servers
        self.tell = tell
        self.children: list[Child] = []
        self.is_stopping = threading.Event()

    def listen_to_signals(self) -> None:
        """Take SIGTERM, SIGINT and SIGHUP as the order to stop; the second one stops hard."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def add(self, child: Child) -> None:
        """Start a child and keep it."""
        child.start()
        self.children.append(child)

    def watch(self, on_tick) -> None:
        """Look after the children until the order to stop; ``on_tick`` is called with each look."""
        while not self.is_stopping.wait(LOOK_EVERY_SECONDS):
            self._look_after_children()
            if self.servers is not None:
                self.servers.revive()
            on_tick()

    def stop(self) -> None:
        """Stop the children, those that serve people first; kill what does not end in time."""
        deadline = time.monotonic() + STOP_WITHIN_SECONDS
        for child in self.children:
            if child.is_alive():
                child.process.terminate()
        for child in self.children:
            self._wait(child, deadline)

    def _wait(self, child, deadline) -> None:
        if not child.is_alive():
            return
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()

    def _on_signal(self, _number, _frame) -> None:
        if self.is_stopping.is_set():
            for child in self.children:
                if child.is_alive():
                    child.process.kill()
        self.is_stopping.set()

    def _look_after_children(self) -> None:
        for child in list(self.children):
            if child.is_alive():
                continue
            if child.process is not None:
                self._after_end(child)
            elif time.monotonic() >= child.start_at:
                self._start_again(child)

    def _start_again(self, child) -> None:
        """Start it; where the system has no room for a process now, later."""
        try:
            child.start()
        except OSError as problem:
            pause = child.note_end()
            self.tell(
                errors.CHILD_CANNOT_START, name=child.name, reason=problem.strerror or problem, seconds=pause
            )

    def _after_end(self, child) -> None:
        status = child.process.returncode
        if child.once:
            self.children.remove(child)
            if status:
                self.tell(errors.CHILD_FAILED, name=child.name, status=status)
            return
        pause = child.note_end()
        self.tell(errors.CHILD_RESTARTS, name=child.name, status=status, seconds=pause)
