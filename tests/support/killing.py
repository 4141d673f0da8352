"""Killing parts of a running portal while others write, and counting afterwards what was acknowledged (杀进程)."""
import http.client
import itertools
import json
import random
import socket
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

from .portals import Portal, run, until

# Part -> words of its command line; the first process (`master`) or the last one with them is killed.
PARTS = {
    "web": (("gunicorn",), True), "web worker": (("gunicorn",), False), "front": (("governance.front",), True),
    "worker": (("celery", "own@"), True), "outward worker": (("celery", "outward@"), True),
    "beat": (("celery", "beat"), True), "database": (("postgres", "-D"), True),
    "database backend": (("postgres: portal portal",), False), "valkey": (("valkey-server",), True),
    "supervisor": (("manage.py", "portal"), True),
}

SETTLE = """
import json
from disputes.services.generating import make_township
from governance.casework.services.webhooks import subscribing
from governance.casework.models import WebhookSubscription
from governance.organisation.models import User
from tests.support.interface import issue, make_client
make_township()
office = User.objects.get(username="wenshu")
client = make_client(office.home_unit)
hook = {hook!r}
if hook:
    subscribing.subscribe(client=client, url=hook, events=["matter.opened"], actor=None)
    if hasattr(WebhookSubscription, "released_at"):
        WebhookSubscription.objects.update(released_at="2026-01-01T00:00+08:00")
village = User.objects.get(username="cun1").home_unit
print("SETTLED", json.dumps({{"token": issue(client), "unit": village.pk, "user": client.user.pk,
      "handler": User.objects.get(username="tiaojie").pk}}))
"""

COUNT = """
import json
from collections import Counter
from governance.casework.models import Event, EventPersonal, Matter, Message, WebhookDelivery
from governance.casework.services.repeating import entry_uuid
from governance.casework.services.webhooks import delivering
from governance.organisation.models import User
told = json.load(open({path!r}))
user = User.objects.get(pk={user})
delivering.deliver_waiting()
matters = {{str(one.client_uuid): one for one in Matter.objects.filter(creator=user)}}
opened = [str(entry_uuid(user, key)) for key in told["opened"]]
notes = Counter(row.get("text") for row in EventPersonal.objects.values_list("values", flat=True))
assigned = Counter(Message.objects.filter(subject="assigned", channel="portal").values_list("matter_id", flat=True))
print("COUNTED", json.dumps({{
    "matters": len(matters), "lost matters": sum(one not in matters for one in opened),
    "doubled matters": Matter.objects.count() - Matter.objects.values("client_uuid").distinct().count(),
    "entered again under another number": sum(
        told["opened"][key] != matters[str(entry_uuid(user, key))].number for key in told["opened"]
        if str(entry_uuid(user, key)) in matters),
    "doubled numbers": Matter.objects.count() - Matter.objects.values("number").distinct().count(),
    "lost notes": sum(notes[text] == 0 for text in told["noted"]),
    "doubled notes": sum(count > 1 for text, count in notes.items() if text and text.startswith("note-")),
    "lost messages": sum(assigned[pk] == 0 for pk in told["assigned"]),
    "doubled messages": sum(count > 1 for count in assigned.values()),
    "deliveries that wait": WebhookDelivery.objects.waiting().count(),
    "deliveries": WebhookDelivery.objects.count(),
}}))
"""


def settle(portal: Portal, hook: str = "") -> dict:
    """A township, and a client with a token that may do everything; what of them a caller needs."""
    result = run("shell", "-v", "0", "-c", SETTLE.format(hook=hook), env=portal.env)
    line = next((line for line in result.stdout.splitlines() if line.startswith("SETTLED")), None)
    assert line, result.stdout + result.stderr
    return json.loads(line.removeprefix("SETTLED"))


