"""Messages and deliveries whose time is over are removed (到期清理); what still waits to be sent never is.

That somebody was reminded stands in the matter's history, and what is owed stands in its own row: neither is touched.
"""
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from ..models import Message, WebhookDelivery
from .sending import MAX_TRIES

BATCH = 5000


def prune(now=None) -> dict[str, int]:
    """Remove what is older than the settings keep it; how many messages and deliveries went."""
    now = now or timezone.now()
    return {
        "messages": _remove(Message.objects.filter(
            Q(sent_at__isnull=False) | Q(tries__gte=MAX_TRIES) | Q(withheld_at__isnull=False),
            created_at__lt=now - timedelta(days=settings.KEEP_MESSAGES_DAYS),
        )),
        "deliveries": _remove(WebhookDelivery.objects.exclude(state=WebhookDelivery.State.WAITING).filter(
            created_at__lt=now - timedelta(days=settings.KEEP_DELIVERIES_DAYS),
        )),
    }


def _remove(rows) -> int:
    """In batches, each a transaction of its own: nobody waits for long, and a killed run is carried on by the next."""
    removed = 0
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        rows.model.objects.filter(pk__in=ids).delete()
        removed += len(ids)
    return removed
