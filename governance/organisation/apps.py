"""Units, people, posts and duties (组织与责任)."""
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationConfig(AppConfig):
    """Units, people, posts and duties (组织与责任)."""

    name = "governance.organisation"
    label = "organisation"
    verbose_name = _("Organisation and duties")
    default_auto_field = "django.db.models.BigAutoField"
