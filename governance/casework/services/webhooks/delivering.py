"""Delivering what waits (推送投递): one row at a time, locked while it is sent, tried again with longer pauses.

A worker that is killed leaves its row waiting: a receiver may get a message twice, with the same id, never none.
"""
import json
import logging
import time
from datetime import timedelta
from http.client import HTTPException

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from governance.organisation import encryption

from ...models import Matter, WebhookAttempt, WebhookDelivery
from ...visibility import Sight
from . import calling

log = logging.getLogger("portal.webhooks")
MOST_TRIES = 12
LONGEST_PAUSE = timedelta(hours=6)


def deliver_waiting(now=None) -> int:
    """Try everything that is due once, oldest first; returns how many were delivered.

    A subscription that does not answer is left for the next run after its first failure, so that it holds
    nobody up.
    """
    now, delivered, silent = now or timezone.now(), 0, set()
    while True:
        outcome = _deliver_next(now, silent)
        if outcome is None:
            return delivered
        delivered += outcome


@transaction.atomic
def _deliver_next(now, silent: set) -> int | None:
    """1 delivered, 0 not; None when nothing is left."""
    row = (
        WebhookDelivery.objects.due(now).exclude(subscription_id__in=silent)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("subscription__client__user", "matter").order_by("next_try_at", "pk").first()
    )
    if row is None:
        return None
    if not _may_be_told(row):
        row.state = WebhookDelivery.State.WITHHELD
        row.save(update_fields=["state"])
        return 0
    is_delivered = _try(row)
    if not is_delivered:
        silent.add(row.subscription_id)
    return int(is_delivered)


def _may_be_told(row: WebhookDelivery) -> bool:
    """Whether the client sees the matter now."""
    if row.matter_id is None:
        return True
    user = row.subscription.client.user
    Sight.of(user, fresh=True)
    return Matter.objects.visible_to(user).filter(pk=row.matter_id).exists()


def _try(row: WebhookDelivery) -> bool:
    body = body_of(row)
    began, status, error = time.perf_counter(), None, ""
    try:
        status = calling.call(row.subscription.url, body, _headers(row, body))
    except (OSError, HTTPException, ValueError) as problem:
        error = f"{type(problem).__name__}: {problem}"[:200]
    ms = round((time.perf_counter() - began) * 1000)
    is_delivered = status is not None and 200 <= status < 300
    _note(row, is_delivered)
    WebhookAttempt.objects.create(delivery=row, at=timezone.now(), status=status, ms=ms, error=error)
    log.info("webhook", extra={"fields": {
        "delivery": str(row.uuid), "subscription": row.subscription_id, "type": row.type, "status": status,
        "try": row.tries, "state": row.state, "ms": ms,
    }})
    return is_delivered


def _note(row: WebhookDelivery, is_delivered: bool) -> None:
    row.tries += 1
    if is_delivered:
        row.state, row.delivered_at = WebhookDelivery.State.DELIVERED, timezone.now()
    elif row.tries >= MOST_TRIES:
        row.state = WebhookDelivery.State.FAILED
    else:
        row.next_try_at = timezone.now() + min(timedelta(minutes=2 ** (row.tries - 1)), LONGEST_PAUSE)
    row.save(update_fields=["tries", "state", "delivered_at", "next_try_at"])


def body_of(row: WebhookDelivery) -> bytes:
    """Id, type, time, and of the matter number and addresses: no name, no content."""
    told = {"id": str(row.uuid), "type": row.type, "at": row.created_at.isoformat(), **row.data}
    if row.matter is not None:
        page = reverse("casework:matter", args=[row.matter_id])
        told["matter"] = {
            "id": row.matter_id, "number": row.matter.number, "url": f"{settings.PUBLIC_URL}{page}",
            "api": f"{settings.PUBLIC_URL}{reverse('casework-api:matter', args=[row.matter_id])}",
        }
    return json.dumps(told, ensure_ascii=False).encode()


def _headers(row: WebhookDelivery, body: bytes) -> dict:
    timestamp = str(int(time.time()))
    secret = encryption.decrypt(row.subscription.secret_encrypted, key=settings.PERSONAL_KEY)
    return {
        "Content-Type": "application/json", "User-Agent": "township-governance-portal",
        "X-Portal-Id": str(row.uuid), "X-Portal-Event": row.type, "X-Portal-Timestamp": timestamp,
        "X-Portal-Signature": calling.signature(secret, timestamp, body),
    }
