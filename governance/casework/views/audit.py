"""The auditor's pages (审计): who looked at contact data, and whether the history is whole."""
from django.core.paginator import Paginator
from django.db.models import Max, Q, Sum
from django.db.models.functions import TruncDate
from django.http import Http404
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ..forms import RevealLogForm
from ..models import Event, Seal
from ..services.parties import LOOKS
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
    "seal-gap": _("a seal is missing before it"),
    "seal-link": _("the seal does not fit the seal before it"),
    "seal-hash": _("the seal itself was changed"),
    "sealed-missing": _("the row is sealed, and is no longer there"),
    "sealed-changed": _("the row is not the one that was sealed"),
    "unsealed": _("the row was put in behind a seal"),
    "paper": _("the seal is not the one on paper"),
}


@only_for("auditor")
@require_safe
def reveal_log(request):
    """Who looked at whose contact data, when and why: the number of the matter, nothing of its content."""
    rows = Event.objects.filter(verb__in=LOOKS).select_related(
        "matter", "actor", "actor__home_unit", "personal"
    )
    form = RevealLogForm(request.GET)
    asked = form.asked()
    if asked["who"]:
        rows = rows.filter(Q(actor__name=asked["who"]) | Q(actor__username=asked["who"]))
    if asked["from_at"]:
        rows = rows.filter(at__gte=asked["from_at"])
    if asked["before_at"]:
        rows = rows.filter(at__lt=asked["before_at"])
    page = Paginator(rows.order_by("-at", "-pk"), ROWS).get_page(request.GET.get("page"))
    kept = urlencode({name: value for name, value in request.GET.items() if name != "page" and value})
    return render(request, "casework/reveal_log.html", {"page": page, "form": form, "query": kept})


@only_for("auditor")
def verify(request):
    """Verify every chain of the history, asked for by a click."""
    context = {"is_large": Event.objects.order_by()[: MOST_EVENTS + 1].count() > MOST_EVENTS}
    if request.method == "POST" and not context["is_large"]:
        read, misfit = verify_ledger()
        context |= {"read": read, "misfit": misfit, "reason": MISFITS.get(misfit.reason) if misfit else ""}
        context["is_verified"] = True
    return render(request, "casework/verify.html", context)


@only_for("auditor")
@require_safe
def seals(request):
    """The days on which something was sealed, newest first: each leads to a page for paper."""
    days = (
        Seal.objects.order_by().annotate(day=TruncDate("at")).values("day")
        .annotate(last=Max("number"), rows=Sum("count")).order_by("-day")
    )
    page = Paginator(days, ROWS).get_page(request.GET.get("page"))
    return render(request, "casework/seals.html", {"page": page})


@only_for("auditor")
@require_safe
def seal_of_day(request, day):
    """The day's seal, to be printed and kept outside the machine: the last one stands for all before it."""
    rows = list(Seal.objects.on(day).defer("leaves", "ids"))
    if not rows:
        raise Http404
    last = rows[-1]
    total = Seal.objects.filter(number__lte=last.number).aggregate(rows=Sum("count"))["rows"]
    return render(request, "casework/seal_of_day.html", {
        "day": day, "seals": rows, "last": last, "total": total,
        "groups": [last.hash[place : place + 8] for place in range(0, len(last.hash), 8)],
    })
