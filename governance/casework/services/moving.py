"""Taking a step: the heart of the kernel (办理环节)."""
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from .. import registry
from ..models import Attachment, Grade, Matter
from ..workflow import Refused
from . import attaching, timing
from .door import Passage, check_acted_at, passage

# The rule that a colour set by a person bears.
BY_HAND = "by-hand"


def move(*, matter_id, step, actor, version=None, facts=None, reason="", acted_at=None, files=(), origin="web"):
    """Take a step of the kind's workflow; afterwards state, clocks, facts and timeline agree.

    `facts`: values for the kind's recorder; `files`: pairs (evidence code, uploaded file).
    Raises Refused: `stale`, `not-your-right`, `step-not-possible`, `reason-missing`, `evidence-missing`,
    `act-in-the-future`, and whatever the guards of the step refuse. Nothing is written then.
    """
    with passage(matter_id=matter_id, actor=actor, version=version, origin=origin) as act:
        take(act, step, facts=facts, reason=reason, acted_at=acted_at, files=files)
    return act.matter


def take(act: Passage, name: str, *, facts=None, reason="", acted_at=None, files=()) -> None:
    """Take a step inside an open act (services of case apps use it to chain a step to their facts)."""
    step = act.kind.workflow.step(name)
    _check_possible(act, step, reason)
    acted_at = check_acted_at(acted_at, act.now, reported_at=act.matter.reported_at)
    act.begin_step(acted_at, reason)
    stored = attaching.store_files(act, files)
    recorder = act.kind.recorders.get(name)
    if recorder is not None:
        recorder(act, facts or {})
    _check_evidence(act, step)
    for guard in step.guards:
        guard(act.matter, act.actor)
    before, was_open = act.matter.status, act.matter.is_open
    target = _target(act, step)
    _set_outcome(act, step)
    event = act.event(
        name,
        data={"before": before, "after": target, "files": [a.pk for a in stored], **act.event_data},
        personal=act.event_personal,
        acted_at=acted_at,
    )
    attaching.bind(stored, event)
    _apply_target(act, target, acted_at)
    timing.apply_step(act, step, event, was_open=was_open)
    _tell_reporter(act, event, was_open)
    for name_next, how in ([(step.then, {"acted_at": acted_at})] if step.then else []) + act.following:
        take(act, name_next, **how)
    regrade(act)


def regrade_aged(now=None) -> int:
    """Raise the colour of open matters that only got older, as their kind's rules say; returns how many.

    Index `matter_open_status`; a matter once raised is not looked at again.
    """
    now, raised = now or timezone.now(), 0
    for kind in registry.all_kinds():
        if kind.regrade_after_days is None:
            continue
        old = Matter.objects.open().filter(
            kind=kind.code, grade=Grade.GREEN, reported_at__lt=now - timedelta(days=kind.regrade_after_days)
        ).exclude(grade_rule=BY_HAND)
        for matter_id in old.order_by("pk").values_list("pk", flat=True):
            with passage(matter_id=matter_id, actor=None, origin="grading") as act:
                before = act.matter.grade
                regrade(act)
                if act.matter.grade != before:
                    act.event("grade_raised", data={"grade": act.matter.grade, "grade_before": before}, changes=False)
                    raised += 1
    return raised


def regrade(act: Passage) -> None:
    """Let the kind's rules name the grade; a grade that a person set by hand is only ever raised."""
    if act.kind.grade is None or not act.matter.is_open:
        return
    grade, rule = act.kind.grade(act.matter)
    order = {"": 0, "green": 1, "yellow": 2, "red": 3}
    if act.matter.grade_rule == BY_HAND and order[grade] <= order[act.matter.grade]:
        return
    act.set(grade=grade, grade_rule=rule)


def blocked(matter, actor, step) -> Refused | None:
    """Why a step cannot be taken now, by running its guards dry; None if nothing stands against it."""
    return _first_refusal((*step.conditions, *step.guards), matter, actor)


def steps_for(matter, user, *, roles) -> list:
    """The steps that the user may take now, in the order of the workflow."""
    kind = registry.get(matter.kind)
    return [
        step
        for step in kind.workflow.from_state(matter.status)
        if not step.hidden and roles & set(step.roles) and _first_refusal(step.conditions, matter, user) is None
    ]


def _check_possible(act: Passage, step, reason: str) -> None:
    if not act.kind.workflow.allows(step, act.matter.status):
        raise Refused(
            "step-not-possible",
            _("“%(step)s” is not possible while the matter is in the state “%(state)s”.")
            % {"step": step.label, "state": act.kind.state(act.matter.status).label},
        )
    act.require_role(step.roles)
    if step.reason_required and not reason.strip():
        raise Refused("reason-missing", _("Give a reason."), missing=("reason",))
    for condition in step.conditions:
        condition(act.matter, act.actor)


def _first_refusal(rules, matter, actor) -> Refused | None:
    for rule in rules:
        try:
            rule(matter, actor)
        except Refused as refusal:
            return refusal
    return None


def _check_evidence(act: Passage, step) -> None:
    for code in step.evidence:
        if not Attachment.objects.filter(matter=act.matter, evidence=code, removed_at=None).exists():
            label = act.kind.evidence.get(code, code)
            raise Refused(
                "evidence-missing", _("Attach the file: %(evidence)s.") % {"evidence": label}, missing=(code,)
            )


def _target(act: Passage, step) -> str:
    if not step.targets and step.choose is None:
        return act.matter.status
    chosen = step.choose(act.matter) if step.choose else step.targets[0]
    if chosen is not None and (chosen not in step.targets or act.matter.status in step.stays_in):
        raise ValueError(f"step {step.name!r} chose {chosen!r}, which it does not declare")
    return chosen or act.matter.status


def _set_outcome(act: Passage, step) -> None:
    outcome = step.outcome(act.matter) if callable(step.outcome) else step.outcome
    if outcome is not None:
        act.set(outcome=outcome)


def _tell_reporter(act: Passage, event, was_open: bool) -> None:
    """Whoever reported it learns that it is closed, or taken up again."""
    is_open = act.matter.is_open
    if was_open != is_open and act.matter.creator_id != getattr(act.actor, "pk", None):
        act.tell(act.matter.creator, "reopened" if is_open else "closed", key=f"reporter:{event.pk}")


def _apply_target(act: Passage, target: str, acted_at) -> None:
    """Set state, openness and closure times; the last closure counts, the first is kept."""
    matter, is_open = act.matter, act.kind.state(target).is_open
    act.set(last_moved_at=act.now)
    if matter.is_open and not is_open:
        act.set(closed_at=acted_at, first_closed_at=matter.first_closed_at or acted_at)
    elif not matter.is_open and is_open:
        act.set(closed_at=None)
    act.set(status=target, is_open=is_open)
