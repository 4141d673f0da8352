"""Acts on subscriptions (推送订阅), each on the organisation's record: made by one hand, released by another."""
import secrets

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.organisation import encryption
from governance.organisation.services.recording import record_change
from governance.organisation.visibility import Area, require_person, require_right

from ...models import EventType, WebhookDelivery, WebhookSubscription
from ...workflow import Refused
from .addresses import check_url

_RIGHT = "organisation.add_apiclient"
_SECOND = "organisation.release_apitoken"


@transaction.atomic
def subscribe(*, client, url, events, actor) -> tuple[WebhookSubscription, str]:
    """Have a client told of these types at this address; returns the subscription and its secret, shown once.

    It begins once a second administrator has released it, on the console at once. Refused: `person-not-found`,
    `webhook-url-wrong`, `webhook-url-forbidden`, `webhook-events-missing`.
    """
    require_right(actor, _RIGHT)
    require_person(actor, client.user)
    wanted = sorted(set(events) & set(EventType.values) - {EventType.TEST.value})
    if not wanted:
        raise Refused("webhook-events-missing", _("Choose what is to be told."), missing=("events",))
    secret, now = secrets.token_urlsafe(32), timezone.now()
    subscription = WebhookSubscription.objects.create(
        client=client, url=check_url(url), events=wanted, created_by=actor, created_at=now,
        released_at=now if actor is None else None,
        secret_encrypted=encryption.encrypt(secret, key=settings.PERSONAL_KEY),
    )
    _record(subscription, "webhook_subscribed", actor, {"events": wanted})
    return subscription, secret


@transaction.atomic
def release(*, subscription, actor) -> None:
    """Let a subscription begin: from now on its address is told. The second hand, never who made it.

    Refused: `not-permitted`, `webhook-not-waiting`.
    """
    require_right(actor, _SECOND)
    row = _locked(subscription, actor)
    if actor is not None and row.created_by_id == actor.pk:
        raise Refused("not-permitted", _("Whoever made a webhook does not release it."))
    if row.released_at is not None:
        raise Refused("webhook-not-waiting", _("This webhook is not waiting to be released."))
    row.released_by, row.released_at = actor, timezone.now()
    row.save(update_fields=["released_by", "released_at"])
    _record(row, "webhook_released", actor, {})


@transaction.atomic
def pause(*, subscription, is_paused: bool, actor) -> None:
    """Stop sending for a while, or go on: what waits is kept."""
    require_right(actor, _RIGHT)
    row = _locked(subscription, actor)
    row.is_paused = is_paused
    row.save(update_fields=["is_paused"])
    _record(row, "webhook_paused" if is_paused else "webhook_resumed", actor, {})


@transaction.atomic
def end(*, subscription, actor) -> None:
    """End a subscription for good; its log stays. The second hand turns down what it has not released."""
    row = _locked(subscription, actor)
    if row.released_at is not None or not actor.has_perm(_SECOND):
        require_right(actor, _RIGHT)
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    _record(row, "webhook_ended", actor, {})


@transaction.atomic
def send_test(*, subscription, actor) -> WebhookDelivery:
    """Put a test message into the outbox."""
    require_right(actor, _RIGHT)
    row, now = _locked(subscription, actor), timezone.now()
    if row.released_at is None:
        raise Refused("webhook-not-released", _("The security administrator has not released this webhook yet."))
    return WebhookDelivery.objects.create(
        subscription=row, type=EventType.TEST, created_at=now, next_try_at=now,
        key=f"{row.pk}:test:{secrets.token_hex(8)}",
    )


@transaction.atomic
def send_again(*, delivery_id: int, actor=None, client=None) -> WebhookDelivery:
    """Have a message sent once more, under the same id: by the administrator, or by the client for its own.

    Refused: `delivery-not-found`; `delivery-withheld` for what the client might not see: that is decided anew
    with the next act.
    """
    if client is None:
        require_right(actor, _RIGHT)
    rows = WebhookDelivery.objects.select_for_update(of=("self",)).filter(pk=delivery_id)
    owner = Q(subscription__client__user__in=Area.of(actor).people().values("pk"))
    row = rows.filter(owner if client is None else Q(subscription__client=client)).first()
    if row is None:
        raise Refused("delivery-not-found", _("There is no such delivery."))
    if row.state == WebhookDelivery.State.WITHHELD:
        raise Refused("delivery-withheld", _("The client may not see this matter."))
    row.state, row.tries, row.next_try_at = WebhookDelivery.State.WAITING, 0, timezone.now()
    row.save(update_fields=["state", "tries", "next_try_at"])
    if client is None:
        _record(row.subscription, "webhook_sent_again", actor, {"delivery": str(row.uuid)})
    return row


def _locked(subscription, actor) -> WebhookSubscription:
    rows = WebhookSubscription.objects.select_for_update(of=("self",)).select_related("client__user")
    row = rows.get(pk=subscription.pk)
    require_person(actor, row.client.user)
    if row.ended_at is not None:
        raise Refused("webhook-ended", _("This subscription has ended."))
    return row


def _record(subscription, verb, actor, data) -> None:
    record_change(
        subject_type="user", subject_id=subscription.client_id, verb=verb, actor=actor,
        data={"webhook": subscription.pk, **data},
    )


def waiting_for(user) -> list[tuple[str, str]]:
    """What waits for the second hand in a person's area: client and address, and the page."""
    if not (user.has_perm(_RIGHT) or user.has_perm(_SECOND)):
        return []
    rows = WebhookSubscription.objects.unreleased().within(Area.of(user)).for_list()
    return [(f"{row.client.user.name} {row.url}", reverse("casework:webhook", args=[row.pk])) for row in rows]
