"""A ledger comes in (导入): upload, headings, dry run, verdict of each row, entering, undoing."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from governance.casework.models import Matter
from governance.casework.services.vocabularies import term_label
from governance.casework.views.refusals import signed_in
from governance.casework.views.submitting import attempt
from governance.organisation.filters import read_id
from governance.organisation.registry import Refused

from .. import layout as layouts
from ..forms import ColumnsForm, PlacesForm, RowFilter, UploadForm
from ..models import ImportBatch
from ..querysets import RUNNING
from ..services import importing
from ..services.importing.telling import unit_names

PAGE, ROWS = 30, 50
State = ImportBatch.State
# What a further look at the same file may bring past.
_TRIED_AGAIN = ("import-failed", "import-cancelled")
# Columns that a row is known by on the screen, if its ledger has them; the parties stand beside them.
_SHOWN = ("category", "result", "settled_on", "amount_yuan", "description")


@signed_in
@never_cache
def imports(request):
    """All batches of the user's townships, and the form for the next file."""
    if not importing.importable_kinds(request.user):
        raise Refused("not-your-page", _("This page is not for your posts."))
    form, status = UploadForm(user=request.user), 200
    if request.method == "POST":
        tried = attempt(
            request, lambda data, files: UploadForm(data, files, user=request.user),
            lambda form: importing.take_in(actor=request.user, **form.upload()),
        )
        if tried.is_done:
            return redirect("ledgers:import", tried.result.pk)
        form, status = tried.form, tried.http_status
    page = Paginator(ImportBatch.objects.visible_to(request.user).for_list(), PAGE).get_page(request.GET.get("page"))
    return render(request, "ledgers/imports.html", {"form": form, "page": page}, status=status)


@signed_in
@never_cache
@require_GET
def import_batch(request, pk):
    """One batch: how far it is, what its columns were taken for, the verdict of each row."""
    batch = importing.find_batch(pk, request.user)
    if request.htmx:
        return _progress(request, batch)
    shown = {"batch": batch, "is_own": batch.created_by_id == request.user.pk, **_how_far(batch)}
    shown["refusal"] = importing.refusal_words(batch)
    if batch.state == State.REFUSED:
        shown["can_try_again"] = batch.refusal_code in _TRIED_AGAIN
    elif not shown["is_running"]:
        shown |= {"columns": importing.columns_of(batch), "notes": importing.notes_of(batch), "places": _places(batch)}
        if shown["is_own"]:
            shown |= _rows(request, batch)
    return render(request, "ledgers/import_batch.html", shown)


@signed_in
@never_cache
def import_columns(request, pk):
    """Say what a heading means; remembered for the township, and the file is read anew."""
    batch = _own(request, pk)
    if request.method != "POST":
        return render(request, "ledgers/import_columns.html", {"batch": batch, "form": ColumnsForm(batch=batch)})
    tried = attempt(
        request, lambda data, files: ColumnsForm(data, batch=batch),
        lambda form: importing.correct_mapping(batch_id=batch.pk, actor=request.user, columns=form.meanings()),
    )
    if tried.is_done:
        messages.success(request, _("Remembered for your township. The file is read anew."))
        return redirect("ledgers:import", pk)
    shown = {"batch": batch, "form": tried.form}
    return render(request, "ledgers/import_columns.html", shown, status=tried.http_status)


@signed_in
@never_cache
def import_places(request, pk):
    """Say which village a name means that was not, or only roughly, understood; the file is read anew."""
    batch = _own(request, pk)
    if request.method != "POST":
        return render(request, "ledgers/import_places.html", {"batch": batch, "form": PlacesForm(batch=batch)})
    tried = attempt(
        request, lambda data, files: PlacesForm(data, batch=batch),
        lambda form: importing.correct_places(batch_id=batch.pk, actor=request.user, places=form.meanings()),
    )
    if tried.is_done:
        messages.success(request, _("Remembered for your township. The file is read anew."))
        return redirect("ledgers:import", pk)
    return render(request, "ledgers/import_places.html", {"batch": batch, "form": tried.form},
                  status=tried.http_status)


@signed_in
@require_POST
def import_cancel(request, pk):
    """End what runs."""
    importing.cancel(batch_id=pk, actor=request.user)
    return redirect("ledgers:import", pk)


@signed_in
@require_POST
def import_again(request, pk):
    """Check a file once more that was refused, cancelled or ended by a fault."""
    importing.order_reading(batch_id=_own(request, pk).pk, actor=request.user)
    return redirect("ledgers:import", pk)