def count(portal: Portal, place: dict, writers: "Writers", folder) -> dict:
    """What the database holds of what was acknowledged."""
    path = folder / "acknowledged.json"
    path.write_text(json.dumps({"opened": writers.opened, "noted": writers.noted, "assigned": writers.assigned}))
    result = run("shell", "-v", "0", "-c", COUNT.format(path=str(path), user=place["user"]), env=portal.env)
    line = next((line for line in result.stdout.splitlines() if line.startswith("COUNTED")), None)
    assert line, result.stdout + result.stderr
    return json.loads(line.removeprefix("COUNTED"))


@dataclass
class Caller:
    """A client of the interface, on a connection that is opened anew when it breaks."""

    port: int
    token: str
    connection: http.client.HTTPConnection | None = None

    def call(self, method, path, body=None, **headers) -> tuple[int, dict]:
        """Status and answer; 0 while nobody answers."""
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=40)
            given = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **headers}
            self.connection.request(method, path, json.dumps(body) if body is not None else None, given)
            answer = self.connection.getresponse()
            content = answer.read()
            return answer.status, json.loads(content) if content.startswith((b"{", b"[")) else {}
        except (OSError, http.client.HTTPException):
            if self.connection is not None:
                self.connection.close()
            self.connection = None
            return 0, {}


def dispute(place: dict) -> dict:
    """What registers a dispute."""
    return {
        "category": "homestead", "channel": "application", "unit": place["unit"], "description": "院墙越界",
        "not_duplicate": True,
        "parties": [{"kind": "applicant", "name": "林大山"}, {"kind": "respondent", "name": "孙来福"}],
    }


@dataclass
class Writers:
    """Careful clients: each act has a key and is sent until it is acknowledged."""

    portal: Portal
    place: dict
    opened: dict = field(default_factory=dict)
    noted: list = field(default_factory=list)
    assigned: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    sent: int = 0
    is_over: threading.Event = field(default_factory=threading.Event)
    threads: list = field(default_factory=list)

    def begin(self, number: int = 3) -> "Writers":
        """Begin to write, so many at once."""
        self.threads = [threading.Thread(target=self._write, daemon=True) for _ in range(number)]
        for thread in self.threads:
            thread.start()
        return self

    def end(self) -> None:
        """Let each finish what it has begun."""
        self.is_over.set()
        for thread in self.threads:
            thread.join(120)
        assert not any(thread.is_alive() for thread in self.threads)

    def acknowledged(self) -> int:
        """How many acts have been."""
        return len(self.opened) + len(self.noted) + len(self.assigned)

    def _write(self) -> None:
        caller = Caller(self.portal.port, self.place["token"])
        while not self.is_over.is_set():
            key = uuid.uuid4().hex
            answer = self._until_acknowledged(caller, "/api/v1/disputes/", key, {
                **dispute(self.place), "description": f"院墙越界 {key}"})
            if answer is None:
                continue
            self.opened[key] = answer["number"]
            acts = f"/api/v1/matters/{answer['id']}/acts"
            for _ in range(2):
                text = f"note-{uuid.uuid4().hex}"
                if self._until_acknowledged(caller, f"{acts}/note/", text, {"text": text}) is not None:
                    self.noted.append(text)
            told = {"handler": self.place["handler"], "version": self._version(caller, acts.removesuffix("acts"))}
            if self._until_acknowledged(caller, f"{acts}/assign/", uuid.uuid4().hex, told) is not None:
                self.assigned.append(answer["id"])

    def _version(self, caller, path) -> int:
        while not self.is_over.is_set():
            status, answer = caller.call("GET", path)
            if status == 200:
                return answer["version"]
            time.sleep(0.1)
        return 1

    def _until_acknowledged(self, caller, path, key, body) -> dict | None:
        """The answer; None for what a rule refuses, and for what is still open when all is over."""
        give_up_at = None
        while give_up_at is None or time.monotonic() < give_up_at:
            status, answer = caller.call("POST", path, body, **{"Idempotency-Key": key})
            self.sent += 1
            if status in (200, 201):
                return answer
            if 400 <= status < 500 and status not in (408, 429) and answer.get("code") != "matter-busy":
                self.refused.append((status, answer.get("code"), str(answer)[:200]))
                return None
            if self.is_over.is_set() and give_up_at is None:
                give_up_at = time.monotonic() + 60
            time.sleep(0.1)
        return None


