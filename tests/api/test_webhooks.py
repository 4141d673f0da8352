"""Outgoing webhooks: signed, number and link only, only what the client sees, tried again, never lost."""
import contextlib
import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from governance.casework.models import (
    EventType,
    WebhookAttempt,
    WebhookDelivery,
    WebhookSubscription,
)
from governance.casework.services import assigning, recording, reminding
from governance.casework.services.webhooks import addresses, calling, delivering, subscribing
from governance.organisation.models import Change, Post
from governance.organisation.registry import Refused
from tests.support.interface import issue, make_client, with_token
from tests.support.receiver import receiver
from tests.support.screens import open_page

from .conftest import NAME, SECRET, Place

ALL = [code for code in EventType.values if code != "test"]


@pytest.fixture
def hook(settings):
    settings.WEBHOOK_ALLOW_LOCAL = True
    with receiver() as held:
        yield held


def subscribe(client, hook, events=ALL):
    return subscribing.subscribe(client=client, url=hook.url, events=events, actor=None)


def types(hook):
    return [json.loads(body)["type"] for _headers, body in hook.got]


def later(minutes):
    return timezone.now() + timedelta(minutes=minutes)


def test_what_happens_is_told_signed_with_number_and_link_only(place, client_account, hook):
    _row, secret = subscribe(client_account, hook)
    matter = place.report()
    matter = assigning.assign(matter_id=matter.pk, actor=place.who("wenshu"), version=matter.version,
                              handler=place.who("tiaojie"))
    recording.note(matter_id=matter.pk, actor=place.who("wenshu"), text=SECRET)
    assert delivering.deliver_waiting() == 3
    assert sorted(types(hook)) == ["matter.assigned", "matter.opened", "notice"]
    for headers, body in hook.got:
        told = json.loads(body)
        digest = hmac.new(secret.encode(), headers["X-Portal-Timestamp"].encode() + b"." + body, hashlib.sha256)
        assert headers["X-Portal-Signature"] == f"sha256={digest.hexdigest()}"
        assert headers["X-Portal-Id"] == told["id"] and abs(int(headers["X-Portal-Timestamp"]) - time.time()) < 60
        assert set(told["matter"]) == {"id", "number", "url", "api"} and told["matter"]["number"] == matter.number
        for leak in (SECRET, NAME, place.who("tiaojie").name, place.village.short_name):
            assert leak not in body.decode()
    assert delivering.deliver_waiting() == 0, "told once"


def test_reminders_are_told_with_the_recipients_id(place, client_account, hook):
    from governance.casework.calendar import WorkCalendar
    from governance.casework.models import Clock

    subscribe(client_account, hook, ["reminder"])
    clock = Clock.objects.filter(matter=place.matter).order_by("due_at").first()
    at = WorkCalendar().next_opening(clock.due_at) + timedelta(minutes=1)
    reminding.owe_reminders(at)
    reminding.pay_reminders(at)
    delivering.deliver_waiting(at)
    assert hook.got and {*types(hook)} == {"reminder"}
    assert {"recipient", "about"} <= set(json.loads(hook.got[0][1]))


def test_the_client_is_not_told_of_what_it_may_not_see(place, hook):
    far = place.who("cun2")
    client = make_client(far.home_unit, "village_officer", username="far")
    subscribe(client, hook, ["matter.opened"])
    place.report()
    near = place.report(officer=far)
    assert delivering.deliver_waiting() == 1
    assert json.loads(hook.got[0][1])["matter"]["number"] == near.number
    assert sorted(WebhookDelivery.objects.values_list("state", flat=True)) == ["delivered", "withheld"]
    withheld = WebhookDelivery.objects.get(state="withheld")
    with pytest.raises(Refused, match="delivery-withheld"):
        subscribing.send_again(delivery_id=withheld.pk)
    Post.objects.filter(user=client.user).update(to_on=timezone.localdate() - timedelta(days=1), from_on="2020-01-01")
    place.report(officer=far)
    assert delivering.deliver_waiting() == 0


def test_an_act_that_is_refused_tells_nobody(place, client_account, hook):
    subscribe(client_account, hook)
    with pytest.raises(RuntimeError), transaction.atomic():
        place.report()
        raise RuntimeError
    assert not WebhookDelivery.objects.exists()


