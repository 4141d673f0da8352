"""What Celery beat asks for the keeping of data; each task is safe to run twice and to miss."""
from celery import shared_task

from governance.organisation.registry import Refused

from .services import checking
from .services.backups import nightly


@shared_task(acks_late=True)
def verify_files():
    """Compare a slice of the files with their hashes."""
    return checking.verify_slice()


@shared_task(acks_late=True)
def back_up():
    """Make the backup of the night, if a folder is named; one that runs already is left alone."""
    if not nightly.is_set_up():
        return None
    try:
        return nightly.run().name
    except Refused as refusal:
        # The row says so, and the gauges do.
        return refusal.code
