"""What monitoring asks is answered without session, cache or person, and tells of a worker that does not work."""
import time

import pytest
from django.core.cache import cache

from governance import queues
from governance.celery import HEARTBEAT_KEY, app
from governance.measuring import valkey


@pytest.fixture
def worker_lives(db):
    for queue in queues.QUEUES:
        valkey().delete(queue)
    cache.set(HEARTBEAT_KEY, time.time(), 30)
    yield
    for queue in queues.QUEUES:
        valkey().delete(queue)


def order(queue, monkeypatch, ago=0.0):
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() - ago)
    app.send_task("governance.casework.tasks.forget_answers", queue=queue)
    monkeypatch.setattr(time, "time", real)


@pytest.mark.parametrize("queue", queues.QUEUES)
def test_a_worker_that_takes_nothing_up_is_noticed_though_its_heart_beats(client, worker_lives, monkeypatch, queue):
    works = {"database": True, "broker": True, "worker": True}
    assert client.get("/readyz").json() | works == client.get("/readyz").json()
    order(queue, monkeypatch)
    assert client.get("/readyz").json()["worker"] is True
    valkey().delete(queue)
    order(queue, monkeypatch, ago=queues.LONGEST_WAIT_SECONDS + 5)
    order(queue, monkeypatch)
    answer = client.get("/readyz")
    assert answer.status_code == 503 and answer.json()["worker"] is False
    assert queues.waiting_seconds(queue) > queues.LONGEST_WAIT_SECONDS and queues.length(queue) == 2


def test_the_gauges_tell_how_long_work_waits_and_when_some_was_finished(client, worker_lives, monkeypatch, settings):
    settings.METRICS_TOKEN = "t"
    order("outward", monkeypatch, ago=100)
    queues.note_finished("celery")
    text = client.get("/metrics", headers={"Authorization": "Bearer t"}).content.decode()
    told = dict(line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))
    assert float(told['portal_queue_oldest_seconds{queue="outward"}']) >= 100
    assert float(told['portal_queue_oldest_seconds{queue="celery"}']) == 0
    assert float(told['portal_worker_idle_seconds{queue="celery"}']) < 10


def test_what_talks_to_machines_outside_has_a_queue_of_its_own():
    app.loader.import_default_modules()
    outward = {name for name in app.tasks if app.amqp.router.route({}, name)["queue"].name == "outward"}
    assert outward == {"governance.casework.tasks.deliver_webhooks", "governance.casework.tasks.send_messages"}


def test_questions_of_health_touch_no_session_and_ask_for_no_host(client, db, settings):
    from django.contrib.auth import get_user_model

    settings.ALLOWED_HOSTS = ["portal.example"]
    user = get_user_model().objects.create(username="anybody")
    client.force_login(user, backend="governance.organisation.visibility.PostBackend")
    key = client.session.session_key
    before = valkey().ttl(cache.make_key(f"django.contrib.sessions.cache{key}"))
    for path in ("/healthz", "/readyz"):
        answer = client.get(path, HTTP_HOST="10.0.0.7:8000")
        assert answer.status_code in (200, 503) and not answer.cookies
        assert answer["X-Request-ID"]
    client.cookies["sessionid"] = "a" * 32
    assert not client.get("/healthz").cookies
    assert valkey().ttl(cache.make_key(f"django.contrib.sessions.cache{key}")) <= before


def test_a_database_that_hangs_does_not_hang_who_asks(client, worker_lives, monkeypatch):
    from governance.organisation.views import health

    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.5)
    monkeypatch.setattr(health, "_database_answers", lambda: time.sleep(2) or (True,))
    began = time.monotonic()
    answer = client.get("/readyz")
    told = answer.json()
    assert answer.status_code == 503 and not told["database"] and told["broker"] and told["worker"]
    assert time.monotonic() - began < 1.5