@signed_in
@require_POST
def import_enter(request, pk):
    """Enter the rows that are right."""
    importing.order_commit(batch_id=_own(request, pk).pk, actor=request.user)
    return redirect("ledgers:import", pk)


@signed_in
@never_cache
def import_undo(request, pk):
    """Ask before a batch is undone, then undo it."""
    batch = importing.find_batch(pk, request.user)
    if request.method != "POST":
        return render(request, "ledgers/import_undo.html", {"batch": batch})
    importing.order_undo(batch_id=batch.pk, actor=request.user)
    return redirect("ledgers:import", pk)


@signed_in
@never_cache
@require_GET
def import_file(request, pk):
    """The same file with the column 错误原因: made for this answer, and gone from the disk with it."""
    name, path = importing.result_file(_own(request, pk), actor=request.user)
    stream = path.open("rb")
    path.unlink()
    answer = FileResponse(stream, as_attachment=True, filename=name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _own(request, pk) -> ImportBatch:
    """A batch that the user uploaded: nobody else reads its rows, as no wall stands around these names yet."""
    importing.find_batch(pk, request.user)
    return get_object_or_404(ImportBatch.objects.for_list(), pk=pk, created_by=request.user)


def _how_far(batch) -> dict:
    done, total = importing.progress_of(batch)
    return {
        "is_running": batch.state in (State.RECEIVED, *RUNNING), "done": done, "total": total,
        "stands_since": importing.stands_since(batch),
        "to_enter": batch.new_count + batch.update_count - (batch.done_count if batch.state == State.STOPPED else 0),
    }


def _progress(request, batch):
    """The part of the page that asks again by itself; once the run is over the whole page is loaded anew."""
    shown = {"batch": batch, **_how_far(batch)}
    if not shown["is_running"]:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "ledgers/_import_progress.html", shown)


def _rows(request, batch) -> dict:
    """One page of rows, narrowed by verdict and reason; by the place in the file, the same cost on every page."""
    narrowed = RowFilter(request.GET, batch=batch)
    rows = narrowed.narrow(importing.rows_of(batch, request.user))
    after = read_id(request.GET.get("after"))
    if after is not None:
        rows = rows.filter(position__gt=after)
    found = list(rows[: ROWS + 1])
    more, found = len(found) > ROWS, found[:ROWS]
    query = request.GET.copy()
    query.pop("after", None)
    return {
        "filter": narrowed, "rows": _told(batch, found, request.user), "query": query.urlencode(),
        "next": found[-1].position if more else "", "tabs": _tabs(batch),
    }


def _told(batch, rows, user) -> list[dict]:
    """The rows in words; a matter is linked only while the user sees it."""
    layout, units = layouts.get(batch.kind), unit_names(batch)
    columns = [layout.column(code) for code in _SHOWN if code in layout]
    ids = [row.matter_id for row in rows if row.matter_id]
    seen = set(Matter.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    told = []
    for row in rows:
        one = importing.told_row(row, layout, units)
        values = one["values"]
        one["facts"] = [
            (column.heading, _in_words(column, values[column.code], units)) for column in columns
            if values.get(column.code) not in (None, "")
        ]
        for change in one["changes"]:
            column = layout.column(change["code"])
            change |= {key: _in_words(column, change[key], units) for key in ("before", "after")}
        one["matter"] = row.matter if row.matter_id in seen else None
        one["label"], one["fate"] = row.get_verdict_display(), row.get_fate_display() if row.fate else ""
        told.append(one)
    return told


def _in_words(column, value, units):
    """A value as the ledger's own words have it, never a code; "" for none."""
    if value and column.reads is layouts.Reads.TERM:
        return term_label(column.vocabulary, value)
    shown = layouts.render(column, value, units)
    return "" if shown is None else shown


def _places(batch) -> list[dict]:
    """What cells of villages said that was not, or only roughly, understood, and the village taken for it."""
    units, held = unit_names(batch), sorted(batch.places, key=lambda one: bool(one["code"]))
    return [{**one, "name": units.get(one["code"], "")} for one in held]


def _tabs(batch) -> list[tuple]:
    """Verdict, label and count of each, for the filter above the rows."""
    labels = dict(batch.rows.model.Verdict.choices)
    counts = {"new": batch.new_count, "update": batch.update_count, "same": batch.same_count,
              "error": batch.error_count}
    return [("", _("All"), batch.read_count), *((code, labels[code], count) for code, count in counts.items())]
