"""Servers of a test run: those of the environment, or embedded ones in a folder that goes with the run."""

import atexit
import os
import secrets
import shutil
import tempfile
from pathlib import Path

from governance.embedded import Place
from governance.embedded.servers import Servers


def provide():
    """Put addresses and keys into the environment; what it already names is left alone."""
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]
    for name in ("SECRET_KEY", "PORTAL_PERSONAL_KEY"):
        os.environ.setdefault(name, secrets.token_urlsafe(48))
    if not missing:
        return
    folder = Path(tempfile.mkdtemp(prefix="portal-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # Started as root the servers run as a system user, who has to pass through our own folder.
    folder.chmod(0o755)
    servers = Servers(
        Place.at(folder / "data"),
        postgres="DATABASE_URL" in missing,
        valkey="REDIS_URL" in missing,
        durable=False,
    ).share()
    addresses = {"DATABASE_URL": servers.place.database_url, "REDIS_URL": servers.place.redis_url}
    os.environ.update({name: addresses[name] for name in missing})
    os.environ["PORTAL_DATA"] = str(folder / "data")
