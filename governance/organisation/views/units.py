"""The unit tree and duties (单位、责任)."""
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from .. import forms
from ..models import Duty, Unit
from ..services import duties as duty_acts
from ..services import units as unit_acts
from ..services.importing import import_divisions
from ..services.importing.tables import read_rows
from ..visibility import Area
from .serving import needs, serve

PAGE = 100


@needs("change_unit", "change_post")
@require_safe
def units(request):
    """The tree, with search."""
    text = request.GET.get("q", "").strip()
    rows = Unit.objects.filter(Area.of(request.user).within()).select_related("merged_into").in_tree_order()
    if text:
        rows = rows.filter(name__icontains=text) | rows.filter(code__startswith=text)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "organisation/units.html", {"page": page, "q": text})


@needs("add_unit")
def unit_new(request):
    """Make a unit."""
    return serve(
        request, lambda data, files: forms.UnitForm(data, actor=request.user),
        lambda v: unit_acts.create_unit(actor=request.user, **v),
        title=_("New unit"), done=_("The unit is made."), to="organisation:units",
    )


@needs("change_unit")
def unit_rename(request, pk):
    """Give a unit another name."""
    unit = get_object_or_404(Unit.objects.filter(Area.of(request.user).within()), pk=pk)
    return serve(
        request, lambda data, files: forms.RenameForm(data, unit=unit),
        lambda v: unit_acts.rename_unit(
            unit=unit, actor=request.user, **{"name": unit.name, "short_name": unit.short_name, **v}
        ),
        title=unit.name, done=_("Saved."), to="organisation:units",
    )


@needs("change_unit")
def unit_close(request, pk):
    """Close a unit."""
    unit = get_object_or_404(Unit.objects.filter(Area.of(request.user).within()), pk=pk)
    return serve(
        request, lambda data, files: forms.EndForm(data),
        lambda v: unit_acts.close_unit(unit=unit, on=v["to_on"], actor=request.user),
        title=_("Close %(unit)s") % {"unit": unit.short_name}, done=_("The last day of the unit is recorded."),
        to="organisation:units",
        hint=_("The unit goes on until the end of its last day; nothing can be registered in it afterwards."),
    )


@needs("change_unit")
def unit_merge(request, pk):
    """Merge a unit into another of the same level and parent."""
    unit = get_object_or_404(Unit.objects.filter(Area.of(request.user).within()), pk=pk)
    return serve(
        request, lambda data, files: forms.MergeForm(data, actor=request.user, unit=unit),
        lambda v: unit_acts.merge_units(units=[unit], into=v["into"], on=v["to_on"], actor=request.user),
        title=_("Merge %(unit)s into another unit") % {"unit": unit.short_name}, done=_("The units are merged."),
        to="organisation:units",
        hint=_("Posts, stand-ins, duties and grids go over to the other unit on the next day. Its people then see the "
               "matters of this one, which keep their numbers. This cannot be taken back."),
    )


@needs("add_unit")
def units_import(request):
    """Take official divisions in: trial run first."""
    found = {}

    def take(values):
        rows = read_rows(values["file"].name, values["file"].read())
        found["report"] = import_divisions(rows=rows, actor=request.user, commit=values["commit"])

    answer = serve(
        request, lambda data, files: forms.FileForm(data, files), take, title=_("Import divisions"),
        done=_("The file was read."), to="organisation:units", hint=_("Headings: 区划代码 名称 上级代码"),
    )
    if "report" not in found:
        return answer
    report = found["report"]
    return render(request, "organisation/import_result.html", {"report": report, "title": _("Import divisions")})


@needs("change_duty")
@require_safe
def duties(request):
    """The responsibility matrix as facts."""
    within = Area.of(request.user).within("unit")
    rows = Duty.objects.on(timezone.localdate()).filter(within).select_related("unit", "post__user")
    rows = rows.order_by("unit__code", "line")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "organisation/duties.html", {"page": page})


@needs("change_duty")
def duty_new(request):
    """Assign a duty."""
    return serve(
        request, lambda data, files: forms.DutyForm(data, actor=request.user),
        lambda v: duty_acts.assign_duty(actor=request.user, **v),
        title=_("New duty"), done=_("The duty is assigned."), to="organisation:duties",
    )


@needs("change_duty")
@require_POST
def duty_end(request, pk):
    """End a duty."""
    duty = get_object_or_404(Duty.objects.filter(Area.of(request.user).within("unit")), pk=pk)
    duty_acts.end_duty(duty=duty, actor=request.user)
    return redirect("organisation:duties")
