"""A whole portal under attack, locks and killing: others are answered, nothing is lost, nothing is doubled (抗压)."""
import os
import secrets
import socket
import statistics
import sys
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil
import psycopg2
import pytest

from tests.support.killing import Caller, Hostile, Writers, count, dispute, kill, processes, settle, shuffled_parts
from tests.support.portals import data_folder, portal, run, until
from tests.support.receiver import receiver
from tests.support.soaking import rounds

pytestmark = [pytest.mark.slow(60), pytest.mark.soak]

MEGABYTE = 1024 * 1024
MOST_MB = 20
SEED = int(os.environ.get("PORTAL_KILL_SEED") or 118)


@pytest.fixture(scope="module")
def standing():
    """A portal of its own with a township, a client and a receiver of webhooks: (portal, place, receiver, folder)."""
    keys = {"SECRET_KEY": secrets.token_urlsafe(48), "PORTAL_PERSONAL_KEY": secrets.token_urlsafe(48)}
    more = {"PORTAL_WEBHOOK_LOCAL": "1", "PORTAL_API_RATE": "1000000/min", "PORTAL_MAX_BODY_MB": str(MOST_MB)}
    with ExitStack() as stack:
        hook, data = stack.enter_context(receiver()), stack.enter_context(data_folder())
        log = stack.enter_context(open(data.parent / "portal.log", "w"))
        running = stack.enter_context(portal(data, log, **keys, **more))
        running.wait_until_ready(240)
        yield running, settle(running, hook.url), hook, data.parent


def tell(line: str) -> None:
    """Figures for whoever runs the long form; pytest shows them with -s or -rP."""
    sys.stdout.write(line + "\n")


def seconds_of(portal, path="/accounts/login/") -> float:
    began = time.monotonic()
    assert portal.status(path) == 200
    return time.monotonic() - began


def held_on_disk(portal) -> int:
    """What the portal's processes hold in files without a name: bodies that wait."""
    held = 0
    for part in ("front", "web worker"):
        for process in processes(portal, part):
            for entry in Path(f"/proc/{process.pid}/fd").iterdir():
                with suppress(OSError):
                    if os.readlink(entry).endswith("(deleted)") and entry.stat().st_nlink == 0:
                        held += entry.stat().st_size
    return held


