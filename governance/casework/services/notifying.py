"""Messages in the portal (站内消息): read, and counted."""
from django.utils import timezone

from ..models import Message


def mark_read(*, user, message_id=None) -> int:
    """Mark one message of the user, or all of them, as read; returns how many were unread."""
    rows = Message.objects.filter(recipient=user, channel=Message.Channel.PORTAL, read_at=None)
    if message_id is not None:
        rows = rows.filter(pk=message_id)
    return rows.update(read_at=timezone.now())


def tell_of_run(run, *, refused_count: int) -> None:
    """Tell whoever started a bulk run in the background that it is finished."""
    Message.objects.bulk_create([Message(
        channel=Message.Channel.PORTAL, recipient_id=run.actor_id, subject="bulk_done", key=f"bulk:{run.pk}",
        created_at=run.finished_at, send_after=run.finished_at, sent_at=run.finished_at,
        data={"run": run.pk, "refused": refused_count, "count": run.rows.count()},
    )], ignore_conflicts=True)
