"""The case kernel: matters of every kind (事项)."""
from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CaseworkConfig(AppConfig):
    """The case kernel: matters of every kind (事项)."""

    name = "governance.casework"
    label = "casework"
    verbose_name = _("Matters")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Collect clock rules and kinds from every app, and hook into what the floor below announces."""
        from governance.organisation.services.appointing import HANDOVER_HOOKS
        from governance.organisation.services.recording import CHANGE_HOOKS
        from governance.organisation.services.telling import TELLERS

        from . import checks  # noqa: F401  (registers the system checks)
        from .services import alerting, witnessing
        from .services.assigning import hand_over
        from .services.measuring import register_gauges
        from .services.notifying import take_in_notices, tell
        from .services.walling import on_change

        register_gauges()
        witnessing.register()
        alerting.register()
        autodiscover_modules("clocks")
        autodiscover_modules("kinds")
        if hand_over not in HANDOVER_HOOKS:
            HANDOVER_HOOKS.append(hand_over)
        if on_change not in CHANGE_HOOKS:
            CHANGE_HOOKS.append(on_change)
        if tell not in TELLERS:
            TELLERS.append(tell)
        take_in_notices()
        post_migrate.connect(_seed_after_migrate, sender=self, dispatch_uid="casework.seed")


def _seed_after_migrate(using="default", **_):
    from governance.organisation.services.roles import sync_roles

    from .services.seeding import grant_kinds_to_roles, seed_vocabularies

    sync_roles(using=using)
    seed_vocabularies()
    grant_kinds_to_roles(using=using)
