"""Webhooks (推送): the system administrator's subscriptions and what became of each message.

The log names no matter: whoever administers the system sees none.
"""
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ..forms.webhooks import SubscriptionForm
from ..models import WebhookDelivery, WebhookSubscription
from ..services.webhooks import subscribing
from .refusals import only_for
from .submitting import attempt

ROWS = 50
_administrators = only_for("system_admin")


@_administrators
@never_cache
def webhooks(request):
    """All subscriptions."""
    rows = WebhookSubscription.objects.for_list()
    return render(request, "casework/webhooks.html", {"subscriptions": rows})


@_administrators
@never_cache
def webhook_new(request):
    """Subscribe a client: the secret stands on the answer to this form and never again."""
    if request.method != "POST":
        return render(request, "casework/webhook_form.html", {"form": SubscriptionForm()})
    tried = attempt(
        request, lambda data, files: SubscriptionForm(data),
        lambda form: subscribing.subscribe(actor=request.user, **form.cleaned_data),
    )
    if not tried.is_done:
        return render(request, "casework/webhook_form.html", {"form": tried.form}, status=tried.http_status)
    subscription, secret = tried.result
    return render(request, "casework/webhook_made.html", {"subscription": subscription, "secret": secret})


@_administrators
@never_cache
def webhook(request, pk):
    """One subscription with its log, newest first."""
    subscription = get_object_or_404(WebhookSubscription.objects.select_related("client__user"), pk=pk)
    rows = subscription.deliveries.prefetch_related("attempts").order_by("-pk")
    state, before = request.GET.get("state", ""), request.GET.get("before", "")
    if state in WebhookDelivery.State.values:
        rows = rows.filter(state=state)
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    for row in found:
        attempts = list(row.attempts.all())
        row.last = attempts[-1] if attempts else None
    return render(request, "casework/webhook.html", {
        "subscription": subscription, "deliveries": found, "next": found[-1].pk if more else "", "state": state,
        "states": WebhookDelivery.State.choices,
    })


@_administrators
@require_POST
def webhook_act(request, pk, act):
    """Pause, go on, end, or send a test."""
    subscription = get_object_or_404(WebhookSubscription, pk=pk)
    if act == "test":
        subscribing.send_test(subscription=subscription, actor=request.user)
        messages.success(request, _("The test message is sent within a minute."))
    elif act == "end":
        subscribing.end(subscription=subscription, actor=request.user)
    else:
        subscribing.pause(subscription=subscription, is_paused=act == "pause", actor=request.user)
    return redirect("casework:webhook", pk)


@_administrators
@require_POST
def delivery_again(request, pk):
    """Send one message again."""
    row = subscribing.send_again(delivery_id=pk, actor=request.user)
    messages.success(request, _("The message is sent again within a minute."))
    return redirect("casework:webhook", row.subscription_id)
