"""Outgoing webhooks: signed, number and link only, only what the client sees, tried again, never lost."""
import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import textwrap
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
from governance.casework.services.webhooks import addresses, delivering, subscribing
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
     "http://2130706433/", "http://0x7f.1/", "http://224.0.0.1/"],
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


def test_the_secret_is_shown_once_and_the_log_names_no_matter(place, client_account, client, hook):
    administrator = place.who("xitong")
    assert open_page(client, administrator, "casework:webhook-new").status_code == 200
    answer = client.post("/webhooks/new/", {
        "client": client_account.pk, "url": hook.url, "events": ["matter.opened", "matter.moved"]})
    secret, row = answer.context["secret"], WebhookSubscription.objects.get()
    assert secret in answer.content.decode() and secret.encode() not in bytes(row.secret_encrypted)
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


def test_only_the_system_administrator_comes_here(place, client_account, client, hook):
    row, _secret = subscribe(client_account, hook)
    for username in ("wenshu", "anquan", "shenji", "zhenzhang"):
        assert open_page(client, place.who(username), "casework:webhooks").status_code == 403
        assert open_page(client, place.who(username), "casework:webhook", row.pk).status_code == 403
        assert client.post(f"/webhooks/{row.pk}/end/").status_code == 403
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
