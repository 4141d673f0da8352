"""What waits in the kernel, counted for monitoring (待办量监控): no matter and no person is in any label."""
from django.db.models import Count, Min
from django.utils import timezone

from governance.organisation.registry import Gauge, register_gauge

from ..models import Message, Reminder, Seal, WebhookDelivery


def reminders_unsent():
    """Owed and not yet sent (partial index `reminder_unsent`)."""
    return [((), Reminder.objects.filter(sent_at=None).count())]


def reminders_late():
    """Owed, and their moment to be sent has passed: should be 0 a few minutes later."""
    return [((), Reminder.objects.payable(timezone.now()).count())]


def messages_unsent():
    """By channel (partial index `message_unsent`)."""
    rows = Message.objects.filter(sent_at=None).order_by().values_list("channel").annotate(Count("pk"))
    return [((channel,), count) for channel, count in rows]


def outbox_age():
    """Seconds since the oldest unsent message was to be sent, and since the oldest webhook was written; 0 if none."""
    message = Message.objects.filter(sent_at=None).aggregate(oldest=Min("send_after"))["oldest"]
    webhook = WebhookDelivery.objects.waiting().aggregate(oldest=Min("created_at"))["oldest"]
    return [(("messages",), _age(message)), (("webhooks",), _age(webhook))]


def webhooks_waiting():
    """Not delivered and not given up (partial index `webhook_waiting`)."""
    return [((), WebhookDelivery.objects.waiting().count())]


def seal_age():
    """Seconds since the last seal; -1 before the first one."""
    last = Seal.objects.order_by("-number").values_list("at", flat=True).first()
    return [((), _age(last) if last else -1)]


def _age(instant) -> float:
    return max(0.0, (timezone.now() - instant).total_seconds()) if instant else 0.0


def register_gauges() -> None:
    """Offer them for monitoring."""
    for gauge in (
        Gauge("portal_reminders_unsent", "Reminders owed and not yet sent.", (), reminders_unsent),
        Gauge("portal_reminders_late", "Reminders whose moment to be sent has passed.", (), reminders_late),
        Gauge("portal_messages_unsent", "Messages in the outbox.", ("channel",), messages_unsent),
        Gauge("portal_outbox_age_seconds", "Age of the oldest message that waits.", ("outbox",), outbox_age),
        Gauge("portal_webhooks_waiting", "Webhook deliveries that wait.", (), webhooks_waiting),
        Gauge("portal_seal_age_seconds", "Time since the last seal; -1 before the first.", (), seal_age),
    ):
        register_gauge(gauge)
