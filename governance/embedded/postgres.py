"""The embedded PostgreSQL: its data, its command line, whether it answers (内置数据库)."""

import os
import signal
import subprocess
from pathlib import Path

import psycopg2

from . import errors
from .binaries import POSTGRES_MAJOR, postgres_folder
from .children import spawn
from .folders import Place

SMALLEST_SHARED_MEMORY = 256 * 1024 * 1024


class Postgres:
    """PostgreSQL on a socket in the data folder, with no network address."""

    name = "PostgreSQL"
    # Fast shutdown: connections are cut, a checkpoint is written.
    stop_signal = signal.SIGINT

    def __init__(self, place: Place, durable: bool = True):
        self.place = place
        self.durable = durable
        self.folder = place.data / "postgres"

    def state(self) -> str:
        """Return "up", "starting" (recovery counts as that) or "down", by connecting to the socket."""
        try:
            self._connect("postgres").close()
        except psycopg2.OperationalError as problem:
            return "starting" if "starting up" in str(problem) or "recovery" in str(problem) else "down"
        return "up"

    def program(self) -> Path:
        """The server's program."""
        return postgres_folder(self.place) / "postgres"

    def prepare(self) -> None:
        """Make the cluster when there is none; CannotStart for one of another major version."""
        version = self.folder / "PG_VERSION"
        if not version.exists():
            self._init()
        found = version.read_text().strip()
        if found != str(POSTGRES_MAJOR):
            raise errors.CannotStart(errors.OTHER_VERSION, folder=self.place.data, found=found, own=POSTGRES_MAJOR)
        # Nobody holds the cluster's lock, so this is a leftover. Its process id may be another process
        # by now, and PostgreSQL, which goes by the id, would refuse to start.
        (self.folder / "postmaster.pid").unlink(missing_ok=True)

    def start(self, held: int, log):
        """Start the server, which keeps the lock ``held`` as long as one of its processes lives."""
        program = [self.program(), "-D", self.folder]
        for name, value in self._options().items():
            program += ["-c", f"{name}={value}"]
        return spawn(
            program,
            stop_signal=self.stop_signal,
            uid=self.place.uid,
            gid=self.place.gid,
            keep=[held],
            output=log,
            cwd=self.folder,
        )

    def finish(self) -> None:
        """Make the portal's database when it is missing."""
        connection = self._connect("postgres")
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'portal'")
                if cursor.fetchone() is None:
                    cursor.execute("CREATE DATABASE portal")
        finally:
            connection.close()

    def _connect(self, database):
        return psycopg2.connect(host=str(self.place.sockets), user="portal", dbname=database, connect_timeout=5)

    def _init(self) -> None:
        # Anything in the folder without PG_VERSION is a cluster whose making was cut off.
        for leftover in sorted(self.folder.rglob("*"), reverse=True):
            leftover.rmdir() if leftover.is_dir() and not leftover.is_symlink() else leftover.unlink()
        program = [
            postgres_folder(self.place) / "initdb",
            "-D",
            self.folder,
            "--locale=C",
            "--encoding=UTF8",
            "--username=portal",
            "--auth=trust",
            "--no-instructions",
        ]
        if not self.durable:
            program.append("--no-sync")
        process = spawn(program, uid=self.place.uid, gid=self.place.gid, output=subprocess.PIPE, cwd=self.folder)
        output = process.communicate()[0].decode(errors="replace")
        if process.returncode:
            raise errors.CannotStart(
                errors.STOPPED_AT_ONCE, server="initdb", log="-", folder=self.folder, tail=output[-2000:]
            )

    def _options(self) -> dict:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": self.place.sockets,
            "unix_socket_permissions": "0700",
            "max_connections": 100,
            "shared_buffers": "256MB",
            "work_mem": "16MB",
            "maintenance_work_mem": "256MB",
            "max_wal_size": "2GB",
            "jit": "off",
            # Solid state disks: a page by index costs hardly more than the next one. With the default, a page of
            # thirty matters joins the whole table of units.
            "random_page_cost": 1.1,
            "log_timezone": "UTC",
            # Values in statements may be personal.
            "log_min_error_statement": "panic",
        }
        if _shared_memory_is_small():
            options["dynamic_shared_memory_type"] = "mmap"
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return options


def _shared_memory_is_small() -> bool:
    """Containers often have 64 MB of /dev/shm, too little for building a big index in parallel."""
    folder = Path("/dev/shm")
    if not folder.exists():
        return False
    facts = os.statvfs(folder)
    return facts.f_blocks * facts.f_frsize < SMALLEST_SHARED_MEMORY