def test_what_fails_is_tried_again_with_longer_pauses_and_given_up(place, client_account, hook):
    subscribe(client_account, hook, ["matter.opened"])
    place.report()
    hook.answers = [500, 302, 404]
    assert delivering.deliver_waiting() == 0 and delivering.deliver_waiting() == 0
    assert len(hook.got) == 1, "not before its time"
    row = WebhookDelivery.objects.get()
    pauses = []
    for _ in range(2):
        pauses.append(row.next_try_at - timezone.now())
        delivering.deliver_waiting(row.next_try_at)
        row.refresh_from_db()
    assert pauses[1] > pauses[0] and row.tries == 3
    assert "elsewhere" not in str(hook.got), "a redirect is not followed"
    assert delivering.deliver_waiting(row.next_try_at) == 1
    row.refresh_from_db()
    assert row.state == "delivered"
    assert list(row.attempts.values_list("status", flat=True)) == [500, 302, 404, 200]
    assert len({headers["X-Portal-Id"] for headers, _body in hook.got}) == 1, "always the same id"
    subscribing.send_again(delivery_id=row.pk)
    hook.answers = [500] * delivering.MOST_TRIES
    for _ in range(delivering.MOST_TRIES):
        row.refresh_from_db()
        delivering.deliver_waiting(row.next_try_at)
    row.refresh_from_db()
    assert row.state == "failed"


def test_one_address_that_does_not_answer_holds_nobody_up(place, client_account, hook, settings):
    dead = make_client(place.township, username="dead")
    subscribing.subscribe(client=dead, url="http://127.0.0.1:9/", events=["matter.opened"], actor=None)
    subscribe(client_account, hook, ["matter.opened"])
    for _ in range(3):
        place.report()
    assert delivering.deliver_waiting() == 3
    assert WebhookAttempt.objects.filter(delivery__subscription__client=dead).count() == 1


def test_a_paused_subscription_keeps_what_waits_and_an_ended_one_gets_nothing(place, client_account, hook):
    row, _secret = subscribe(client_account, hook, ["matter.opened"])
    place.report()
    subscribing.pause(subscription=row, is_paused=True, actor=None)
    assert delivering.deliver_waiting() == 0
    subscribing.pause(subscription=row, is_paused=False, actor=None)
    assert delivering.deliver_waiting() == 1
    subscribing.end(subscription=row, actor=None)
    place.report()
    assert delivering.deliver_waiting() == 0 and WebhookDelivery.objects.count() == 1


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://localhost:8000/x", "http://[::1]/", "http://0.0.0.0/", "http://169.254.169.254/x",
     "http://[fe80::1]/", "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
     "http://2130706433/", "http://0x7f.1/", "http://224.0.0.1/", "http://100.100.100.200/latest/meta-data/",
     "http://[fd00:ec2::254]/", "http://[fd20:ce::254]/", "http://168.63.129.16/", "http://192.0.0.192/"],
)
def test_addresses_of_this_machine_are_refused(place, client_account, url):
    with pytest.raises(Refused) as refusal:
        subscribing.subscribe(client=client_account, url=url, events=ALL, actor=None)
    assert refusal.value.code == "webhook-url-forbidden"


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "http://", "http://user:pw@a.example/", "javascript:alert(1)", "a.example",
            "http://a b/", "http://a.example:99999/", "http://[::1", "http://甲.example/"],
)
def test_what_is_no_address_is_refused(place, client_account, url):
    with pytest.raises(Refused) as refusal:
        subscribing.subscribe(client=client_account, url=url, events=ALL, actor=None)
    assert refusal.value.code == "webhook-url-wrong"


def test_the_intranet_may_be_called_and_a_name_is_checked_when_it_is_used(place, client_account, monkeypatch):
    assert addresses.may_be_called("10.1.2.3") and addresses.may_be_called("192.168.3.4")
    assert addresses.may_be_called("fd00::1") and addresses.may_be_called("::ffff:10.0.0.1")
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *a, **k: [(2, 1, 6, "", ("10.0.0.9", 80))])
    subscribing.subscribe(client=client_account, url="http://rebind.example/", events=["matter.opened"], actor=None)
    place.report()
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *a, **k: [(2, 1, 6, "", ("127.0.0.1", 80))])
    assert delivering.deliver_waiting() == 0
    assert "not allowed" in WebhookAttempt.objects.get().error


