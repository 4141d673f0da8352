"""The kernel's entries in the navigation, and the scopes of its interface (导航)."""
from django.utils.translation import gettext_lazy as _

from governance.organisation.models import Role
from governance.organisation.registry import NavEntry, Scope, register_entry, register_scope

from .services.personal_data import ANSWERERS

_SEPARATED = {Role.SYSTEM_ADMIN.value, Role.SECURITY_ADMIN.value, Role.AUDITOR.value}
WORKERS = frozenset(set(Role.values) - _SEPARATED)
REPORTERS = frozenset({"grid_worker", "village_officer", "mediator", "clerk", "petition_clerk", "inspector"})
OVERSEERS = frozenset({"leader", "office", "clerk", "petition_clerk", "unit_head"})
KEEPERS = frozenset({"clerk", "petition_clerk", "office"})

for entry in (
    NavEntry("inbox", _("To do"), "casework:inbox", "work", 0, WORKERS, phone=True),
    NavEntry("report", _("Report"), "casework:report", "work", 10, REPORTERS, phone=True),
    NavEntry("search", _("Search"), "casework:search", "work", 20, WORKERS, phone=True),
    NavEntry("notifications", _("Messages"), "casework:notifications", "work", 30, phone=False),
    NavEntry("matters", _("All matters"), "casework:matters", "matters", 0, WORKERS),
    NavEntry("stuck", _("Not moving"), "casework:stuck", "matters", 90, OVERSEERS),
    NavEntry("vocabularies", _("Vocabularies"), "casework:vocabularies", "admin", 40, frozenset({"system_admin"})),
    NavEntry("lengths", _("Local lengths"), "casework:lengths", "admin", 50, frozenset({"system_admin"})),
    NavEntry("retention", _("Lengths of keeping"), "casework:retention", "admin", 55,
             frozenset({"system_admin", "auditor"})),
    NavEntry("retention-ending", _("Keeping ends"), "casework:retention-ending", "matters", 95, KEEPERS),
    NavEntry("personal-data", _("What is held on somebody"), "casework:personal-data", "matters", 96,
             frozenset(ANSWERERS)),
    NavEntry("holidays", _("Days off"), "casework:holidays", "admin", 52, frozenset({"system_admin"})),
    NavEntry("webhooks", _("Webhooks"), "casework:webhooks", "admin", 35, frozenset({"system_admin"})),
    NavEntry("reveal-log", _("Who looked"), "casework:reveal-log", "admin", 60, frozenset({"auditor"})),
    NavEntry("seals", _("Seals"), "casework:seals", "admin", 65, frozenset({"auditor"})),
    NavEntry("verify", _("Verify the history"), "casework:verify", "admin", 70, frozenset({"auditor"})),
):
    register_entry(entry)

register_scope(Scope("matters:read", _("Read matters and their history")))
register_scope(Scope("matters:write", _("Act on matters: note, assign, instruct, time limits, files, corrections")))
register_scope(Scope("contacts:reveal", _("Look at contact data of parties in clear; each look is logged")))
register_scope(Scope("inbox", _("Read one's own inbox and messages, mark messages as read")))
register_scope(Scope("clocks:read", _("Read clocks")))
register_scope(Scope("webhooks", _("Read one's own webhook deliveries and have them sent again")))
