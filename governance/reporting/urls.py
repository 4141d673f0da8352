"""Addresses of reports."""
from django.urls import path

from .views import dashboard, rollups, settings, tables

app_name = "reporting"
urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("weeks/", rollups.rollups, name="rollups"),
    path("compute/", rollups.compute, name="compute"),
    path("weeks/<int:rollup_id>/", rollups.rollup, name="rollup"),
    path("weeks/<int:rollup_id>/file/<str:form>/", rollups.rollup_file, name="rollup-file"),
    path("parts/<int:part_id>/return/", rollups.return_part, name="part-return"),
    path("settings/", settings.settings, name="settings"),
    path("versions/<int:version_id>/<str:act>/", rollups.take, name="version-act"),
    path("parts/<int:part_id>/confirm/", rollups.confirm, name="confirm"),
    path("versions/<int:version_id>/cells/<str:metric>/<str:letter>/", rollups.cell, name="cell"),
    path("tables/", tables.table, name="tables"),
    path("tables/<str:code>/<str:period>/file/<str:form>/", tables.table_file, name="table-file"),
    path("behind/", tables.behind, name="behind"),
    path("glossary/", tables.glossary, name="glossary"),
]
