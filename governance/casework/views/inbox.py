"""The home page of everyone who works (我的待办)."""
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from governance.organisation.models import SEPARATED_ROLES
from governance.organisation.services.setting_up import appointment_of

from ..filters import Desk
from ..visibility import Sight
from .context import portal
from .refusals import signed_in


@signed_in
@require_safe
def inbox(request):
    """Sections of what there is to do, each with its count (exact to 1,000) and its most urgent rows."""
    sight = Sight.of(request.user)
    if sight.roles_at and set(sight.roles_at) <= SEPARATED_ROLES:
        start = _start_page(request)
        if start:
            return redirect(start)
    desk = Desk(request.user, timezone.now())
    desk.read()
    return render(request, "casework/inbox.html", {
        "desk": desk, "now": desk.now, "is_phone_first": desk.is_village,
        "appointment": None if sight.roles_at else appointment_of(request.user),
    })


def _start_page(request) -> str:
    """Administrators and auditors begin at the first page that only they have."""
    for section in portal(request)["nav"]:
        for entry in section["entries"]:
            if section["code"] != "work":
                return entry["url"]
    return ""
