"""The case kernel: matters of every kind (事项)."""
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseworkConfig(AppConfig):
    """The case kernel: matters of every kind (事项)."""

    name = "governance.casework"
    label = "casework"
    verbose_name = _("Matters")
    default_auto_field = "django.db.models.BigAutoField"
