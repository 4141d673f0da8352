"""Work that is left to the worker (后台任务): asked for after the commit, by name, as tasks lie above.

The only way in which a page orders a task (a test of the sources sees to it). The name is all that is sent: a process
that has not loaded the task itself can order it too.
"""
import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

_log = logging.getLogger(__name__)


def start_later(task: str, *arguments) -> None:
    """Have the worker call a task once this transaction is committed.

    A broker that is down loses nothing: what waits is found again by the beat. Whatever goes wrong here, the act is
    written: its page must not say that it is not.
    """

    def send():
        try:
            current_app.signature(task, args=arguments).apply_async(ignore_result=True)
        except (OperationalError, ConnectionError):
            _log.warning("task %s could not be sent; it is found again later", task)

    transaction.on_commit(send, robust=True)
