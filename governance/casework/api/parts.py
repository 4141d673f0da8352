"""What hangs on a matter, read over the interface: acts, people, files, tasks, links, readers (附属接口)."""
from django.db.models import Q
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.response import Response
from rest_framework.views import APIView

from governance.organisation.api.doors import Door
from governance.organisation.api.paging import Keyset, Order
from governance.organisation.api.schema import READ_ERRORS

from .. import registry
from ..forms.act_table import ACTS, may, require_offered
from ..forms.acts import PersonField
from ..models import Assignment, Attachment, Matter, MatterLink, MatterUserGrant, StaffMatch
from ..serializers import (
    ActOutput,
    AssignmentOutput,
    FileOutput,
    LinkOutput,
    PeopleQuery,
    PersonOutput,
    QuestionOutput,
    ReaderOutput,
)
from ..services import attaching, naming
from ..visibility import roles_of, sees_as_reporter_only
from .entering import visible_matter
from .matters import OfMatter


@extend_schema(
    tags=["acts"], summary=_("Acts that are offered now"), responses={200: ActOutput(many=True), **READ_ERRORS},
    description=_("The acts, beside the steps of the workflow, that the caller may do on this matter as it stands. "
                  "An act that is about a row fits some of its rows only."),
)
class MatterActs(Door, APIView):
    """What can be done beside the steps."""

    scope = "matters:read"

    def get(self, request, pk):
        """In the order of the table."""
        matter = visible_matter(request, pk)
        kind, roles = registry.get(matter.kind), roles_of(request.user, matter)
        return Response(ActOutput([act for act in ACTS.values() if may(act, matter, kind, roles)], many=True).data)


@extend_schema(
    tags=["acts"], summary=_("People who can be named"), parameters=[PeopleQuery],
    responses={200: PersonOutput(many=True), **READ_ERRORS},
    description=_("Who can be named in an act on this matter, as the portal offers them; the act decides once more."),
)
class People(OfMatter, APIView):
    """Whom an act may name."""

    def get(self, request, pk):
        """In pinyin order."""
        query = PeopleQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        matter, act = self.matter(), ACTS[query.validated_data["act"]]
        require_offered(act, matter, registry.get(matter.kind), roles_of(request.user, matter))
        form = act.form(matter=matter, user=request.user)
        field = next(field for field in form.fields.values() if isinstance(field, PersonField))
        return Response(PersonOutput(field.queryset, many=True).data)


@extend_schema(
    tags=["matters"], summary=_("Files of a matter"), responses={200: FileOutput(many=True), **READ_ERRORS},
    description=_("Without their content. Who only reported the matter gets what they sent themselves."),
)
class Files(Door, generics.ListAPIView):
    """What was attached."""

    scope = "matters:read"
    serializer_class = FileOutput
    pagination_class = Keyset
    order = Order("id")

    def get_queryset(self):
        """Those that were not removed."""
        matter = visible_matter(self.request, self.kwargs["pk"])
        rows = Attachment.objects.filter(matter=matter, removed_at=None).select_related("uploaded_by")
        user = self.request.user
        return rows.filter(uploaded_by=user) if sees_as_reporter_only(user, matter) else rows


class _AnyFormat(DefaultContentNegotiation):
    """A file is given out as it is, whatever the caller would rather have."""

    def select_renderer(self, request, renderers, format_suffix=None):
        """Errors are JSON."""
        return renderers[0], renderers[0].media_type


@extend_schema(
    tags=["matters"], summary=_("Content of a file"),
    responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, description=_("The content.")),
               **READ_ERRORS},
    description=_("The content under its own media type, to be saved."),
)
class FileContent(Door, APIView):
    """A file."""

    scope = "matters:read"
    content_negotiation_class = _AnyFormat

    def get(self, request, pk):
        """Streamed; 404 for a file of a matter that the caller does not see, 409 for one missing or altered."""
        row = attaching.readable(request.user, pk)
        content = attaching.opened(row)
        answer = FileResponse(content, as_attachment=True, filename=row.name, content_type=row.content_type)
        answer["X-Content-Type-Options"] = "nosniff"
        return answer


@extend_schema(
    tags=["matters"], summary=_("Tasks and instructions of a matter"),
    responses={200: AssignmentOutput(many=True), **READ_ERRORS}, description=_("Open and done ones, newest first."),
)
class Assignments(OfMatter, generics.ListAPIView):
    """What was given to whom."""

    serializer_class = AssignmentOutput
    pagination_class = Keyset
    order = Order("id")

    def get_queryset(self):
        """With both people."""
        return Assignment.objects.filter(matter=self.matter()).select_related("assignee", "given_by")


@extend_schema(
    tags=["matters"], summary=_("Matters that belong to it"), responses={200: LinkOutput(many=True), **READ_ERRORS},
    description=_("Linked, merged or of the same affair, as far as the caller sees them."),
)
class Links(OfMatter, APIView):
    """What belongs together."""

    def get(self, request, pk):
        """Two queries beside the matter's own."""
        matter = self.matter()
        relations = {}
        for row in MatterLink.objects.filter(Q(matter=matter) | Q(other=matter)):
            relations[row.other_id if row.matter_id == matter.pk else row.matter_id] = row.relation
        wanted = Q(pk__in=relations) | Q(duplicate_of=matter) | Q(pk=matter.duplicate_of_id)
        if matter.affair_id:
            wanted |= Q(affair_id=matter.affair_id)
        found = Matter.objects.visible_to(request.user).filter(wanted).exclude(pk=matter.pk).order_by("pk")[:200]
        rows = [{"relation": relations.get(row.pk) or _relation(matter, row), "matter": row} for row in found]
        return Response(LinkOutput(rows, many=True).data)


def _relation(matter, row) -> str:
    if row.duplicate_of_id == matter.pk:
        return "merged_from"
    return "merged_into" if row.pk == matter.duplicate_of_id else MatterLink.Relation.SAME_AFFAIR.value


class _ForAct(OfMatter):
    """Rows that are shown only to those who may do the act that is about them."""

    act_name = ""
    pagination_class = Keyset
    order = Order("id")

    def offered(self) -> Matter:
        """The matter; 403 unless the act is the caller's."""
        matter = self.matter()
        require_offered(
            ACTS[self.act_name], matter, registry.get(matter.kind), roles_of(self.request.user, matter)
        )
        return matter


@extend_schema(
    tags=["matters"], summary=_("Who may read it by name"), responses={200: ReaderOutput(many=True), **READ_ERRORS},
    description=_("People to whom the matter was opened for reading; for those who may take it back."),
)
class Readers(_ForAct, generics.ListAPIView):
    """Named readers."""

    act_name = "withdraw"
    serializer_class = ReaderOutput

    def get_queryset(self):
        """Not those who were named because they work in it."""
        return MatterUserGrant.objects.filter(
            content_object=self.offered(), ground=naming.GROUND
        ).select_related("user")


@extend_schema(
    tags=["matters"], summary=_("Open questions about parties"),
    responses={200: QuestionOutput(many=True), **READ_ERRORS},
    description=_("Parties with the name of a member of staff about whom nobody has answered yet whether they are the "
                  "same person; for those who may answer, without questions about themselves."),
)
class StaffQuestions(_ForAct, generics.ListAPIView):
    """The same name."""

    act_name = "staff-match"
    serializer_class = QuestionOutput

    def get_queryset(self):
        """Of parties that are still there."""
        rows = StaffMatch.objects.filter(party__matter=self.offered(), party__removed_at=None, answer="open")
        return rows.exclude(user=self.request.user).select_related("user")
