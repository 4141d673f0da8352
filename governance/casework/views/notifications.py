"""Messages in the portal (站内消息): what was reminded, assigned, instructed, urged."""
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from ..models import Matter, Message
from ..services.notifying import mark_read
from ..services.sending import in_words, path_of
from .refusals import signed_in

ROWS = 50


@signed_in
def notifications(request):
    """The newest messages; those about matters that the reader may no longer see are left out."""
    rows = Message.objects.filter(recipient=request.user, channel="portal").select_related("matter")
    before = request.GET.get("before", "")
    if before.isdigit():
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    ids = {row.matter_id for row in found if row.matter_id}
    seen = set(Matter.objects.visible_to(request.user).filter(pk__in=ids).values_list("pk", flat=True))
    shown = [row for row in found if row.matter_id is None or row.matter_id in seen]
    for row in shown:
        row.words = in_words(row)
    return render(request, "casework/notifications.html", {
        "notifications": shown, "next": found[-1].pk if more else "", "has_unread": any(not r.read_at for r in shown),
    })


@signed_in
@require_POST
def open_notification(request, pk):
    """Mark a message as read and go to what it is about."""
    message = get_object_or_404(Message, pk=pk, recipient=request.user, channel="portal")
    mark_read(user=request.user, message_id=message.pk)
    return redirect(path_of(message))


@signed_in
@require_POST
def read_all(request):
    """Mark all messages as read."""
    mark_read(user=request.user)
    return redirect("casework:notifications")
