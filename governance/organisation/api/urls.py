"""The interface of the organisation: units, and the description of everything (接口)."""
from django.urls import path

from .describing import Description, documentation
from .units import OneUnit, Units

app_name = "organisation-api"
urlpatterns = [
    path("schema/", Description.as_view(), name="schema"),
    path("docs/", documentation, name="docs"),
    path("units/", Units.as_view(), name="units"),
    path("units/<int:pk>/", OneUnit.as_view(), name="unit"),
]
