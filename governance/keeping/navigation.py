"""The entry of the keeping of data in the navigation (导航)."""
from django.utils.translation import gettext_lazy as _

from governance.organisation.registry import NavEntry, register_entry

register_entry(NavEntry(
    "keeping", _("Keeping of data"), "keeping:state", "admin", 58,
    frozenset({"system_admin", "security_admin", "auditor"}),
))
