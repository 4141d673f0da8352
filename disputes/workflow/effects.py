"""Which clocks a step of a dispute starts (时限起算), where it leads, as pure functions of the matter."""
from datetime import date, datetime, time

from django.utils import timezone

from governance.casework.workflow import ClockStart, opens_clocks

from .codes import COURT_SOURCES, SENT_HERE, ConfirmationState, Performance, Procedure, Source
from .guards import AGREEMENTS

PRE_FILING = "dispute.court_pre_filing"
IN_CASE = {
    Procedure.ORDINARY: "dispute.court_in_case_ordinary",
    Procedure.SIMPLE: "dispute.court_in_case_simple",
}
MEDIATION = "dispute.mediation"
MEDIATION_CLOCKS = (MEDIATION, PRE_FILING, *IN_CASE.values())
# What rests on an agreement, and ends as pointless when a later agreement takes its place.
REPLACED = ("dispute.performance", "dispute.performance_check", "dispute.confirmation")
# What outlives a closure has no meaning any more once the matter counts nowhere.
SURVIVING = (*REPLACED, "dispute.revisit")


def start_of(day: date) -> datetime:
    """The first moment of a day: clocks in days count from the day, whatever the hour."""
    return timezone.make_aware(datetime.combine(day, time.min))


def moment_of(day: date) -> datetime | None:
    """Noon of a day, or None (now) if it is today: a day on paper knows no hour."""
    return None if day == timezone.localdate() else timezone.make_aware(datetime.combine(day, time(12)))


def court_clock(matter) -> ClockStart | None:
    """The clock of a court's delegation, from the day the material was signed for; None if none can run yet."""
    facts = matter.dispute
    if matter.channel not in COURT_SOURCES or facts.material_signed_on is None:
        return None
    at = start_of(facts.material_signed_on)
    if matter.channel == Source.COURT_PRE_FILING:
        return ClockStart(PRE_FILING, at=at)
    return ClockStart(IN_CASE[Procedure(facts.court_procedure or Procedure.ORDINARY)], at=at)


@opens_clocks("dispute.acceptance", PRE_FILING, *IN_CASE.values())
def opening_clocks(matter) -> list[ClockStart]:
    """Acceptance runs from the report; a court's delegation from the signature."""
    court = court_clock(matter)
    return [ClockStart("dispute.acceptance", at=matter.reported_at), *([court] if court else [])]


@opens_clocks(*MEDIATION_CLOCKS)
def mediation_clock(matter, acted_at) -> list[ClockStart]:
    """A month from acceptance, or what the court gives."""
    return [court_clock(matter) or ClockStart(MEDIATION, at=acted_at)]


@opens_clocks("dispute.confirmation")
def confirmation_clock(matter, acted_at) -> list[ClockStart]:
    """Thirty days from the day the agreement takes effect, where confirmation is possible."""
    if matter.dispute.confirmation_state != ConfirmationState.POSSIBLE:
        return []
    agreement = matter.agreements.in_force().get()
    return [ClockStart("dispute.confirmation", at=start_of(agreement.effective_on))]


@opens_clocks("dispute.performance", "dispute.performance_check")
def performance_clocks(matter, acted_at) -> list[ClockStart]:
    """One clock for each instalment, and its check, which begins on the due day."""
    starts = []
    for row in matter.instalments.outstanding().select_related("agreement"):
        agreed = {"length": row.period_days} if row.period_days else {"due_on": row.due_on}
        begins = start_of(max(row.agreement.effective_on, row.counted_from or row.agreement.effective_on))
        starts.append(ClockStart("dispute.performance", at=begins, subject=str(row.pk), **agreed))
        starts.append(ClockStart("dispute.performance_check", at=start_of(row.due_on), subject=str(row.pk)))
    return starts


@opens_clocks("dispute.sender_reply")
def sender_reply_clock(matter, acted_at) -> list[ClockStart]:
    """Only for a dispute that was sent here and whose sender was not told before."""
    owed = matter.channel in SENT_HERE and matter.dispute.sender_replied_on is None
    return [ClockStart("dispute.sender_reply", at=acted_at)] if owed else []


@opens_clocks("dispute.revisit")
def revisit_clock(matter, acted_at) -> list[ClockStart]:
    """Only for what is closed as performed."""
    performed = matter.outcome in AGREEMENTS and matter.dispute.performance == Performance.PERFORMED
    return [ClockStart("dispute.revisit", at=acted_at)] if performed else []


@opens_clocks(MEDIATION, "dispute.acceptance")
def reopened_clocks(matter, acted_at) -> list[ClockStart]:
    """Mediation starts anew on that day; a dispute never accepted waits for acceptance again."""
    code = MEDIATION if matter.accepted_at else "dispute.acceptance"
    return [ClockStart(code, at=acted_at)]


def reopened_into(matter) -> str:
    """Where a reopened dispute goes."""
    return "mediating" if matter.accepted_at else "reported"


def performing_or_performed(matter) -> str:
    """Performed at once if nothing is due."""
    return "performing" if matter.instalments.outstanding().exists() else "performed"


def after_performance(matter) -> str | None:
    """Where an entry of performance leads: nowhere once it is closed, or while or after it was mediated anew."""
    if matter.status not in ("performing", "defaulted"):
        return None
    outstanding = matter.instalments.outstanding()
    if not outstanding.exists():
        return "performed"
    if matter.status == "defaulted" and not outstanding.filter(due_on__lt=timezone.localdate()).exists():
        return "performing"
    return None
