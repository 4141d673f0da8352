"""Days off of each year (节假日安排) from the State Council's document, and working hours (工作时间)."""
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance.organisation.services.background import start_later
from governance.organisation.visibility import Area

from ..calendar import legal_holidays, published_until
from ..forms.administration import ArrangementForm, HoursForm
from ..models import HolidayArrangement
from ..services.arranging import enter_arrangement, set_working_hours, working_hours
from .refusals import only_for
from .submitting import attempt


@only_for("system_admin")
@require_safe
def holidays(request):
    """Which years are known, from where, and which one is to be entered next."""
    rows = list(HolidayArrangement.objects.select_related("entered_by"))
    return render(request, "casework/holiday_list.html", {
        "rows": rows, "until": published_until(), "years": _open_years({row.year for row in rows}),
    })


@only_for("system_admin")
def holiday_year(request, year):
    """Enter the arrangement of a year, or correct it; the worker then moves what rests on it."""
    year = int(year)
    if not Area.of(request.user).covers_all():
        raise Http404
    if not timezone.localdate().year - 1 <= year <= timezone.localdate().year + 1:
        raise Http404
    row = HolidayArrangement.objects.filter(year=year).first()

    def save(form):
        with transaction.atomic():
            entered = enter_arrangement(actor=request.user, year=year, **form.cleaned_data)
            start_later("governance.casework.tasks.move_by_calendar")
            return entered

    form = ArrangementForm(initial=_initial(row))
    if request.method == "POST":
        tried = attempt(request, lambda data, files: ArrangementForm(data, initial=_initial(row)), save)
        if tried.is_done:
            said = _("Saved. Time limits whose end moves are computed anew; who handles them is told.")
            messages.success(request, said)
            return redirect("casework:holidays")
        form = tried.form
    return render(request, "casework/holiday_form.html", {
        "form": form, "year": year, "row": row, "legal": sorted(legal_holidays(year)),
    })


@only_for("system_admin")
def hours(request):
    """The working hours of the whole portal."""
    if not Area.of(request.user).covers_all():
        raise Http404
    held = dict(zip(HoursForm.base_fields, (time for span in working_hours() for time in span), strict=True))
    form, status = HoursForm(initial=held), 200
    if request.method == "POST":
        tried = attempt(
            request, lambda data, files: HoursForm(data, initial=held),
            lambda form: set_working_hours(actor=request.user, **form.cleaned_data),
        )
        if tried.is_done:
            messages.success(request, _("Saved. Time limits that run already keep their end."))
            return redirect("casework:hours")
        form, status = tried.form, tried.http_status
    return render(request, "casework/hours_form.html", {"form": form}, status=status)


def _open_years(entered) -> list[dict]:
    """This year and the next as far as they were not entered; what nobody knows yet is waited for."""
    this = timezone.localdate().year
    return [
        {"year": year, "is_waited_for": year > published_until().year} for year in (this, this + 1)
        if year not in entered
    ]


def _initial(row) -> dict:
    if row is None:
        return {}
    return {
        "source": row.source, "issued_on": row.issued_on,
        "days_off": "\n".join(day.isoformat() for day in row.days_off),
        "workdays": "\n".join(day.isoformat() for day in row.workdays),
    }
