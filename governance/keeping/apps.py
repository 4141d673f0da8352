"""What keeps the portal's data for years (数据保管): the store of files, backups, change of keys."""
from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class KeepingConfig(AppConfig):
    """What keeps the portal's data for years (数据保管)."""

    name = "governance.keeping"
    label = "keeping"
    verbose_name = _("Keeping of data")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Collect what every app keeps in files and in encrypted columns; offer the gauges."""
        from governance.organisation.registry import register_readiness

        from .services import storing
        from .services.measuring import register_gauges

        register_gauges()
        register_readiness("store", storing.is_there)
        autodiscover_modules("holdings")
        post_migrate.connect(_establish_after_migrate, sender=self, dispatch_uid="keeping.establish")


def _establish_after_migrate(**_):
    from .services.storing import establish

    establish()
