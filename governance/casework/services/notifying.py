"""Messages in the portal (站内消息): read, and counted."""
from django.utils import timezone

from ..models import Message


def mark_read(*, user, message_id=None) -> int:
    """Mark one message of the user, or all of them, as read; returns how many were unread."""
    rows = Message.objects.filter(recipient=user, channel=Message.Channel.PORTAL, read_at=None)
    if message_id is not None:
        rows = rows.filter(pk=message_id)
    return rows.update(read_at=timezone.now())
