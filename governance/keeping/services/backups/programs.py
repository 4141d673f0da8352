"""PostgreSQL's own programs for dumping and restoring (数据库工具): where they are, and with what address they run."""
import os
import re
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from django.db import connection
from django.utils.translation import gettext as _

from governance.embedded import place_of_environment
from governance.embedded.binaries import postgres_folder
from governance.embedded.errors import CannotStart
from governance.organisation.registry import Refused

_TAIL = 600


def find(name: str, *, at_least: int) -> str:
    """The program of the server's version or a later one: from PATH, else the one that comes with the portal.

    Refused: `postgres-programs-missing`.
    """
    for path in _candidates(name):
        if _major(path) >= at_least:
            return path
    raise Refused(
        "postgres-programs-missing",
        _("%(name)s of PostgreSQL %(version)s or later is needed. Install the package postgresql-client.")
        % {"name": name, "version": at_least},
    )


def server_major() -> int:
    """The version of the database server."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10000


def address(**changed) -> dict:
    """The parameters with which libpq reaches the portal's database, or another one on its server."""
    held = connection.get_connection_params()
    known = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey")
    return {name: str(held[name]) for name in known if held.get(name)} | changed


def url_of(parameters: dict) -> str:
    """The same as DATABASE_URL has it."""
    from urllib.parse import quote, urlencode

    held = dict(parameters)
    login = quote(held.pop("user", ""), safe="")
    password = held.pop("password", "")
    name = quote(held.pop("dbname"), safe="")
    port, host = held.pop("port", ""), held.pop("host", "")
    place = "" if host.startswith("/") else host
    more = urlencode({**({"host": host} if host.startswith("/") else {}), **held})
    secret = f":{quote(password, safe='')}" if password else ""
    return f"postgresql://{login}{secret}@{place}{':' + port if port else ''}/{name}{'?' + more if more else ''}"


@contextmanager
def connected(parameters: dict):
    """A connection of its own, each statement by itself."""
    opened = psycopg2.connect(**parameters)
    opened.autocommit = True
    try:
        with opened.cursor() as cursor:
            yield cursor
    finally:
        opened.close()


@contextmanager
def running(program: str, *arguments, parameters: dict, errors, **streams):
    """Run a program against a database; the password goes through its environment, never its command line."""
    names = {"dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD", "host": "PGHOST", "port": "PGPORT"}
    more = {names.get(name, f"PG{name.upper()}"): value for name, value in parameters.items()}
    process = subprocess.Popen([program, *arguments], env=os.environ | more, stderr=errors, **streams)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def tail(errors) -> str:
    """The last lines that a program wrote to its errors."""
    errors.seek(0)
    return errors.read().decode(errors="replace")[-_TAIL:].strip()


def _candidates(name):
    found = shutil.which(name)
    if found:
        yield found
    try:
        own = postgres_folder(place_of_environment()) / name
    except CannotStart:
        return
    if own.exists():
        yield str(own)


def _major(path) -> int:
    try:
        told = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20).stdout
    except OSError:
        return 0
    number = re.search(r"\(PostgreSQL\) (\d+)", told)
    return int(number.group(1)) if number else 0


def manage_py() -> list[str]:
    """How this portal's commands are run as a process of their own."""
    import sys

    from django.conf import settings

    return [sys.executable, str(Path(settings.BASE_DIR) / "manage.py")]
