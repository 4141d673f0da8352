"""What cannot have come before what in a dispute (先后顺序), by days: a paper form knows no hour.

Only pairs of which one has just been moved are asked for, so that an old slip elsewhere does not stand in the way.
What is often learned late (performance, confirmation) is bound to its agreement, not to the states.
"""
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.casework.workflow import Refused

from ...workflow import WORKFLOW
from .rows import AGREED, ENDED, HEARD, row_of

AGREEMENT, CHANGE = gettext_lazy("Agreement"), gettext_lazy("Change of the agreement")
PERFORMED, CHECK = gettext_lazy("Performance"), gettext_lazy("Check of performance")
REPORT, RIGHTS, EFFECT = gettext_lazy("Report"), gettext_lazy("Rights and duties told"), gettext_lazy("Taking effect")
DUE, URGING = gettext_lazy("Day on which it is due"), gettext_lazy("Urging")
# The column that holds the day of an act; an act without one is dated by its own entry.
DAYS = {
    **dict.fromkeys(AGREED, "agreed_on"), **dict.fromkeys(ENDED, "ended_on"), "refer": "referred_on",
    "record_default": "recorded_on", "change_agreement": "changed_on", "record_revisit": "visited_on",
    "record_check": "checked_on",
    "record_performance": "performed_on", "apply_confirmation": "applied_on", "waive_confirmation": "waived_on",
    "decide_confirmation": "decided_on",
}
TELLING = ("tell_rights", "start", "start_on_the_spot")
ENDING = (*AGREED, *ENDED, "refer", "record_default")
TURNING = ("opened", "accept", "close", "reopen", "remediate")


@dataclass(frozen=True)
class Point:
    """A dated fact, and the act that wrote it; None for a day that no correction moves."""

    event_id: int | None
    name: object
    day: date | None


@dataclass(frozen=True)
class Entry:
    """An act as it stands after the correction: its row, and the point that it makes."""

    event: object
    row: object
    point: Point


def refuse_disorder(matter, corrected) -> None:
    """Refused `dates-out-of-order` if the corrected act now lies on the wrong side of another."""
    entries = list(_entries(matter, corrected))
    for earlier, later in (*_in_turn(matter, entries), *_under_agreements(matter, entries)):
        if corrected.event.pk not in (earlier.event_id, later.event_id) or None in (earlier.day, later.day):
            continue
        if later.day < earlier.day:
            raise Refused(
                "dates-out-of-order",
                _("“%(later)s” on %(later_day)s cannot lie before “%(earlier)s” on %(earlier_day)s.") % {
                    "later": later.name, "later_day": date_format(later.day, "DATE_FORMAT"),
                    "earlier": earlier.name, "earlier_day": date_format(earlier.day, "DATE_FORMAT"),
                }, missing=("acted_at",),
            )


def _entries(matter, corrected) -> Iterator[Entry]:
    """The steps that were taken, in the order in which they were entered."""
    dates = {
        event.data["event"]: datetime.fromisoformat(event.data["to_at"])
        for event in matter.events.filter(verb="date_corrected").order_by("seq")
    }
    dates[corrected.event.pk] = corrected.after
    for event in matter.events.order_by("seq"):
        if not WORKFLOW.has_step(event.verb) and event.verb != "opened":
            continue
        row = row_of(event)
        name = REPORT if event.verb == "opened" else WORKFLOW.step(event.verb).label
        held = timezone.localdate(dates.get(event.pk, event.acted_at))
        day = held if row is None or event.verb not in DAYS else getattr(row, DAYS[event.verb])
        yield Entry(event, row, Point(event.pk, name, day))


