"""A client's own webhook deliveries over the interface: what was missed can be sent again (推送接口)."""
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.response import Response
from rest_framework.views import APIView

from governance.organisation.api.doors import Door
from governance.organisation.api.paging import Keyset, Order
from governance.organisation.api.schema import READ_ERRORS, WRITE_ERRORS, refusal

from ..models import WebhookDelivery
from ..serializers.webhooks import DeliveryOutput
from ..services.webhooks.subscribing import send_again
from ..workflow import Refused

_AGAIN = {409: refusal(_("Withheld: the client may not see the matter."), "delivery-withheld")}


@extend_schema(
    tags=["webhooks"], summary=_("One's own deliveries"), responses={200: DeliveryOutput(many=True), **READ_ERRORS},
    description=_("Messages of the calling client's webhooks, newest first; empty for people."),
)
class Deliveries(Door, generics.ListAPIView):
    """The log."""

    scope = "webhooks"
    serializer_class = DeliveryOutput
    pagination_class = Keyset
    order = Order("id")

    def get_queryset(self):
        """The client's own."""
        return WebhookDelivery.objects.filter(subscription__client__user=self.request.user)


@extend_schema(
    tags=["webhooks"], summary=_("Send a delivery again"), request=None,
    responses={200: DeliveryOutput, **WRITE_ERRORS, **_AGAIN},
    description=_("Puts one of the calling client's own messages into the outbox once more, under the same id."),
)
class Again(Door, APIView):
    """Once more."""

    scope = "webhooks"

    def post(self, request, pk):
        """200 with where it stands."""
        client = getattr(request.user, "api_client", None)
        if client is None:
            raise Refused("delivery-not-found", _("There is no such delivery."))
        return Response(DeliveryOutput(send_again(delivery_id=pk, client=client)).data)
