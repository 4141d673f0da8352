"""Notes and corrections (记录与更正): what was typed wrong is put right with a reason, and both stay on record."""
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import clocks
from ..models import Clock, DatedAct, Event, Grade, MatterUnit
from ..registry import CorrectedDate
from ..workflow import Refused
from . import opening, timing
from .door import Passage, check_acted_at, passage
from .moving import BY_HAND, regrade
from .parties import require_open

_RANK = {"": 0, Grade.GREEN: 1, Grade.YELLOW: 2, Grade.RED: 3}
CORRECTABLE = (
    "title", "description", "category", "unit", "address", "channel", "occurred_at", "is_confidential",
    "latitude", "longitude",
)


def note(*, matter_id, actor, text, origin="web") -> Event:
    """Add a note, also to a closed matter; whoever sees the matter may."""
    with passage(matter_id=matter_id, actor=actor, origin=origin) as act:
        if not act.roles:
            raise Refused("not-your-right", _("Your posts do not give you the right to do this here."))
        if not text.strip():
            raise Refused("text-missing", _("Write the note."), missing=("text",))
        return act.event("noted", personal={"text": text.strip()}, changes=False)


def correct_facts(*, matter_id, actor, version, values, facts=None, reason, origin="web"):
    """Correct what was entered wrong, with a reason; what stood there before is kept in the history.

    By the kind's clerks; by whoever reported it until it is accepted. Closed matters are not edited.
    """
    with passage(matter_id=matter_id, actor=actor, version=version, origin=origin) as act:
        require_open(act)
        reporter = ("reporter",) if act.matter.status == act.kind.workflow.initial else ()
        act.require_role((*act.kind.manage_roles, *reporter))
        if not reason.strip():
            raise Refused("reason-missing", _("Give a reason."), missing=("reason",))
        act.acted_at = act.now
        before = _correct_columns(act, values)
        if act.kind.correct_facts is not None and facts:
            before.update(act.kind.correct_facts(act, facts))
        if not before:
            raise Refused("nothing-corrected", _("Nothing was changed."))
        words = {key: value for key, value in before.items() if key in ("title", "description", "address")}
        act.event(
            "corrected",
            data={"columns": sorted(before), "before": {k: _plain(v) for k, v in before.items() if k not in words}},
            personal={**{f"before_{key}": value for key, value in words.items()}, "reason": reason},
        )
        regrade(act)
    return act.matter


def correct_date(*, event_id, actor, version, acted_at=None, beside=None, reason, origin="web"):
    """Correct the date of an act: the clocks that it started or stopped are computed anew, its fact moves along.

    `beside`: the kind's further typed days of the same act, by name. Refused: `act-in-the-future`,
    `date-not-correctable`, `stop-before-start`, `reason-missing`, `nothing-corrected`, and whatever the kind refuses.
    """
    wrong = Event.objects.select_related("matter").filter(pk=event_id).first()
    if wrong is None:
        raise Refused("event-not-found", _("There is no such entry."))
    with passage(matter_id=wrong.matter_id, actor=actor, version=version, origin=origin) as act:
        act.require_role((*act.kind.manage_roles, "handler"))
        if not (wrong.verb == "opened" or act.kind.workflow.has_step(wrong.verb)):
            raise Refused("date-not-correctable", _("The date of this entry cannot be corrected."))
        if not reason.strip():
            raise Refused("reason-missing", _("Give a reason."), missing=("reason",))
        corrected = _corrected(act, wrong, acted_at, beside or {})
        _move_dates(act, corrected)
        _refuse_before_report(act, corrected)
        _tell_corrected(act, corrected, reason)
    return act.matter


def _corrected(act: Passage, wrong: Event, acted_at, beside) -> CorrectedDate:
    """What changes; a form knows no seconds. Refused `act-in-the-future`, `nothing-corrected`."""
    before = date_of(wrong)
    same = acted_at is None or acted_at.replace(second=0, microsecond=0) == before.replace(second=0, microsecond=0)
    after = before if same else check_acted_at(acted_at, act.now)
    held = act.kind.days_beside(wrong) if act.kind.days_beside is not None else {}
    days = {name: (held[name], day) for name, day in beside.items() if name in held and day is not None}
    if any(day > timezone.localdate(act.now) for _was, day in days.values()):
        raise Refused("act-in-the-future", _("An act cannot be dated later than now."), missing=tuple(days))
    if same and not any(was != day for was, day in days.values()):
        raise Refused("nothing-corrected", _("Nothing was changed."))
    return CorrectedDate(wrong, before, after, days)


def _refuse_before_report(act: Passage, corrected: CorrectedDate) -> None:
    """Refused `act-before-report`, by the day, for a step moved before the report or a report moved behind a step."""
    reported_on = timezone.localdate(act.matter.reported_at)
    held = [corrected.after]
    if corrected.event.verb == "opened":
        steps = DatedAct.objects.filter(matter=act.matter, led_to__isnull=False).exclude(pk=corrected.event.pk)
        held = list(steps.order_by("held_at").values_list("held_at", flat=True)[:1])
    if any(timezone.localdate(at) < reported_on for at in held):
        raise Refused(
            "act-before-report", _("Nothing can have been done in a matter before the day on which it was reported."),
            missing=("acted_at",),
        )


def _tell_corrected(act: Passage, corrected: CorrectedDate, reason: str) -> None:
    about = {"event": corrected.event.pk, "verb": corrected.event.verb}
    if corrected.after != corrected.before:
        act.event(
            "date_corrected",
            data={**about, "from_at": corrected.before.isoformat(), "to_at": corrected.after.isoformat()},
            personal={"reason": reason}, acted_at=act.now,
        )
    for name, (before, day) in corrected.beside.items():
        if before == day:
            continue
        act.event(
            "day_corrected",
            data={**about, "day_name": name, "from_on": _plain(before), "to_on": day.isoformat()},
            personal={"reason": reason}, acted_at=act.now,
        )


