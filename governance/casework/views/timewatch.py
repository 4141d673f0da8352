"""The machine's time (时间校验): what waits because it is doubted, and the one click that says it is right."""
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.organisation.services import timekeeping

from ..forms.administration import TimeForm
from ..models import Event, Seal
from ..visibility import Sight
from ..workflow import Refused
from .refusals import only_for
from .submitting import attempt


@only_for("system_admin", "security_admin", "auditor")
def time_watch(request):
    """How late it is, by the machine and by the history; a system administrator confirms it with a reason."""
    may_confirm = "system_admin" in Sight.of(request.user).roles_at
    form = TimeForm()
    if request.method == "POST":
        if not may_confirm:
            raise Refused("not-your-page", _("This page is not for your posts."))
        tried = attempt(
            request, lambda data, files: TimeForm(data),
            lambda form: timekeeping.confirm(actor=request.user, **form.cleaned_data),
        )
        if tried.is_done:
            messages.success(request, _("The time is confirmed. What waited goes on at its next turn."))
            return redirect("casework:time-watch")
        form = tried.form
    timekeeping.is_right()
    return render(request, "casework/time_watch.html", {
        "watch": timekeeping.current(), "now": timezone.now(), "form": form, "may_confirm": may_confirm,
        "event": Event.objects.order_by("-pk").only("at").first(), "seal": Seal.objects.order_by("-number").first(),
    })
