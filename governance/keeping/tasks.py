"""What Celery beat asks for the keeping of data; each task is safe to run twice and to miss."""
from celery import shared_task

from .services import checking


@shared_task(acks_late=True)
def verify_files():
    """Compare a slice of the files with their hashes."""
    return checking.verify_slice()
