"""The clocks of accidents and emergencies (事故与突发事件报告时限): hours, round the clock."""
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from governance.casework.clocks import (
    Basis,
    Bearer,
    ClockRule,
    Variant,
    article_of,
    register_rules,
)

ACCIDENTS = "生产安全事故报告和调查处理条例"
# art. 13: changes are reported for thirty days from the accident, seven for road accidents and fires.
SUPPLEMENT_DAYS, SUPPLEMENT_DAYS_ROAD_FIRE = 30, 7


def supplement_is_due(*, accident_on: date, changed_on: date, is_road_or_fire: bool) -> bool:
    """Whether a change of casualties still starts `accident.supplement` (条例 art. 13)."""
    days = SUPPLEMENT_DAYS_ROAD_FIRE if is_road_or_fire else SUPPLEMENT_DAYS
    return accident_on <= changed_on <= accident_on + timedelta(days=days)


register_rules(
    ClockRule(
        code="accident.enterprise", label=_("Accident report by the enterprise"), bearer=Bearer.EXTERNAL,
        basis=Basis.HOURS, length=1, starts=_("accident known to the head of the enterprise"),
        stops=_("reported to the county's departments"),
        source="生产安全事故报告和调查处理条例 art. 9 ✓", article=article_of(ACCIDENTS, "9"), verified=True,
        urgent=True,
    ),
    ClockRule(
        code="accident.forward", label=_("Accident report passed up"), bearer=Bearer.EXTERNAL,
        basis=Basis.HOURS, length=2, starts=_("report received by a department"),
        stops=_("passed up one level"),
        source="生产安全事故报告和调查处理条例 art. 11 ✓", article=article_of(ACCIDENTS, "11"), verified=True,
        urgent=True,
    ),
    ClockRule(
        code="accident.supplement", label=_("Supplement to an accident report"), basis=Basis.HOURS, length=2,
        starts=_("change of casualties known"), stops=_("change reported"),
        source="生产安全事故报告和调查处理条例 art. 13 ✓ (hours local)", article=article_of(ACCIDENTS, "13"),
        verified=True, is_local=True, urgent=True,
    ),
    ClockRule(
        code="emergency.first_report", label=_("First report of an incident by phone"), basis=Basis.MINUTES, length=30,
        starts=_("incident known"), stops=_("first report made by phone"), source="local", is_local=True,
        urgent=True,
    ),
    ClockRule(
        code="emergency.written_report", label=_("Written report of an incident"), basis=Basis.HOURS, length=1,
        starts=_("incident known"), stops=_("written report sent"), source="local", is_local=True,
        urgent=True,
    ),
    # Set per dispatch, round the clock or in working hours.
    ClockRule(
        code="dispatch.arrive", label=_("Arrival after dispatch"), basis=Basis.HOURS,
        starts=_("dispatched to a team or department"), stops=_("team arrived"),
        variants=(Variant("working", _("in working hours"), basis=Basis.WORKING_HOURS),),
        source="local", is_local=True, urgent=True,
    ),
)
