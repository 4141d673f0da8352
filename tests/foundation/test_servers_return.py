"""A server that stopped comes back, however long that takes, with the true reason and on its own data (服务恢复)."""
import contextlib
import os
import signal
import subprocess
import time

import psutil
import psycopg2
import pytest

from governance.embedded import Place, errors, reviving
from governance.embedded.servers import Servers
from governance.embedded.supervisor import Child, Supervisor
from tests.support.portals import data_folder, until

pytestmark = pytest.mark.slow(5)


class Told(list):
    """What was told, in words."""

    def __call__(self, text, **values):
        self.append(errors.said(text, values))

    def has(self, words) -> bool:
        return any(words in line for line in self)


@pytest.fixture(scope="module")
def running():
    with data_folder() as data:
        held = Servers(Place.at(data), durable=False, tell=Told()).own()
        connection = psycopg2.connect(**where(held))
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("CREATE TABLE kept AS SELECT 1 AS one")
            cursor.execute("CHECKPOINT")
        yield held
        held.stop()


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def servers(running, told):
    """Both servers, up; what was told in this test."""
    running.tell = told
    assert len(running.started) == 2
    return running


def where(servers) -> dict:
    return {"host": str(servers.place.sockets), "user": "portal", "dbname": "portal"}


def process(servers, name):
    return next(process for server, process in servers.started if server.name == name)


def comes_back(servers, seconds=30) -> bool:
    def look():
        servers.revive()
        return len(servers.started) == 2

    return until(look, seconds)


def still_has_its_data(servers) -> bool:
    connection = psycopg2.connect(**where(servers))
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute("SELECT one FROM kept")
        return cursor.fetchone() == (1,)


def test_looking_after_a_killed_server_holds_nobody_up(servers, told):
    for name in ("PostgreSQL", "Valkey"):
        process(servers, name).kill()
        process(servers, name).wait()
        began = time.monotonic()
        servers.revive()
        assert time.monotonic() - began < 2
        assert comes_back(servers) and told.has(f"{name} answers again")
    assert still_has_its_data(servers)


def test_a_process_that_outlives_the_database_is_named_and_ended(servers, told, monkeypatch):
    monkeypatch.setattr(reviving, "LINGER_SECONDS", 1.5)
    connection = psycopg2.connect(**where(servers))
    backend = connection.get_backend_pid()
    os.kill(backend, signal.SIGSTOP)
    process(servers, "PostgreSQL").kill()
    assert until(lambda: servers.revive() or told.has(f"still run ({backend}"), seconds=10), told
    assert psutil.pid_exists(backend), "at first it is waited for"
    assert comes_back(servers) and still_has_its_data(servers)
    assert not told.has("PORTAL_DATA")


@contextlib.contextmanager
def full_disk(folder):
    """The folder on a disk of its own that has no room left."""
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("mounting a small disk needs rights that this test has not")
    try:
        with contextlib.suppress(OSError), open(folder / "filler", "wb", buffering=0) as filler:
            while True:
                filler.write(b"x" * 4096)
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_of_logs_keeps_no_server_down(servers, told):
    with full_disk(servers.place.data / "log"):
        for name in ("PostgreSQL", "Valkey"):
            process(servers, name).kill()
            process(servers, name).wait()
            assert comes_back(servers), told
        assert told.has("runs without one") and still_has_its_data(servers)


def test_a_disk_of_data_that_is_full_is_named_and_tried_again(servers, told, monkeypatch):
    monkeypatch.setattr(reviving, "ENOUGH_ROOM", 1 << 60)
    program = servers.started[0][0].folder / "postgresql.conf"
    program.rename(program.with_suffix(".away"))
    process(servers, "PostgreSQL").kill()
    assert until(lambda: servers.revive() or sum("Trying again" in one for one in told) >= 2, seconds=15), told
    assert told.has("is full") and not told.has("PORTAL_DATA")
    pauses = [one.split("Trying again in ")[1].split(" ")[0] for one in told if "Trying again" in one]
    assert pauses[:2] == ["1", "2"]
    monkeypatch.setattr(reviving, "ENOUGH_ROOM", 0)
    assert until(lambda: servers.revive() or told.has("could not access the server configuration file"), seconds=15)
    program.with_suffix(".away").rename(program)
    assert comes_back(servers) and still_has_its_data(servers)


def test_nobody_is_sent_to_an_empty_folder_where_there_are_data(servers):
    problem = servers.place._not_writable(OSError(28, "No space left on device"))
    assert "The data lie in it" in str(problem) and "PORTAL_DATA" not in str(problem)
    assert problem.code == "data-folder-not-writable"


def test_a_process_for_which_there_is_no_room_is_started_later(told, tmp_path):
    supervisor = Supervisor(None, told)
    child = Child("web", ["true"], {}, cwd=str(tmp_path / "not-there-yet"))
    child.started = time.monotonic()
    supervisor.children.append(child)
    supervisor._look_after_children()
    assert told.has("web cannot be started") and child.process is None
    (tmp_path / "not-there-yet").mkdir()
    child.start_at = 0
    supervisor._look_after_children()
    assert child.process is not None
    child.process.wait()


def test_telling_into_a_full_disk_ends_nothing():
    from governance.organisation.management.commands.portal import Command

    full = open("/dev/full", "w")  # noqa: SIM115 (closing it fails, too)
    command = Command(stdout=full, stderr=full)
    command.as_json = False
    command.tell(errors.CHILD_FAILED, name="web", status=1)
    command.say("x")
    with contextlib.suppress(OSError):
        full.close()