def own_address() -> str:
    """The address under which others reach this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address but the loopback's")
        return probe.getsockname()[0]


def test_the_machines_own_address_is_refused(place, client_account):
    with pytest.raises(Refused) as refusal:
        subscribing.subscribe(client=client_account, url=f"http://{own_address()}:5432/", events=ALL, actor=None)
    assert refusal.value.code == "webhook-url-forbidden"


def test_where_a_call_has_come_to_is_looked_at_before_anything_is_said(place, client_account, monkeypatch):
    """The name is resolved to what may be called, and the way there leads back to this machine."""
    def led_back(_address, _timeout):
        one = socket.socket()
        one.connect(("127.0.0.1", int(here.url.split(":")[2].split("/")[0])))
        return one

    with receiver() as here:
        monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *a, **k: [(2, 1, 6, "", ("10.0.0.9", 80))])
        monkeypatch.setattr(calling.socket, "create_connection", led_back)
        subscribing.subscribe(client=client_account, url="http://rebind.example/", events=["matter.opened"], actor=None)
        place.report()
        assert delivering.deliver_waiting() == 0 and here.got == []
    assert "not allowed" in WebhookAttempt.objects.get().error


@contextlib.contextmanager
def dripping(head: bytes):
    """A receiver that gives one byte after the other and comes to no end."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        with contextlib.suppress(OSError):
            while True:
                connection, _address = listener.accept()
                threading.Thread(target=drip, args=(connection,), daemon=True).start()

    def drip(connection):
        with contextlib.suppress(OSError):
            connection.sendall(head)
            while True:
                time.sleep(0.05)
                connection.sendall(b"x")

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        listener.close()


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nX-A: "])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_receiver_that_drips_has_so_long_in_all(place, client_account, hook, monkeypatch, head, scheme):
    monkeypatch.setattr(calling, "SECONDS", 0.6)
    with dripping(head) as url:
        subscribing.subscribe(client=client_account, url=url.replace("http", scheme), events=["matter.opened"],
                              actor=None)
        place.report()
        began = time.monotonic()
        assert delivering.deliver_waiting() == 0
    assert time.monotonic() - began < 2
    attempt = WebhookAttempt.objects.get()
    assert scheme == "https" or "no whole answer within" in attempt.error
    assert WebhookDelivery.objects.get().state == "waiting"


def test_an_answer_whose_status_came_in_time_counts_however_its_rest_drips(place, client_account, hook, monkeypatch):
    monkeypatch.setattr(calling, "SECONDS", 0.6)
    with dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n") as url:
        subscribing.subscribe(client=client_account, url=url, events=["matter.opened"], actor=None)
        place.report()
        began = time.monotonic()
        assert delivering.deliver_waiting() == 1
    assert time.monotonic() - began < 2


def test_one_that_answers_slowly_comes_after_all_others(place, client_account, hook, monkeypatch):
    slow = make_client(place.township, username="slow")
    subscribing.subscribe(client=slow, url=hook.url + "slow/", events=["matter.opened"], actor=None)
    subscribe(client_account, hook, ["matter.opened"])
    for _ in range(2):
        place.report()
    real, told = calling.call, []

    def call(url, body, headers):
        told.append("slow" in url)
        if told[-1]:
            time.sleep(0.15)
        return real(url, body, headers)

    monkeypatch.setattr(calling, "call", call)
    monkeypatch.setattr(delivering, "SLOW_SECONDS", 0.1)
    assert delivering.deliver_waiting() == 4
    assert told[-1] and told.count(True) == 2 and told.index(True) == 0


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_receiver_is_waited_for(transactional_db, hook, monkeypatch):
    place = Place()
    subscribe(make_client(place.township), hook, ["matter.opened"])
    place.report()
    real, seen = calling.call, []

    def call(url, body, headers):
        seen.append(connection.in_atomic_block)
        return real(url, body, headers)

    monkeypatch.setattr(calling, "call", call)
    assert delivering.deliver_waiting() == 1 and seen == [False]


