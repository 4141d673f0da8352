"""Giving work to people: handler, responsible unit, tasks, written instructions, urging, stepping aside (交办)."""
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.organisation.models import Post, Role, Unit, User
from governance.organisation.querysets import path_ids

from .. import registry
from ..models import Assignment, Matter, Recusal
from ..visibility import walled_user_ids
from ..workflow import Refused
from . import granting
from .door import Passage, passage
from .parties import require_open

INSTRUCTORS = (Role.LEADER.value, Role.OFFICE.value)
_WITHIN_UNIT = (Role.UNIT_HEAD.value, Role.LIAISON.value)


def assignable(matter):
    """People who may be made handler: in a handling role of the kind, near the matter, not walled."""
    kind = registry.get(matter.kind)
    near = Q(unit__in=path_ids(matter.unit.path)) | Q(unit__path__startswith=matter.unit.path)
    near |= Q(unit__level="department", unit__township_id=matter.township_id)
    if matter.responsible_unit_id:
        near |= Q(unit__path__startswith=matter.responsible_unit.path)
    posts = Post.objects.on(timezone.localdate()).filter(near, role__in=kind.handling_roles)
    ids = set(posts.values_list("user_id", flat=True))
    return User.objects.active().people().filter(pk__in=ids - walled_user_ids(matter.pk, ids)).by_name()


def assignable_among(matters):
    """People who may be made handler of some of these matters, and the units that may be responsible for some.

    The wall and the nearness of each matter are asked when it is assigned. Two querysets; two queries here.
    """
    rows = set(matters.order_by().values_list("kind", "township_id", "township__path").distinct())
    roles = {role for kind, _township, _path in rows for role in registry.get(kind).handling_roles}
    townships = {township_id for _kind, township_id, _path in rows}
    above = {pk for _kind, _township, path in rows for pk in path_ids(path)}
    near = Q(unit__in=above) | Q(unit__township_id__in=townships)
    posts = Post.objects.on(timezone.localdate()).filter(near, role__in=roles)
    people = User.objects.active().filter(pk__in=set(posts.values_list("user_id", flat=True))).by_name()
    units = Unit.objects.filter(
        township__in=townships, level__in=["department", "village", "community", "township"]
    ).not_ended().in_tree_order()
    return people, units


def assign(*, matter_id, actor, version, handler=None, responsible_unit=None, text="", due_on=None, origin="web"):
    """Make somebody handler, or a unit responsible, or both; they are told. With a day it is a task too."""
    with passage(matter_id=matter_id, actor=actor, version=version, origin=origin) as act:
        require_open(act)
        act.require_role((*act.kind.manage_roles, *_WITHIN_UNIT))
        if handler is None and responsible_unit is None:
            raise Refused("assignee-missing", _("Choose a person or a unit."), missing=("handler",))
        if responsible_unit is not None:
            set_responsible_unit(act, responsible_unit)
        if handler is not None:
            set_handler(act, handler, text=text)
            if due_on is not None:
                _task(act, Assignment.Kind.TASK, handler, text, due_on)
    return act.matter


def set_handler(act: Passage, handler, *, text: str = "") -> None:
    """Make somebody handler inside an open act. Refused: `person-is-named-in-matter`, `staff-match-open`,
    `not-assignable`."""
    granting.require_free(act.matter, handler)
    if not assignable(act.matter).filter(pk=handler.pk).exists():
        raise Refused("not-assignable", _("%(name)s holds no post for this work.") % {"name": handler.name})
    before = act.matter.handler
    if before is not None and before.pk != handler.pk:
        granting.revoke(act.matter, before, ground="handler")
    act.set(handler=handler)
    granting.grant_if_blind(act.matter, handler, ground="handler")
    event = act.event(
        "assigned", data={"handler": handler.pk, "before": before.pk if before else None},
        personal={"handler": handler.name, "reason": text},
    )
    if handler.pk != getattr(act.actor, "pk", None):
        act.tell(handler, "assigned", key=f"assigned:{event.pk}")


def set_responsible_unit(act: Passage, unit: Unit) -> None:
    """Make a unit responsible inside an open act; its head is told."""
    before = act.matter.responsible_unit_id
    act.set(responsible_unit=unit)
    event = act.event(
        "unit_assigned", data={"unit": unit.pk, "before": before, "shown": {"unit": unit.short_name}}
    )
    heads = Post.objects.on(timezone.localdate()).filter(unit=unit, role__in=_WITHIN_UNIT).select_related("user")
    for post in heads:
        act.tell(post.user, "unit_assigned", key=f"unit_assigned:{event.pk}:{post.user_id}")


def instruct(*, matter_id, actor, assignee, text, due_on: date | None, origin="web") -> Assignment:
    """A leader's written instruction to a person, with a day (批示)."""
    with passage(matter_id=matter_id, actor=actor, roles=INSTRUCTORS, origin=origin) as act:
        return _task(act, Assignment.Kind.INSTRUCTION, assignee, text, due_on)


