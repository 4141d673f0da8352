"""Delivering what waits (推送投递): one row at a time, claimed before it is sent, tried again with longer pauses.

No transaction is open while the other side is waited for. A worker that is killed leaves its claim, which lapses: a
receiver may get a message twice, with the same id, never none.
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
from governance.organisation.models import User

from ...models import Matter, WebhookAttempt, WebhookDelivery
from ...visibility import Sight
from . import calling

log = logging.getLogger("portal.webhooks")
MOST_TRIES = 12
LONGEST_PAUSE = timedelta(hours=6)
# A claim outlasts every call; nobody else takes the row meanwhile.
CLAIM = timedelta(seconds=calling.SECONDS + 5)
# Whoever takes so long to answer waits until all others have been told.
SLOW_SECONDS = 1.0
# Then the next run goes on: there is one a minute.
RUN_SECONDS = 50


def deliver_waiting(now=None) -> int:
    """Try everything that is due once, oldest first; returns how many were delivered.

    A subscription that does not answer is left for the next run after its first failure, and one that answers
    slowly comes after all others, so that neither holds anybody up.
    """
    run = _Run(now or timezone.now())
    while not run.is_over():
        row = _claim(run.now, run.silent | run.slow)
        if row is not None:
            run.note(row, *_try(row))
        elif not run.take_up_slow():
            break
    return run.delivered


class _Run:
    """One run over what waits: who was silent or slow, and how many were delivered."""

    def __init__(self, now):
        self.now, self.delivered = now, 0
        self.silent: set[int] = set()
        self.slow: set[int] = set()
        self.ends_at = time.monotonic() + RUN_SECONDS

    def is_over(self) -> bool:
        """Whether the rest is the next run's."""
        return time.monotonic() > self.ends_at

    def note(self, row, is_delivered: bool, seconds: float) -> None:
        """Remember how a subscription answered."""
        self.delivered += is_delivered
        if not is_delivered:
            self.silent.add(row.subscription_id)
        elif seconds > SLOW_SECONDS:
            self.slow.add(row.subscription_id)

    def take_up_slow(self) -> bool:
        """All others are told: the slow ones are next; False if there are none."""
        had_any = bool(self.slow)
        self.slow.clear()
        return had_any


def _claim(now, left_out: set) -> WebhookDelivery | None:
    """The next row that may be told, ours until the claim lapses; what may not be told is withheld."""
    while True:
        with transaction.atomic():
            row = (
                WebhookDelivery.objects.due(now).exclude(subscription_id__in=left_out)
                .select_for_update(of=("self",), skip_locked=True)
                .select_related("subscription__client__user", "matter").order_by("next_try_at", "pk").first()
            )
            if row is None:
                return None
            may_be_told = _may_be_told(row)
            if may_be_told:
                row.next_try_at = max(now, timezone.now()) + CLAIM
            else:
                row.state = WebhookDelivery.State.WITHHELD
            row.save(update_fields=["state", "next_try_at"])
        if may_be_told:
            return row


def _may_be_told(row: WebhookDelivery) -> bool:
    """Whether the client sees the matter now, and whoever it is to pass the notice on to."""
    if row.matter_id is None:
        return True
    told = [row.subscription.client.user, *User.objects.filter(pk=row.data.get("recipient"))]
    for user in told:
        Sight.of(user, fresh=True)
    return all(Matter.objects.visible_to(user).filter(pk=row.matter_id).exists() for user in told)


def _try(row: WebhookDelivery) -> tuple[bool, float]:
    """Whether it was delivered, and after how many seconds."""
    body = body_of(row)
    began, status, error = time.perf_counter(), None, ""
    try:
        status = calling.call(row.subscription.url, body, _headers(row, body))
    except (OSError, HTTPException, ValueError) as problem:
        error = f"{type(problem).__name__}: {problem}"[:200]
    seconds = time.perf_counter() - began
    is_delivered = status is not None and 200 <= status < 300
    with transaction.atomic():
        row = _note(row.pk, is_delivered)
        WebhookAttempt.objects.create(
            delivery=row, at=timezone.now(), status=status, ms=round(seconds * 1000), error=error
        )
    log.info("webhook", extra={"fields": {
        "delivery": str(row.uuid), "subscription": row.subscription_id, "type": row.type, "status": status,
        "try": row.tries, "state": row.state, "ms": round(seconds * 1000),
    }})
    return is_delivered, seconds


def _note(delivery_id: int, is_delivered: bool) -> WebhookDelivery:
    """Write down how it went; what was delivered meanwhile by another stays delivered."""
    row = WebhookDelivery.objects.select_for_update().get(pk=delivery_id)
    row.tries += 1
    if is_delivered:
        row.state, row.delivered_at = WebhookDelivery.State.DELIVERED, timezone.now()
    elif row.state == WebhookDelivery.State.WAITING:
        if row.tries >= MOST_TRIES:
            row.state = WebhookDelivery.State.FAILED
        else:
            row.next_try_at = timezone.now() + min(timedelta(minutes=2 ** (row.tries - 1)), LONGEST_PAUSE)
    row.save(update_fields=["tries", "state", "delivered_at", "next_try_at"])
    return row


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
