"""What the worker does for reports; each task is safe to run twice, to miss, and to be killed in."""
from celery import shared_task

from governance.organisation.services.timekeeping import when_time_is_right

from .services import facts, rolling_up, telling


@shared_task(acks_late=True)
@when_time_is_right
def roll_up_last_week():
    """Compute last week for every township (Mondays), and look again at the signed weeks before."""
    return rolling_up.roll_up_all()


@shared_task(acks_late=True)
def look_at_report_deadlines():
    """Remind villages on their last day, tell townships when it is over."""
    return telling.look_at_deadlines()


@shared_task(acks_late=True)
@when_time_is_right
def fill_stock():
    """Write yesterday's stock, and that of days that were missed."""
    return facts.fill_missing()
