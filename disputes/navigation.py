"""Entries of disputes in the navigation, and what a token may be used for in their interface (导航与权限登记)."""
from django.utils.translation import gettext_lazy as _

from governance.organisation.registry import (
    NavEntry,
    Scope,
    SetupStep,
    register_entry,
    register_scope,
    register_step,
)
from governance.organisation.services.setting_up import committees

_SEEN_BY = frozenset({"leader", "office", "clerk", "village_officer", "unit_head", "grid_worker"})
_ROUNDS_FOR = frozenset({"leader", "office", "clerk", "village_officer"})

register_entry(NavEntry("campaigns", _("Investigations"), "disputes:campaigns", "matters", 40, _SEEN_BY, phone=True))
register_entry(NavEntry("rounds", _("Investigation rounds"), "disputes:rounds", "matters", 41, _ROUNDS_FOR))
_KEEPER = frozenset({"system_admin"})
register_entry(NavEntry("paper-templates", _("Paper templates"), "disputes:paper-templates", "admin", 45, _KEEPER))
register_scope(Scope("disputes:write", _("Register disputes and take their steps")))
register_step(SetupStep("committees", _("Mediation committees"), 50, committees, "organisation:users"))
