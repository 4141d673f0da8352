"""Servers of a test run: those of the environment, or embedded ones in a folder that goes with the run.

All processes of a run share them. Each process of `pytest -n` has a database of PostgreSQL (pytest-django
names it), one of Valkey (the tests empty it at will) and a data folder of its own.
"""

import atexit
import os
import secrets
import shutil
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit, urlunsplit

from governance.embedded import Place
from governance.embedded.servers import Servers

# Told by the first process of a run to those that it starts: the folder of the run, and the address of Valkey.
FOLDER, VALKEY = "PORTAL_TEST_FOLDER", "PORTAL_TEST_VALKEY"


def provide():
    """Put addresses, keys and the data folder into the environment; servers that it already names are used."""
    if not os.environ.get(FOLDER):
        _begin()
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        os.environ["REDIS_URL"] = database_of(int(worker.removeprefix("gw")), os.environ[VALKEY])
        os.environ["PORTAL_DATA"] = str(Path(os.environ[FOLDER]) / worker)


def _begin():
    for name in ("SECRET_KEY", "PORTAL_PERSONAL_KEY"):
        os.environ.setdefault(name, secrets.token_urlsafe(48))
    folder = Path(tempfile.mkdtemp(prefix="portal-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # Started as root the servers run as a system user, who has to pass through our own folder.
    folder.chmod(0o755)
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]
    if missing:
        servers = Servers(
            Place.at(folder / "data"),
            postgres="DATABASE_URL" in missing,
            valkey="REDIS_URL" in missing,
            durable=False,
        ).share()
        addresses = {"DATABASE_URL": servers.place.database_url, "REDIS_URL": servers.place.redis_url}
        os.environ.update({name: addresses[name] for name in missing})
    os.environ |= {FOLDER: str(folder), VALKEY: os.environ["REDIS_URL"], "PORTAL_DATA": str(folder / "data")}


def database_of(number: int, address: str) -> str:
    """Return the address of Valkey's database that lies so many behind the one of ``address``."""
    parts = urlsplit(address)
    if parts.scheme == "unix":
        first = int(parse_qs(parts.query).get("db", ["0"])[0])
        return f"{address.partition('?')[0]}?db={first + number}"
    return urlunsplit(parts._replace(path=f"/{int(parts.path.strip('/') or 0) + number}"))
