"""Outgoing webhooks: who is told of what, and the outbox from which it is delivered."""
import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.organisation.models import ApiClient

from ..querysets import WebhookDeliveryQuerySet, WebhookSubscriptionQuerySet
from .matter import Matter


class EventType(models.TextChoices):
    """What a client can be told of (推送类型): that something happened, never what."""

    OPENED = "matter.opened", _("A matter was registered")
    MOVED = "matter.moved", _("The state of a matter changed")
    CLOSED = "matter.closed", _("A matter was closed")
    REOPENED = "matter.reopened", _("A matter was reopened")
    ASSIGNED = "matter.assigned", _("A matter got another handler")
    REMINDER = "reminder", _("Somebody is reminded of a time limit")
    NOTICE = "notice", _("Somebody is told of work, an instruction or a result")
    TEST = "test", _("Test")


class WebhookSubscription(models.Model):
    """A subscription (推送订阅): a client is told of these types at this address.

    It begins when a second administrator has released it. The secret signs each delivery; it is shown once and lies
    encrypted. `ended_at`: never used again.
    """

    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="webhooks")
    url = models.URLField(_("address"), max_length=300)
    events = ArrayField(models.CharField(max_length=30), verbose_name=_("told of"))
    secret_encrypted = models.BinaryField()
    is_paused = models.BooleanField(default=False)
    created_by = models.ForeignKey("organisation.User", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    released_by = models.ForeignKey("organisation.User", models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = WebhookSubscriptionQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["id"]


class WebhookDelivery(models.Model):
    """One message to one subscription (推送): written in the transaction of the act, delivered by a task.

    `data` holds ids and codes beside the matter; `key` makes it exist once; `uuid` is what the receiver sees, so
    that it can drop a repetition. `withheld`: the client did not see the matter when it was to be sent.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        WITHHELD = "withheld", _("withheld: the client may not see it")
        FAILED = "failed", _("given up")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    subscription = models.ForeignKey(WebhookSubscription, models.PROTECT, related_name="deliveries", db_index=False)
    type = models.CharField(max_length=30, choices=EventType.choices)
    matter = models.ForeignKey(Matter, models.CASCADE, null=True, related_name="+")
    data = models.JSONField(default=dict)
    key = models.CharField(max_length=160, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["next_try_at", "id"], name="webhook_waiting", condition=Q(state="waiting")),
            models.Index(fields=["subscription", "-id"], name="webhook_of_subscription"),
        ]


class WebhookAttempt(models.Model):
    """One try to deliver (推送尝试): when, with which answer, in how many milliseconds."""

    delivery = models.ForeignKey(WebhookDelivery, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    ms = models.PositiveIntegerField()
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["id"]
