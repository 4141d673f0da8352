"""Posts named in an imported list (拟任职): the security administrator confirms them, one by one or many at once."""
from dataclasses import dataclass

from django.db import transaction

from ..models import PostProposal
from ..registry import Refused
from ..visibility import Area, require_right, require_unit
from .appointing import appoint
from .recording import record_change
from .resetting import release_first_code

MOST = 500


@dataclass(frozen=True)
class Verdict:
    """What became of one proposal: the second half of the first code, or why it was refused."""

    proposal: PostProposal
    reason: str = ""
    half: str = ""


def confirm_many(*, ids, actor) -> list[Verdict]:
    """Confirm proposals of the actor's area, each for itself: one that is refused holds no other up."""
    require_right(actor, "organisation.change_post")
    return [_verdict(row, actor) for row in waiting_for(actor).filter(pk__in=list(ids)[:MOST])]


@transaction.atomic
def confirm_proposal(*, proposal, actor) -> str:
    """Appoint as proposed; returns the second half of the person's first code if it waits, else ""."""
    appoint(
        user=proposal.user, unit=proposal.unit, role=proposal.role, title=proposal.title, from_on=proposal.from_on,
        actor=actor,
    )
    return release_first_code(user=proposal.user, actor=actor)


@transaction.atomic
def decline_proposal(*, proposal, actor) -> None:
    """Turn a proposal down; the account stays, without a post."""
    require_right(actor, "organisation.change_post")
    require_unit(actor, proposal.unit)
    record_change(
        subject_type="user", subject_id=proposal.user_id, verb="proposal_declined", actor=actor,
        data={"unit": proposal.unit_id, "role": proposal.role},
    )
    proposal.delete()


def waiting_for(actor):
    """The proposals of an administrator's area, in the order of the tree (one query beside the area's)."""
    rows = PostProposal.objects.filter(Area.of(actor).within("unit"))
    return rows.select_related("user__home_unit", "unit", "proposed_by").order_by("unit__code", "user__name_key", "pk")


def _verdict(row, actor) -> Verdict:
    try:
        with transaction.atomic():
            return Verdict(row, half=confirm_proposal(proposal=row, actor=actor))
    except Refused as refusal:
        return Verdict(row, reason=str(refusal.message))
