"""Figures, roll-ups and dashboards made from the matters (统计与报表)."""
from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    """Figures, roll-ups and dashboards made from the matters (统计与报表)."""

    name = "governance.reporting"
    label = "reporting"
    verbose_name = _("Reports")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Collect the figures and the dashboard's cards that the apps declare."""
        from . import registry

        registry.autodiscover()
        autodiscover_modules("dashboard")
