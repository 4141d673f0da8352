"""`manage.py portal` as a process: it starts, survives a killing, stops cleanly (启动与恢复)."""

import signal

import psutil
import pytest

from tests.support.portals import data_folder, portal, run, until

pytestmark = pytest.mark.slow(20)

COUNT = "from django.contrib.auth.models import Group; print('found', Group.objects.filter(name='kept').count())"
LEAVE = "from django.contrib.auth.models import Group; Group.objects.create(name='kept')"


def member(running, *words):
    """Return the youngest process of the portal whose command line has all the words."""
    for one in reversed(running.family()):
        line = " ".join(one.cmdline())
        if all(word in line for word in words):
            return one
    raise AssertionError(f"no process with {words}")


def test_a_killed_portal_leaves_no_server_and_loses_no_data():
    with data_folder() as data:
        keys = {"SECRET_KEY": "s" * 50, "PORTAL_PERSONAL_KEY": "p" * 50}
        with portal(data, **keys) as first:
            first.wait_until_ready()
            attached = run("shell", "-v", "0", "-c", LEAVE, env=first.env)
            assert attached.returncode == 0, attached.stderr
            first.end(signal.SIGKILL)
        with portal(data, **keys) as second:
            second.wait_until_ready()
            counted = run("shell", "-v", "0", "-c", COUNT, env=second.env)
            assert "found 1" in counted.stdout, counted.stderr
            second.end(signal.SIGINT)
            assert second.process.returncode == 0


def test_what_crashes_is_started_again():
    with data_folder() as data, portal(data) as running:
        running.wait_until_ready()
        for words in (["postgres", "-D"], ["gunicorn"], ["celery", "worker"]):
            victim = min((one for one in running.family() if _matches(one, words)), key=lambda one: one.pid)
            victim.kill()
            assert until(lambda gone=victim: not gone.is_running())
        assert until(lambda: running.status("/readyz") == 200)
        assert member(running, "celery", "worker")


def _matches(process, words) -> bool:
    try:
        line = " ".join(process.cmdline())
    except psutil.Error:
        return False
    return all(word in line for word in words)


def test_a_second_portal_on_the_same_folder_is_refused():
    with data_folder() as data, portal(data) as first:
        first.wait_until_ready()
        second = run("portal", env=first.env | {"PORTAL_PORT": "1"})
        assert second.returncode == 2
        with portal(data) as other:
            other.process.wait(60)
            assert other.process.returncode == 2
            assert "PORTAL_DATA" in other.process.stdout.read()
        assert first.status("/readyz") == 200


def test_a_command_starts_the_servers_for_its_own_duration():
    from tests.support.portals import environment

    with data_folder() as data:
        env = environment(data)
        assert run("migrate", "-v", "0", env=env).returncode == 0
        assert run("shell", "-v", "0", "-c", LEAVE, env=env).returncode == 0
        assert "found 1" in run("shell", "-v", "0", "-c", COUNT, env=env).stdout
        left = [one for one in psutil.process_iter() if _matches(one, [str(data)])]
        assert left == []
