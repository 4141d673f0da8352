"""Every task that a page orders, ordered once through a web process as in life: gunicorn, which is no worker."""
import base64
import json
import os
import re
import subprocess
import sys
import uuid
from http.cookies import SimpleCookie
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from redis import Redis

from disputes.services.generating import make_matters, make_township
from governance.casework.calendar import legal_holidays
from governance.casework.models import BulkRun, HolidayArrangement, Matter
from governance.ledgers.models import ImportBatch, LedgerExport
from governance.organisation.models import User
from tests.architecture.sources import ROOT
from tests.support.factories.ledgers import rows_with, workbook
from tests.support.portals import free_port, until
from tests.support.screens import filled, open_page

pytestmark = pytest.mark.slow(25)
TASK = re.compile(r'"((?:governance|disputes|petitions|safety|grids)\.[\w.]*tasks\.\w+)"')
FOLDERS = ("governance", "disputes", "petitions", "safety", "grids")


class NoRedirect(HTTPRedirectHandler):
    """Shows a redirect instead of following it."""

    def redirect_request(self, *_):
        """None: the answer itself is returned."""
        return


class Web:
    """A gunicorn of its own on the database of the tests, and the queue into which it puts tasks."""

    def __init__(self, client):
        self.client, self.url = client, f"http://127.0.0.1:{free_port()}"
        self.broker = Redis.from_url(os.environ["REDIS_URL"])
        self.broker.delete("celery")
        env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.web_settings", "PORTAL_WEB_DATABASE": connection.settings_dict["NAME"],
            "PORTAL_WEB_PREFIX": settings.CACHES["default"]["KEY_PREFIX"],
        }
        program = "-m gunicorn governance.wsgi --workers 1 --threads 2 --worker-class gthread --preload --bind"
        command = [sys.executable, *program.split(), self.url.partition("//")[2]]
        self.process = subprocess.Popen(command, cwd=ROOT, env=env)

    def status(self) -> int:
        """Of a page that needs no login; 0 while nobody answers."""
        try:
            return build_opener(NoRedirect).open(self.url + "/healthz", timeout=20).status
        except OSError:
            return 0

    def post(self, user, name, *args, files=None, **typed):
        """Fill in the form as it is opened and send it to the web process; its status."""
        query = {"m": typed.pop("m")} if "m" in typed else {}
        page = open_page(self.client, user, name, *args, **query)
        data = {**filled(page.context["form"]), **typed}
        cookies: SimpleCookie = self.client.cookies
        data["csrfmiddlewaretoken"] = cookies["csrftoken"].value
        headers = {"Cookie": "; ".join(f"{key}={morsel.value}" for key, morsel in cookies.items())}
        body = urlencode(data, doseq=True).encode()
        if files:
            body, headers["Content-Type"] = multipart(data, files)
        try:
            return build_opener(NoRedirect).open(
                Request(self.url + reverse(name, args=args), body, headers), timeout=60).status
        except HTTPError as answer:
            return answer.code

    def ordered(self) -> list[tuple[str, list]]:
        """Tasks in the queue, the first one first, with their arguments; the queue is empty then."""
        messages = [json.loads(message) for message in reversed(self.broker.lrange("celery", 0, -1))]
        self.broker.delete("celery")
        return [(message["headers"]["task"], json.loads(base64.b64decode(message["body"]))[0]) for message in messages]


def multipart(data, files):
    mark, parts = uuid.uuid4().hex, []
    for name, value in data.items():
        parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for name, path in files.items():
        named = f'form-data; name="{name}"; filename="{path.name}"'
        parts.append(f"--{mark}\r\nContent-Disposition: {named}\r\n\r\n".encode())
        parts.append(path.read_bytes() + b"\r\n")
    return b"".join(parts) + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


@pytest.fixture
def web(transactional_db, client):
    make_township()
    running = Web(client)
    try:
        assert until(lambda: running.status() == 200)
        yield running
    finally:
        running.process.terminate()
        running.process.wait(20)
        running.broker.delete("celery")


def assign_many(web):
    clerk = User.objects.get(username="wenshu")
    rows = Matter.objects.visible_to(clerk).order_by("pk")[:60]
    status = web.post(clerk, "casework:bulk", "note", m=[f"{row.pk}.{row.version}" for row in rows], text="已核对")
    run = BulkRun.objects.get()
    assert run.in_background and run.state == "running"
    return status, ("governance.casework.tasks.carry_on_bulk", [run.pk])


def take_out(web):
    clerk = User.objects.get(username="wenshu")
    town = clerk.posts.get().unit
    status = web.post(clerk, "ledgers:export-new", "dispute", township=town.pk, from_on="2015-01-01",
                      to_on=timezone.localdate())
    return status, ("governance.ledgers.tasks.make_export", [LedgerExport.objects.get(state="waiting").pk])


def bring_in(web, tmp_path):
    path = workbook(tmp_path / "台账.xlsx", rows_with({}))
    status = web.post(User.objects.get(username="wenshu"), "ledgers:imports", files={"file": path})
    return status, ("governance.ledgers.tasks.run_import", [ImportBatch.objects.get().pk])


def enter_days_off(web):
    days = ",".join(day.isoformat() for day in legal_holidays(2027))
    status = web.post(User.objects.get(username="xitong"), "casework:holiday-year", 2027, source="国办发明电7号",
                      issued_on="2026-11-10", days_off=days)
    assert HolidayArrangement.objects.get().applied_at is None
    return status, ("governance.casework.tasks.move_by_calendar", [])


def test_every_task_that_a_page_orders_reaches_the_queue_of_the_worker(web, tmp_path):
    make_matters(520)
    tried = set()
    for page in (assign_many, take_out, lambda it: bring_in(it, tmp_path), enter_days_off):
        status, task = page(web)
        assert status == 302, "the page says that it is done, because it is written"
        assert web.ordered() == [task]
        tried.add(task[0])
    assert tried == tasks_in_sources(), "a task that a page orders is tried here"


def tasks_in_sources() -> set[str]:
    """The names of tasks in the sources of services and views."""
    paths = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    texts = (path.read_text() for path in paths if {"services", "views", "api"} & set(path.parts))
    return {name for text in texts for name in TASK.findall(text)}


def test_a_page_orders_tasks_by_one_way_only():
    found = {
        path.relative_to(ROOT).as_posix() for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")
        if re.search(r"apply_async|send_task|\.delay\(|current_app\.tasks", path.read_text())
    }
    # The beat is no page: it orders the schedule, by the same names.
    assert found - {"governance/scheduling.py"} == {"governance/organisation/services/background.py"}
