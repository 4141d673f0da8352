"""Webhooks (推送): subscriptions of the area's clients, released by a second hand, and what became of each message.

The log names no matter: whoever administers the system sees none.
"""
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from governance.organisation.filters import read_id
from governance.organisation.visibility import Area

from ..forms.webhooks import SubscriptionForm
from ..models import WebhookDelivery, WebhookSubscription
from ..services.webhooks import subscribing
from .refusals import only_for
from .submitting import attempt

ROWS = 50
_administrators = only_for("system_admin")
_both_hands = only_for("system_admin", "security_admin")


@_both_hands
@never_cache
@require_safe
def webhooks(request):
    """All subscriptions of the area."""
    rows = WebhookSubscription.objects.within(Area.of(request.user)).for_list()
    return render(request, "casework/webhooks.html", {"subscriptions": rows})


@_administrators
@never_cache
def webhook_new(request):
    """Subscribe a client: the secret stands on the answer to this form and never again."""
    area = Area.of(request.user)
    if request.method != "POST":
        return render(request, "casework/webhook_form.html", {"form": SubscriptionForm(area=area)})
    tried = attempt(
        request, lambda data, files: SubscriptionForm(data, area=area),
        lambda form: subscribing.subscribe(actor=request.user, **form.cleaned_data),
    )
    if not tried.is_done:
        return render(request, "casework/webhook_form.html", {"form": tried.form}, status=tried.http_status)
    subscription, secret = tried.result
    return render(request, "casework/webhook_made.html", {"subscription": subscription, "secret": secret})


@_both_hands
@never_cache
@require_safe
def webhook(request, pk):
    """One subscription with its log, newest first."""
    subscription = _found(request, pk)
    rows = subscription.deliveries.prefetch_related("attempts").order_by("-pk")
    state, before = request.GET.get("state", ""), read_id(request.GET.get("before"))
    if state in WebhookDelivery.State.values:
        rows = rows.filter(state=state)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    for row in found:
        attempts = list(row.attempts.all())
        row.last = attempts[-1] if attempts else None
    return render(request, "casework/webhook.html", {
        "subscription": subscription, "deliveries": found, "next": found[-1].pk if more else "", "state": state,
        "states": WebhookDelivery.State.choices,
    })


@_both_hands
@require_POST
def webhook_act(request, pk, act):
    """Release, pause, go on, end, or send a test."""
    subscription = _found(request, pk)
    if act == "test":
        subscribing.send_test(subscription=subscription, actor=request.user)
        messages.success(request, _("The test message is sent within a minute."))
    elif act == "release":
        subscribing.release(subscription=subscription, actor=request.user)
        messages.success(request, _("The webhook works from now on."))
    elif act == "end":
        subscribing.end(subscription=subscription, actor=request.user)
    else:
        subscribing.pause(subscription=subscription, is_paused=act == "pause", actor=request.user)
    return redirect("casework:webhook", pk)


def _found(request, pk) -> WebhookSubscription:
    """A subscription of a client of the area; 404 for all others."""
    rows = WebhookSubscription.objects.within(Area.of(request.user)).select_related("client__user", "released_by")
    return get_object_or_404(rows, pk=pk)


@_administrators
@require_POST
def delivery_again(request, pk):
    """Send one message again."""
    row = subscribing.send_again(delivery_id=pk, actor=request.user)
    messages.success(request, _("The message is sent again within a minute."))
    return redirect("casework:webhook", row.subscription_id)
