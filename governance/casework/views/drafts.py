"""Autosaved drafts (草稿)."""
from django.http import JsonResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..services.drafting import drop_draft, keep_draft
from .refusals import signed_in
from .submitting import draft_values

_LONGEST_KEY = 80


@signed_in
@require_POST
def draft(request):
    """Keep what was typed into the form named by `form`; `discard` throws it away."""
    key = request.POST.get("form", "")[:_LONGEST_KEY]
    if not key:
        return JsonResponse({"code": "form-missing", "message": _("Which form?"), "missing": ["form"]}, status=422)
    if "discard" in request.POST:
        drop_draft(user=request.user, form=key)
        return JsonResponse({"kept": False})
    kept = keep_draft(user=request.user, form=key, values=draft_values(request.POST))
    at = date_format(timezone.localtime(), "H:i")
    return JsonResponse({"kept": kept, "message": _("Draft saved at %(time)s") % {"time": at} if kept else ""})
