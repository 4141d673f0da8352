"""Writing what subscribers are to be told, in the transaction of the act (推送登记)."""
from django.utils import timezone

from ...models import EventType, WebhookDelivery, WebhookSubscription


def announce(*, matter, types, key: str, data=None, now=None) -> None:
    """One row for each active subscription to one of these types; the same key writes nothing twice.

    Whether the client may see the matter is asked when it is delivered: what counts is what it may see then.
    """
    now = now or timezone.now()
    wanted = {str(one) for one in types}
    if not wanted:
        return
    subscriptions = WebhookSubscription.objects.active().filter(events__overlap=sorted(wanted))
    WebhookDelivery.objects.bulk_create(
        [
            WebhookDelivery(
                subscription=subscription, type=one, matter=matter, data=data or {}, created_at=now, next_try_at=now,
                key=f"{subscription.pk}:{one}:{key}",
            )
            for subscription in subscriptions for one in sorted(wanted & set(subscription.events))
        ],
        ignore_conflicts=True,
    )


def types_of(before: dict | None, matter) -> list[EventType]:
    """What happened to a matter in one act: `before` is its state then, None for a new one."""
    if before is None:
        return [EventType.OPENED]
    found = []
    if before["status"] != matter.status:
        found.append(EventType.MOVED)
    if before["is_open"] != matter.is_open:
        found.append(EventType.REOPENED if matter.is_open else EventType.CLOSED)
    if before["handler"] != matter.handler_id and matter.handler_id is not None:
        found.append(EventType.ASSIGNED)
    return found


def state_of(matter) -> dict:
    """What `types_of` compares."""
    return {"status": matter.status, "is_open": matter.is_open, "handler": matter.handler_id}
