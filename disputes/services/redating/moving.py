"""The fact that an act stands for moves with its corrected date; the clocks that rest on the fact follow."""
from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from governance.casework.models import Clock, Event
from governance.casework.services import timing
from governance.casework.services.recording import date_of
from governance.casework.workflow import Refused

from ...workflow.effects import start_of
from .order import DAYS, refuse_disorder
from .rows import AGREED, HEARD, row_of

CHECK, PERFORMANCE, CONFIRMATION = "dispute.performance_check", "dispute.performance", "dispute.confirmation"


def date_corrected(act, corrected) -> list[int]:
    """Move the fact, refuse an order that cannot be, and let the clocks that rest on the fact begin and end anew.

    Returns the ids of those clocks; what an act itself starts and stops is the kernel's. Refused: `dates-out-of-order`,
    `effective-before-agreed`, `instalment-not-overdue`.
    """
    event, row = corrected.event, row_of(corrected.event)
    day = timezone.localdate(corrected.after)
    if event.verb in HEARD:
        row.held_at = corrected.after
        row.save(update_fields=["held_at"])
    elif row is not None:
        was = getattr(row, DAYS[event.verb])
        setattr(row, DAYS[event.verb], day)
        further = _FURTHER.get(event.verb)
        names = further(row, was, day, corrected) if further is not None else ()
        row.save(update_fields=[DAYS[event.verb], *names])
    else:
        _move_fact_of_dispute(act, corrected, day)
    refuse_disorder(act.matter, corrected)
    if event.verb in (*AGREED, "change_agreement"):
        return list(_restarted(act, event))
    if event.verb == "record_default":
        _check_default(act.matter, day)
        return list(_settled_checks(act, corrected))
    return []


def _agreement(row, was, day, corrected) -> tuple:
    """It took effect on the same day, unless a later day was typed; what it replaced stands until its own day."""
    typed = corrected.beside.get("effective_on")
    if typed is not None:
        row.effective_on = typed[1]
    elif row.effective_on == was:
        row.effective_on = day
    if row.effective_on < day:
        raise Refused(
            "effective-before-agreed", _("It cannot take effect before it was agreed."), missing=("effective_on",)
        )
    row.matter.agreements.filter(replaced_on=was, pk__lt=row.pk).update(replaced_on=day)
    return ("effective_on",)


def _default(row, was, day, corrected) -> tuple:
    typed = corrected.beside.get("urged_on")
    if typed is not None:
        row.urged_on = typed[1]
    elif row.urged_on == was:
        row.urged_on = day
    return ("urged_on",)


def _change(row, was, day, corrected) -> tuple:
    """What it replaced stood until that day, what it brought counts from it."""
    rows = row.agreement.instalments
    rows.filter(replaced_on=was).update(replaced_on=day)
    rows.filter(counted_from=was).update(counted_from=day)
    return ()


def _application(row, was, day, corrected) -> tuple:
    """An oral agreement is written down with the application at the latest."""
    if row.agreement.written_down_on == was:
        row.agreement.written_down_on = day
        row.agreement.save(update_fields=["written_down_on"])
    return ()


_FURTHER = {
    **dict.fromkeys(AGREED, _agreement), "record_default": _default, "change_agreement": _change,
    "apply_confirmation": _application,
}


def _move_fact_of_dispute(act, corrected, day) -> None:
    """Days that stand on the dispute itself, and since when its mediators mediate."""
    event, dispute, was = corrected.event, act.matter.dispute, timezone.localdate(corrected.before)
    if "mediators_ids" in event.data:
        act.matter.mediators.filter(named_on=was, user__in=event.data["mediators_ids"]).update(named_on=day)
        act.matter.mediators.filter(withdrawn_on=was).update(withdrawn_on=day)
    if "rights_told_on" in corrected.beside:
        dispute.rights_told_on = corrected.beside["rights_told_on"][1]
    elif event.verb == "tell_rights" and dispute.rights_told_on == was:
        dispute.rights_told_on = day
    elif event.verb == "record_sender_reply":
        dispute.sender_replied_on = day
    elif event.verb == "record_police_report":
        dispute.police_told_at = corrected.after
    dispute.save(update_fields=["rights_told_on", "sender_replied_on", "police_told_at"])


def _restarted(act, event) -> Iterator[int]:
    """Confirmation and performance run from the day of effect, or of a written change; a check from the due day."""
    instalments = {str(row.pk): row for row in act.matter.instalments.select_related("agreement")}
    effects = {row.pk: row.effective_on for row in act.matter.agreements.all()}
    rules = [CONFIRMATION, PERFORMANCE, CHECK]
    for clock in Clock.objects.filter(matter=act.matter, started_event=event, rule__in=rules):
        row = instalments.get(clock.subject)
        if row is None:
            day = effects[event.data["agreement"]]
        elif clock.rule == CHECK:
            day = row.due_on
        else:
            day = max(effects[row.agreement_id], row.counted_from or effects[row.agreement_id])
        timing.move_start(act, clock, start_of(day))
        yield clock.pk


def _check_default(matter, day) -> None:
    """By that day something was overdue: not performed until then, or never."""
    current = matter.instalments.current().filter(due_on__lt=day)
    if not any(row.performed_on is None or row.performed_on >= day for row in current):
        raise Refused("instalment-not-overdue", _("Nothing that was agreed is overdue."), missing=("acted_at",))


def _settled_checks(act, corrected) -> Iterator[int]:
    """A default ends the checks of all that fell due by its day; what fell due later is checked by itself again."""
    due = {str(row.pk): row.due_on for row in act.matter.instalments.current()}
    for clock in Clock.objects.filter(matter=act.matter, rule=CHECK, subject__in=due):
        ends = _ends_of_check(act.matter, corrected, clock.subject, due[clock.subject])
        ended_by, at = next(ends, (None, None))
        yield clock.pk
        if (clock.stopped_event_id, clock.stopped_at) == (getattr(ended_by, "pk", None), at):
            continue
        clock.stopped_event, clock.stopped_at = ended_by, at
        clock.state = Clock.State.RUNNING if ended_by is None else Clock.State.STOPPED
        clock.save(update_fields=["stopped_event"])
        timing.recompute(act, clock)


def _ends_of_check(matter, corrected, subject: str, due_on) -> Iterator[tuple[Event, datetime]]:
    """The acts that would end the check of an instalment, each with its time; the one entered first did."""
    verbs = ("record_performance", "record_check", "record_default")
    for event in matter.events.filter(verb__in=verbs).order_by("seq"):
        at = corrected.after if event.pk == corrected.event.pk else date_of(event)
        if event.verb == "record_default":
            concerns = timezone.localdate(at) >= due_on
        else:
            concerns = event.data.get("instalment") == int(subject)
        if concerns:
            yield event, at
