"""The queues of background work (任务队列): how long what waits has waited, when a worker last finished something."""

import json
import time

from django.core.cache import cache

from governance.measuring import valkey

# Work of the portal itself, and what talks to machines outside: these may keep a worker waiting.
OWN, OUTWARD = "celery", "outward"
QUEUES = (OWN, OUTWARD)
# There is work every minute: whatever lies for so long lies because nobody works.
LONGEST_WAIT_SECONDS = 180


def waiting_seconds(queue: str) -> float:
    """How long the oldest task has lain in the queue; 0 if none does."""
    oldest = valkey().lindex(queue, -1)
    if oldest is None:
        return 0.0
    return max(0.0, time.time() - json.loads(oldest)["headers"].get("ordered_at", time.time()))


def length(queue: str) -> int:
    """How many tasks lie in the queue."""
    return valkey().llen(queue)


def note_finished(queue: str) -> None:
    """A worker has finished a task of this queue."""
    cache.set(_finished_key(queue), time.time(), None)


def idle_seconds(queue: str) -> float | None:
    """How long ago a worker last finished a task of this queue; None if it never did."""
    finished = cache.get(_finished_key(queue))
    return None if finished is None else max(0.0, time.time() - finished)


def is_worked_on() -> bool:
    """Whether no queue holds a task that has waited for too long."""
    return all(waiting_seconds(queue) < LONGEST_WAIT_SECONDS for queue in QUEUES)


def _finished_key(queue: str) -> str:
    return f"portal:last-finished:{queue}"
