"""The registry of figures, one figure over units, and the matters behind it (指标接口)."""
from collections import Counter

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics
from rest_framework.response import Response
from rest_framework.views import APIView

from governance.casework.models import Matter
from governance.organisation.api.paging import Keyset, Order
from governance.organisation.api.schema import READ_ERRORS

from .. import registry
from ..querysets import figures, rows_behind
from ..serializers import FigureQuery, FiguresOutput, MetricOutput, RowOutput, RowsQuery
from .reading import ReaderDoor, asked, metric_or_404, place_of

METRIC = OpenApiParameter("metric", str, OpenApiParameter.PATH, description=_("Code of the figure; see `figures/`."))
_EXAMPLE = OpenApiExample("rate", response_only=True, value={
    "unit": {"id": 3, "code": "990101101", "name": "清河镇"},
    "figure": {"metric": "settle_rate", "n": 17, "total": 20, "value": 85.0, "text": "17/20 85%"},
    "metric": {"code": "settle_rate", "name": "办结化解率", "definition": "…", "group": "化解", "source": "",
               "kind": "dispute", "grain": "matter", "format": "percent", "better": "up", "has_denominator": True,
               "has_rows": True},
    "period": {"code": "2026-W47", "kind": "week", "label": "2026年第47周", "first_on": "2026-11-16",
               "last_on": "2026-11-22", "cut_off_at": "2026-11-23T00:00:00+08:00"},
    "below": [{"unit": {"id": 5, "code": "990101101201", "name": "南庄村"},
               "figure": {"metric": "settle_rate", "n": 3, "total": 4, "value": None, "text": "3/4"}}],
})


@extend_schema(
    tags=["figures"], summary=_("The registry of figures"), responses={200: MetricOutput(many=True), **READ_ERRORS},
    description=_("Every figure with its definition in words: what is counted, at which grain, for which document."),
)
class Figures(ReaderDoor, APIView):
    """The glossary."""

    def get(self, request):
        """As the apps declared them."""
        return Response(MetricOutput(registry.all_metrics(), many=True).data)


@extend_schema(
    tags=["figures"], summary=_("A figure of a unit and a period"), parameters=[METRIC, FigureQuery],
    responses={200: OpenApiResponse(FiguresOutput, description=_("Counted now."), examples=[_EXAMPLE]), **READ_ERRORS},
    description=_("Counted now from the matters that the caller may see, as on the pages: over units that the caller's "
                  "posts reach and no other, each with everything below it, and the places below it side by side."),
)
class OneFigure(ReaderDoor, APIView):
    """n, N, value, and the same of each place below."""

    def get(self, request, metric):
        """Constant number of queries."""
        chosen, query = metric_or_404(metric), asked(FigureQuery, request)
        unit, below = place_of(request.user, query.get("unit"))
        now = timezone.now()
        told = figures([chosen], [unit, *below], query["period"], request.user, now=now)
        lines = [
            {"unit": one, "figure": told.get(one.pk, {}).get(chosen.code)} for one in (unit, *below)
        ]
        return Response(FiguresOutput({
            **lines[0], "metric": chosen, "period": query["period"].at(now), "below": lines[1:],
        }).data)


@extend_schema(
    tags=["figures"], summary=_("Matters behind a figure"), parameters=[METRIC, RowsQuery],
    responses={200: RowOutput(many=True), **READ_ERRORS},
    description=_("Exactly the matters that the figure counts for the caller: `times` of all pages add up to n (or N). "
                  "404 for a figure that counts something other than matters."),
)
class Behind(ReaderDoor, generics.ListAPIView):
    """Ids, through the caller's sight."""

    serializer_class = RowOutput
    pagination_class = Keyset
    order = Order("id")

    def get_queryset(self):
        """The matters, each once."""
        chosen, query = metric_or_404(self.kwargs["metric"]), asked(RowsQuery, self.request)
        unit, _below = place_of(self.request.user, query.get("unit"))
        try:
            part = chosen.part(query["part"])
        except KeyError as fault:
            raise Http404 from fault
        if part.base.source is not None:
            raise Http404
        self.rows = rows_behind(chosen, query["part"], unit, query["period"], self.request.user, now=timezone.now())
        return Matter.objects.visible_to(self.request.user).filter(pk__in=self.rows.order_by().values("pk"))

    def paginate_queryset(self, queryset):
        """A page, with how often each counts."""
        found = super().paginate_queryset(queryset.only("id", "number"))
        ids = [matter.pk for matter in found]
        times = Counter(self.rows.order_by().filter(pk__in=ids).values_list("pk", flat=True))
        return [{"matter": matter.pk, "number": matter.number, "times": times[matter.pk]} for matter in found]
