"""The clock of whoever meets people at their door (强制报告时限)."""
from django.utils.translation import gettext_lazy as _

from governance.casework.clocks import Basis, ClockRule, article_of, register_rules

register_rules(
    # 未成年人保护法 art. 11, 反家庭暴力法 art. 14: at once; two hours are the township's own.
    ClockRule(
        code="minor.report", label=_("Report of harm to a minor or domestic violence"), basis=Basis.HOURS,
        length=2, starts=_("suspected harm to a minor or domestic violence known"), stops=_("police told"),
        source="未成年人保护法 art. 11, 反家庭暴力法 art. 14: at once ○ (hours local)",
        article=article_of("未成年人保护法", "11"), verified=False, is_local=True, urgent=True,
    ),
)