class Attack:
    """200 sockets that drip, 50 that say nothing, 4 that send 300 MB: two say so before, two do not."""

    def __init__(self, port):
        self.port, self.is_over, self.sent, self.answers = port, threading.Event(), 0, []
        self.sockets = [self._open(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ") for _ in range(200)]
        self.sockets += [self._open(b"") for _ in range(50)]
        framings = [b"Content-Length: 314572800\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n"] * 2
        self.threads = [threading.Thread(target=self._upload, args=(one,), daemon=True) for one in framings]
        self.threads.append(threading.Thread(target=self._drip, daemon=True))
        for thread in self.threads:
            thread.start()

    def _open(self, begun):
        one = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        one.sendall(begun)
        return one

    def _drip(self):
        while not self.is_over.wait(0.5):
            for one in self.sockets[:200]:
                with suppress(OSError):
                    one.send(b"x")

    def _upload(self, framing):
        kind = b"Content-Type: multipart/form-data; boundary=b\r\n"
        head = b"POST /accounts/login/ HTTP/1.1\r\nHost: x\r\n" + kind + framing
        block = b"x" * MEGABYTE
        piece = b"%x\r\n%b\r\n" % (MEGABYTE, block) if b"chunked" in framing else block
        one = self._open(head)
        with suppress(OSError):
            for _ in range(300):
                one.sendall(piece)
                self.sent += 1
        with suppress(OSError):
            self.answers.append(one.recv(12))
        one.close()

    def end(self):
        self.is_over.set()
        for thread in self.threads:
            thread.join(30)
        for one in self.sockets:
            one.close()


def as_if_off_for_days(folder) -> None:
    """Everything that is done by the clock is overdue: the next start has to make up for it, not to wait for it."""
    connection = psycopg2.connect(host=str(folder / "data/run"), user="portal", dbname="portal")
    with connection, connection.cursor() as cursor:
        cursor.execute("UPDATE organisation_schedulerun SET ordered_at = ordered_at - interval '3 days', "
                       "ran_at = ran_at - interval '3 days', known_since = known_since - interval '3 days'")
    connection.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_slow_and_huge_requests_hold_nobody_up_and_fill_no_disk(standing):
    running, _place, _hook, _folder = standing
    attack, times, most = Attack(running.port), [], 0
    until_then = time.monotonic() + rounds(6, 120)
    try:
        while time.monotonic() < until_then:
            times.append(seconds_of(running))
            most = max(most, held_on_disk(running))
            time.sleep(0.1)
    finally:
        attack.end()
    times.sort()
    tell(f"\nunder attack: {len(times)} pages, median {statistics.median(times) * 1000:.0f} ms, "
          f"slowest {times[-1] * 1000:.0f} ms; on disk at most {most / MEGABYTE:.1f} MB; {attack.sent} MB sent")
    assert times[int(len(times) * 0.95)] < 1, times[-10:]
    assert most <= 2 * (MOST_MB + 1) * MEGABYTE, "two bodies without a length, up to the limit"
    assert attack.answers.count(b"HTTP/1.1 413") >= 2


def test_a_lock_on_one_row_holds_up_neither_health_nor_others(standing):
    running, place, _hook, folder = standing
    caller = Caller(running.port, place["token"])
    status, matter = caller.call("POST", "/api/v1/disputes/", dispute(place), **{"Idempotency-Key": "the-locked-one"})
    assert status == 201, matter
    held = psycopg2.connect(host=str(folder / "data/run"), user="portal", dbname="portal")
    held.cursor().execute("SELECT 1 FROM casework_matter WHERE id = %s FOR UPDATE", [matter["id"]])
    answers = []

    def note():
        one = Caller(running.port, place["token"])
        answers.append(one.call("POST", f"/api/v1/matters/{matter['id']}/acts/note/", {"text": "x"}))

    threads = [threading.Thread(target=note) for _ in range(12)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    assert seconds_of(running, "/healthz") < 1 and seconds_of(running, "/readyz") < 2
    page = seconds_of(running)
    for thread in threads:
        thread.join(30)
    held.close()
    assert page < 6, "waits for a place, and no longer than two locks"
    assert [(status, answer["code"]) for status, answer in answers] == [(409, "matter-busy")] * 12
    assert caller.call("POST", f"/api/v1/matters/{matter['id']}/acts/note/", {"text": "x"})[0] == 200


def test_a_database_that_hangs_leaves_health_answering(standing):
    running, *_ = standing
    stopped = [one for part in ("database", "database backend") for one in processes(running, part)]
    for one in stopped:
        with suppress(psutil.Error):
            one.suspend()
    try:
        assert seconds_of(running, "/healthz") < 1
        began = time.monotonic()
        assert running.status("/readyz") == 503 and time.monotonic() - began < 6
    finally:
        for one in stopped:
            with suppress(psutil.Error):
                one.resume()
    assert until(lambda: running.status("/readyz") == 200)


def test_what_was_acknowledged_survives_any_killing_exactly_once(standing):
    """Each part in turn, in an order that the seed gives again; PORTAL_KILL_SEED asks for another."""
    running, place, hook, folder = standing
    writers, hostile = Writers(running, place).begin(), Hostile(running)
    times: dict[str, list[float]] = {}
    parts = shuffled_parts(rounds(4, 110), SEED) if rounds(0, 1) else ["database", "web", "valkey", "supervisor"]
    for part in parts:
        time.sleep(rounds(1, 2))
        if part == "supervisor":
            as_if_off_for_days(folder)
        seconds = kill(running, part)
        if seconds is not None:
            times.setdefault(part, []).append(seconds)
    time.sleep(1)
    hostile.end()
    writers.end()
    assert until(lambda: running.status("/readyz") == 200)
    counted = count(running, place, writers, folder)
    tell(f"\n{sum(map(len, times.values()))} kills, {writers.sent} calls, {writers.acknowledged()} acknowledged, "
          f"{hostile.sent} hostile; {counted}; seconds until ready:")
    for part, taken in sorted(times.items()):
        tell(f"  {part}: {len(taken)} x, median {statistics.median(taken):.1f}, longest {max(taken):.1f}")
    assert writers.acknowledged() > 5 * len(parts) // 4 and not writers.refused, writers.refused[:5]
    wrong = {name: number for name, number in counted.items() if name.split()[0] in {"lost", "doubled", "entered"}}
    assert not any(wrong.values()), wrong
    ids = [headers["X-Portal-Id"] for headers, _body in hook.got]
    assert len(set(ids)) == counted["deliveries"] - counted["deliveries that wait"]
    verified = run("verify_ledger", env=running.env)
    assert verified.returncode == 0, verified.stdout + verified.stderr
