"""The clocks of a hotline order (热线工单时限): first contact and reply, by class."""
from django.utils.translation import gettext_lazy as _

from governance.casework.clocks import (
    Basis,
    ClockRule,
    ExtensionPolicy,
    PausePolicy,
    Variant,
    register_rules,
)

NORM = "local; Beijing's hotline norm names 2 h, 24 h, 7 and 15 days ✓"
URGENT, UTILITY = _("urgent order"), _("public-utility order")
ORDINARY, COMPLEX = _("ordinary order"), _("complex order")

register_rules(
    ClockRule(
        code="hotline.contact", label=_("First effective contact"), basis=Basis.HOURS, length=24,
        starts=_("order received"), stops=_("first effective contact"),
        variants=(
            Variant("urgent", URGENT, length=2), Variant("utility", UTILITY),
            Variant("ordinary", ORDINARY), Variant("complex", COMPLEX),
        ),
        source=NORM, verified=True, is_local=True, urgent=True,
    ),
    ClockRule(
        code="hotline.done", label=_("Reply to the caller"), starts=_("order received"), stops=_("caller replied to"),
        variants=(
            Variant("urgent", URGENT, length=24, basis=Basis.HOURS), Variant("utility", UTILITY, length=3),
            Variant("ordinary", ORDINARY, length=7), Variant("complex", COMPLEX, length=15),
        ),
        extension=ExtensionPolicy(
            max_times=1, max_days=7, approver="unit_head", requires=("reason", "caller-told")
        ),
        pause=PausePolicy(
            ground=_("the platform decides an exclusion request"), evidence="exclusion_request"
        ),
        source=NORM, verified=True, is_local=True,
    ),
)
