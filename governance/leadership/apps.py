"""Leading group, supervision orders, meetings (领导小组与督办)."""
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeadershipConfig(AppConfig):
    """Leading group, supervision orders, meetings (领导小组与督办)."""

    name = "governance.leadership"
    label = "leadership"
    verbose_name = _("Leadership")
    default_auto_field = "django.db.models.BigAutoField"
