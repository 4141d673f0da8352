"""The clocks of drills, risk points and stability assessment (演练, 风险点, 稳评)."""
from django.utils.translation import gettext_lazy as _

from governance.casework.clocks import Basis, Bearer, ClockRule, Roll, Variant, article_of, register_rules

EMERGENCY = "生产安全事故应急条例"

register_rules(
    # 生产安全事故应急条例 art. 8: at least every two years; half a year where danger is high.
    ClockRule(
        code="drill.township", label=_("Comprehensive drill of the township"), basis=Basis.MONTHS, length=24,
        starts=_("last comprehensive drill"), stops=_("next drill held"),
        source="生产安全事故应急条例 art. 8 ○", article=article_of(EMERGENCY, "8"), verified=False,
    ),
    ClockRule(
        code="drill.high_risk_unit", label=_("Drill of a high-risk unit"), basis=Basis.MONTHS, length=6,
        starts=_("last drill"), stops=_("next drill held"),
        source="生产安全事故应急条例 art. 8 ○", article=article_of(EMERGENCY, "8"), verified=False,
    ),
    ClockRule(
        code="risk.reassess", label=_("Reassessment of a risk point"), basis=Basis.MONTHS, length=12,
        starts=_("risk point assessed"), stops=_("risk point reassessed"), source="local", is_local=True,
    ),
    # At least thirty days; another day, shorter only with its reason stated, is set in the notice.
    ClockRule(
        code="assessment.consult", label=_("Public consultation on a decision"), bearer=Bearer.WINDOW,
        length=30, roll=Roll.FORWARD, starts=_("draft of a major decision published"),
        stops=_("opinions closed"),
        variants=(Variant("set_day", _("day set in the notice"), basis=Basis.AGREED),),
        source="重大行政决策程序暂行条例 art. 15, by analogy ○",
        article=article_of("重大行政决策程序暂行条例", "15"), verified=False,
    ),
)
