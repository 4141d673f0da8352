"""Reading and writing Excel ledgers as townships keep them (台账导入导出)."""
from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class LedgersConfig(AppConfig):
    """Reading and writing Excel ledgers as townships keep them (台账导入导出)."""

    name = "governance.ledgers"
    label = "ledgers"
    verbose_name = _("Ledgers")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Collect the layouts of every app, and the further tables that can be taken out."""
        from .services.measuring import register_gauges

        register_gauges()
        autodiscover_modules("ledger")
        autodiscover_modules("exports")
