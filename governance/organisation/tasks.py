"""What Celery beat asks of the organisation; safe to run twice and to miss."""
from celery import shared_task

from .services import logins, sessions


@shared_task(acks_late=True)
def forget_sessions():
    """Remove what is left of sessions that nobody ended."""
    return sessions.forget_ended_sessions()


@shared_task(acks_late=True)
def prune_logins():
    """Remove what the login log need not hold any longer."""
    return logins.prune_logins()
