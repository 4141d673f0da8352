"""The clocks of a hazard (隐患整改时限)."""
from django.utils.translation import gettext_lazy as _

from governance.casework.clocks import Basis, ClockRule, ExtensionPolicy, Variant, article_of, register_rules

SAFETY_LAW = "安全生产法"

register_rules(
    # 安全生产法 art. 65: at once what can be; the caps on the notice's day are the township's own.
    ClockRule(
        code="hazard.rectification", label=_("Rectification of a hazard"), basis=Basis.AGREED, max_days=15,
        starts=_("notice served"), stops=_("hazard rectified"),
        variants=(
            Variant("general", _("general hazard"), max_days=15),
            Variant("major", _("major hazard"), max_days=30),
            Variant("approved", _("longer day approved")),
        ),
        extension=ExtensionPolicy(max_times=1, max_days=None, approver="issuer"),
        source="安全生产法 (2021) art. 65 ○: at once; a department's power (days local)",
        article=article_of(SAFETY_LAW, "65"), verified=False, is_local=True,
    ),
    ClockRule(
        code="hazard.recheck", label=_("Re-check of a hazard"), basis=Basis.WORKING_DAYS, length=5,
        starts=_("hazard rectified"), stops=_("hazard re-checked"), source="local", is_local=True,
    ),
    ClockRule(
        code="hazard.recheck_latest", label=_("Latest re-check of a hazard"), length=10,
        starts=_("rectified, or deadline lapsed"), stops=_("hazard re-checked"),
        source="安全生产违法行为行政处罚办法 ○", article=article_of("安全生产违法行为行政处罚办法"),
        verified=False,
    ),
    ClockRule(
        code="hazard.major_report", label=_("Report of a major hazard"), basis=Basis.HOURS, length=24,
        starts=_("graded major"), stops=_("reported to the district"),
        source=(
            "安全生产法 (2021) art. 9(2) for the township, art. 75 for the village,"
            " art. 41 for the enterprise ○ (hours local)"
        ),
        article=article_of(SAFETY_LAW, "9"), verified=False, is_local=True, urgent=True,
    ),
)
