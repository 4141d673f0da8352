"""One act on the matters ticked in a list (批量办理): its form, and the page of its verdicts."""
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Count, Q, Value, When
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from governance.organisation.models import SEPARATED_ROLES

from .. import registry
from ..filters import MatterFilter
from ..forms import bulk as forms
from ..models import BulkRow, BulkRun, Matter
from ..services import assigning, bulk
from ..visibility import Sight
from ..workflow import Refused
from .refusals import signed_in
from .submitting import attempt, send_once

_LISTED, _PAGE, _RUNS = 50, 100, 30
_STEP_HINT = gettext_lazy(
    "Each matter is taken as if alone. One that lacks something, or that somebody has changed since you saw it, is "
    "named and left as it is."
)


@dataclass(frozen=True)
class Offer:
    """An act offered for many matters: `roles(kind)` are those that may do it somewhere, None everybody's."""

    name: str
    label: Any
    form: type
    roles: Callable | None = None
    hint: Any = ""


OFFERS = {
    offer.name: offer
    for offer in (
        Offer("assign", gettext_lazy("Assign"), forms.BulkAssignForm,
              lambda kind: {*kind.manage_roles, "unit_head", "liaison"},
              gettext_lazy("A matter that somebody has changed since you saw it is named and left as it is.")),
        Offer("urge", gettext_lazy("Urge"), forms.BulkUrgeForm,
              lambda kind: {*kind.manage_roles, *assigning.INSTRUCTORS}),
        Offer("note", gettext_lazy("Add a note"), forms.BulkNoteForm),
        Offer("link", gettext_lazy("Link as one affair"), forms.BulkLinkForm),
    )
}


def _all_offers() -> dict[str, Offer]:
    """What every kind offers, and each kind's own steps."""
    steps = {
        name: Offer(name, kind.workflow.step(step).label, import_string(kind.bulk_steps[step]),
                    lambda other, kind=kind, step=step: set(kind.workflow.step(step).roles) if other is kind else set(),
                    _STEP_HINT)
        for name, (kind, step) in bulk.step_acts().items()
    }
    return {"assign": OFFERS["assign"], **steps, **OFFERS}


def offers_for(user) -> list[Offer]:
    """The acts that the user's posts let them do somewhere; the door decides again for each matter."""
    held = set(Sight.of(user).roles_at) - SEPARATED_ROLES
    return [
        offer for offer in _all_offers().values()
        if (offer.roles is None and held)
        or (offer.roles is not None and any(held & offer.roles(kind) for kind in registry.all_kinds()))
    ]


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def bulk_act(request, act):
    """The form for the matters ticked (`m`, "id.version") or, with `all`, for all that the filters leave."""
    offer = _all_offers().get(act)
    if offer is None:
        raise Http404
    if act not in {offered.name for offered in offers_for(request.user)}:
        raise Refused("not-your-right", _("Your posts do not give you the right to do this here."))
    if request.method == "POST":
        return _sent(request, offer)
    chosen = _chosen(request)
    if len(chosen) > bulk.MOST:
        return _back(request, _("At most %(count)s matters at once.") % {"count": bulk.MOST})
    return _form_page(request, offer, offer.form(user=request.user, chosen=chosen))


@signed_in
@never_cache
@require_GET
def run(request, pk):
    """How a run stands: progress, and a verdict for each matter, those refused first."""
    row = get_object_or_404(BulkRun, pk=pk, actor=request.user)
    counts = row.rows.aggregate(
        total=Count("pk"), waiting=Count("pk", filter=Q(verdict="waiting")), done=Count("pk", filter=Q(verdict="done"))
    )
    last = Case(When(verdict="done", then=Value(2)), When(verdict="waiting", then=Value(1)), default=Value(0))
    page = Paginator(row.rows.order_by(last, "position"), _PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    _show_matters(rows, request.user)
    stale = [(r.matter_id, r.shown.version) for r in rows if r.code == "stale" and r.shown is not None]
    return render(request, "casework/bulk_run.html", {
        "run": row, "rows": rows, "page": page, "counts": counts, "offer": _all_offers()[row.act],
        "now": timezone.now(),
        "decided_count": counts["total"] - counts["waiting"],
        "refused_count": counts["total"] - counts["waiting"] - counts["done"],
        "stale_count": len(stale), "stale": [f"{pk}.{version}" for pk, version in stale[:_LISTED]],
    })


@signed_in
@never_cache
@require_GET
def runs(request):
    """The user's latest runs."""
    rows = BulkRun.objects.filter(actor=request.user).order_by("-pk").annotate(
        total=Count("rows"), waiting=Count("rows", filter=Q(rows__verdict="waiting")),
        refused=Count("rows", filter=Q(rows__verdict__in=[BulkRow.Verdict.REFUSED, BulkRow.Verdict.FAILED])),
    )[:_RUNS]
    offers = _all_offers()
    found = [{"run": row, "offer": offers[row.act]} for row in rows]
    return render(request, "casework/bulk_run_list.html", {"runs": found})


def _sent(request, offer):
    """Start the run; up to fifty matters are done at once, more by a worker."""
    tried = attempt(
        request, lambda data, files: offer.form(data, user=request.user),
        lambda form: send_once(request, form, lambda: bulk.start_run(
            actor=request.user, act=offer.name, chosen=form.pairs, facts=form.facts(),
            client_uuid=form.cleaned_data["client_uuid"],
        ), lambda run: (str(offer.label), reverse("casework:bulk-run", args=[run.pk]))),
    )
    if not tried.is_done:
        return _form_page(request, offer, tried.form, status=tried.http_status)
    started = BulkRun.objects.get(pk=tried.result["pk"])
    if started.in_background:
        bulk.carry_on_soon(started)
    else:
        bulk.carry_on(started.pk)
    return redirect(tried.result["url"])


def _form_page(request, offer, form, status=200):
    rows = form.matters.select_related("township", "unit", "unit__parent", "handler").defer("search", "description")
    listed = list(rows.order_by("-reported_at", "-id")[: _LISTED + 1])
    if not listed and form.pairs:
        raise Refused("matter-not-found", _("There is no such matter."))
    if not listed:
        return _back(request, _("Tick at least one matter."))
    count = len(listed) if len(listed) <= _LISTED else form.matters.count()
    return render(request, "casework/bulk_form.html", {
        "offer": offer, "form": form, "matters": listed[:_LISTED], "count": count,
        "more_count": max(count - _LISTED, 0), "left_out_count": len(form.pairs) - count,
    }, status=status)


def _back(request, words):
    messages.warning(request, words)
    return redirect(reverse("casework:matters") + "?" + _filter(request).query())


def _filter(request) -> MatterFilter:
    return MatterFilter(request.GET, user=request.user)


def _chosen(request) -> list[tuple[int, int]]:
    if "all" not in request.GET:
        return forms.read_chosen(request.GET.getlist("m"))
    narrowed = _filter(request)
    rows = narrowed.narrow(Matter.objects.visible_to(request.user), timezone.now())
    if not narrowed.cleaned_data.get("status"):
        rows = rows.counted()
    return list(rows.order_by("-reported_at", "-id").values_list("pk", "version")[: bulk.MOST + 1])


def _show_matters(rows, user) -> None:
    """Put the matter beside each verdict, if the user still sees it (one query)."""
    seen = Matter.objects.visible_to(user).filter(pk__in=[row.matter_id for row in rows])
    matters = {m.pk: m for m in seen.select_related("township", "handler").defer("search", "description")}
    for row in rows:
        row.shown = matters.get(row.matter_id)
