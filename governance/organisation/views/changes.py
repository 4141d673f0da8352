"""The change log (变更记录): who did what to whom, in sentences."""
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..filters import page_by_keyset
from ..forms.changes import ChangeFilter
from ..models import Change
from ..sentences import tell
from .narrowing import refuses
from .serving import needs


@needs("view_change", "change_unit", "change_post")
@require_safe
def changes(request):
    """Everything for the auditor, their own acts for administrators; newest first."""
    asked = ChangeFilter(request.GET)
    rows = asked.narrow(Change.objects.visible_to(request.user))
    is_refused = refuses(request, asked)
    page = page_by_keyset((rows.none() if is_refused else rows).for_list(), request.GET, column="at")
    tell(page.rows)
    return render(request, "organisation/changes.html", {
        "page": page, "form": asked, "query": asked.query(),
        "sees_all": request.user.has_perm("organisation.view_change"),
    }, status=400 if is_refused else 200)
