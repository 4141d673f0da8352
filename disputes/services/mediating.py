"""Facts of mediation (调解): acceptance, mediators, sessions, endings, referral, revisits.

Each function records the facts of one step inside its transaction; state and clocks are the kernel's.
"""
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.casework.services.assigning import set_handler
from governance.casework.services.granting import grant_if_blind, require_free
from governance.casework.workflow import Refused
from governance.organisation.models import UnitLevel

from ..models import Ending, Mediator, Referral, Revisit, Session
from ..workflow import CommitteeOf, Initiative, Outcome, SessionKind


def accept(act, facts) -> None:
    """A committee takes the dispute in, on a party's application or on its own initiative that nobody refuses."""
    dispute = act.matter.dispute
    dispute.committee = facts.get("committee") or _committee_of(act.matter, facts) or dispute.committee
    dispute.initiative = facts.get("initiative") or dispute.initiative
    dispute.is_unopposed = bool(facts.get("is_unopposed"))
    if dispute.committee is None:
        raise Refused("committee-missing", _("Name the mediation committee."), ("committee",))
    if dispute.initiative == Initiative.OWN and not dispute.is_unopposed:
        raise Refused(
            "initiative-refused",
            _("Mediation on own initiative needs that no party refuses it (People's Mediation Law art. 17)."),
            ("is_unopposed",),
        )
    dispute.save(update_fields=["committee", "initiative", "is_unopposed"])
    act.set(accepted_at=act.acted_at)
    act.event_data.update(committee=dispute.committee_id, shown={"committee": dispute.committee_name})
    if facts.get("handler"):
        set_handler(act, facts["handler"])
    if facts.get("session_planned_at"):
        plan_session(act, facts)


def _committee_of(matter, facts):
    """The unit whose committee is meant where many disputes are accepted at once; None if nothing is said."""
    whose = facts.get("committee_of")
    if whose == CommitteeOf.TOWNSHIP:
        return matter.township
    if whose == CommitteeOf.VILLAGE:
        unit = matter.unit
        while unit.level == UnitLevel.GRID:
            unit = unit.parent
        return unit
    return None


def start(act, facts) -> None:
    """Mediators whom the parties chose or accept; both sides were told their rights and duties."""
    dispute = act.matter.dispute
    dispute.rights_told_on = facts.get("rights_told_on") or dispute.rights_told_on
    if dispute.rights_told_on is None:
        raise Refused(
            "rights-not-told", _("Tell the parties their rights and duties first, and record the day."),
            ("rights_told_on",),
        )
    dispute.save(update_fields=["rights_told_on"])
    name_mediators(act, facts.get("mediators") or [], chosen=bool(facts.get("is_chosen")))
    if facts.get("session_planned_at"):
        plan_session(act, facts)


def name_mediators(act, people, *, chosen: bool = False) -> None:
    """Make these people the mediators of this round, the first of them leading and handling."""
    people = list(people)
    if not people:
        raise Refused("mediator-missing", _("Name the mediator first."), ("mediators",))
    day = timezone.localdate(act.acted_at)
    for person in people:
        require_free(act.matter, person)
    round_ = act.matter.dispute.round
    Mediator.objects.filter(matter=act.matter, withdrawn_on=None).update(withdrawn_on=day)
    for place, person in enumerate(people):
        Mediator.objects.create(
            matter=act.matter, round=round_, user=person, is_lead=place == 0, is_chosen=chosen, named_on=day
        )
        grant_if_blind(act.matter, person, ground="mediator")
    if act.matter.handler_id != people[0].pk:
        set_handler(act, people[0])
    act.event_data["mediators_ids"] = [person.pk for person in people]
    act.event_personal["mediators"] = [person.name for person in people]


def change_mediators(act, facts) -> None:
    """Other mediators, with a reason."""
    name_mediators(act, facts.get("mediators") or [], chosen=bool(facts.get("is_chosen")))


def plan_session(act, facts) -> None:
    """Day and place of the next session."""
    dispute = act.matter.dispute
    dispute.session_planned_at, dispute.session_place = facts["session_planned_at"], facts.get("session_place") or ""
    dispute.save(update_fields=["session_planned_at", "session_place"])
    act.event_data["planned_at"] = dispute.session_planned_at.isoformat()
    act.event_personal["place"] = dispute.session_place


