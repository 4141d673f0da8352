"""PostgreSQL and Valkey without set-up, behind `manage.py` and the tests (内置服务)."""

import os
import sys

from . import keys
from .errors import UNSUPPORTED, CannotStart
from .folders import Place, default_data_folder

__all__ = ["CannotStart", "Place", "ensure", "place_of_environment"]

# Commands that read and write files only.
WITHOUT_SERVERS = {
    "help",
    "version",
    "check",
    "makemessages",
    "compilemessages",
    "collectstatic",
    "findstatic",
    "diffsettings",
    "show_clock",
    "show_workflow",
}
# Knows its servers' addresses beforehand and starts them itself.
STARTS_ITS_OWN = "portal"


def place_of_environment() -> Place:
    """Return the place that PORTAL_DATA names, or the default one."""
    return Place.at(os.environ.get("PORTAL_DATA") or default_data_folder())


def ensure(argv) -> None:
    """Put addresses and keys into the environment before settings are read, and have the servers run.

    A running portal's servers of the same data folder are shared; otherwise they run until the command
    ends. What the environment already names is left alone. CannotStart if that is impossible.
    """
    command = argv[1] if len(argv) > 1 else "help"
    if command in WITHOUT_SERVERS or {"--help", "-h", "--version"} & set(argv[2:]) or command.startswith("-"):
        return
    place = place_of_environment()
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]
    keys.provide(place.data)
    if command == STARTS_ITS_OWN:
        os.environ.setdefault("PORTAL_STATIC", str(place.data / "static"))
    if not missing:
        return
    if sys.platform == "win32":
        raise CannotStart(UNSUPPORTED, server="PostgreSQL", platform="Windows", setting=" / ".join(missing))
    if command != STARTS_ITS_OWN:
        from .servers import Servers

        Servers(place, postgres="DATABASE_URL" in missing, valkey="REDIS_URL" in missing).share()
    os.environ.update({name: _address(place, name) for name in missing})
    os.environ["PORTAL_EMBEDDED"] = " ".join(missing)


def _address(place: Place, name: str) -> str:
    return place.database_url if name == "DATABASE_URL" else place.redis_url
