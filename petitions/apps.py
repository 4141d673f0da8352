"""Petitions, hotline orders and household visits (信访、热线、三访)."""
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PetitionsConfig(AppConfig):
    """Petitions, hotline orders and household visits (信访、热线、三访)."""

    name = "petitions"
    label = "petitions"
    verbose_name = _("Petitions")
    default_auto_field = "django.db.models.BigAutoField"
