"""Starting, stopping, pausing and extending clocks (时限); due dates are always recomputed from stored facts."""
from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import clocks
from ..models import Clock, Event, Extension, LocalLength, Pause
from ..workflow import ClockStart, Refused
from . import reminding
from .arranging import working_calendar
from .door import Passage, check_acted_at, passage


def start_clock(act: Passage, start: ClockStart, event: Event) -> Clock | None:
    """Start a clock, frozen with the rule's version and the length in force on that day.

    Does nothing if the same clock (rule and subject) already runs.
    """
    rule = clocks.get_rule(start.code)
    if _live(act, start.code, start.subject):
        return None
    started_at = start.at or event.acted_at
    clock = Clock(
        matter=act.matter, rule=rule.code, rule_version=rule.version, variant=start.variant,
        subject=start.subject, bearer=rule.bearer.value, is_local=rule.is_local,
        length=start.length or _local_length(act.matter.township_id, rule, start.variant, started_at),
        agreed_on=start.due_on, started_at=started_at, started_event=event,
    )
    _compute(clock, rule)
    clock.save()
    act.live_clocks.append(clock)
    act.clocks_touched = True
    return clock


def stop_clock(act: Passage, code: str, event: Event, *, subject=None, at=None) -> None:
    """Stop the running clock of this rule (and subject) at the time of the act."""
    for clock in _live(act, code, subject):
        _end(act, clock, Clock.State.STOPPED, at or event.acted_at, event)


def end_as_moot(act: Passage, code: str, event: Event, *, subject=None) -> None:
    """End a clock that a step made pointless."""
    for clock in _live(act, code, subject):
        _end(act, clock, Clock.State.MOOT, event.acted_at, event)


def apply_step(act: Passage, step, event: Event, *, was_open: bool) -> None:
    """The clock effects of a step: stops, moots, starts, and the end of all but survivors at closing."""
    for code in step.stops:
        stop_clock(act, code, event)
    for code in step.moots:
        end_as_moot(act, code, event)
    for code, subject in act.clock_stops:
        stop_clock(act, code, event, subject=subject)
    for code, subject in act.clock_moots:
        end_as_moot(act, code, event, subject=subject)
    if was_open and not act.matter.is_open:
        end_at_closing(act, event)
    start_all(act, step.starts, event)


def end_at_closing(act: Passage, event: Event) -> None:
    """End as moot all clocks but those that survive the closing of their matter."""
    for clock in list(act.live_clocks):
        if not clocks.get_rule(clock.rule).survives_closing:
            _end(act, clock, Clock.State.MOOT, event.acted_at, event)


def still_running(start: ClockStart, now, *, township_id: int) -> Clock | None:
    """The clock that a past act started, unsaved; None if its end has passed.

    What ran out before a matter came into the portal is history, not a duty.
    """
    rule = clocks.get_rule(start.code)
    started_at = start.at or now
    clock = Clock(
        rule=rule.code, rule_version=rule.version, variant=start.variant, subject=start.subject,
        bearer=rule.bearer.value, is_local=rule.is_local, agreed_on=start.due_on, started_at=started_at,
        length=start.length or _local_length(township_id, rule, start.variant, started_at),
    )
    _compute(clock, rule)
    return clock if clock.due_at is not None and clock.due_at > now else None


def start_all(act: Passage, entries, event: Event) -> None:
    """Start clocks named by code, by ClockStart, or by a function of the matter."""
    for entry in entries:
        if callable(entry):
            start_all(act, entry(act.matter, event.acted_at), event)
        elif isinstance(entry, ClockStart):
            start_clock(act, entry, event)
        else:
            start_clock(act, ClockStart(entry), event)


