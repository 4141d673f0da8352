"""Matters over the interface: list and search, the whole, history, clocks, vocabularies (事项接口)."""
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.response import Response
from rest_framework.views import APIView

from governance.organisation.api.doors import Door
from governance.organisation.api.errors import Invalid
from governance.organisation.api.paging import Keyset, Order
from governance.organisation.api.schema import READ_ERRORS

from ..filters import MatterFilter
from ..models import Clock, Event, Matter
from ..querysets import show_others
from ..serializers import (
    ClockOutput,
    ClockQuery,
    EventOutput,
    MatterDetail,
    MatterQuery,
    MatterRow,
    StepOutput,
    VocabularyOutput,
)
from ..services.vocabularies import all_terms, term_label
from ..visibility import reported_only_ids, sees_as_reporter_only
from ..workflow import Refused
from .entering import etag, steps_of, visible_matter


class MatterList(Door, generics.ListAPIView):
    """Matters that the caller sees; a case app narrows it to one kind with `kind_code`."""

    scope = "matters:read"
    kind_code = ""
    serializer_class = MatterRow
    pagination_class = Keyset

    def order_for(self, request) -> Order:
        """What is due comes by due time, everything else newest first."""
        if request.query_params.get("due"):
            return Order("next_due_at", is_descending=False)
        return Order("reported_at")

    def get_queryset(self):
        """Visible, narrowed, without what was voided or merged unless a state is asked for."""
        query = MatterQuery(data=self.request.query_params)
        query.is_valid(raise_exception=True)
        chosen = {name: str(value) for name, value in query.validated_data.items()}
        if self.kind_code and chosen.setdefault("kind", self.kind_code) != self.kind_code:
            raise Invalid({"kind": [gettext("Here are only matters of the kind %(kind)s.") % {"kind": self.kind_code}]})
        text = chosen.pop("q", "")
        narrowed = MatterFilter(chosen, user=self.request.user)
        if narrowed.errors:
            raise Invalid(narrowed.errors)
        now = timezone.now()
        rows = narrowed.narrow(Matter.objects.visible_to(self.request.user), now)
        if text:
            rows = rows.matching(text)
        if "due" in chosen:
            rows = rows.filter(next_due_at__isnull=False)
        return (rows if "status" in chosen else rows.counted()).for_list(now)


@extend_schema(
    tags=["matters"], summary=_("List and search matters"), parameters=[MatterQuery],
    responses={200: MatterRow(many=True), **READ_ERRORS},
    description=_("Matters that the caller's posts let it see, newest received first; with `due` by due time."),
)
class Matters(MatterList):
    """Every kind."""


@extend_schema(
    tags=["matters"], summary=_("One matter"), responses={200: MatterDetail, **READ_ERRORS},
    description=_("The matter with its parties, contact data masked."),
)
class OneMatter(Door, APIView):
    """The whole."""

    scope = "matters:read"

    def get(self, request, pk):
        """Constant number of queries."""
        matter = visible_matter(request, pk)
        context = {"is_reporter_only": sees_as_reporter_only(request.user, matter), "user": request.user}
        return Response(MatterDetail(matter, context=context).data, headers=etag(matter.version))


class OfMatter(Door):
    """What hangs on one matter; nothing for those who only reported it."""

    scope = "matters:read"

    def matter(self) -> Matter:
        """The matter; 404 if it is not seen, 403 for its mere reporter."""
        matter = visible_matter(self.request, self.kwargs["pk"])
        if sees_as_reporter_only(self.request.user, matter):
            raise Refused("not-your-right", gettext("Your posts do not give you the right to do this here."))
        return matter


@extend_schema(
    tags=["matters"], summary=_("History of a matter"), responses={200: EventOutput(many=True), **READ_ERRORS},
    description=_("Every act, newest first, in sentences of the request's language."),
)
class Timeline(OfMatter, generics.ListAPIView):
    """The history."""

    serializer_class = EventOutput
    pagination_class = Keyset
    order = Order("id")

    def get_queryset(self):
        """Events with who acted and the words beside them."""
        rows = Event.objects.filter(matter=self.matter())
        return rows.select_related("actor", "on_behalf_of", "personal", "matter")

    def paginate_queryset(self, queryset):
        """A page; numbers of other matters only where the caller sees those."""
        rows = super().paginate_queryset(queryset)
        show_others(rows, self.request.user)
        return rows


@extend_schema(
    tags=["clocks"], summary=_("Clocks of a matter"), responses={200: ClockOutput(many=True), **READ_ERRORS},
    description=_("Every time limit of the matter, also those that have ended, and why each ends when it does."),
)
class MatterClocks(OfMatter, generics.ListAPIView):
    """Its time limits."""

    scope = "clocks:read"
    serializer_class = ClockOutput
    pagination_class = Keyset
    order = Order("id")

    def get_queryset(self):
        """With pauses and extensions."""
        return Clock.objects.filter(matter=self.matter()).for_detail()


@extend_schema(
    tags=["matters"], summary=_("Steps that can be taken now"),
    responses={200: StepOutput(many=True), **READ_ERRORS},
    description=_("The steps of the workflow that the caller may take in the present state. Each kind describes its "
                  "own steps and their fields."),
)
class MatterSteps(OfMatter, APIView):
    """What comes next."""

    def get(self, request, pk):
        """In the order of the workflow."""
        return Response(steps_of(request, self.matter()))


@extend_schema(
    tags=["clocks"], summary=_("List clocks"), parameters=[ClockQuery],
    responses={200: ClockOutput(many=True), **READ_ERRORS},
    description=_("Time limits of the matters that the caller sees; running ones with a due time, the earliest first."),
)
class Clocks(Door, generics.ListAPIView):
    """Time limits across matters."""

    scope = "clocks:read"
    serializer_class = ClockOutput
    pagination_class = Keyset

    def order_for(self, request) -> Order:
        """Running ones by due time, others by id."""
        running = request.query_params.get("state", "running") == "running"
        return Order("due_at", is_descending=False) if running else Order("id")

    def get_queryset(self):
        """Visible, narrowed; without matters that the caller merely reported."""
        query = ClockQuery(data=self.request.query_params)
        query.is_valid(raise_exception=True)
        chosen = query.validated_data
        rows = Clock.objects.visible_to(self.request.user).filter(state=chosen["state"])
        if chosen["state"] == "running":
            rows = rows.filter(due_at__isnull=False)
        if "rule" in chosen:
            rows = rows.filter(rule=chosen["rule"])
        if chosen["is_overdue"] is not None:
            side = "due_at__lt" if chosen["is_overdue"] else "due_at__gte"
            rows = rows.filter(**{side: timezone.now()})
        blind = reported_only_ids(self.request.user)
        return (rows.exclude(matter_id__in=blind) if blind else rows).for_detail()


@extend_schema(
    tags=["matters"], summary=_("Vocabularies"), responses={200: VocabularyOutput(many=True), **READ_ERRORS},
    description=_("Codes and labels of categories, sources, outcomes and the other lists that fields name."),
)
class Vocabularies(Door, APIView):
    """The words that entries are made of."""

    scope = "matters:read"

    def get(self, request):
        """From the cache."""
        rows = [
            {"vocabulary": name, "terms": [
                {"code": code, "label": term_label(name, code), "is_active": term[2]} for code, term in terms.items()
            ]}
            for name, terms in sorted(all_terms().items())
        ]
        return Response(VocabularyOutput(rows, many=True).data)
