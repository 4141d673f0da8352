"""Addresses of ledgers: what comes in, what goes out."""
from django.urls import path

from .views import exports, imports

app_name = "ledgers"
urlpatterns = [
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:pk>/", imports.import_batch, name="import"),
    path("imports/<int:pk>/columns/", imports.import_columns, name="import-columns"),
    path("imports/<int:pk>/places/", imports.import_places, name="import-places"),
    path("imports/<int:pk>/cancel/", imports.import_cancel, name="import-cancel"),
    path("imports/<int:pk>/again/", imports.import_again, name="import-again"),
    path("imports/<int:pk>/enter/", imports.import_enter, name="import-enter"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import-undo"),
    path("imports/<int:pk>/file/", imports.import_file, name="import-file"),
    path("exports/", exports.exports, name="exports"),
    path("exports/log/", exports.export_log, name="export-log"),
    path("exports/log/<int:pk>/", exports.export_matters, name="export-matters"),
    path("exports/new/<slug:code>/", exports.order, name="export-new"),
    path("exports/<int:pk>/", exports.export, name="export"),
    path("exports/<int:pk>/file/", exports.export_file, name="export-file"),
]