def pause_clock(*, matter_id, clock_id, actor, version, reason, started_at=None, files=(), origin="web") -> Clock:
    """Pause a clock whose rule allows it, with the evidence it asks for. Refused: `pause-not-allowed`."""
    from . import attaching

    with passage(matter_id=matter_id, actor=actor, version=version, origin=origin) as act:
        clock, rule = _clock_of(act, clock_id)
        if rule.pause is None or clock.state != Clock.State.RUNNING:
            raise Refused("pause-not-allowed", _("This clock cannot be paused."))
        act.require_role(_managers(act))
        started_at = check_acted_at(started_at, act.now)
        if started_at < clock.started_at:
            raise Refused("pause-before-start", _("A pause cannot begin before its clock."))
        stored = attaching.store_files(act, files)
        if not stored:
            raise Refused("evidence-missing", _("Attach the paper that the pause rests on."), missing=("file",))
        event = act.event(
            "clock_paused", data={"clock": clock.pk, "rule": rule.code},
            personal={"reason": reason}, acted_at=started_at,
        )
        attaching.bind(stored, event)
        Pause.objects.create(clock=clock, started_at=started_at, event=event)
        recompute(act, clock)
    return clock


def resume_clock(*, matter_id, clock_id, actor, version, ended_at=None, origin="web") -> Clock:
    """Resume a paused clock; its end moves by the pause's own length."""
    with passage(matter_id=matter_id, actor=actor, version=version, origin=origin) as act:
        clock, rule = _clock_of(act, clock_id)
        act.require_role(_managers(act))
        ended_at = check_acted_at(ended_at, act.now)
        pause = clock.pauses.filter(ended_at=None).first()
        if pause is None:
            raise Refused("clock-not-paused", _("This clock is not paused."))
        if ended_at < pause.started_at:
            raise Refused("pause-ends-before-start", _("A pause cannot end before it began."))
        pause.ended_at = ended_at
        pause.save(update_fields=["ended_at"])
        act.event(
            "clock_resumed", data={"clock": clock.pk, "rule": rule.code}, acted_at=ended_at
        )
        recompute(act, clock)
    return clock


def propose_extension(
    *, matter_id, clock_id, actor, version, days, reason, consents=(), files=(), origin="web"
) -> Extension:
    """Propose an extension; the head of the unit is told. Refused: `extension-not-allowed`,
    `extension-too-long`, `extension-too-late`, `extension-used-up`, `consent-missing`."""
    from . import attaching

    with passage(matter_id=matter_id, actor=actor, version=version, origin=origin) as act:
        clock, rule = _clock_of(act, clock_id)
        act.require_role(_managers(act))
        check_extension(clock, rule, days=days, consents=consents, now=act.now)
        if not reason.strip():
            raise Refused("reason-missing", _("Give a reason."), missing=("reason",))
        stored = attaching.store_files(act, files)
        event = act.event(
            "extension_proposed",
            data={"clock": clock.pk, "rule": rule.code, "days": days},
            personal={"reason": reason},
        )
        attaching.bind(stored, event)
        for head in reminding.recipients_at(act.matter, ("unit_head",), timezone.localdate(act.now)):
            act.tell(head, "extension_proposed", key=f"extension_proposed:{event.pk}")
        return Extension.objects.create(
            clock=clock, days=days, consents=list(consents), proposed_by=actor, event=event
        )


def decide_extension(*, matter_id, extension_id, actor, version, approve: bool, reason="", origin="web"):
    """Approve or refuse a proposed extension; who proposed it is told, and may not decide it (`own-proposal`)."""
    with passage(matter_id=matter_id, actor=actor, version=version, origin=origin) as act:
        extension = Extension.objects.select_related("clock").get(pk=extension_id, clock__matter=act.matter)
        rule = clocks.get_rule(extension.clock.rule)
        act.require_role(("unit_head", "leader"))
        if extension.state != Extension.State.PROPOSED:
            raise Refused("extension-decided", _("This extension is already decided."))
        if extension.proposed_by_id == actor.pk:
            raise Refused("own-proposal", _("Somebody else has to decide what you proposed."))
        if approve:
            check_extension(
                extension.clock, rule, days=extension.days, consents=extension.consents, now=act.now
            )
        extension.state = Extension.State.APPROVED if approve else Extension.State.REFUSED
        extension.decided_by, extension.decided_at = actor, act.now
        extension.save(update_fields=["state", "decided_by", "decided_at"])
        event = act.event(
            "extension_approved" if approve else "extension_refused",
            data={"clock": extension.clock_id, "rule": rule.code, "days": extension.days},
            personal={"reason": reason},
        )
        act.tell(extension.proposed_by, event.verb, key=f"{event.verb}:{event.pk}")
        recompute(act, extension.clock)
    return extension


