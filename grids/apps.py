"""Grids and grid workers (网格)."""
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GridsConfig(AppConfig):
    """Grids and grid workers (网格)."""

    name = "grids"
    label = "grids"
    verbose_name = _("Grids")
    default_auto_field = "django.db.models.BigAutoField"
