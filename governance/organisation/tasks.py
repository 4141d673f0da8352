"""What Celery beat asks of the organisation; safe to run twice and to miss."""
from celery import shared_task

from .services import logins, sessions, timekeeping


@shared_task(acks_late=True)
@timekeeping.when_time_is_right
def forget_sessions():
    """Remove what is left of sessions that nobody ended."""
    return sessions.forget_ended_sessions()


@shared_task(acks_late=True)
@timekeeping.when_time_is_right
def prune_logins():
    """Remove what the login log need not hold any longer."""
    return logins.prune_logins()


@shared_task(acks_late=True)
def watch_time():
    """See whether the time can be believed: noticed within a minute, and remembered."""
    return timekeeping.is_right()