def _in_turn(matter, entries) -> Iterator[tuple[Point, Point]]:
    """States follow one another: report, acceptance, rights told, sessions, end, referral, closure, and anew.

    `floor` is what began the stretch, `stretch` what has come in it and leads on to what ends it. Sessions may have
    been entered in any order, but after the parties were told their rights.
    """
    reported = floor = next((entry.point for entry in entries if entry.event.verb == "opened"), None) or Point(
        None, REPORT, timezone.localdate(matter.reported_at)
    )
    told, stretch = None, []
    for entry in entries:
        verb, point = entry.event.verb, entry.point
        yield reported, point
        if verb in TELLING:
            told = Point(point.event_id, RIGHTS, matter.dispute.rights_told_on)
            yield floor, told
        if verb == "record_session" and told is not None:
            yield told, point
        if verb in (*ENDING, *TURNING):
            yield from ((before, point) for before in stretch)
        if verb in (*HEARD, *ENDING, *TURNING, *TELLING):
            yield floor, point
            stretch.append(point)
        if verb in TURNING:
            floor, stretch = point, []


def _under_agreements(matter, entries) -> Iterator[tuple[Point, Point]]:
    """What rests on an agreement: its effect, what is due and performed, changes, defaults, confirmation, closure."""
    by_row = {(entry.row._meta.model_name, entry.row.pk): entry.point for entry in entries if entry.row is not None}

    def point_of(row, name, day):
        """The act that wrote the row, or a day that nobody moves (out of an old ledger)."""
        return by_row.get((row._meta.model_name, row.pk)) or Point(None, name, day)

    agreements = {row.pk: point_of(row, AGREEMENT, row.agreed_on) for row in matter.agreements.all()}
    for row in matter.agreements.all():
        yield agreements[row.pk], Point(agreements[row.pk].event_id, EFFECT, row.effective_on)
    changes = {}
    for row in matter.agreement_changes.all():
        changes[row.agreement_id, row.changed_on] = point_of(row, CHANGE, row.changed_on)
        yield agreements[row.agreement_id], changes[row.agreement_id, row.changed_on]
    for row in matter.instalments.all():
        made = changes.get((row.agreement_id, row.counted_from), agreements[row.agreement_id])
        yield made, Point(None, DUE, row.due_on)
        yield agreements[row.agreement_id], point_of(row, PERFORMED, row.performed_on)
    for row in matter.performance_checks.select_related("instalment"):
        yield Point(None, DUE, row.instalment.due_on), point_of(row, CHECK, row.checked_on)
    for row in matter.defaults.all():
        recorded = point_of(row, PERFORMED, row.recorded_on)
        yield agreements[row.agreement_id], recorded
        yield Point(recorded.event_id, URGING, row.urged_on), recorded
    yield from _confirmations(matter, entries, agreements)
    yield from _closed_as_performed(entries)


def _confirmations(matter, entries, agreements) -> Iterator[tuple[Point, Point]]:
    """Applied for after the agreement took effect, waived after it was made, decided after it was applied for."""
    acts = {
        (entry.event.verb, entry.row.pk): entry.point
        for entry in entries if entry.row is not None and entry.row._meta.model_name == "confirmation"
    }
    for row in matter.confirmations.select_related("agreement"):
        agreement = agreements[row.agreement_id]
        applied = acts.get(("apply_confirmation", row.pk), Point(None, EFFECT, row.applied_on))
        yield Point(agreement.event_id, EFFECT, row.agreement.effective_on), applied
        if ("waive_confirmation", row.pk) in acts:
            yield agreement, acts["waive_confirmation", row.pk]
        if ("decide_confirmation", row.pk) in acts:
            yield applied, acts["decide_confirmation", row.pk]


def _closed_as_performed(entries) -> Iterator[tuple[Point, Point]]:
    """What was closed because everything is performed was not closed before that."""
    performed = []
    for entry in entries:
        if entry.event.verb == "record_performance" and entry.row is not None:
            performed.append(entry.point)
        elif entry.event.verb == "close" and entry.event.data.get("before") == "performed":
            yield from ((point, entry.point) for point in performed)
        elif entry.event.verb in AGREED:
            performed = []
