"""Messages in the portal (站内消息): what was reminded, assigned, instructed, urged."""
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from governance.organisation.filters import read_id

from ..models import Message
from ..services.notifying import mark_read
from ..services.sending import in_words, path_of
from .refusals import signed_in

ROWS = 50


@signed_in
@require_safe
def notifications(request):
    """The newest messages; those about matters that the reader may no longer see are left out."""
    rows = Message.objects.in_portal(request.user).select_related("matter")
    before = read_id(request.GET.get("before"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: ROWS + 1])
    more, shown = len(found) > ROWS, found[:ROWS]
    for row in shown:
        row.words = in_words(row)
    return render(request, "casework/notifications.html", {
        "notifications": shown, "next": shown[-1].pk if more else "", "has_unread": any(not r.read_at for r in shown),
    })


@signed_in
@require_POST
def open_notification(request, pk):
    """Mark a message as read and go to what it is about."""
    message = get_object_or_404(Message.objects.in_portal(request.user), pk=pk)
    mark_read(user=request.user, message_id=message.pk)
    return redirect(path_of(message))


@signed_in
@require_POST
def read_all(request):
    """Mark all messages as read."""
    mark_read(user=request.user)
    return redirect("casework:notifications")
