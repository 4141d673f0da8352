"""Two hosts, each with web process, worker and beat of its own, on one database and one broker (多机部署)."""
import contextlib
import os
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import psutil
import pytest
from django.conf import settings

from governance.keeping.services.backups import programs, proving
from tests.support.portals import ROOT, free_port, until
from tests.support.servers import database_of
from tests.support.soaking import rounds

SET_UP = "from disputes.services.generating import make_township; make_township()"
# Forty runs of one act on many matters: each row is to be done exactly once, whoever dies.
ORDER = """
import uuid
from django.utils import timezone
from governance.casework.services import bulk
from governance.casework.services.opening import open_matter
from governance.organisation.models import User
officer, clerk = User.objects.get(username="cun1"), User.objects.get(username="wenshu")
made = [open_matter(kind="dispute", actor=officer, client_uuid=uuid.uuid4(), values={
    "description": "院墙越界", "category": "homestead", "channel": "application", "unit": officer.home_unit},
    parties=[{"kind": "applicant", "name": "林大山"}, {"kind": "respondent", "name": "王二"}]) for _n in range(60)]
run = bulk.start_run(actor=clerk, act="note", chosen=[(m.pk, m.version) for m in made], facts={"text": "已电话回访"},
                     client_uuid=uuid.uuid4())
"""


class Host:
    """The three processes of a host; its pages are asked through a balancer that tries the next host for readings."""

    def __init__(self, name, env, folder):
        self.port, self.name = free_port(), name
        folder.mkdir()
        self.env = env | {"PORTAL_DATA": str(folder), "PORTAL_WEB_PROCESSES": "1"}
        self.web, self.worker, self.beat = None, None, None

    def start(self):
        self.start_web()
        self.worker = self._run("-m", "celery", "-A", "governance", "--quiet", "worker", "--pool", "threads",
                                "--concurrency", "2", "-n", f"{self.name}@host", "-Q", "celery,outward")
        self.beat = self._run("-m", "celery", "-A", "governance", "--quiet", "beat", "--pidfile=")

    def start_web(self):
        self.web = self._run("-m", "gunicorn", "governance.wsgi", "-c", "python:governance.serving",
                             "--bind", f"127.0.0.1:{self.port}", PORTAL_PROCESS="web")

    def stop(self):
        for process in (self.web, self.worker, self.beat):
            if process is not None and process.poll() is None:
                for one in [*psutil.Process(process.pid).children(recursive=True), process]:
                    with contextlib.suppress(psutil.Error, ProcessLookupError):
                        one.kill()
                process.wait()

    def status(self, path="/readyz") -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return answer.status
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            return 0

    def _run(self, *arguments, **more):
        return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=self.env | more,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def shell(code, env):
    done = subprocess.run([sys.executable, "manage.py", "shell", "-v", "0", "-c", code], cwd=ROOT, env=env,
                          capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture
def hosts(transactional_db, tmp_path):
    with proving.scratch_database(f"{programs.address()['dbname']}_hosts") as database:
        env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "governance.settings", "DATABASE_URL": programs.url_of(database),
            "REDIS_URL": database_of(0, settings.REDIS_URL), "PORTAL_MEDIA": str(tmp_path / "shared"),
            "PORTAL_DEMO": "1", "ALLOWED_HOSTS": "*",
        }
        subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=env, check=True, timeout=280)
        shell(SET_UP, env)
        both = [Host(name, env, tmp_path / name) for name in ("first", "second")]
        try:
            for host in both:
                host.start()
            assert until(lambda: all(host.status() == 200 for host in both), seconds=200)
            yield both, env, database
        finally:
            for host in both:
                host.stop()


@pytest.mark.soak
@pytest.mark.slow(60)
@pytest.mark.timeout(900)
def test_hosts_restart_one_by_one_and_workers_die_without_an_error_answer_or_a_double(hosts):
    both, env, database = hosts
    answers, is_over = [], threading.Event()

    def read_on():
        turn = 0
        while not is_over.is_set():
            turn += 1
            first, other = both[turn % 2], both[(turn + 1) % 2]
            answers.append(first.status("/accounts/login/") or other.status("/accounts/login/"))

    reader = threading.Thread(target=read_on)
    reader.start()
    try:
        for number in range(rounds(1, 10)):
            shell(ORDER, env)
            host = both[number % 2]
            host.worker.kill()
            host.web.terminate()
            host.web.wait(60)
            host.start_web()
            assert until(lambda host=host: host.status() == 200, seconds=200)
            host.worker = host._run("-m", "celery", "-A", "governance", "--quiet", "worker", "--pool", "threads",
                                    "--concurrency", "2", "-n", f"{host.name}{number}@host", "-Q", "celery,outward")
        with programs.connected(database) as cursor:
            assert until(lambda: _counts(cursor)[0] == _counts(cursor)[1], seconds=200), _counts(cursor)
            rows, done, notes = _counts(cursor)
            assert (done, notes) == (rows, rows), "each row once, whoever died"
    finally:
        is_over.set()
        reader.join()
    assert len(answers) > 10 and set(answers) == {200}


def _counts(cursor):
    cursor.execute("SELECT count(*), count(*) FILTER (WHERE verdict = 'done') FROM casework_bulkrow")
    rows, done = cursor.fetchone()
    cursor.execute("SELECT count(*) FROM casework_event WHERE verb = 'noted'")
    return rows, done, cursor.fetchone()[0]
