"""What is done by the clock (定时任务): when it was last ordered and last done stands in the database.

There no flush and no restart of Valkey loses it, and no lock can be lost: any number of beats may run on any number
of hosts, for each due schedule one of them takes its row, orders the task and moves the row on in one transaction. The
time is that of the database, one for all. Whatever the clocks did, nothing stands still: what was ordered "in the
future" (the clock was ahead then) is due now, what was missed is due once, and what was ordered but not done for twice
its interval (the queue was flushed) is ordered again.
"""
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery.schedules import BaseSchedule
from django.db import DatabaseError, connection, transaction
from django.db.models.functions import Now

from governance.celery import app

from ..models import ScheduleRun
from ..registry import Gauge, register_gauge, register_readiness

# Clocks of a database and its replica differ by less; a minute ahead is no longer a difference but a jump.
AHEAD = timedelta(minutes=1)
# The broker gives out by itself what a killed worker had in hand, after ten minutes at the latest.
ORDERED_AGAIN_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Plan:
    """One entry of the schedule."""

    name: str
    task: str
    schedule: BaseSchedule

    def next_after(self, moment: datetime) -> datetime:
        """When it is due after a moment."""
        start, delta, _now = self.schedule.remaining_delta(moment)
        return start + delta

    def interval(self, moment: datetime) -> timedelta:
        """How far apart its times are, from a moment on."""
        first = self.next_after(moment)
        return self.next_after(first) - first

    def is_overdue(self, run: ScheduleRun, now: datetime) -> bool:
        """Whether it was not done for twice its interval."""
        last = run.ran_at or run.known_since
        return now - last > 2 * self.interval(last)

    def is_due(self, run: ScheduleRun, now: datetime) -> bool:
        """Whether it is to be ordered now."""
        if run.ordered_at > now + AHEAD or self.next_after(run.ordered_at) <= now:
            return True
        return now - run.ordered_at >= ORDERED_AGAIN_AFTER and self.is_overdue(run, now)


def plans() -> dict[str, Plan]:
    """The schedule by its names."""
    return {
        name: Plan(name, entry["task"], app.conf.beat_schedule[name]["schedule"])
        for name, entry in app.conf.beat_schedule.items()
    }


def order_due(send, *, now: datetime | None = None) -> list[str]:
    """Order what is due: `send(name)` for each, and the row moves on with it or not at all; the names."""
    now, planned, ordered = now or database_time(), plans(), []
    for run in _rows(planned, now):
        if planned[run.name].is_due(run, now) and _order(run, now, send):
            ordered.append(run.name)
    return ordered


def note_done(task: str, *, has_failed: bool) -> None:
    """A worker has done a task, or came to an error in it."""
    names = [plan.name for plan in plans().values() if plan.task == task]
    if names:
        ScheduleRun.objects.filter(name__in=names).update(ran_at=Now(), has_failed=has_failed)


def overdue_names(now: datetime | None = None) -> list[str]:
    """Schedules that were not done for twice their interval."""
    now, planned = now or database_time(), plans()
    runs = ScheduleRun.objects.filter(name__in=planned)
    return [run.name for run in runs if planned[run.name].is_overdue(run, now)]


def database_time() -> datetime:
    """The one clock of all hosts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def _rows(planned, now) -> list[ScheduleRun]:
    """A row for each entry; a new one is due at its next time."""
    rows = list(ScheduleRun.objects.filter(name__in=planned))
    if missing := planned.keys() - {row.name for row in rows}:
        ScheduleRun.objects.bulk_create(
            [ScheduleRun(name=name, known_since=now, ordered_at=now) for name in sorted(missing)],
            ignore_conflicts=True,
        )
        rows = list(ScheduleRun.objects.filter(name__in=planned))
    return rows


@transaction.atomic
def _order(run: ScheduleRun, now: datetime, send) -> bool:
    """False if another beat has it. A broker that is silent raises, and the row stays as it was."""
    free = ScheduleRun.objects.select_for_update(skip_locked=True).filter(pk=run.pk, ordered_at=run.ordered_at)
    row = free.first()
    if row is None:
        return False
    row.ordered_at = now
    row.save(update_fields=["ordered_at"])
    send(run.name)
    return True


def _all_run() -> bool:
    try:
        return not overdue_names()
    except DatabaseError:
        # Not migrated yet: it cannot work.
        return False


def _ages():
    now = database_time()
    runs = ScheduleRun.objects.filter(name__in=plans())
    return [((run.name,), (now - (run.ran_at or run.known_since)).total_seconds()) for run in runs]


def _overdue():
    late = set(overdue_names())
    return [((name,), float(name in late)) for name in sorted(plans())]


def _failed():
    runs = ScheduleRun.objects.filter(name__in=plans())
    return [((run.name,), float(run.has_failed)) for run in runs]


def register() -> None:
    """Have /readyz and /metrics tell of it."""
    register_readiness("schedules", _all_run)
    for gauge in (
        Gauge("portal_schedule_age_seconds", "Time since a schedule was last done.", ("schedule",), _ages),
        Gauge("portal_schedule_overdue", "Not done for twice its interval.", ("schedule",), _overdue),
        Gauge("portal_schedule_failed", "Came to an error the last time.", ("schedule",), _failed),
    ):
        register_gauge(gauge)
