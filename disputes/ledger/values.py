"""How each column of the ledger is read from a dispute, for the export and for comparing a row with what is held.

Every function takes a matter loaded by `matters` and asks the database nothing more.
"""
from datetime import date

from django.utils import timezone

from governance.casework.services.parties import contact_of

from ..workflow import Outcome


def matters(queryset):
    """Disputes with all that a row of the ledger needs; seven queries, whatever their number."""
    return queryset.select_related(
        "unit", "unit__parent", "township", "handler", "responsible_unit", "dispute", "dispute__committee",
        "ledger_note",
    ).prefetch_related("parties", "agreements", "endings", "referrals", "mediators__user", "revisits")


def note_of(matter, code: str):
    """What an old ledger said in this column, if the dispute came from one."""
    note = getattr(matter, "ledger_note", None)
    return note.values.get(code) if note is not None else None


def noted(code: str):
    """A column that only the words of an old ledger hold."""
    return lambda matter: note_of(matter, code)


def noted_day(code: str):
    """The same for a day."""

    def value(matter):
        text = note_of(matter, code)
        return date.fromisoformat(text) if text else None

    return value


def held(matter) -> dict:
    """What a row of the ledger can decide beside its columns: a sum without agreement, whose the colour is."""
    facts, at_stake = {"grade_rule": matter.grade_rule}, matter.dispute.amount_yuan
    # Once there is an agreement, the column says the sum in it, which need not be what was at stake.
    return facts if at_stake is None or agreement_of(matter) is not None else facts | {"amount_yuan": at_stake}


def village(matter) -> str:
    """The village in whose ledger it stands: that of the grid."""
    return (matter.unit.parent if matter.unit.level == "grid" else matter.unit).code


def grid(matter) -> str | None:
    """The grid, where one is known."""
    return matter.unit.code if matter.unit.level == "grid" else None


def reported_on(matter) -> date:
    """The day of the report."""
    return timezone.localdate(matter.reported_at)


def parties_of(matter, kind: str) -> list:
    """Parties on one side, in their order, without those taken out by a correction."""
    return [p for p in matter.parties.all() if p.kind == kind and p.removed_at is None]


def applicants(matter) -> list[str]:
    """Names on the applicant's side."""
    return [party.name for party in parties_of(matter, "applicant")]


def respondents(matter) -> list[str]:
    """Names on the other side."""
    return [party.name for party in parties_of(matter, "respondent")]


def applicant_phones(matter) -> list[str]:
    """Telephone numbers on the applicant's side, in clear: an export with contact data needs its own right."""
    return _phones(matter, "applicant")


def respondent_phones(matter) -> list[str]:
    """Telephone numbers on the other side, in clear."""
    return _phones(matter, "respondent")


def _phones(matter, kind: str) -> list[str]:
    return [
        phone for party in parties_of(matter, kind) if party.phone_encrypted
        for phone in contact_of(party)["phone"].split("/")
    ]


def grade(matter) -> str | None:
    """The colour; a rule gives it while the matter is open, so only one set by hand says anything."""
    return matter.grade or None


def mediators(matter) -> str | None:
    """Who mediates, or who did according to an old ledger."""
    named = [row.user.name for row in matter.mediators.all() if row.withdrawn_on is None]
    return "、".join(named) or note_of(matter, "mediators")


def agreement_of(matter):
    """The agreement in force, if mediation last ended with one."""
    if matter.outcome not in (Outcome.WRITTEN, Outcome.ORAL):
        return None
    return next((row for row in matter.agreements.all() if row.replaced_on is None), None)


def settled_on(matter) -> date | None:
    """The day on which mediation ended, with or without an agreement."""
    if not matter.outcome:
        return None
    agreement = agreement_of(matter)
    if agreement is not None:
        return agreement.agreed_on
    ending = next(reversed(list(matter.endings.all())), None)
    return ending.ended_on if ending else None


def result(matter) -> str | None:
    """How it ended, or where it stands."""
    referral = next(reversed(list(matter.referrals.all())), None)
    if matter.outcome == Outcome.FAILED and referral is not None:
        return f"referred_{referral.way}"
    if matter.outcome:
        return matter.outcome
    return note_of(matter, "result") or ("open" if matter.accepted_at else None)


def has_agreement(matter) -> str | None:
    """Yes once there is an agreement, no once mediation ended without one."""
    if matter.outcome in (Outcome.WRITTEN, Outcome.ORAL):
        return "yes"
    return "no" if matter.outcome else None


def amount_yuan(matter):
    """The sum in the agreement."""
    agreement = agreement_of(matter)
    return agreement.amount_yuan if agreement is not None else None


def performance(matter) -> str | None:
    """How far the agreement is performed."""
    if matter.outcome not in (Outcome.WRITTEN, Outcome.ORAL):
        return None
    return matter.dispute.performance or note_of(matter, "performance") or "open"


def agreement_number(matter) -> str | None:
    """The number of the agreement."""
    agreement = agreement_of(matter)
    return agreement.number or None if agreement is not None else None


def committee(matter) -> str | None:
    """The mediation committee."""
    return matter.dispute.committee_name or note_of(matter, "committee")


def responsible(matter) -> str | None:
    """The responsible unit."""
    held = matter.responsible_unit
    return held.short_name if held is not None else note_of(matter, "responsible")


def confirmation(matter) -> str | None:
    """Where judicial confirmation stands."""
    state = matter.dispute.confirmation_state
    return state if state and state != "possible" else None


def revisited_on(matter) -> date | None:
    """The last revisit."""
    revisit = next(reversed(list(matter.revisits.all())), None)
    return revisit.visited_on if revisit is not None else note_day(matter, "revisited_on")


def note_day(matter, code: str) -> date | None:
    """A day that an old ledger named."""
    return noted_day(code)(matter)
