"""A township's own habits of reporting (报表设置), set by its office."""
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from governance.casework.views.refusals import only_for
from governance.casework.views.submitting import attempt

from ..forms import SettingForm
from ..services import setting


@only_for(*setting.KEEPERS)
@never_cache
def settings(request):
    """The form of one township; `township` chooses among several."""
    townships = setting.townships_kept_by(request.user)
    chosen = next((unit for unit in townships if str(unit.pk) == request.GET.get("township")), None)
    township = chosen or next(iter(townships), None)
    context = {"townships": townships, "township": township}
    if township is None:
        return render(request, "reporting/settings.html", context)
    held = setting.setting_of(township.pk)
    context["held"] = held

    def build(data, files):
        return SettingForm(data, held=held)

    if request.method != "POST":
        return render(request, "reporting/settings.html", {**context, "form": build(None, None)})
    tried = attempt(
        request, build,
        lambda form: setting.set_habits(actor=request.user, township=township, **form.habits()),
    )
    if not tried.is_done:
        return render(request, "reporting/settings.html", {**context, "form": tried.form}, status=tried.http_status)
    messages.success(request, _("Saved. Reports use it from now on."))
    return redirect(f"{request.path}?township={township.pk}")
