"""The clocks of supervision, assessment and accountability (督办, 考核, 问责)."""
from django.utils.translation import gettext_lazy as _

from governance.casework.clocks import (
    Basis,
    Bearer,
    ClockRule,
    ExtensionPolicy,
    Roll,
    article_of,
    register_rules,
)

register_rules(
    # The rhythm of the order: its next day, or a period in days.
    ClockRule(
        code="supervision.feedback", label=_("Feedback on a supervision order"), basis=Basis.AGREED,
        starts=_("order signed for, or last feedback"), stops=_("feedback given"),
        source="local", is_local=True,
    ),
    ClockRule(
        code="supervision.done", label=_("Result of a supervision order"), basis=Basis.AGREED,
        starts=_("order issued"), stops=_("result submitted"),
        extension=ExtensionPolicy(max_times=None, max_days=None, approver="issuer"),
        source="local", is_local=True,
    ),
    ClockRule(
        code="accountability.appeal", label=_("Appeal by the official"), bearer=Bearer.WINDOW, length=30,
        roll=Roll.FORWARD, starts=_("decision served"), stops=_("appeal made by the official"),
        source="公务员法, 问责条例 ○", article=article_of("公务员法"), verified=False,
    ),
    ClockRule(
        code="assessment.objection", label=_("Objection to an assessment"), bearer=Bearer.WINDOW,
        basis=Basis.WORKING_DAYS, length=5, roll=Roll.FORWARD, starts=_("result shown"),
        stops=_("objection made"), source="local", is_local=True,
    ),
    ClockRule(
        code="assessment.decision", label=_("Decision on an objection"), basis=Basis.WORKING_DAYS, length=10,
        starts=_("objection made"), stops=_("objection decided"), source="local", is_local=True,
    ),
)
