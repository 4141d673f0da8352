"""What Celery beat asks of disputes; safe to run twice and to miss."""
from celery import shared_task

from .services import campaigns


@shared_task(acks_late=True)
def remind_campaigns():
    """Remind villages that have not reported to a concentrated investigation."""
    return campaigns.remind_due()