def check_extension(clock: Clock, rule, *, days: int, consents, now) -> None:
    """Refused unless the rule's policy allows this extension now."""
    policy = rule.extension
    if policy is None or not policy.is_decided or clock.state != Clock.State.RUNNING:
        raise Refused("extension-not-allowed", _("This clock cannot be extended."))
    if days < 1 or (policy.max_days is not None and days > policy.max_days):
        raise Refused(
            "extension-too-long", _("At most %(days)s days are allowed.") % {"days": policy.max_days}
        )
    approved = [e for e in clock.extensions.all() if e.state == Extension.State.APPROVED]
    if policy.max_times is not None and len(approved) >= policy.max_times:
        raise Refused("extension-used-up", _("This clock has been extended as often as the rule allows."))
    missing = tuple(code for code in policy.requires if "consent" in code and code not in consents)
    if missing:
        raise Refused("consent-missing", _("Record the consent that the rule asks for."), missing=missing)
    if clock.due_at is not None and clock.due_at < now:
        raise Refused("extension-too-late", _("The clock has already run out; it can no longer be extended."))


def recompute(act: Passage, clock: Clock) -> None:
    """Compute a clock's end anew from its stored facts and save it."""
    _compute(clock, clocks.get_rule(clock.rule))
    clock.save(update_fields=[
        "state", "due_on", "due_at", "is_provisional", "started_at", "stopped_at", "agreed_on", "remind_at",
    ])
    act.clocks_touched = True
    act.forget_live_clocks()


def move_start(act: Passage, clock: Clock, started_at) -> None:
    """Let a clock begin at another time; a window that lapsed runs again, and lapses anew if its end has passed."""
    clock.started_at = started_at
    if clock.state == Clock.State.LAPSED:
        clock.state, clock.stopped_at, clock.stopped_event = Clock.State.RUNNING, None, None
        clock.save(update_fields=["stopped_event"])
    recompute(act, clock)


def due_of(clock: Clock, calendar=None) -> "clocks.Due":
    """The end of a clock as its rule and stored facts give it; pure apart from reading its pauses."""
    rule = clocks.get_rule(clock.rule)
    pauses, extend_days = _pauses(clock, rule), _extended_days(clock)
    return clocks.due(
        rule, start=timezone.localtime(clock.started_at), length=clock.length,
        variant=clock.variant or None, due_on=clock.agreed_on, pauses=pauses, extend_days=extend_days,
        calendar=calendar or working_calendar(),
    )


def why(clock: Clock) -> str:
    """The sentence that says why a clock ends on that day, with the article."""
    rule = clocks.get_rule(clock.rule)
    return clocks.explain(
        rule, start=timezone.localtime(clock.started_at), length=clock.length,
        variant=clock.variant or None, due_on=clock.agreed_on, pauses=_pauses(clock, rule),
        extend_days=_extended_days(clock), calendar=working_calendar(),
    )


def _compute(clock: Clock, rule) -> None:
    due = due_of(clock)
    clock.due_on, clock.due_at, clock.is_provisional = due.due_on, due.due_at, due.provisional
    if clock.state in (Clock.State.RUNNING, Clock.State.PAUSED):
        clock.state = Clock.State.PAUSED if due.paused_since else Clock.State.RUNNING
    clock.remind_at = reminding.next_moment(clock, rule) if clock.state == Clock.State.RUNNING else None


def _pauses(clock: Clock, rule) -> tuple:
    """Pauses in the rule's grain: whole days for day clocks, instants for hour clocks."""
    if clock.pk is None:
        return ()
    by_instant = clocks.counts_instants(rule, clock.variant)

    def grain(instant):
        if instant is None:
            return None
        local = timezone.localtime(instant)
        return local if by_instant else local.date()

    return tuple(clocks.Pause(grain(p.started_at), grain(p.ended_at)) for p in clock.pauses.all())


def _extended_days(clock: Clock) -> int:
    if clock.pk is None:
        return 0
    return sum(e.days for e in clock.extensions.all() if e.state == Extension.State.APPROVED)


