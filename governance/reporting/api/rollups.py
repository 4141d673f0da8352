"""Weekly reports over the interface: weeks, one week's version, what is behind a cell (周报接口)."""
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.response import Response
from rest_framework.views import APIView

from governance.organisation.api.paging import Keyset, Order
from governance.organisation.api.schema import READ_ERRORS

from .. import registry
from ..models import Rollup
from ..querysets import attach_versions, changes, shown, version_for
from ..serializers import CellOutput, CellQuery, RollupOutput, VersionQuery, WeekOutput
from ..services.rolling_up import TABLE
from ..visibility import units_with_figures
from .figures import METRIC
from .reading import ReaderDoor, asked, metric_or_404


@extend_schema(
    tags=["figures"], summary=_("Weekly reports"), responses={200: WeekOutput(many=True), **READ_ERRORS},
    description=_("The weeks of the caller's townships, newest first: how far each has come, which of the caller's "
                  "villages are missing, who signed."),
)
class Rollups(ReaderDoor, generics.ListAPIView):
    """The weeks."""

    serializer_class = WeekOutput
    pagination_class = Keyset
    order = Order("first_on", is_moment=False, is_day=True)

    def get_queryset(self):
        """Of townships in which the caller reaches something."""
        self.units = list(units_with_figures(self.request.user))
        townships = {unit.township_id for unit in self.units}
        return Rollup.objects.filter(township_id__in=townships).select_related("township")

    def paginate_queryset(self, queryset):
        """A page with the latest version of each."""
        rows = super().paginate_queryset(queryset)
        attach_versions(rows, self.units)
        return rows


def _seen(request, pk, query, metrics=None):
    version = version_for(request.user, pk, query.get("version", 0))
    seen = shown(version, request.user, metrics) if version is not None else None
    if seen is None or not seen.rows:
        raise Http404
    return seen


@extend_schema(
    tags=["figures"], summary=_("One weekly report"), parameters=[VersionQuery],
    responses={200: RollupOutput, **READ_ERRORS},
    description=_("The figures of a week as a version froze them, for the villages that the caller's posts reach and "
                  "the matters that the caller may see: confirmations and comments, who reviewed and signed, every "
                  "version, and what differs from the one before."),
)
class OneRollup(ReaderDoor, APIView):
    """A version."""

    def get(self, request, pk):
        """Constant number of queries."""
        seen = _seen(request, pk, asked(VersionQuery, request))
        versions = list(seen.version.rollup.versions.select_related("signed_by", "reviewed_by"))
        context = {"versions": versions, "changes": changes(seen.version, seen, versions, request.user)}
        return Response(RollupOutput(seen, context=context).data)


@extend_schema(
    tags=["figures"], summary=_("Matters behind a cell"), parameters=[METRIC, CellQuery],
    responses={200: CellOutput, **READ_ERRORS},
    description=_("Exactly the matters that a cell of a weekly report counts for the caller, as its version was "
                  "computed. 404 for a figure that counts something other than matters."),
)
class Cell(ReaderDoor, APIView):
    """Ids, through the caller's sight."""

    def get(self, request, pk, metric):
        """Constant number of queries."""
        chosen, query = metric_or_404(metric), asked(CellQuery, request)
        is_asked = chosen in registry.get_table(TABLE).metrics() and chosen.numerator.base.source is None
        if not is_asked or (query["part"] == "N" and chosen.denominator is None):
            raise Http404
        seen = _seen(request, pk, query, [chosen])
        row = seen.total
        if "unit" in query:
            row = next((one for one in seen.rows if one.part.unit_id == query["unit"]), None)
        if row is None or metric not in row.ids:
            raise Http404
        rows, total = row.ids[metric]
        matters = rows if query["part"] == "n" else total or []
        return Response(CellOutput({"figure": row.figures[metric], "matters": matters}).data)
