"""Disputes and mediation (矛盾纠纷)."""
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisputesConfig(AppConfig):
    """Disputes and mediation (矛盾纠纷)."""

    name = "disputes"
    label = "disputes"
    verbose_name = _("Disputes")
    default_auto_field = "django.db.models.BigAutoField"
