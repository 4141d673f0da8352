"""The clocks of household-visit problems and adopted cases (三访, 包案)."""
from django.utils.translation import gettext_lazy as _

from governance.casework.clocks import Basis, ClockRule, ExtensionPolicy, Variant, register_rules

register_rules(
    ClockRule(
        code="adopted.contact", label=_("Contact in an adopted case"), starts=_("adopted, or last contact"),
        stops=_("contact recorded"),
        variants=(
            Variant("red", _("red"), length=7), Variant("yellow", _("yellow"), length=15),
            Variant("green", _("green"), length=30),
        ),
        source="local", is_local=True,
    ),
    # A problem that takes long has a next date instead of a length; it still counts as unsolved.
    ClockRule(
        code="visit.problem", label=_("Problem found on a visit"), starts=_("problem recorded"),
        stops=_("problem solved"),
        variants=(
            Variant("village", _("solved by the village"), length=7),
            Variant("township", _("solved by the township"), length=15),
            Variant("district", _("reported to the district"), length=30),
            Variant("long_term", _("long-term, with a next date"), basis=Basis.AGREED),
        ),
        extension=ExtensionPolicy(max_times=1, max_days=15, approver="unit_head"),
        source="local", is_local=True,
    ),
    ClockRule(
        code="visit.revisit", label=_("Revisit after a visit problem"), length=15, starts=_("problem solved"),
        stops=_("revisit recorded"), source="local", is_local=True,
    ),
)
