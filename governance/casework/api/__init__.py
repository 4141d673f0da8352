"""The interface of the kernel: matters of every kind, their history and clocks (接口)."""
from django.urls import path

from .matters import Clocks, MatterClocks, Matters, MatterSteps, OneMatter, Timeline, Vocabularies
from .webhooks import Again, Deliveries

app_name = "casework-api"
urlpatterns = [
    path("matters/", Matters.as_view(), name="matters"),
    path("matters/<int:pk>/", OneMatter.as_view(), name="matter"),
    path("matters/<int:pk>/timeline/", Timeline.as_view(), name="timeline"),
    path("matters/<int:pk>/clocks/", MatterClocks.as_view(), name="matter-clocks"),
    path("matters/<int:pk>/steps/", MatterSteps.as_view(), name="steps"),
    path("clocks/", Clocks.as_view(), name="clocks"),
    path("webhooks/deliveries/", Deliveries.as_view(), name="deliveries"),
    path("webhooks/deliveries/<int:pk>/again/", Again.as_view(), name="delivery-again"),
    path("vocabularies/", Vocabularies.as_view(), name="vocabularies"),
]
