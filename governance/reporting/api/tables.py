"""Tables that superiors ask for, counted now (上报表接口)."""
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from governance.organisation.api.schema import READ_ERRORS

from .. import registry
from ..querysets import figures
from ..serializers import CountedTable, TableOutput, TableQuery
from ..services import setting
from ..visibility import units_in_tables
from .reading import ReaderDoor, asked

_CODE = OpenApiParameter("code", str, OpenApiParameter.PATH, description=_("Code of the table; see `tables/`."))


@extend_schema(
    tags=["figures"], summary=_("Tables for superiors"), responses={200: TableOutput(many=True), **READ_ERRORS},
    description=_("The forms that superiors ask for: their columns in order, each with its figure."),
)
class Tables(ReaderDoor, APIView):
    """The forms."""

    def get(self, request):
        """As the apps declared them."""
        return Response(TableOutput(registry.all_tables(), many=True).data)


@extend_schema(
    tags=["figures"], summary=_("A table over a period"), parameters=[_CODE, TableQuery],
    responses={200: CountedTable, **READ_ERRORS},
    description=_("The table as its page shows it, counted now from the matters that the caller may see; without a "
                  "period the last complete one."),
)
class OneTable(ReaderDoor, APIView):
    """Every figure of every unit."""

    def get(self, request, code):
        """Two queries beside the caller's sight and units."""
        try:
            table = registry.get_table(code)
        except KeyError as fault:
            raise Http404 from fault
        now = timezone.now()
        units = units_in_tables(request.user)
        cut = setting.cut_day_for(units)
        period = asked(TableQuery, request).get("period") or table.last_period(timezone.localdate(now), cut=cut)
        told = figures(table.metrics(), units, period, request.user, now=now)
        lines = [
            {"unit": unit, "is_total": unit.level == "township", "figures": _in_order(table, told.get(unit.pk, {}))}
            for unit in units
        ]
        return Response(CountedTable({"table": table, "period": period.at(now), "lines": lines}).data)


def _in_order(table, figures_of) -> list:
    return [figures_of[column.metric] for column in table.columns if column.metric in figures_of]
