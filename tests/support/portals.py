"""Running the whole portal, or one of its commands, as a process of its own."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
OWN = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PORTAL_PERSONAL_KEY", "DJANGO_SETTINGS_MODULE", "PORTAL_EMBEDDED")
PATIENCE_SECONDS = 90


@contextlib.contextmanager
def data_folder():
    """Make a data folder that the servers' system user may enter, and remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="portal-data-"))
    folder.chmod(0o755)
    try:
        yield folder / "data"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(data, **more) -> dict:
    """Return an environment with embedded servers in ``data``, keys given, without the demo."""
    kept = {name: value for name, value in os.environ.items() if name not in OWN}
    ours = {
        "PORTAL_DATA": str(data),
        "PORTAL_DEMO": "0",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "PORTAL_PERSONAL_KEY": secrets.token_urlsafe(48),
        "LC_ALL": "en_US.UTF-8",
    }
    return kept | ours | more


def run(*arguments, env, python=sys.executable, **options):
    """Run a manage.py command to its end and return the result."""
    command = [python, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=PATIENCE_SECONDS, **options
    )


class Portal:
    """A running portal."""

    def __init__(self, data, output=subprocess.PIPE, **more):
        self.port = free_port()
        self.env = environment(data, PORTAL_PORT=str(self.port), **more)
        self.output = output
        self.start()

    def start(self):
        """Start it, also again after its supervisor was killed: same port, data and keys."""
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "portal"], cwd=ROOT, env=self.env, start_new_session=True,
            stdout=self.output, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def status(self, path) -> int:
        """Return the status of a page, 0 while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as response:
                return response.status
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            return 0

    def wait_until_ready(self, seconds=PATIENCE_SECONDS):
        """Wait for /readyz to answer 200; return the portal."""
        assert until(lambda: self.status("/readyz") == 200 or self.process.poll() is not None, seconds)
        assert self.process.poll() is None, self.process.stdout and self.process.stdout.read()
        return self

    def family(self) -> list:
        """Return all processes of the portal."""
        head = psutil.Process(self.process.pid)
        return [head, *head.children(recursive=True)]

    def end(self, number=signal.SIGTERM):
        """Send the supervisor a signal and wait until none of the family is left."""
        family = self.family() if self.process.poll() is None else []
        self.process.send_signal(number)
        self.process.wait(PATIENCE_SECONDS)
        assert until(lambda: not any(map(_lives, family)), seconds=20), [one for one in family if _lives(one)]


@contextlib.contextmanager
def portal(data, output=subprocess.PIPE, **more):
    """Run a portal inside the block; what it says goes to ``output``, a file for one that says much."""
    running = Portal(data, output, **more)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.end()


def until(holds, seconds=PATIENCE_SECONDS) -> bool:
    """Wait until it holds; False if it does not within so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.1)
    return False


def _lives(process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
