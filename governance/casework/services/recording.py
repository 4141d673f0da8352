"""Notes and corrections (记录与更正): what was typed wrong is put right with a reason, and both stay on record."""
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import Clock, Event, Grade, MatterUnit
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


def correct_date(*, event_id, actor, version, acted_at, reason, origin="web"):
    """Correct the date of an act: the clocks that it started or stopped are computed anew.

    Refused: `act-in-the-future`, `date-not-correctable`, `stop-before-start`, `reason-missing`.
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
        check_acted_at(acted_at, act.now)
        before = date_of(wrong)
        _move_dates(act, wrong, before, acted_at)
        act.event(
            "date_corrected",
            data={"event": wrong.pk, "verb": wrong.verb, "from_at": before.isoformat(), "to_at": acted_at.isoformat()},
            personal={"reason": reason}, acted_at=act.now,
        )
    return act.matter


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


def _move_dates(act: Passage, wrong: Event, before, after) -> None:
    """Everything that rested on the wrong date now rests on the right one."""
    for clock in Clock.objects.filter(matter=act.matter, started_event=wrong, started_at=before):
        clock.started_at = after
        timing.recompute(act, clock)
    for clock in Clock.objects.filter(matter=act.matter, stopped_event=wrong):
        if after < clock.started_at:
            raise Refused("stop-before-start", _("It cannot have ended before it began."), missing=("acted_at",))
        clock.stopped_at = after
        timing.recompute(act, clock)
    for column in ("reported_at", "accepted_at", "closed_at", "first_closed_at"):
        if getattr(act.matter, column) == before:
            act.set(**{column: after})
    if act.matter.occurred_at is not None and act.matter.occurred_at > act.matter.reported_at:
        raise Refused("occurred-after-reported", _("It cannot have happened after it was received."))
    if act.kind.date_corrected is not None:
        act.kind.date_corrected(act, wrong, after)


def _plain(value):
    """A value as JSON holds it."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return getattr(value, "pk", value) if not isinstance(value, (list, str, bool, int)) else value
