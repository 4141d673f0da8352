"""Taking tables out (导出): what may be taken out, one's own files, the auditor's record of all of them."""
from django.core.paginator import Paginator
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from governance.casework.models import Matter
from governance.casework.views.refusals import only_for, signed_in
from governance.casework.views.submitting import attempt
from governance.organisation.registry import Refused

from ..forms import PERIODS, ExportForm
from ..models import LedgerExport
from ..services import exporting

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE, NUMBERS = 50, 500


@signed_in
@never_cache
@require_GET
def exports(request):
    """What the person's posts allow to take out, and their own files."""
    tables = exporting.exports_of(request.user)
    rows = LedgerExport.objects.of(request.user).for_list()
    if not tables and not rows.exists():
        raise Refused("not-your-page", _("This page is not for your posts."))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    page.object_list = exporting.describe(page.object_list)
    return render(request, "ledgers/exports.html", {"tables": tables, "page": page})


@signed_in
@never_cache
def order(request, code):
    """Ask for a table: period, villages, columns; small ones are there at once."""
    export = exporting.find_export(code, request.user)

    def build(data, files):
        return ExportForm(data, export=export, user=request.user, period=request.GET.get("period", ""))

    if request.method != "POST":
        return render(request, "ledgers/export_form.html", _form_page(export, build(None, None)))
    tried = attempt(
        request, build, lambda form: exporting.order_export(actor=request.user, order=form.order())
    )
    if tried.is_done:
        return redirect("ledgers:export", tried.result.pk)
    return render(request, "ledgers/export_form.html", _form_page(export, tried.form), status=tried.http_status)


@signed_in
@never_cache
@require_GET
def export(request, pk):
    """One own export: how far it is, and the file once it is there. Asked by htmx, only that part."""
    row = get_object_or_404(LedgerExport.objects.of(request.user).for_list(), pk=pk)
    exporting.describe([row])
    template = "ledgers/_export_state.html" if request.htmx else "ledgers/export.html"
    return render(request, template, {"export": row})


@signed_in
@never_cache
@require_GET
def export_file(request, pk):
    """The file of an own export."""
    row, stream = exporting.open_export(export_id=pk, actor=request.user)
    answer = FileResponse(stream, as_attachment=True, filename=row.file_name, content_type=XLSX)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@only_for("auditor")
@never_cache
@require_GET
def export_log(request):
    """Everything that was taken out: who, when, of what, how many rows; nothing of the content."""
    rows = LedgerExport.objects.for_list()
    who, clear = request.GET.get("who", "").strip(), request.GET.get("clear") == "on"
    if who:
        rows = rows.filter(owner__name=who)
    if clear:
        rows = rows.filter(shows_contacts=True)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    page.object_list = exporting.describe(page.object_list)
    return render(request, "ledgers/export_log.html", {"page": page, "who": who, "clear": clear})


@only_for("auditor")
@never_cache
@require_GET
def export_matters(request, pk):
    """The numbers of the matters that one export held: the auditor sees that they left, not what is in them."""
    row = get_object_or_404(LedgerExport.objects.select_related("owner", "township"), pk=pk)
    exporting.describe([row])
    ids = Paginator(row.matter_ids, NUMBERS).get_page(request.GET.get("page"))
    numbers = Matter.objects.filter(pk__in=list(ids.object_list)).order_by("pk").values_list("number", flat=True)
    return render(request, "ledgers/export_matters.html", {"export": row, "page": ids, "numbers": numbers})


def _form_page(export, form) -> dict:
    return {"export": export, "form": form, "periods": PERIODS.items() if export.has_period else ()}
