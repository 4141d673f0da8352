"""How long matters are kept (保管期限): the lengths, and what ends soon."""
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance.organisation.models import Unit
from governance.organisation.visibility import Area

from .. import registry
from ..forms.retention import PeriodForm
from ..models import Matter, RetentionHold, RetentionPeriod
from ..services.retaining import TOLD_BEFORE_DAYS, Keepings, ended, set_period
from ..visibility import Sight
from .refusals import only_for
from .submitting import attempt

ROWS = 50


@only_for("system_admin", "auditor")
@require_safe
def periods(request):
    """Every kind with its lengths by outcome, and what townships have set themselves."""
    own, within = {}, Area.of(request.user).within("township")
    for row in RetentionPeriod.objects.filter(within).select_related("township").order_by("outcome", "-from_on"):
        own.setdefault(row.kind, []).append(row)
    shown = [{"kind": kind, "own": own.get(kind.code, [])} for kind in registry.all_kinds()]
    may_set = "system_admin" in Sight.of(request.user).roles_at
    return render(request, "casework/retention_list.html", {"shown": shown, "may_set": may_set})


@only_for("system_admin")
def period(request, kind):
    """Set a township's own length."""
    declared = next((one for one in registry.all_kinds() if one.code == kind), None)
    if declared is None:
        raise Http404
    towns = Unit.objects.filter(Area.of(request.user).within(), level="township").not_ended().in_tree_order()

    def build(data, files):
        return PeriodForm(data, kind=declared, townships=towns)

    form = build(None, None)
    if request.method == "POST":
        tried = attempt(
            request, build, lambda form: set_period(actor=request.user, kind=declared.code, **form.cleaned_data)
        )
        if tried.is_done:
            messages.success(request, _("Saved; the auditors have been told."))
            return redirect("casework:retention")
        form = tried.form
    return render(request, "casework/retention_form.html", {"kind": declared, "form": form})


@only_for("clerk", "petition_clerk", "office")
@require_safe
def ending(request):
    """What is anonymised within thirty days unless somebody keeps it longer, and what is kept longer."""
    today = timezone.localdate()
    seen = Matter.objects.visible_to(request.user)
    soon = ended(today + timezone.timedelta(days=TOLD_BEFORE_DAYS), rows=seen)
    found = list(soon.select_related("unit", "unit__parent", "township").defer("search", "description")[: ROWS + 1])
    keepings = Keepings(today)
    for row in found:
        keeping = keepings.of(township_id=row.township_id, kind=row.kind, outcome=row.outcome)
        row.kept_until = keeping.ends_on(timezone.localdate(row.closed_at))
    held = RetentionHold.objects.filter(released_at=None, matter__in=seen)
    return render(request, "casework/retention_ending.html", {
        "matters": found[:ROWS], "is_more": len(found) > ROWS, "days": TOLD_BEFORE_DAYS,
        "held": held.select_related("matter__township", "set_by").order_by("until_on", "pk")[:ROWS],
    })
