"""The interface of reports: the registry of figures, counted figures, tables, weekly reports (统计接口)."""
from django.urls import path

from .figures import Behind, Figures, OneFigure
from .rollups import Cell, OneRollup, Rollups
from .tables import OneTable, Tables

app_name = "reporting-api"
urlpatterns = [
    path("figures/", Figures.as_view(), name="figures"),
    path("figures/<str:metric>/", OneFigure.as_view(), name="figure"),
    path("figures/<str:metric>/rows/", Behind.as_view(), name="figure-rows"),
    path("tables/", Tables.as_view(), name="tables"),
    path("tables/<str:code>/", OneTable.as_view(), name="table"),
    path("rollups/", Rollups.as_view(), name="rollups"),
    path("rollups/<int:pk>/", OneRollup.as_view(), name="rollup"),
    path("rollups/<int:pk>/cells/<str:metric>/", Cell.as_view(), name="rollup-cell"),
]
