"""What is done by the clock: each thing once however many beats there are, and nothing stands still for ever."""
import threading
from datetime import timedelta

import pytest
from celery.exceptions import Ignore
from django.db import OperationalError, connection
from django.urls import reverse

from governance.celery import app, note_done
from governance.organisation.models import ScheduleRun
from governance.organisation.registry import all_gauges
from governance.organisation.services import scheduling
from governance.scheduling import DatabaseScheduler

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def test_every_scheduled_task_is_there():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} - set(app.tasks) == set()


@pytest.fixture
def now(db):
    """A moment of the database in the middle of a minute; every schedule was ordered and done a moment ago."""
    now = scheduling.database_time().replace(second=30, microsecond=0)
    assert scheduling.order_due([].append, now=now) == []
    ScheduleRun.objects.update(ordered_at=now, ran_at=now, known_since=now - 400 * DAY)
    return now


def order(now):
    return scheduling.order_due(lambda name: None, now=now)


def test_each_schedule_is_ordered_at_its_time_and_once(now):
    assert order(now + 10 * timedelta(seconds=1)) == []
    assert {"send-messages", "deliver-webhooks"} <= set(order(now + MINUTE)) and order(now + MINUTE) == []
    a_day = [name for step in range(1, 25) for name in order(now + step * timedelta(hours=1))]
    assert a_day.count("prune-outbox") == 1 and a_day.count("send-messages") == 24


def test_what_was_missed_while_the_portal_was_off_is_done_at_once_and_once(now):
    assert set(order(now + 8 * DAY)) == set(scheduling.plans())
    assert order(now + 8 * DAY) == []


def test_a_clock_that_was_a_year_ahead_or_goes_a_day_back_does_not_stop_the_beat(now):
    order(now + 365 * DAY)
    assert set(order(now)) == set(scheduling.plans()), "what was ordered in the future is due now"
    assert "send-messages" in order(now + MINUTE)
    assert set(order(now - DAY)) == set(scheduling.plans()) and "send-messages" in order(now - DAY + MINUTE)


def test_what_was_ordered_but_lost_with_the_queue_is_ordered_again(now):
    later = now + 3 * DAY
    ScheduleRun.objects.update(ordered_at=later)
    assert order(later + 20 * timedelta(seconds=1)) == []
    again = order(later + 11 * MINUTE)
    assert "prune-outbox" in again and "roll-up-last-week" not in again, "a week is not two weeks"


def test_a_silent_broker_leaves_the_schedule_due(now):
    def silent(name):
        raise OSError(name)

    with pytest.raises(OSError):
        scheduling.order_due(silent, now=now + MINUTE)
    assert "send-messages" in order(now + MINUTE)


@pytest.mark.django_db(transaction=True)
def test_several_beats_order_each_thing_once():
    start = scheduling.database_time()
    order(start)
    ordered, barrier = [], threading.Barrier(4)

    def beat():
        for step in range(1, 6):
            barrier.wait()
            scheduling.order_due(lambda name, step=step: ordered.append((step, name)), now=start + step * DAY)
        connection.close()

    beats = [threading.Thread(target=beat) for _ in range(4)]
    for one in beats:
        one.start()
    for one in beats:
        one.join()
    assert len(ordered) == len(set(ordered))
    assert {name for _step, name in ordered} == set(scheduling.plans())


def test_the_beat_itself_survives_a_silent_database(db, monkeypatch):
    beat = DatabaseScheduler(app, lazy=True)

    def silent(send):
        raise OperationalError("gone")

    monkeypatch.setattr(scheduling, "order_due", silent)
    monkeypatch.setattr(connection, "close", lambda: None)
    assert beat.tick() == 5.0


def test_a_worker_writes_down_what_it_did_and_whether_it_failed(now):
    task = app.tasks["governance.casework.tasks.prune_outbox"]
    ScheduleRun.objects.update(ran_at=now - 9 * DAY)
    note_done(sender=task, state="FAILURE")
    run = ScheduleRun.objects.get(name="prune-outbox")
    assert run.ran_at > now - DAY and run.has_failed
    note_done(sender=task, state="SUCCESS")
    assert not ScheduleRun.objects.get(name="prune-outbox").has_failed
    note_done(sender=app.tasks["governance.casework.tasks.carry_on_bulk"], state=Ignore.__name__)


def test_readyz_and_the_gauges_say_which_schedule_does_not_run(now, client):
    assert client.get(reverse("readyz")).json()["schedules"] is True
    ScheduleRun.objects.filter(name="seal-history").update(ran_at=now - 3 * DAY)
    answer = client.get(reverse("readyz"))
    assert answer.status_code == 503 and answer.json()["schedules"] is False
    gauges = {gauge.name: dict(gauge.read()) for gauge in all_gauges() if gauge.name.startswith("portal_schedule")}
    assert gauges["portal_schedule_overdue"][("seal-history",)] == 1
    assert gauges["portal_schedule_overdue"][("prune-outbox",)] == 0
    assert gauges["portal_schedule_age_seconds"][("seal-history",)] > 2.5 * 86400
    assert gauges["portal_schedule_failed"][("seal-history",)] == 0
