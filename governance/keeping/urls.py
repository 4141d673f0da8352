"""Addresses of the keeping of data."""
from django.urls import path

from . import views

app_name = "keeping"
urlpatterns = [path("", views.state, name="state")]
