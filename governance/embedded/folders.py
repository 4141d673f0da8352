"""Where the embedded servers keep their data, and under which user they run (数据目录)."""
import hashlib
import os
import sys
from pathlib import Path

NAME = "township-portal"
# sockaddr_un holds 104 bytes on macOS and 108 on Linux; the longest name in the folder is ".s.PGSQL.5432.lock".
LONGEST_SOCKET_FOLDER = 80


def default_data_folder() -> Path:
    """Return the data folder of a user who named none: below /var/lib for root, else the user's own."""
    if os.geteuid() == 0:
        return Path("/var/lib") / NAME
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support" / NAME
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / NAME


def socket_folder(data: Path) -> Path:
    """Return the folder of the sockets: in the data folder, or a short one where that path is too long."""
    inside = data / "run"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
        return inside
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return Path("/tmp") / f"{NAME}-{os.geteuid()}-{digest}"
