"""Where the embedded servers keep their data, and under which user they run (数据目录)."""

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from urllib.parse import quote

from . import errors

NAME = "township-portal"
# sockaddr_un holds 104 bytes on macOS and 108 on Linux; the longest name there is ".s.PGSQL.5432.lock".
LONGEST_SOCKET_FOLDER = 80


def default_data_folder() -> Path:
    """Return the data folder of a user who named none: below /var/lib for root, else the user's own."""
    if sys.platform == "win32":
        return Path.home() / "AppData/Local" / NAME
    if os.geteuid() == 0:
        return Path("/var/lib") / NAME
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support" / NAME
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / NAME


@dataclass(frozen=True)
class Place:
    """A data folder and the user to whom the servers' part of it belongs (数据目录及其属主)."""

    data: Path
    uid: int
    gid: int

    @classmethod
    def at(cls, data) -> "Place":
        """Name the place without touching the disk; the user is settled by ``make``."""
        return cls(Path(data).expanduser().absolute(), os.geteuid(), os.getegid())

    @property
    def sockets(self) -> Path:
        """The folder of the sockets: in the data folder, or a short one where that path is too long."""
        inside = self.data / "run"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
            return inside
        return self._short()

    def doors(self, port: str) -> tuple[Path, Path]:
        """The sockets of the portal on this port, for pages and for questions of health; their folder is made.

        CannotStart if it cannot be.
        """
        folder = self.data / "doors"
        if len(os.fsencode(folder)) > LONGEST_SOCKET_FOLDER:
            folder = self._short("doors")
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if folder.stat().st_uid != os.geteuid():
                raise PermissionError(0, f"{folder} belongs to another user")
        except OSError as problem:
            raise self._not_writable(problem) from problem
        return folder / f"pages-{port}.sock", folder / f"health-{port}.sock"

    def _not_writable(self, problem: OSError) -> errors.CannotStart:
        """Nobody is sent to an empty folder where there are data."""
        text = errors.NOT_WRITABLE_WITH_DATA if (self.data / "postgres/PG_VERSION").exists() else errors.NOT_WRITABLE
        return errors.CannotStart(text, folder=self.data, reason=problem.strerror or problem)

    def _short(self, kind: str = "") -> Path:
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        return Path("/tmp") / f"{NAME}-{kind}{os.geteuid()}-{digest}"

    @property
    def database_url(self) -> str:
        """The address of the embedded PostgreSQL."""
        return f"postgresql://portal@/portal?host={quote(str(self.sockets), safe='')}"

    @property
    def redis_url(self) -> str:
        """The address of the embedded Valkey."""
        return f"unix://{quote(str(self.sockets))}/valkey.sock?db=0"

    def make(self) -> "Place":
        """Make the folders that are missing; return the place with its user settled.

        Modes of parents stay as they are. CannotStart if the folder cannot be written or entered.
        """
        try:
            self.data.mkdir(parents=True, exist_ok=True, mode=0o755)
            owner = self._settle_user()
            for name in ("log", "keys", "attachments"):
                (self.data / name).mkdir(exist_ok=True, mode=0o700)
            for folder in (self.data / "postgres", self.data / "valkey", self.sockets):
                owner.make_own(folder)
        except OSError as problem:
            raise self._not_writable(problem) from problem
        if owner.drops_privilege and not owner.may(self.data / "postgres", os.R_OK | os.W_OK | os.X_OK):
            raise errors.CannotStart(errors.NOT_REACHABLE, user=_user_name(owner.uid), folder=self.data)
        return owner

    @property
    def drops_privilege(self) -> bool:
        """Whether the servers run as somebody else than this process."""
        return self.uid != os.geteuid()

    def make_own(self, folder: Path) -> None:
        """Make a folder that belongs to the servers' user alone; a stranger's is refused."""
        folder.mkdir(exist_ok=True, mode=0o700)
        if os.geteuid() == 0:
            os.chown(folder, self.uid, self.gid)
        elif folder.stat().st_uid != self.uid:
            raise PermissionError(0, f"{folder} belongs to another user")

    def may(self, path: Path, mode: int) -> bool:
        """Whether the servers' user may reach ``path`` in this way; asked in a child with their rights."""
        child = os.fork()
        if child == 0:
            try:
                os.setgroups([])
                os.setgid(self.gid)
                os.setuid(self.uid)
                os._exit(0 if os.access(path, mode) else 1)
            finally:
                os._exit(1)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

    def _settle_user(self) -> "Place":
        """Keep the owner of existing data; as root take the system user, who is made when missing."""
        if os.geteuid() != 0:
            return self
        existing = self.data / "postgres"
        if existing.exists() and existing.stat().st_uid != 0:
            return Place(self.data, existing.stat().st_uid, existing.stat().st_gid)
        user = _system_user()
        return Place(self.data, user.pw_uid, user.pw_gid)


def _user_name(uid: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _system_user():
    import pwd  # Unix only, and settings are read on every platform

    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        pass
    if which("useradd"):
        command = [
            "useradd",
            "--system",
            "--user-group",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            NAME,
        ]
    else:
        command = ["adduser", "-S", "-D", "-H", NAME]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
        return pwd.getpwnam(NAME)
    except (OSError, subprocess.CalledProcessError, KeyError) as problem:
        raise errors.CannotStart(errors.NO_SYSTEM_USER, user=NAME, reason=problem) from problem
