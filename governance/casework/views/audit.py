"""The auditor's pages (审计): who looked at contact data, and whether the history is whole."""
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from ..models import Event
from ..services.verifying import verify_ledger
from .refusals import only_for

ROWS = 100
# Beyond this many events a browser would wait too long.
MOST_EVENTS = 300_000
MISFITS = {
    "gap": _("a row is missing before it"),
    "link": _("it does not fit the row before it"),
    "hash": _("its content was changed"),
    "personal": _("the words beside it were changed"),
    "tail": _("rows after it are missing"),
    "change": _("it does not fit the change log of the organisation"),
}


@only_for("auditor")
def reveal_log(request):
    """Who looked at whose contact data, when and why: the number of the matter, nothing of its content."""
    rows = Event.objects.filter(verb="contact_revealed").select_related(
        "matter", "actor", "actor__home_unit", "personal"
    )
    before = request.GET.get("before", "")
    if before.isdigit():
        rows = rows.filter(pk__lt=int(before))
    who = request.GET.get("who", "").strip()
    if who:
        rows = rows.filter(actor__name=who)
    found = list(rows.order_by("-at", "-pk")[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    return render(request, "casework/reveal_log.html", {
        "events": found, "who_typed": who, "next": found[-1].pk if more else "",
    })


@only_for("auditor")
def verify(request):
    """Verify every chain of the history, asked for by a click."""
    context = {"is_large": Event.objects.order_by()[: MOST_EVENTS + 1].count() > MOST_EVENTS}
    if request.method == "POST" and not context["is_large"]:
        read, misfit = verify_ledger()
        context |= {"read": read, "misfit": misfit, "reason": MISFITS.get(misfit.reason) if misfit else ""}
        context["is_verified"] = True
    return render(request, "casework/verify.html", context)
