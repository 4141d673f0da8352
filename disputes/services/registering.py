"""Facts of a dispute at registration and correction, and the rules of its colour (登记、等级)."""
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.casework.models import Clock
from governance.casework.services import timing

from ..models import Dispute
from ..workflow import SENT_HERE, Initiative, Source
from ..workflow.effects import IN_CASE, PRE_FILING, start_of

OPEN_FACTS = (
    "initiative", "is_unopposed", "mediation_kind", "application", "people_count", "amount_yuan", "has_danger",
    "has_major_hazard", "is_domestic_violence", "sender", "sender_reference", "material_signed_on",
    "court_procedure", "committee",
)
MANY_PEOPLE, SOME_PEOPLE, MUCH_YUAN, LONG_OPEN_DAYS = 10, 5, Decimal(50_000), 30

# Local defaults of the domain reference; each rule names itself on screen.
GRADE_RULES = {
    "danger": _("red: danger of violence"),
    "major-hazard": _("red: a major hazard"),
    "ten-people": _("red: ten people or more"),
    "five-people": _("yellow: five to nine people"),
    "reopened": _("yellow: reopened"),
    "much-money": _("yellow: 50,000 yuan or more at stake"),
    "long-open": _("yellow: open for more than 30 days"),
    "none": _("green: no rule raises it"),
    "by-hand": _("set by hand, with a reason"),
}


def open_facts(act, facts) -> None:
    """Write the facts of a new dispute; who sends it decides the initiative unless somebody said otherwise."""
    values = {name: facts[name] for name in OPEN_FACTS if facts.get(name) not in (None, "")}
    if "initiative" not in values:
        values["initiative"] = initiative_of(act.matter.channel)
    act.matter.dispute = Dispute.objects.create(matter=act.matter, **values)
    if act.matter.dispute.is_domestic_violence:
        act.set(is_confidential=True)


def correct_facts(act, facts) -> dict:
    """Correct facts of the dispute; returns what stood there before, by name."""
    dispute, before = act.matter.dispute, {}
    for name in OPEN_FACTS:
        if name in facts and facts[name] != getattr(dispute, name):
            before[name] = _stored(getattr(dispute, name))
            setattr(dispute, name, facts[name])
    if before:
        dispute.save(update_fields=list(before))
    if "material_signed_on" in before and dispute.material_signed_on is not None:
        _restart_court_clock(act)
    if dispute.is_domestic_violence:
        act.set(is_confidential=True)
    return before


def _restart_court_clock(act) -> None:
    """What the court gives runs from the day on which the material was signed for."""
    codes = (PRE_FILING, *IN_CASE.values())
    for clock in Clock.objects.filter(matter=act.matter, rule__in=codes):
        timing.move_start(act, clock, start_of(act.matter.dispute.material_signed_on))


def grade(matter, now=None) -> tuple[str, str]:
    """The colour of a dispute now and the rule that gives it (*local* defaults)."""
    dispute = matter.dispute
    people, yuan = dispute.people_count or 0, dispute.amount_yuan or 0
    long_ago = (now or timezone.now()) - timedelta(days=LONG_OPEN_DAYS)
    rules = (
        ("red", "danger", dispute.has_danger),
        ("red", "major-hazard", dispute.has_major_hazard),
        ("red", "ten-people", people >= MANY_PEOPLE),
        ("yellow", "five-people", people >= SOME_PEOPLE),
        ("yellow", "reopened", matter.first_closed_at is not None),
        ("yellow", "much-money", yuan >= MUCH_YUAN),
        ("yellow", "long-open", matter.reported_at < long_ago),
    )
    return next(((colour, rule) for colour, rule, holds in rules if holds), ("green", "none"))


def was_revisited(matter) -> bool:
    """Whether the colour may be lowered: only after a revisit."""
    return matter.revisits.exists()


def initiative_of(channel: str) -> str:
    """On whose initiative a dispute from this source is mediated, unless somebody says otherwise."""
    if channel in SENT_HERE:
        return Initiative.DELEGATED
    return Initiative.APPLIED if channel == Source.APPLICATION else Initiative.OWN


def _stored(value):
    """A value as the history holds it: ids, plain numbers, days as text."""
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else getattr(value, "pk", value)
