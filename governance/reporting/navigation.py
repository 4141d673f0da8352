"""Entries of reports in the navigation (导航)."""
from django.utils.translation import gettext_lazy as _

from governance.organisation.registry import NavEntry, register_entry

from .visibility import OVERSEERS, READERS

register_entry(NavEntry("dashboard", _("Dashboard"), "reporting:dashboard", "work", 5, OVERSEERS, phone=True))
register_entry(NavEntry("rollups", _("Weekly reports"), "reporting:rollups", "work", 25, READERS, phone=True))
register_entry(NavEntry("tables", _("Tables for superiors"), "reporting:tables", "work", 26, READERS))
