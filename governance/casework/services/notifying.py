"""Messages in the portal (站内消息): read, and counted."""
from django.utils import timezone

from governance.organisation.registry import all_notices

from ..models import Message
from ..registry import MessageKind, register_message


def mark_read(*, user, message_id=None) -> int:
    """Mark one message of the user, or all of them, as read; returns how many were unread."""
    rows = Message.objects.in_portal(user).filter(read_at=None)
    if message_id is not None:
        rows = rows.filter(pk=message_id)
    return rows.update(read_at=timezone.now())


def take_in_notices() -> None:
    """Have what the floor below tells people of said and linked as any other message."""
    for notice in all_notices():
        register_message(MessageKind(notice.subject, notice.sentence, notice.url_name, notice.url_key))


def tell_of_run(run, *, refused_count: int) -> None:
    """Tell whoever started a bulk run in the background that it is finished."""
    Message.objects.bulk_create([Message(
        channel=Message.Channel.PORTAL, recipient_id=run.actor_id, subject="bulk_done", key=f"bulk:{run.pk}",
        created_at=run.finished_at, send_after=run.finished_at, sent_at=run.finished_at,
        data={"run": run.pk, "refused": refused_count, "count": run.rows.count()},
    )], ignore_conflicts=True)


def tell(recipients, subject: str, *, key: str, data: dict, now=None) -> int:
    """Put a message that belongs to no matter into the outbox: in the portal, and by e-mail where there is an address.

    `subject` is registered (`registry.register_message`); `key` makes it exist once for each recipient, so that
    it may be told again and again. Returns how many people were told now.
    """
    now = now or timezone.now()
    people = {user.pk: user for user in recipients if user.is_active}
    rows = [
        Message(
            channel=channel, recipient=user, subject=subject, key=f"{key}:{user.pk}:{channel}", data=data,
            created_at=now, send_after=now, sent_at=now if channel == Message.Channel.PORTAL else None,
        )
        for user in people.values()
        for channel in (Message.Channel.PORTAL, *([Message.Channel.EMAIL] if user.email else []))
    ]
    known = set(Message.objects.filter(key__in=[row.key for row in rows]).values_list("key", flat=True))
    new = [row for row in rows if row.key not in known]
    Message.objects.bulk_create(new, ignore_conflicts=True)
    return len({row.recipient_id for row in new})
