"""What lies on the caller's desk over the interface: the inbox, messages and reminders (待办接口)."""
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response
from rest_framework.views import APIView

from governance.organisation.api.doors import Door
from governance.organisation.api.paging import Keyset, Order
from governance.organisation.api.schema import READ_ERRORS, WRITE_ERRORS

from ..filters import Desk
from ..models import Message
from ..serializers import InboxOutput, MessageOutput, MessageQuery, ReadOutput
from ..services.notifying import mark_read

SCOPE = "inbox"


@extend_schema(
    tags=["inbox"], summary=_("What there is to do"), responses={200: InboxOutput, **READ_ERRORS},
    description=_("The sections of the caller's inbox with their counts and most urgent matters, and open tasks and "
                  "instructions. Whole lists are found with the filters of `matters/`."),
)
class Inbox(Door, APIView):
    """The desk."""

    scope = SCOPE

    def get(self, request):
        """Constant number of queries."""
        desk = Desk(request.user, timezone.now())
        desk.read()
        sections = [
            {"name": name, "count": desk.counts[name], "matters": rows} for name, rows in desk.sections.items()
        ]
        return Response(InboxOutput({
            "sections": sections, "others": desk.others, "tasks": desk.tasks, "given": desk.given,
        }).data)


def _own(user):
    return Message.objects.in_portal(user)


@extend_schema(
    tags=["inbox"], summary=_("Messages and reminders"), parameters=[MessageQuery],
    responses={200: MessageOutput(many=True), **READ_ERRORS},
    description=_("The caller's own messages, newest first: what was assigned, instructed, urged, reminded, decided. "
                  "One about a matter that the caller sees no longer is left out."),
)
class Messages(Door, generics.ListAPIView):
    """One's own."""

    scope = SCOPE
    serializer_class = MessageOutput
    pagination_class = Keyset
    order = Order("id")

    def get_queryset(self):
        """With their matters."""
        query = MessageQuery(data=self.request.query_params)
        query.is_valid(raise_exception=True)
        rows = _own(self.request.user).select_related("matter")
        return rows.filter(read_at=None) if query.validated_data["unread"] else rows


class ReadAll(Door, APIView):
    """Everything is read."""

    scope = SCOPE

    @extend_schema(
        tags=["inbox"], summary=_("Mark all messages as read"), request=None, operation_id="messages_read_all",
        responses={200: ReadOutput, **WRITE_ERRORS}, description=_("All of the caller's own."),
    )
    def post(self, request):
        """200 with how many."""
        return Response(ReadOutput({"read": mark_read(user=request.user)}).data)


class ReadOne(Door, APIView):
    """One is read."""

    scope = SCOPE

    @extend_schema(
        tags=["inbox"], summary=_("Mark a message as read"), request=None, operation_id="messages_read",
        responses={200: ReadOutput, **WRITE_ERRORS}, description=_("One of the caller's own; 404 for any other."),
    )
    def post(self, request, pk):
        """200 with one or, if it was read before, none."""
        message = get_object_or_404(_own(request.user), pk=pk)
        return Response(ReadOutput({"read": mark_read(user=request.user, message_id=message.pk)}).data)
