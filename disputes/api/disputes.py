"""Disputes over the interface: the list, opening one, the whole (纠纷接口)."""
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from governance.casework.api.entering import CONFLICT, STATE, OpenMatter, etag, key_parameter, visible_matter
from governance.casework.api.matters import MatterList
from governance.casework.serializers import MatterQuery, MatterRow
from governance.casework.visibility import sees_as_reporter_only
from governance.organisation.api.doors import Door
from governance.organisation.api.schema import READ_ERRORS, WRITE_ERRORS

from ..serializers import DisputeDetail
from .inputs import DisputeOpenInput

TAG = "disputes"

OPENED = OpenApiExample("boundary", request_only=True, value={
    "category": "homestead", "channel": "transfer", "unit": 12, "description": "两家因院墙越界半米发生争执",
    "address": "三组12号", "sender": "区综治中心", "sender_reference": "2026-118",
    "parties": [{"kind": "applicant", "name": "林大山", "phone": "13800000000"},
                {"kind": "respondent", "name": "孙来福"}],
})


class DisputeRoot(MatterList, OpenMatter):
    """The list, and the way in."""

    scope = "matters:read"
    write_scope = "disputes:write"
    kind_code = "dispute"
    input_class = DisputeOpenInput

    @extend_schema(
        tags=[TAG], summary=_("List and search disputes"), parameters=[MatterQuery],
        responses={200: MatterRow(many=True), **READ_ERRORS},
        description=_("Disputes that the caller's posts let it see, newest received first; with `due` by due time."),
    )
    def get(self, request, *args, **kwargs):
        """As the list of matters, of this kind only."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        tags=[TAG], summary=_("Register a dispute"), request=DisputeOpenInput, examples=[OPENED],
        parameters=[key_parameter(required=True)], responses={201: STATE, **WRITE_ERRORS, **CONFLICT},
        description=_("Gives it a number and starts its clocks. The unit must lie under a post with which the caller "
                      "may register. `similar-open` names open ones like it in `missing`."),
    )
    def post(self, request, *args, **kwargs):
        """201 with number and state."""
        return super().post(request, *args, **kwargs)


@extend_schema(
    tags=[TAG], summary=_("One dispute"), responses={200: DisputeDetail, **READ_ERRORS},
    description=_("The matter with its facts, mediators, sessions and agreements; contact data masked."),
)
class OneDispute(Door, APIView):
    """The whole."""

    scope = "matters:read"

    def get(self, request, pk):
        """Constant number of queries."""
        matter = visible_matter(request, pk, "dispute")
        context = {"is_reporter_only": sees_as_reporter_only(request.user, matter)}
        return Response(DisputeDetail(matter, context=context).data, headers=etag(matter.version))
