"""Units over the interface (单位接口)."""
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics

from ..models import Unit
from ..serializers import UnitOutput, UnitQuery
from .doors import Door
from .paging import Keyset, Order
from .schema import READ_ERRORS


@extend_schema(
    tags=["units"], summary=_("List units"), parameters=[UnitQuery],
    responses={200: UnitOutput(many=True), **READ_ERRORS},
    description=_("Units of the townships in which the caller holds posts, with their parents, by code."),
)
class Units(Door, generics.ListAPIView):
    """The unit tree."""

    scope = "units:read"
    serializer_class = UnitOutput
    pagination_class = Keyset
    order = Order("code", is_descending=False, is_moment=False)

    def get_queryset(self):
        """Visible units, narrowed."""
        query = UnitQuery(data=self.request.query_params)
        query.is_valid(raise_exception=True)
        chosen = query.validated_data
        rows = Unit.objects.visible_to(self.request.user)
        if "under" in chosen:
            root = rows.filter(pk=chosen["under"]).first()
            rows = rows.under(root) if root else rows.none()
        return rows.filter(**{name: chosen[name] for name in ("level", "code") if name in chosen})


@extend_schema(
    tags=["units"], summary=_("One unit"), responses={200: UnitOutput, **READ_ERRORS},
    description=_("A unit that the caller may see; 404 for any other."),
)
class OneUnit(Door, generics.RetrieveAPIView):
    """One unit."""

    scope = "units:read"
    serializer_class = UnitOutput

    def get_queryset(self):
        """Visible units."""
        return Unit.objects.visible_to(self.request.user)
