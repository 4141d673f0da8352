"""The organisation's entries in the navigation, and the scopes of its interface (导航)."""
from django.utils.translation import gettext_lazy as _

from .registry import NavEntry, Scope, SetupStep, register_entry, register_scope, register_step
from .services import setting_up

for entry in (
    NavEntry("me", _("My account"), "organisation:me", "work", 90),
    NavEntry("guide", _("Help"), "organisation:guide", "work", 95),
    NavEntry("setup", _("Setting up"), "organisation:setup", "admin", -10, frozenset({"system_admin"})),
    NavEntry("units", _("Units"), "organisation:units", "admin", 0, frozenset({"system_admin", "security_admin"})),
    NavEntry("users", _("People and posts"), "organisation:users", "admin", 10,
             frozenset({"system_admin", "security_admin", "unit_head"})),
    NavEntry("proposals", _("Pending appointments"), "organisation:proposals", "admin", 12,
             frozenset({"security_admin"})),
    NavEntry("waiting", _("Second hand"), "organisation:waiting", "admin", 15,
             frozenset({"system_admin", "security_admin", "auditor"})),
    NavEntry("proposals", _("Pending appointments"), "organisation:proposals", "admin", 12,
             frozenset({"security_admin"})),
    NavEntry("waiting", _("Second hand"), "organisation:waiting", "admin", 15,
             frozenset({"system_admin", "security_admin", "auditor"})),
    NavEntry("duties", _("Duties"), "organisation:duties", "admin", 20, frozenset({"system_admin"})),
    NavEntry("clients", _("Clients of the interface"), "organisation:clients", "admin", 30,
             frozenset({"system_admin", "security_admin"})),
    NavEntry("changes", _("Change log"), "organisation:changes", "admin", 55,
             frozenset({"auditor", "system_admin", "security_admin"})),
    NavEntry("logins", _("Login log"), "organisation:logins", "admin", 56, frozenset({"auditor"})),
    NavEntry("lockouts", _("Locked logins"), "organisation:lockouts", "admin", 57,
             frozenset({"system_admin", "security_admin"})),
):
    register_entry(entry)

register_scope(Scope("units:read", _("Read units")))

for step in (
    SetupStep("divisions", _("Divisions"), 10, setting_up.divisions, "organisation:units-import"),
    SetupStep("people", _("People"), 20, setting_up.people, "organisation:users-import"),
    SetupStep("posts", _("Posts"), 30, setting_up.posts, "organisation:users"),
    SetupStep("duties", _("Duties"), 40, setting_up.duties, "organisation:duties"),
):
    register_step(step)
