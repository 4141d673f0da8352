"""The Celery app: what runs in the background, and when (后台任务)."""

import contextlib
import logging
import os
import time

from celery import Celery
from celery.schedules import crontab
from celery.signals import before_task_publish, heartbeat_sent, setup_logging, task_postrun, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")

HEARTBEAT_KEY = "portal:worker-heartbeat"
HEARTBEAT_SECONDS = 30

app = Celery("governance")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "watch-time": {
        "task": "governance.organisation.tasks.watch_time",
        "schedule": crontab(),
    },
    "owe-and-pay-reminders": {
        "task": "governance.casework.tasks.owe_and_pay_reminders",
        "schedule": crontab(minute="*/5"),
    },
    "send-messages": {
        "task": "governance.casework.tasks.send_messages",
        "schedule": crontab(),
    },
    "carry-on-unfinished-bulk": {
        "task": "governance.casework.tasks.carry_on_unfinished_bulk",
        "schedule": crontab(),
    },
    "keep-wall": {
        "task": "governance.casework.tasks.keep_wall",
        "schedule": crontab(hour=0, minute=5),
    },
    "keep-calendar": {
        "task": "governance.casework.tasks.keep_calendar",
        "schedule": crontab(hour=3, minute=10),
    },
    "regrade-aged": {
        "task": "governance.casework.tasks.regrade_aged",
        "schedule": crontab(hour=3, minute=20),
    },
    "deliver-webhooks": {
        "task": "governance.casework.tasks.deliver_webhooks",
        "schedule": crontab(),
    },
    "forget-answers": {
        "task": "governance.casework.tasks.forget_answers",
        "schedule": crontab(hour=3, minute=40),
    },
    "prune-outbox": {
        "task": "governance.casework.tasks.prune_outbox",
        "schedule": crontab(hour=3, minute=50),
    },
    "anonymise-ended": {
        "task": "governance.casework.tasks.anonymise_ended",
        "schedule": crontab(hour=2, minute=30),
    },
    "prune-logins": {
        "task": "governance.organisation.tasks.prune_logins",
        "schedule": crontab(hour=4, minute=5),
    },
    "forget-sessions": {
        "task": "governance.organisation.tasks.forget_sessions",
        "schedule": crontab(hour=4, minute=0),
    },
    "seal-history": {
        "task": "governance.casework.tasks.seal_history",
        "schedule": crontab(hour=0, minute=20),
    },
    "back-up": {
        "task": "governance.keeping.tasks.back_up",
        "schedule": crontab(hour=1, minute=30),
    },
    "verify-files": {
        "task": "governance.keeping.tasks.verify_files",
        "schedule": crontab(hour=2, minute=30),
    },
    "tidy-exports": {
        "task": "governance.ledgers.tasks.tidy_exports",
        "schedule": crontab(minute="*/15"),
    },
    "tidy-imports": {
        "task": "governance.ledgers.tasks.tidy_imports",
        "schedule": crontab(minute="*/3"),
    },
    "remind-campaigns": {
        "task": "disputes.tasks.remind_campaigns",
        "schedule": crontab(hour=8, minute=40),
    },
    "roll-up-last-week": {
        "task": "governance.reporting.tasks.roll_up_last_week",
        "schedule": crontab(day_of_week="mon", hour=6, minute=0),
    },
    "look-at-report-deadlines": {
        "task": "governance.reporting.tasks.look_at_report_deadlines",
        "schedule": crontab(minute="*/10"),
    },
    "fill-stock": {
        "task": "governance.reporting.tasks.fill_stock",
        "schedule": crontab(hour=0, minute=40),
    },
    "tell-stuck": {
        "task": "governance.casework.tasks.tell_stuck",
        "schedule": crontab(hour=7, minute=30),
    },
}


@worker_ready.connect
@heartbeat_sent.connect
def leave_heartbeat(**_):
    """Say in the cache that a worker is alive; /readyz reads it."""
    from django.core.cache import cache

    cache.set(HEARTBEAT_KEY, time.time(), HEARTBEAT_SECONDS)


@before_task_publish.connect
def note_when_ordered(headers=None, **_):
    """Write onto a task when it was ordered: /readyz and the gauges tell how long the oldest has waited."""
    headers["ordered_at"] = time.time()


@task_postrun.connect
def note_finished(task=None, **_):
    """Say in the cache that a worker has finished something of this queue."""
    from redis.exceptions import RedisError

    from governance import queues

    queue = (task.request.delivery_info or {}).get("routing_key")
    if queue in queues.QUEUES:
        with contextlib.suppress(RedisError):
            queues.note_finished(queue)


@task_postrun.connect
def note_done(sender=None, state="", **_):
    """Write down when a schedule was done; /readyz and /metrics read it. A silent database harms no task."""
    from django.db import Error

    from governance.organisation.services import scheduling

    try:
        scheduling.note_done(sender.name, has_failed=state != "SUCCESS")
    except Error:
        logging.getLogger(__name__).warning("when %s was done could not be written down", sender.name)


@setup_logging.connect
def keep_logging_as_set(**_):
    """Leave logging to Django's settings: a receiver keeps Celery from setting up its own."""
