"""Matters that belong together: links, the same affair through several doors, duplicates (关联、并案)."""
from contextlib import ExitStack, contextmanager

from django.db import transaction
from django.utils.translation import gettext as _

from ..models import Matter, MatterLink
from ..workflow import Refused
from . import moving
from .door import Passage, passage

MERGE = "merge"


@transaction.atomic
def link(*, matter_id, other_id, actor, relation, origin="web") -> MatterLink:
    """Link two matters that the actor sees; the same affair counts once across kinds."""
    with _both(matter_id, other_id, actor, origin) as (act, other_act):
        if not act.roles:
            raise Refused("not-your-right", _("Your posts do not give you the right to do this here."))
        if relation not in MatterLink.Relation.values:
            raise Refused("relation-unknown", _("There is no such relation."), missing=("relation",))
        pair = (act.matter.pk, other_act.matter.pk)
        if MatterLink.objects.filter(matter__in=pair, other__in=pair).exists():
            raise Refused("linked-already", _("These matters are linked already."))
        row = MatterLink.objects.create(
            matter=act.matter, other=other_act.matter, relation=relation, created_by=actor, created_at=act.now
        )
        if relation == MatterLink.Relation.SAME_AFFAIR:
            _join_affairs(act, other_act)
        _tell_both(act, other_act, "linked", relation)
    return row


@transaction.atomic
def merge(*, matter_id, into_id, actor, version=None, reason, origin="web") -> Matter:
    """Merge a duplicate into another matter of its kind: it closes, keeps its number and counts nowhere."""
    with _both(matter_id, into_id, actor, origin, version) as (act, into):
        if act.matter.kind != into.matter.kind:
            raise Refused("merge-unlike", _("Only matters of the same kind can be merged."))
        if not into.matter.is_open:
            raise Refused("merge-into-closed", _("The other matter is closed. Reopen it first."))
        act.set(duplicate_of=into.matter)
        moving.take(act, MERGE, reason=reason)
        into.event("merged_in", data={"other": act.matter.pk, "shown": {"other": act.matter.number}})
    return act.matter


def _join_affairs(act: Passage, other: Passage) -> None:
    """Both are one affair; whatever belonged to either affair before comes along, or it would count twice."""
    ids = [act.matter.pk, other.matter.pk]
    held = {row.affair_id for row in (act.matter, other.matter)} - {None}
    affair = min(held, default=min(ids))
    act.set(affair_id=affair)
    other.set(affair_id=affair)
    if held - {affair}:
        Matter.objects.filter(affair_id__in=held - {affair}).exclude(pk__in=ids).update(affair_id=affair)


def _tell_both(act: Passage, other: Passage, verb: str, relation: str) -> None:
    for here, there in ((act, other), (other, act)):
        here.event(
            verb, data={"other": there.matter.pk, "relation": relation, "shown": {"other": there.matter.number}},
            changes=False,
        )


@contextmanager
def _both(matter_id, other_id, actor, origin, version=None):
    """The door to two matters at once, always locked in the order of their ids."""
    matter_id, other_id = int(matter_id), int(other_id)
    if matter_id == other_id:
        raise Refused("same-matter", _("This is the same matter."), missing=("other",))
    with ExitStack() as doors:
        acts = {
            pk: doors.enter_context(
                passage(matter_id=pk, actor=actor, origin=origin, version=version if pk == matter_id else None)
            )
            for pk in sorted((matter_id, other_id))
        }
        yield acts[matter_id], acts[other_id]
