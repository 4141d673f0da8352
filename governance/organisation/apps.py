"""Units, people, posts and duties (组织与责任)."""
from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class OrganisationConfig(AppConfig):
    """Units, people, posts and duties (组织与责任)."""

    name = "governance.organisation"
    label = "organisation"
    verbose_name = _("Organisation and duties")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Keep the role groups in step after migrations; collect the navigation, words and help of every app."""
        post_migrate.connect(_sync_roles_after_migrate, sender=self, dispatch_uid="organisation.sync_roles")
        autodiscover_modules("navigation", "changes", "guide")
        _listen_to_logins()
        _tell_of_schedules()


def _listen_to_logins():
    from .views import gate

    user_logged_in.connect(gate.begin_session, dispatch_uid="organisation.begin_session")


def _tell_of_schedules():
    from .services import scheduling, timekeeping, upgrading  # noqa: F401 (upgrading registers its check)

    scheduling.register()
    timekeeping.register()


def _sync_roles_after_migrate(using="default", **_):
    from .services.roles import sync_roles

    sync_roles(using=using)
