"""The set-up checklist (开通清单), the first page of the system administrator."""
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST, require_safe

from ..services import setting_up
from .serving import needs


@needs("add_unit")
@require_safe
def setup(request):
    """Each step with what is missing, and the way there; what is done stands below."""
    rows = setting_up.checklist(request.user)
    return render(request, "organisation/setup.html", {
        "open": [(row, _address(row.step)) for row in rows if not row.is_done],
        "done": [(row, _address(row.step)) for row in rows if row.is_done], "count": len(rows),
    })


@needs("add_unit")
@require_POST
def let_stand(request, code):
    """Say that a step may stay as it is."""
    setting_up.let_stand(code=code, actor=request.user)
    return redirect("organisation:setup")


def _address(step) -> str:
    try:
        return reverse(step.url_name) if step.url_name else ""
    except NoReverseMatch:
        return ""
