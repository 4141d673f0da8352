"""What the worker does for ledgers; each task is safe to run twice and to miss."""
from celery import shared_task
from django.utils import timezone

from governance.organisation.services.timekeeping import is_right

from .services import exporting, importing

# What is ordered is sent to the worker at once; what still waits after this long was lost on the way.
LOST_AFTER = timezone.timedelta(minutes=15)


def _and_when_time_is_right(done: int, erase) -> int:
    return done + erase() if is_right() else done


@shared_task(acks_late=True)
def make_export(export_id):
    """Write the file of one export."""
    return exporting.make_export(export_id=export_id)


@shared_task(acks_late=True)
def tidy_exports():
    """Make what was lost on the way, and take away files whose days are over."""
    return _and_when_time_is_right(exporting.make_waiting(before=timezone.now() - LOST_AFTER), exporting.expire_exports)


@shared_task(acks_late=True)
def run_import(batch_id):
    """Do what was ordered of an imported ledger: check, enter or undo it."""
    return importing.run(batch_id)


@shared_task(acks_late=True)
def tidy_imports():
    """Take up runs whose worker died, and erase files whose days are over."""
    return _and_when_time_is_right(importing.resume_stalled(), importing.erase_old)
