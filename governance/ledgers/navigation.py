"""Entries of ledgers in the navigation (导航)."""
from django.utils.translation import gettext_lazy as _

from governance.organisation.registry import NavEntry, SetupStep, register_entry, register_step

from .services.setting_up import first_ledger

for entry in (
    NavEntry("imports", _("Import a ledger"), "ledgers:imports", "matters", 50, frozenset({"clerk"})),
    NavEntry("exports", _("Exports"), "ledgers:exports", "matters", 60, frozenset({"clerk", "office"})),
    NavEntry("exports-admin", _("Exports"), "ledgers:exports", "admin", 30, frozenset({"system_admin"})),
    NavEntry("export-log", _("What was taken out"), "ledgers:export-log", "admin", 65, frozenset({"auditor"})),
):
    register_entry(entry)

register_step(SetupStep("ledger", _("First ledger"), 90, first_ledger, may_stand=True))
