"""Work that is left to the worker (后台任务): asked for after the commit, by name, as tasks lie above."""
import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

_log = logging.getLogger(__name__)


def start_later(task: str, *arguments) -> None:
    """Have the worker call a task once this transaction is committed.

    A broker that is down loses nothing: what waits is found again by the beat.
    """

    def send():
        if task not in current_app.tasks:
            # Web processes know no tasks by themselves; a named one is looked up among all apps'.
            current_app.loader.import_default_modules()
        try:
            current_app.signature(task, args=arguments).apply_async(ignore_result=True)
        except (OperationalError, ConnectionError):
            _log.warning("task %s could not be sent; it is found again later", task)

    transaction.on_commit(send)
