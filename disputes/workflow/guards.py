"""What must hold before a step of a dispute (办理条件): small named facts, each with a permanent code.

Conditions and guards read the matter through its relations only. Those that every page asks live on columns
of the matter and its dispute, so that drawing the buttons costs no query for each.
"""
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.casework.workflow import Refused

from .codes import SENT_HERE, ConfirmationState, Outcome, Performance

SIDES = ("applicant", "respondent")
AGREEMENTS = frozenset({Outcome.WRITTEN, Outcome.ORAL})


def parties_are_named(matter, actor):
    """Two sides are named (双方当事人)."""
    if not has_two_sides(matter):
        raise Refused("parties-missing", _("Name at least two parties: who complains, and of whom."), ("parties",))


def second_party_is_there(matter, actor):
    """An agreement has two sides; one of them may have been taken out since acceptance."""
    if not has_two_sides(matter):
        raise Refused("agreement-needs-second-party", _("An agreement needs a second party."), ("parties",))


def session_was_held(matter, actor):
    """At least one mediation session in this round (调解笔录)."""
    sessions = matter.sessions.filter(kind="mediation", round=matter.dispute.round)
    if not sessions.exists():
        raise Refused("session-missing", _("Record at least one mediation session first."), ("session",))


def mediator_is_named(matter, actor):
    """Somebody mediates (调解员)."""
    if matter.handler_id is None:
        raise Refused("mediator-missing", _("Name the mediator first."), ("mediators",))


def instalment_is_overdue(matter, actor):
    """Something is due, its day has passed, and it is not performed (逾期)."""
    if not any(row.due_on < timezone.localdate() for row in _outstanding(matter)):
        raise Refused("instalment-not-overdue", _("Nothing that was agreed is overdue."))


def instalment_fell_due(matter, actor):
    """Something is not performed although its day has come: its performance is to be checked (履行核查)."""
    if not any(row.due_on <= timezone.localdate() for row in _outstanding(matter)):
        raise Refused("nothing-fell-due", _("Nothing that is outstanding has fallen due yet."))


def something_is_outstanding(matter, actor):
    """An agreement waits for performance, also after closure and while it is mediated anew (待履行).

    The agreement of an earlier round binds until another takes its place (人民调解法 art. 31): what is known of its
    performance stands on the dispute through the rounds. Before the first agreement nothing is known.
    """
    known = matter.dispute.performance
    if matter.status in ("performing", "defaulted"):
        return
    if known != Performance.PERFORMED and (known or matter.outcome in AGREEMENTS):
        return
    raise Refused("nothing-outstanding", _("Nothing is left to be performed."))


def confirmation_is_possible(matter, actor):
    """A joint application can be filed or waived (可申请司法确认)."""
    if matter.dispute.confirmation_state != ConfirmationState.POSSIBLE:
        raise Refused(
            "confirmation-not-possible",
            _("No judicial confirmation can be applied for: it was applied for or waived, or the agreement "
              "concerns a status relation or the existence of a title."),
        )


def confirmation_is_applied_for(matter, actor):
    """The court has still to rule (待裁定)."""
    if matter.dispute.confirmation_state != ConfirmationState.APPLIED:
        raise Refused("confirmation-not-applied-for", _("No application for judicial confirmation is pending."))


def sender_waits_for_reply(matter, actor):
    """Somebody sent the dispute here and was not told the result (待复函)."""
    if matter.channel not in SENT_HERE or matter.dispute.sender_replied_on is not None:
        raise Refused("no-reply-owed", _("Nobody waits for a reply: it was not sent here, or the reply is recorded."))


def police_is_not_told(matter, actor):
    """The report to the police is not yet recorded (未报公安)."""
    if matter.dispute.police_told_at is not None:
        raise Refused("police-told-already", _("The report to the police is recorded already."))


def rights_are_not_told(matter, actor):
    """Rights and duties are not yet recorded as told (未告知)."""
    if matter.dispute.rights_told_on is not None:
        raise Refused("rights-told-already", _("It is recorded already that the parties were told."))


def _outstanding(matter) -> list:
    """What is owed under the agreement in force: from the rows that a page has read already, else one query."""
    if "instalments" not in getattr(matter, "_prefetched_objects_cache", {}):
        return list(matter.instalments.outstanding())
    return [
        row for row in matter.instalments.all()
        if row.replaced_on is None and row.agreement.replaced_on is None and row.state != "performed"
    ]


def has_two_sides(matter) -> bool:
    """Whether two parties stand against each other, of whom at least one is not a witness or representative."""
    return matter.parties.filter(removed_at=None, kind__in=SIDES).count() >= 2
