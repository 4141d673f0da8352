"""Weekly roll-ups: the list of weeks, one week's table, what is behind a cell, the acts and the files (周报)."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from governance.casework.querysets import name_pressing_clocks
from governance.casework.views.refusals import only_for, signed_in
from governance.organisation.filters import read_id

from .. import calendar, registry
from ..models import Rollup, RollupVersion
from ..querysets import attach_versions, changes, page_of, shown, version_for
from ..services import papers, rolling_up
from ..visibility import READERS, units_with_figures

_ACTS = {"review": rolling_up.review, "sign": rolling_up.sign, "send-back": rolling_up.send_back}
PAGE_SIZE = 26


@only_for(*READERS)
@require_safe
def rollups(request):
    """The weeks, newest first: how far each has come, who is missing."""
    units = list(units_with_figures(request.user))
    rows = Rollup.objects.filter(township_id__in={unit.township_id for unit in units}).select_related("township")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    attach_versions(page.object_list, units)
    week = calendar.last_complete(calendar.WEEK, timezone.localdate())
    townships = [unit for unit in units if unit.level == "township"]
    may = [unit for unit in townships if rolling_up.holds_role(request.user, unit, rolling_up.REVIEWERS)]
    return render(request, "reporting/rollup_list.html", {
        "page": page, "week": week, "townships": may, "several": len({row.township_id for row in page}) > 1,
    })


@signed_in
@require_POST
def compute(request):
    """Compute last week (or another one) now."""
    township = get_object_or_404(units_with_figures(request.user), pk=read_id(request.POST.get("township")))
    period = _period(request.POST.get("period", ""))
    version = rolling_up.roll_up(township=township, period=period, actor=request.user)
    messages.success(request, _("%(period)s was computed, version %(number)s.") % {
        "period": period.label, "number": version.number,
    })
    return redirect("reporting:rollup", version.rollup_id)


@only_for(*READERS)
@require_safe
def rollup(request, rollup_id):
    """One week: villages and their figures, confirmations, the next act, earlier versions."""
    version = _version(request, rollup_id)
    seen = shown(version, request.user)
    if not seen.rows:
        raise Http404
    township = version.rollup.township
    table = registry.get_table(rolling_up.TABLE)
    versions = list(version.rollup.versions.select_related("signed_by", "reviewed_by"))
    mine = [] if version.is_frozen else [
        row for row in seen.rows if row.part.is_village and rolling_up.may_confirm(request.user, row.part.unit_id)
    ]
    may_review = rolling_up.holds_role(request.user, township, rolling_up.REVIEWERS)
    may_sign = rolling_up.holds_role(request.user, township, rolling_up.SIGNERS)
    has_part = not version.is_frozen and (mine or may_review or may_sign)
    return render(request, "reporting/rollup_detail.html", {
        "version": version, "rollup": version.rollup, "period": version.rollup.period, "seen": seen,
        "columns": registry.by_code(table.screen),
        "categories": [metric for metric in seen.metrics if metric.code.startswith("reported.")],
        "versions": versions, "is_latest": versions[0].pk == version.pk,
        "changes": changes(version, seen, versions, request.user),
        "mine": mine, "now": timezone.now(), "may_review": may_review, "may_sign": may_sign,
        "not_whole": rolling_up.NOT_WHOLE if has_part and not seen.is_whole else "",
        "villages": sum(row.part.is_village for row in seen.rows),
        "confirmed": sum(row.part.confirmed_at is not None for row in seen.rows),
        "mark": version.cut_off_at.isoformat(),
    })


@signed_in
@require_POST
def confirm(request, part_id):
    """A village confirms its figures."""
    part = rolling_up.confirm(
        part_id=part_id, actor=request.user, comment=request.POST.get("comment", ""),
        mark=request.POST.get("mark"),
    )
    messages.success(request, _("%(village)s: confirmed.") % {"village": part.unit.short_name})
    return redirect("reporting:rollup", part.version.rollup_id)


@signed_in
@require_POST
def return_part(request, part_id):
    """The township sends a village's part back, with a reason."""
    part = rolling_up.return_part(part_id=part_id, actor=request.user, reason=request.POST.get("reason", ""))
    words = _("%(village)s: sent back, the village has been told.")
    messages.success(request, words % {"village": part.unit.short_name})
    return redirect("reporting:rollup", part.version.rollup_id)


@signed_in
@require_POST
def take(request, version_id, act):
    """Review, send back, sign."""
    if act not in _ACTS:
        raise Http404
    typed = {"review": "remark", "send-back": "reason"}.get(act)
    more = {typed: request.POST.get(typed, "")} if typed else {}
    version = _ACTS[act](version_id=version_id, actor=request.user, **more)
    messages.success(request, _("Done: %(state)s.") % {"state": version.get_state_display()})
    return redirect("reporting:rollup", version.rollup_id)


@only_for(*READERS)
@require_safe
def cell(request, version_id, metric, letter):
    """Exactly the matters that a cell counts, as the version was computed."""
    version = get_object_or_404(RollupVersion.objects.select_related("rollup__township"), pk=version_id)
    try:
        chosen = registry.get(metric)
        base = chosen.part(letter).base
    except KeyError as fault:
        raise Http404 from fault
    seen = shown(version, request.user, [chosen])
    row = seen.total if "part" not in request.GET else seen.row(_number(request.GET["part"]))
    if row is None or not seen.rows:
        raise Http404
    ids = row.ids.get(metric, ([], None))[0 if letter == "n" else 1] or []
    page = Paginator(ids, 50).get_page(request.GET.get("page"))
    now = timezone.now()
    rows = page_of(base, page, request.user, now)
    if base.source is None:
        name_pressing_clocks(rows)
    return render(request, "reporting/behind.html", {
        "metric": chosen, "letter": letter, "matters": rows, "page": page, "count": len(ids), "now": now,
        "unit": row.part.unit if row.part else version.rollup.township, "period": version.rollup.period,
        "template": base.template, "back": version,
        "query": f"part={row.part.pk}&" if row.part else "",
    })


@only_for(*READERS)
@require_safe
def rollup_file(request, rollup_id, form):
    """The week in the township's form, as Word or Excel."""
    version = _version(request, rollup_id)
    seen = shown(version, request.user)
    if form not in papers.FORMS or not seen.rows:
        raise Http404
    paper = papers.of_version(seen, request.user)
    return FileResponse(papers.FORMS[form](paper), as_attachment=True, filename=f"{paper.file_name}.{form}")


def _version(request, rollup_id):
    version = version_for(request.user, rollup_id, _number(request.GET.get("version", "")))
    if version is None:
        raise Http404
    return version


def _period(text):
    try:
        return calendar.parse(text)
    except calendar.PeriodUnknown as fault:
        raise Http404 from fault


def _number(text) -> int:
    return read_id(text) or 0