def date_of(event: Event):
    """The date of an act as last corrected."""
    later = (
        Event.objects.filter(matter_id=event.matter_id, verb="date_corrected", data__event=event.pk)
        .order_by("-seq").first()
    )
    return timezone.datetime.fromisoformat(later.data["to_at"]) if later else event.acted_at


def set_grade(*, matter_id, actor, version, grade, reason, origin="web"):
    """Set the colour by hand, with a reason: raised at any time, lowered only after a revisit."""
    with passage(matter_id=matter_id, actor=actor, version=version, origin=origin) as act:
        require_open(act)
        act.require_role((*act.kind.manage_roles, "handler"))
        if grade not in Grade.values:
            raise Refused("grade-unknown", _("There is no such grade."), missing=("grade",))
        if not reason.strip():
            raise Refused("reason-missing", _("Give a reason."), missing=("reason",))
        lowers = _RANK[grade] < _RANK[act.matter.grade]
        if lowers and not (act.kind.affects_grade and act.kind.affects_grade(act.matter)):
            raise Refused("lowered-without-revisit", _("The grade is lowered only after a revisit."))
        before = act.matter.grade
        act.set(grade=grade, grade_rule=BY_HAND)
        act.event("grade_lowered" if lowers else "grade_raised", data={"grade": grade, "grade_before": before},
                  personal={"reason": reason})
    return act.matter


def _correct_columns(act: Passage, values) -> dict:
    """Set the columns that differ; what stood there before, by name."""
    values = dict(values)
    checks = {"category": act.kind.categories, "channel": act.kind.channels}
    for name, vocabulary in checks.items():
        if name in values and values[name] != getattr(act.matter, name):
            opening.check_term(vocabulary, values[name], name)
    opening.check_times(values.get("occurred_at", act.matter.occurred_at), act.matter.reported_at, act.now)
    if "description" in values and not values["description"].strip():
        raise Refused("description-missing", _("Say what happened."), missing=("description",))
    before = {}
    for name in CORRECTABLE:
        if name in values and values[name] != getattr(act.matter, name):
            before[name] = getattr(act.matter, name)
            act.set(**{name: values[name]})
    if "unit" in before:
        _keep_township(act)
    if "other_units" in values:
        before.update(_correct_other_units(act, values["other_units"]))
    return before


def _keep_township(act: Passage) -> None:
    """A matter keeps its number's township; another township is another matter."""
    if act.matter.unit.township_id != act.matter.township_id:
        raise Refused(
            "other-township", _("The place lies in another township. Void this entry and register it there."),
            missing=("unit",),
        )


def _correct_other_units(act: Passage, units) -> dict:
    wanted = {unit.pk for unit in units} - {act.matter.unit_id}
    held = set(act.matter.other_units.values_list("unit_id", flat=True))
    if wanted == held:
        return {}
    act.matter.other_units.exclude(unit_id__in=wanted).delete()
    MatterUnit.objects.bulk_create([MatterUnit(matter=act.matter, unit_id=pk) for pk in wanted - held])
    return {"other_units": sorted(held)}


def _move_dates(act: Passage, corrected: CorrectedDate) -> None:
    """Everything that rested on the wrong date now rests on the right one: the matter, the kind's fact, the clocks."""
    wrong, before, after = corrected.event, corrected.before, corrected.after
    for column in _columns_dated_by(act, wrong):
        if getattr(act.matter, column) == before:
            act.set(**{column: after})
    if act.matter.occurred_at is not None and act.matter.occurred_at > act.matter.reported_at:
        raise Refused("occurred-after-reported", _("It cannot have happened after it was received."))
    own = act.kind.date_corrected(act, corrected) if act.kind.date_corrected is not None else ()
    clocks_left = Clock.objects.filter(matter=act.matter).exclude(pk__in=own).select_related("started_event")
    for clock in clocks_left.filter(started_event=wrong, started_at=before):
        timing.move_start(act, clock, after)
    for clock in clocks_left.filter(stopped_event=wrong):
        _refuse_end_before_begin(clock, after)
        clock.stopped_at = after
        timing.recompute(act, clock)


def _columns_dated_by(act: Passage, event: Event) -> tuple[str, ...]:
    """The times of a matter that an act may have set: two acts of one hour do not move each other's."""
    if event.verb == "opened":
        return ("reported_at",)
    workflow, data = act.kind.workflow, event.data
    was, now = data.get("before", workflow.initial), data.get("after", workflow.initial)
    if not workflow.state(now).is_open:
        return ("closed_at", "first_closed_at") if workflow.state(was).is_open else ()
    return ("accepted_at",) if was == workflow.initial != now else ()


def _refuse_end_before_begin(clock: Clock, ended_at) -> None:
    """A clock may be made before it begins (a check, with its agreement) and end before that, but not before it is
    made; a clock in days knows no hour."""
    made_at = clock.started_at if clock.started_event is None else date_of(clock.started_event)
    begin = min(clock.started_at, made_at)
    by_day = not clocks.counts_instants(clocks.get_rule(clock.rule), clock.variant or None)
    if (timezone.localdate(ended_at) < timezone.localdate(begin)) if by_day else ended_at < begin:
        raise Refused("stop-before-start", _("It cannot have ended before it began."), missing=("acted_at",))


def _plain(value):
    """A value as JSON holds it."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return getattr(value, "pk", value) if not isinstance(value, (list, str, bool, int)) else value
