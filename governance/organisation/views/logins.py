"""The login log for the auditor, and lifting lockouts (登录记录、解除锁定)."""
import csv

from django.contrib import messages
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ..filters import page_by_keyset
from ..forms.logins import LiftForm, LoginFilter
from ..models import LoginRecord
from ..services import lockouts
from ..services.recording import record_change
from ..visibility import Area
from .narrowing import refuses
from .serving import needs

MOST_ROWS = 100_000
# What a spreadsheet would take for a formula; browsers say about themselves whatever they like.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """What csv writes into: it hands the line on."""

    def write(self, line):
        return line


@needs("view_loginrecord")
@require_safe
def logins(request):
    """Who logged in, who tried to, from where; newest first."""
    asked = LoginFilter(request.GET)
    is_refused = refuses(request, asked)
    rows = _rows(request, asked)
    page = page_by_keyset(rows.none() if is_refused else rows, request.GET, column="at")
    return render(request, "organisation/logins.html", {
        "page": page, "form": asked, "query": asked.query(), "wrong": LoginRecord.Outcome.FAILED,
    }, status=400 if is_refused else 200)


@needs("view_loginrecord")
@require_safe
def logins_file(request):
    """The same as a table; that it was taken out stands in the change log."""
    asked = LoginFilter(request.GET)
    if refuses(request, asked):
        return redirect("organisation:logins")
    rows = _rows(request, asked).order_by("-at", "-id")[:MOST_ROWS]
    record_change(
        subject_type="user", subject_id=request.user.pk, verb="logins_exported", actor=request.user,
        data={"query": asked.query()},
    )
    writer, now = csv.writer(_Echo()), timezone.localtime()
    head = [
        [_("Login log"), _("taken out by %(name)s, %(at)s") % {
            "name": request.user.name, "at": date_format(now, "DATETIME_FORMAT")}],
        [_("When"), _("Person"), _("Login name"), _("Unit"), _("Result"), _("Times"), _("Source address"),
         _("Device"), _("Done by")],
    ]
    lines = (line for part in (head, map(_line, rows.iterator(chunk_size=2000))) for line in part)
    # Excel takes a file for UTF-8 by its first three bytes.
    body = (("﻿" if number == 0 else "") + writer.writerow(line) for number, line in enumerate(lines))
    answer = StreamingHttpResponse(body, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="logins-{now:%Y%m%d-%H%M}.csv"'
    return answer


@needs("unlock_user", "lift_lockout_of_guard")
@require_safe
def locked_out(request):
    """Who is locked out at this moment, as far as one may lift it."""
    return render(request, "organisation/lockouts.html", {"lockouts": lockouts.current_lockouts(request.user)})


@needs("unlock_user", "lift_lockout_of_guard")
@require_POST
def lift(request):
    """Lift the lockout of a person or of an address."""
    asked = LiftForm(request.POST)
    if not asked.is_valid() or not any(asked.cleaned_data.values()):
        raise Http404
    lockouts.lift(actor=request.user, **{name: value or None for name, value in asked.cleaned_data.items()})
    messages.success(request, _("The lockout is lifted."))
    return redirect("organisation:lockouts")


def _rows(request, asked):
    return asked.narrow(LoginRecord.objects.visible_to(Area.of(request.user))).for_list()


def _line(row) -> list[str]:
    person, unit = row.person, row.person and row.person.home_unit
    cells = [
        timezone.localtime(row.at).strftime("%Y-%m-%d %H:%M:%S"), person.name if person else "",
        person.username if person else _("unknown name"), unit.short_name if unit else "",
        row.get_outcome_display(), str(row.count), row.address or "", row.device, row.by.name if row.by else "",
    ]
    return [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]