def record_session(act, facts, kind: str = SessionKind.MEDIATION) -> None:
    """A session as it was held; one that was planned is no longer ahead."""
    dispute = act.matter.dispute
    is_joint = bool(facts.get("is_joint", True))
    held_at = facts.get("held_at") or act.acted_at
    session = Session.objects.create(
        matter=act.matter, round=dispute.round, kind=kind, held_at=held_at, place=facts.get("place") or "",
        participants=facts.get("participants") or "", heard=facts.get("heard") or "", is_joint=is_joint,
        told=facts.get("told") or "", record=facts["record"], result=facts.get("result") or "", recorder=act.actor,
    )
    dispute.session_planned_at = None
    dispute.save(update_fields=["session_planned_at"])
    act.event_data.update(session=session.pk, held_at=held_at.isoformat())
    act.event_personal.update(place=session.place, heard=session.heard, reason=session.result or session.record)


def record_inquiry(act, facts) -> None:
    """One person heard beforehand (调查笔录)."""
    record_session(act, {**facts, "is_joint": False}, kind=SessionKind.INQUIRY)


def tell_rights(act, facts) -> None:
    """The parties were told their rights and duties."""
    act.matter.dispute.rights_told_on = facts["rights_told_on"]
    act.matter.dispute.save(update_fields=["rights_told_on"])
    act.event_data["told_on"] = facts["rights_told_on"].isoformat()


def decline(act, facts) -> None:
    """Not taken in: on which ground, and where the parties can turn."""
    if not facts.get("ground"):
        raise Refused("ground-missing", _("Name the ground."), ("ground",))
    _end(act, Outcome.DECLINED, facts)


def fail(act, facts) -> None:
    """No agreement; the parties were advised on arbitration, authority or court."""
    if not (facts.get("advice") or "").strip():
        raise Refused("advice-missing", _("Record what the parties were advised."), ("advice",))
    _end(act, Outcome.FAILED, {**facts, "reason": act.event_personal.get("reason", "")})


def withdraw(act, facts) -> None:
    """A party no longer wishes mediation; either may end it at any time."""
    if facts.get("asked_by") is None:
        raise Refused("asker-missing", _("Say which party asked for it."), ("asked_by",))
    _end(act, Outcome.WITHDRAWN, facts)
    act.event_personal["asked_by"] = facts["asked_by"].name


def refer(act, facts) -> None:
    """The parties were sent to court, arbitration or an authority."""
    referral = Referral.objects.create(
        matter=act.matter, round=act.matter.dispute.round, way=facts["way"], authority=facts["authority"],
        referred_on=timezone.localdate(act.acted_at),
    )
    act.event_data.update(way=referral.way, shown={"authority": referral.authority})


def record_police_report(act, facts) -> None:
    """A possible crime or danger was reported to the police (人民调解法 art. 25)."""
    dispute = act.matter.dispute
    dispute.police_told_at, dispute.police_station = facts["police_told_at"], facts["police_station"]
    dispute.save(update_fields=["police_told_at", "police_station"])
    act.event_data.update(told_at=dispute.police_told_at.isoformat(), shown={"station": dispute.police_station})


def record_sender_reply(act, facts) -> None:
    """Whoever sent the dispute here was told the result."""
    dispute = act.matter.dispute
    dispute.sender_replied_on = timezone.localdate(act.acted_at)
    dispute.sender_reply = facts.get("sender_reply") or ""
    dispute.save(update_fields=["sender_replied_on", "sender_reply"])
    act.event_data.update(on_day=dispute.sender_replied_on.isoformat(), shown={"sender": dispute.sender})


def record_revisit(act, facts) -> None:
    """What was found at a revisit; each kind of answer apart."""
    revisit = Revisit.objects.create(
        matter=act.matter, round=act.matter.dispute.round, visited_on=timezone.localdate(act.acted_at),
        manner=facts["manner"], party=facts.get("party"), satisfied=facts["satisfied"],
        performance=facts.get("performance") or "", finding=facts["finding"], visitor=act.actor,
    )
    act.event_data.update(revisit=revisit.pk, on_day=revisit.visited_on.isoformat())
    act.event_personal["finding"] = revisit.finding


def begin_anew(act, facts) -> None:
    """Another round of mediation: after a default with both sides' consent, or after reopening.

    The agreement stays in force, with its instalments, checks and confirmation, until another takes its place or for
    good if mediation fails again (人民调解法 art. 31); so does what is known of its performance.
    """
    if act.matter.accepted_at is None:
        return
    dispute = act.matter.dispute
    dispute.round += 1
    dispute.way_after_default = ""
    dispute.save(update_fields=["round", "way_after_default"])


def _end(act, result: str, facts) -> None:
    Ending.objects.create(
        matter=act.matter, round=act.matter.dispute.round, result=result, ended_on=timezone.localdate(act.acted_at),
        ground=facts.get("ground") or "", reason=facts.get("reason") or "", advice=facts.get("advice") or "",
        asked_by=facts.get("asked_by"),
    )
    act.event_data["ground"] = facts.get("ground") or ""
    act.event_personal["advice"] = facts.get("advice") or ""