def give_task(*, matter_id, actor, assignee, text, due_on: date | None, origin="web") -> Assignment:
    """A task in a matter for a person (交办任务), by the kind's clerks, the handler or the unit's head."""
    with passage(matter_id=matter_id, actor=actor, origin=origin) as act:
        act.require_role((*act.kind.manage_roles, *_WITHIN_UNIT, "handler"))
        return _task(act, Assignment.Kind.TASK, assignee, text, due_on)


def finish_assignment(*, assignment_id, actor, text, origin="web") -> Assignment:
    """Report a task or an instruction as done; who gave it is told."""
    assignment = Assignment.objects.filter(pk=assignment_id).first()
    if assignment is None:
        raise Refused("assignment-not-found", _("There is no such task."))
    with passage(matter_id=assignment.matter_id, actor=actor, origin=origin) as act:
        if assignment.assignee_id not in act.sight.acting_for:
            raise Refused("not-your-right", _("Your posts do not give you the right to do this here."))
        if assignment.done_at is not None:
            raise Refused("assignment-done", _("This task is already done."))
        if not text.strip():
            raise Refused("text-missing", _("Say what was done."), missing=("text",))
        assignment.done_at = act.now
        assignment.save(update_fields=["done_at"])
        event = act.event("task_done", data={"assignment": assignment.pk}, personal={"text": text}, changes=False)
        act.tell(assignment.given_by, "task_done", key=f"task_done:{event.pk}", assignment=assignment)
    return assignment


def urge(*, matter_id, actor, text, origin="web") -> None:
    """Urge the handler, or the head of the unit if there is none (催办)."""
    from .reminding import recipients_at

    with passage(matter_id=matter_id, actor=actor, origin=origin) as act:
        act.require_role((*INSTRUCTORS, *act.kind.manage_roles))
        require_open(act)
        told = recipients_at(act.matter, ("handler",), timezone.localdate(act.now))
        if not told:
            raise Refused("nobody-to-urge", _("Nobody handles this matter yet: assign it first."))
        event = act.event(
            "urged", data={"users": [user.pk for user in told]},
            personal={"handler": [user.name for user in told], "text": text}, changes=False,
        )
        for user in told:
            act.tell(user, "urged", key=f"urged:{event.pk}:{user.pk}")


def recuse(*, matter_id, actor, user, reason, origin="web") -> None:
    """Somebody with an interest steps aside (回避), by their own word or a clerk's, and sees nothing from then on."""
    with passage(matter_id=matter_id, actor=actor, origin=origin) as act:
        if user.pk != actor.pk:
            act.require_role((*act.kind.manage_roles, *INSTRUCTORS))
        if not reason.strip():
            raise Refused("reason-missing", _("Give a reason."), missing=("reason",))
        Recusal.objects.get_or_create(
            matter=act.matter, user=user,
            defaults={"ground": "interest", "created_by": actor, "created_at": act.now},
        )
        act.event("recused", data={"user": user.pk}, personal={"user": user.name, "reason": reason})
        granting.revoke(act.matter, user)
        if act.matter.handler_id == user.pk:
            act.set(handler=None)


def hand_over(*, post, successor, on, actor) -> None:
    """When a post ends, its holder's open matters in that unit go to the successor, or to nobody.

    The successor is told; without one they stand unassigned, and the head of the unit is told.
    """
    from .reminding import recipients_at

    heir = successor.user if successor is not None else None
    own = Matter.objects.open().filter(handler_id=post.user_id, unit__path__startswith=post.unit.path)
    for matter_id in own.order_by("pk").values_list("pk", flat=True):
        with passage(matter_id=matter_id, actor=None, origin="handover") as act:
            free = heir if heir is not None and not walled_user_ids(matter_id, [heir.pk]) else None
            act.set(handler=free)
            event = act.event(
                "handed_over" if free else "handler_released",
                data={"before": post.user_id, "after": free.pk if free else None, "by": getattr(actor, "pk", None)},
                personal={"before": post.user.name, "after": free.name if free else "", "user": post.user.name},
            )
            told = [free] if free else recipients_at(act.matter, ("unit_head",), timezone.localdate(act.now))
            for user in told:
                act.tell(user, "assigned" if free else "handler_released", key=f"{event.verb}:{event.pk}:{user.pk}")


def _task(act: Passage, kind, assignee, text: str, due_on: date | None) -> Assignment:
    if not text.strip():
        raise Refused("text-missing", _("Say what is to be done."), missing=("text",))
    if due_on is not None and due_on < timezone.localdate(act.now):
        raise Refused("day-in-the-past", _("The day lies in the past."), missing=("due_on",))
    granting.require_free(act.matter, assignee)
    granting.grant_if_blind(act.matter, assignee, ground="task")
    is_instruction = kind == Assignment.Kind.INSTRUCTION
    event = act.event(
        "instructed" if is_instruction else "task_given",
        data={"assignee": assignee.pk, "due_on": due_on.isoformat() if due_on else None},
        personal={"assignee": assignee.name, "text": text}, changes=False,
    )
    assignment = Assignment.objects.create(
        matter=act.matter, kind=kind, assignee=assignee, given_by=act.actor, text=text, due_on=due_on,
        given_at=act.now, event=event,
    )
    if assignee.pk != act.actor.pk:
        act.tell(assignee, event.verb, key=f"{event.verb}:{event.pk}", assignment=assignment)
    return assignment