def _local_length(township_id: int, rule, variant: str, started_at) -> int | None:
    if not rule.is_local:
        return None
    row = LocalLength.objects.filter(
        rule=rule.code, variant=variant, township_id=township_id,
        from_on__lte=timezone.localdate(started_at),
    ).order_by("-from_on").first()
    return row.length if row else None


def _live(act: Passage, code: str, subject=None) -> list[Clock]:
    return [
        clock for clock in act.live_clocks if clock.rule == code and (subject is None or clock.subject == subject)
    ]


def _end(act: Passage, clock: Clock, state: str, at, event: Event) -> None:
    """End a clock; a paused one gets its due time back, computed with the pause closed."""
    if clock.state == Clock.State.PAUSED:
        clock.pauses.filter(ended_at=None).update(ended_at=at)
        due = due_of(Clock.objects.get(pk=clock.pk))
        clock.due_on, clock.due_at = due.due_on, due.due_at
    clock.state, clock.stopped_at, clock.stopped_event = state, at, event
    clock.save(update_fields=["state", "stopped_at", "stopped_event", "due_on", "due_at"])
    act.clocks_touched = True
    act.live_clocks[:] = [live for live in act.live_clocks if live.pk != clock.pk]


def _clock_of(act: Passage, clock_id: int):
    clock = Clock.objects.filter(matter=act.matter, pk=clock_id).first()
    if clock is None:
        raise Refused("clock-not-found", _("There is no such clock."))
    return clock, clocks.get_rule(clock.rule)


def _managers(act: Passage) -> tuple[str, ...]:
    """Who may pause and propose extensions: the kind's clerks and the handler."""
    return tuple({*act.kind.manage_roles, "handler"})


def recompute_by_calendar(*, since: date | None = None) -> int:
    """Compute ends anew that rest on the calendar: provisional ones and, given a day, all that end on it or later.

    Whoever handles the matter is told of each end that moved, of residents' windows too; returns how many moved.
    """
    affected = Q(is_provisional=True)
    if since is not None:
        affected |= Q(due_at__gte=timezone.make_aware(datetime.combine(since, time.min)))
    waiting = Clock.objects.running().filter(affected).order_by("matter_id", "pk")
    calendar, moved = working_calendar(), 0
    for clock in waiting.prefetch_related("pauses", "extensions").iterator(chunk_size=500):
        due = due_of(clock, calendar)
        if (due.due_at, due.provisional) != (clock.due_at, clock.is_provisional):
            moved += _move_by_calendar(clock.pk, clock.matter_id)
    return moved


def _move_by_calendar(clock_id: int, matter_id: int) -> bool:
    with passage(matter_id=matter_id, actor=None, origin="calendar") as act:
        clock = Clock.objects.running().filter(pk=clock_id).first()
        if clock is None:
            return False
        before = clock.due_on, clock.due_at
        recompute(act, clock)
        if clock.due_at == before[1]:
            return False
        days = {"from_on": before[0].isoformat(), "to_on": clock.due_on.isoformat()} if before[0] else {
            "from_at": before[1].isoformat(), "to_at": clock.due_at.isoformat()}
        event = act.event("calendar_moved", data={"clock": clock.pk, "rule": clock.rule, **days})
        for person in reminding.recipients_at(act.matter, ("handler",), timezone.localdate(act.now)):
            act.tell(person, "calendar_moved", key=f"calendar_moved:{event.pk}")
        return True


def lapse_windows(now=None) -> int:
    """End windows of residents whose last day has passed: a right that lapses by itself (期间届满)."""
    now, lapsed = now or timezone.now(), 0
    over = Clock.objects.running().filter(bearer="window", due_at__lte=now).order_by("matter_id")
    for clock_id, matter_id in over.values_list("pk", "matter_id"):
        with passage(matter_id=matter_id, actor=None, origin="calendar") as act:
            clock = Clock.objects.running().filter(pk=clock_id).first()
            if clock is None:
                continue
            event = act.event("window_lapsed", data={"clock": clock.pk, "rule": clock.rule}, acted_at=clock.due_at)
            _end(act, clock, Clock.State.LAPSED, clock.due_at, event)
            lapsed += 1
    return lapsed
