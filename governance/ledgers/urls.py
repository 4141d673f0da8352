"""Addresses of ledgers: what comes in, what goes out."""
from django.urls import path

from .views import exports

app_name = "ledgers"
urlpatterns = [
    path("exports/", exports.exports, name="exports"),
    path("exports/log/", exports.export_log, name="export-log"),
    path("exports/log/<int:pk>/", exports.export_matters, name="export-matters"),
    path("exports/new/<slug:code>/", exports.order, name="export-new"),
    path("exports/<int:pk>/", exports.export, name="export"),
    path("exports/<int:pk>/file/", exports.export_file, name="export-file"),
]
