"""Addresses of disputes beside those of the kernel."""
from django.urls import path

from .views import papers

app_name = "disputes"
urlpatterns = [
    path("<int:pk>/papers/", papers.listing, name="papers"),
    path("<int:pk>/papers/<slug:code>/", papers.paper, name="paper"),
]
