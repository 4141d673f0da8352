"""Webhook deliveries as the interface gives them to their own client (推送输出)."""
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ..models import EventType, WebhookDelivery


class DeliveryOutput(serializers.ModelSerializer):
    """A message of a webhook and what became of it (推送)."""

    uuid = serializers.UUIDField(help_text=_("Id that the receiver saw in `X-Portal-Id`."))
    subscription = serializers.IntegerField(source="subscription_id", help_text=_("Id of the subscription."))
    type = serializers.ChoiceField(EventType.choices, help_text=_("What it told."))
    state = serializers.ChoiceField(WebhookDelivery.State.choices, help_text=_("What became of it."))
    tries = serializers.IntegerField(help_text=_("How often it was tried since it was last to be sent."))
    created_at = serializers.DateTimeField(help_text=_("When it happened."))
    next_try_at = serializers.DateTimeField(help_text=_("When it is tried next, while it waits."))
    delivered_at = serializers.DateTimeField(allow_null=True, help_text=_("When the receiver took it."))

    class Meta:
        model = WebhookDelivery
        fields = ("id", "uuid", "subscription", "type", "state", "tries", "created_at", "next_try_at", "delivered_at")
        extra_kwargs = {"id": {"help_text": _("Id of the delivery.")}}
        read_only_fields = fields
