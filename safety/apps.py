"""Hazards, risk points, drills and incidents (安全隐患)."""
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SafetyConfig(AppConfig):
    """Hazards, risk points, drills and incidents (安全隐患)."""

    name = "safety"
    label = "safety"
    verbose_name = _("Safety")
    default_auto_field = "django.db.models.BigAutoField"