class Hostile:
    """Somebody who sends what nobody should: slow heads, bodies too large, nonsense, odd addresses."""

    def __init__(self, portal: Portal):
        self.portal = portal
        self.sent = 0
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self._send, daemon=True)
        self.thread.start()

    def end(self) -> None:
        """Leave off."""
        self.is_over.set()
        self.thread.join(60)

    def _send(self) -> None:
        held: list[socket.socket] = []
        wares = itertools.cycle(
            b"%b HTTP/1.1\r\nHost: x\r\n%b" % ware for ware in [
                (b"GET /accounts/login/", b"X-A: "), (b"POST /accounts/login/", b"Content-Length: 99999999\r\n\r\nabc"),
                (b"POST /api/v1/disputes/", b"Content-Length: 50\r\nContent-Type: application/json\r\n\r\n[[["),
                (b"\x16\x03\x01\x02\x00\x01", b""), (b"GET /%00%ff/../../etc/passwd", b"\r\n"),
                (b"POST /i18n/setlang/", b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\nGET"),
                (b"GET /matters/?q=" + b"%E6%9D%91" * 900, b"\r\n"),
            ]
        )
        for ware in wares:
            if self.is_over.wait(0.05):
                break
            with suppress(OSError):
                one = socket.create_connection(("127.0.0.1", self.portal.port), timeout=2)
                one.sendall(ware)
                held.append(one)
                self.sent += 1
            while len(held) > 60:
                held.pop(0).close()
        for one in held:
            one.close()


def processes(portal: Portal, part: str) -> list:
    """The processes of a part, the oldest first."""
    words, _is_master = PARTS[part]
    found = []
    for one in portal.family():
        with suppress(psutil.Error):
            if all(word in " ".join(one.cmdline()) for word in words) and one.status() != psutil.STATUS_ZOMBIE:
                found.append(one)
    return sorted(found, key=lambda one: (one.create_time(), one.pid))


def kill(portal: Portal, part: str) -> float | None:
    """Kill -9 one process of a part; the seconds until it is there again and all is ready. None if there is none."""
    found = processes(portal, part)
    if not found:
        return None
    victim = found[0] if PARTS[part][1] else found[-1]
    with suppress(psutil.NoSuchProcess):
        victim.kill()
    began = time.monotonic()
    if part == "supervisor":
        portal.process.wait(30)
        # Started again as an init system would; what the dead one leaves behind may still be on its way out.
        while True:
            portal.start()
            if until(lambda: portal.process.poll() is not None or portal.status("/readyz") == 200, 180):
                if portal.process.poll() is None:
                    break
                time.sleep(1)
    # A web server is there again once it has its workers; of everything else one process is enough.
    needed = len(found) if "gunicorn" in PARTS[part][0] else 1
    back = until(lambda: victim_replaced(portal, part, victim.pid, needed) and portal.status("/readyz") == 200, 120)
    assert back, f"{part} did not come back"
    return time.monotonic() - began


def victim_replaced(portal: Portal, part: str, number: int, needed: int) -> bool:
    """Whether the part runs again under another process id."""
    if part == "database backend":
        return True
    found = [one.pid for one in processes(portal, part)]
    return number not in found and len(found) >= needed


def shuffled_parts(number: int, seed: int) -> list[str]:
    """So many parts to kill: each as often as the others, in an order that the seed gives again."""
    order = random.Random(seed)
    parts = [part for part, _ in zip(itertools.cycle(PARTS), range(number), strict=False)]
    order.shuffle(parts)
    return parts
