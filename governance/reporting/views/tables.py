"""Tables for superiors by month, quarter or year, the rows behind a figure, the glossary (上报表、指标说明)."""
from itertools import groupby

from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from governance.casework.querysets import name_pressing_clocks
from governance.casework.views.refusals import only_for

from .. import calendar, registry
from ..querysets import figures, ids_in_order, page_of, rows_behind
from ..services import papers, setting
from ..visibility import READERS, units_in_tables, units_with_figures

_KINDS = (calendar.MONTH, calendar.QUARTER, calendar.YEAR, calendar.WEEK)


@only_for(*READERS)
@require_safe
def table(request):
    """A table over a period, villages below one another; each figure opens its rows."""
    chosen, period, units, told = _counted(request.GET.get("table", "weekly"), request.GET.get("period"), request.user)
    return render(request, "reporting/table.html", {
        "table": chosen, "tables": registry.all_tables(), "period": period, "units": units,
        "rows": [(unit, _cells(chosen, told.get(unit.pk, {}))) for unit in units],
        "choices": _choices(chosen, period, setting.cut_day_for(units)),
        "may_set": bool(setting.townships_kept_by(request.user)) if calendar.MONTH in chosen.periods else False,
    })


@only_for(*READERS)
@require_safe
def table_file(request, code, period, form):
    """The same as Word or Excel."""
    chosen, span, units, told = _counted(code, period, request.user)
    if form not in papers.FORMS or not units:
        raise Http404
    paper = papers.of_table(chosen, span, units, told, request.user)
    return FileResponse(papers.FORMS[form](paper), as_attachment=True, filename=f"{paper.file_name}.{form}")


@only_for(*READERS)
@require_safe
def behind(request):
    """The rows behind a figure: exactly as many as it says."""
    asked = request.GET
    units = {str(unit.pk): unit for unit in units_with_figures(request.user)}
    try:
        metric, period, unit = registry.get(asked["metric"]), calendar.parse(asked.get("period")), units[asked["unit"]]
        now = timezone.now()
        rows = rows_behind(metric, asked.get("part", "n"), unit, period, request.user, now=now)
    except (KeyError, calendar.PeriodUnknown) as fault:
        raise Http404 from fault
    base = metric.part(asked.get("part", "n")).base
    page = Paginator(ids_in_order(base, rows), 50).get_page(asked.get("page"))
    found = page_of(base, page, request.user, now)
    if base.source is None:
        name_pressing_clocks(found)
    return render(request, "reporting/behind.html", {
        "metric": metric, "letter": asked.get("part", "n"), "matters": found, "page": page, "unit": unit,
        "period": period, "count": page.paginator.count, "now": now, "query": _without_page(asked),
        "template": base.template,
    })


@only_for(*READERS)
@require_safe
def glossary(request):
    """Every figure with its definition in words."""
    metrics = sorted(registry.all_metrics(), key=lambda metric: str(metric.group))
    groups = [(group, list(rows)) for group, rows in groupby(metrics, key=lambda metric: str(metric.group))]
    return render(request, "reporting/glossary.html", {"groups": groups})


def _counted(code, typed, user):
    """The table, its period, the units that the reader reaches, and the figures."""
    try:
        chosen = registry.get_table(code)
    except KeyError as fault:
        raise Http404 from fault
    units = units_in_tables(user)
    try:
        period = calendar.parse(typed)
    except calendar.PeriodUnknown:
        period = chosen.last_period(timezone.localdate(), cut=setting.cut_day_for(units))
    return chosen, period, units, figures(chosen.metrics(), units, period, user)


def _cells(chosen, told) -> list:
    return [(column, told.get(column.metric)) for column in chosen.columns]


def _choices(chosen, period, cut: int) -> list:
    """Periods to go to: the one before, the one after, and the last of each kind; months end on the township's day."""
    today = timezone.localdate()
    last = [calendar.last_complete(kind, today, cut=cut) for kind in _KINDS if kind in chosen.periods]
    beside = [period.previous()] + ([period.next()] if period.next().first <= today else [])
    return list(dict.fromkeys([*beside, *last]))


def _without_page(asked) -> str:
    query = asked.copy()
    query.pop("page", None)
    return f"{query.urlencode()}&"


