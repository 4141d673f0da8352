"""What Celery beat asks of the kernel; each task is safe to run twice and to miss."""
from celery import shared_task

from governance.organisation.services.timekeeping import is_right, when_time_is_right

from .services import (
    anonymising,
    arranging,
    bulk,
    moving,
    pruning,
    reminding,
    repeating,
    sealing,
    sending,
    stuck,
    timing,
    walling,
)
from .services.webhooks import delivering


@shared_task(acks_late=True)
def owe_and_pay_reminders():
    """Owe what the ladders reach by now, and pay what is owed."""
    reminding.owe_reminders()
    return reminding.pay_reminders()


@shared_task(acks_late=True)
def send_messages():
    """Send the e-mails that lie in the outbox."""
    return sending.send_messages()


@shared_task(acks_late=True)
def keep_wall():
    """Compare whose post began with the parties, and take work from whoever stands behind the wall."""
    return walling.keep_wall()


@shared_task(acks_late=True)
def keep_calendar():
    """Move what rests on days off announced since, and end windows that have lapsed."""
    moved = arranging.apply_arrangements() + timing.recompute_by_calendar()
    return moved + timing.lapse_windows() if is_right() else moved


@shared_task(acks_late=True)
def move_by_calendar():
    """Move what rests on days off that were entered just now."""
    return arranging.apply_arrangements()


@shared_task(acks_late=True)
@when_time_is_right
def regrade_aged():
    """Raise the colour of what has been open for long."""
    return moving.regrade_aged()


@shared_task(acks_late=True)
def tell_stuck():
    """Tell the offices what has not moved."""
    return stuck.tell_stuck()


@shared_task(acks_late=True)
@when_time_is_right
def seal_history():
    """Seal what was committed since the last seal."""
    return len(sealing.seal_ledger())


@shared_task(acks_late=True)
def carry_on_bulk(run_id):
    """Carry on one run of an act on many matters."""
    return bulk.carry_on(run_id)


@shared_task(acks_late=True)
def carry_on_unfinished_bulk():
    """Carry on what a killed worker or a silent broker left."""
    return bulk.carry_on_all()


@shared_task(acks_late=True)
def deliver_webhooks():
    """Deliver what waits for subscribers."""
    return delivering.deliver_waiting()


@shared_task(acks_late=True)
@when_time_is_right
def forget_answers():
    """Drop what the interface answered long ago."""
    return repeating.forget_answers()


@shared_task(acks_late=True)
@when_time_is_right
def prune_outbox():
    """Remove messages and deliveries whose time is over."""
    return pruning.prune()


@shared_task(acks_late=True)
@when_time_is_right
def anonymise_ended():
    """Erase what closed matters hold of people once their time of keeping is over."""
    return anonymising.anonymise_ended()