def test_the_secret_is_shown_once_and_the_log_names_no_matter(place, client_account, client, hook):
    administrator = place.who("xitong")
    assert open_page(client, administrator, "casework:webhook-new").status_code == 200
    answer = client.post("/webhooks/new/", {
        "client": client_account.pk, "url": hook.url, "events": ["matter.opened", "matter.moved"]})
    secret, row = answer.context["secret"], WebhookSubscription.objects.get()
    assert secret in answer.content.decode() and secret.encode() not in bytes(row.secret_encrypted)
    assert open_page(client, place.who("anquan"), "casework:webhook", row.pk).status_code == 200
    assert client.post(f"/webhooks/{row.pk}/release/").status_code == 302
    matter = place.report()
    hook.answers = [503]
    delivering.deliver_waiting()
    shown = open_page(client, administrator, "casework:webhook", row.pk).content.decode()
    assert "HTTP 503" in shown and secret not in shown
    for leak in (matter.number, "-JF-", NAME, SECRET[:4]):
        assert leak not in shown
    delivery = WebhookDelivery.objects.get()
    assert client.post(f"/webhooks/deliveries/{delivery.pk}/again/").status_code == 302
    assert delivering.deliver_waiting() == 1
    assert client.post(f"/webhooks/{row.pk}/test/").status_code == 302
    assert delivering.deliver_waiting() == 1 and types(hook)[-1] == "test"
    verbs = Change.objects.filter(subject_id=str(client_account.pk)).values_list("verb", flat=True)
    assert {"webhook_subscribed", "webhook_sent_again"} <= set(verbs)
    assert client.post("/webhooks/new/", {
        "client": client_account.pk, "url": "gopher://x/", "events": ["matter.opened"]}).status_code == 409


def test_only_the_system_administrator_works_here_and_only_the_second_hand_looks(place, client_account, client, hook):
    row, _secret = subscribe(client_account, hook)
    for username in ("wenshu", "shenji", "zhenzhang"):
        assert open_page(client, place.who(username), "casework:webhooks").status_code == 403
        assert open_page(client, place.who(username), "casework:webhook", row.pk).status_code == 403
        assert client.post(f"/webhooks/{row.pk}/end/").status_code == 403
    assert open_page(client, place.who("anquan"), "casework:webhooks").status_code == 200
    for act in ("end", "pause", "test"):
        assert client.post(f"/webhooks/{row.pk}/{act}/").status_code == 403
    assert open_page(client, place.who("anquan"), "casework:webhook-new").status_code == 403
    with pytest.raises(Refused, match="not-permitted"):
        subscribing.end(subscription=row, actor=place.who("anquan"))


def test_a_client_reads_its_own_log_and_has_it_sent_again(place, client_account, caller, hook):
    subscribe(client_account, hook, ["matter.opened"])
    place.report()
    delivering.deliver_waiting()
    (row,) = caller.get("/api/v1/webhooks/deliveries/").json()["results"]
    assert row["state"] == "delivered"
    again = f"/api/v1/webhooks/deliveries/{row['id']}/again/"
    other = with_token(issue(make_client(place.township, username="second")))
    assert other.post(again).status_code == 404 and other.get("/api/v1/webhooks/deliveries/").json()["results"] == []
    assert caller.post(again).json()["state"] == "waiting"
    assert delivering.deliver_waiting() == 1 and len(hook.got) == 2


WORKER = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "governance.settings"
import django
django.setup()
from django.conf import settings
settings.WEBHOOK_ALLOW_LOCAL = True
from governance.casework.services.webhooks import calling, delivering
real = calling.call
def slow(url, body, headers):
    status = real(url, body, headers)
    print("sent", flush=True)
    import time; time.sleep(60)
    return status
delivering.calling.call = slow
delivering.CLAIM = delivering.timedelta(seconds=2)
delivering.deliver_waiting()
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_loses_nothing(transactional_db, hook):
    place = Place()
    subscribe(make_client(place.township), hook, ["matter.opened"])
    place.report()
    held = connection.settings_dict
    address = f"postgresql:///{held['NAME']}?host={held['HOST']}"
    if held["USER"]:
        address += f"&user={held['USER']}"
    environment = {**os.environ, "DATABASE_URL": address}
    worker = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WORKER)], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout.readline() == "sent\n"
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    deadline = time.time() + 20
    while not delivering.deliver_waiting() and time.time() < deadline:
        time.sleep(0.2)
    assert WebhookDelivery.objects.get().state == "delivered"
    assert len({headers["X-Portal-Id"] for headers, _body in hook.got}) == 1 and len(hook.got) == 2
