"""Whether the machine's time can be believed (时间校验), asked before anything is erased, ended or sealed by the clock.

A minute never lies further from the last one than a day, unless the portal was switched off or somebody set the
clock. From inside the two look alike, so both are asked about: what destroys waits, everything else goes on, and one
click of a system administrator who looked at a watch says that the time is right. A clock that is set back to where it
was ends the waiting by itself. The last time that was believed is kept here; what the database dates later (the newest
events and the last seal) counts too, so that a host whose clock is behind the others' is noticed.
"""
import functools
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import TimeWatch
from ..registry import Gauge, Refused, register_gauge
from ..visibility import current_roles
from .recording import record_change

_log = logging.getLogger(__name__)
MOST = timedelta(days=1)
# The row is written once a minute at most.
OFTEN = timedelta(minutes=1)


@dataclass(frozen=True)
class Witness:
    """What the database says of the time: `latest(after)` gives the highest id, and the latest time dated after one."""

    name: str
    latest: Callable[[int], tuple[int, datetime | None]]


WITNESSES: list[Witness] = []
# Called with the row and the verb of the change when the time is doubted, confirmed or right again.
LISTENERS: list[Callable[[TimeWatch, str], None]] = []


def is_right(now: datetime | None = None) -> bool:
    """Whether the time is believed; the first doubt is remembered, put on record and told."""
    now = now or timezone.now()
    with transaction.atomic():
        watch = _locked(now)
        if watch.held_at is not None:
            if abs(now - watch.held_from) > MOST:
                return False
            _believe(watch, now, "right_again", None, {})
            return True
        reference = max([watch.seen_at, *_dated(watch)])
        if abs(now - reference) > MOST:
            _doubt(watch, now, reference)
            return False
        if now - watch.seen_at > OFTEN:
            TimeWatch.objects.filter(pk=1).update(seen_at=now)
        return True


def confirm(*, actor, reason: str, now: datetime | None = None) -> TimeWatch:
    """A system administrator (or the command line) says that the time is right; what waited goes on.

    Refused: `not-permitted`, `time-not-doubted`, `reason-missing`.
    """
    if actor is not None and "system_admin" not in current_roles(actor):
        raise Refused("not-permitted", _("Your posts do not give you the right to do this."))
    if not reason.strip():
        raise Refused("reason-missing", _("Give a reason."), ["reason"])
    now = now or timezone.now()
    with transaction.atomic():
        watch = _locked(now)
        if watch.held_at is None:
            raise Refused("time-not-doubted", _("Nothing waits: the time is believed."))
        _believe(watch, now, "confirmed", actor, {"reason": reason.strip()})
        return watch


def current() -> TimeWatch | None:
    """The row, if the time was ever looked at."""
    return TimeWatch.objects.filter(pk=1).first()


def when_time_is_right(act):
    """Do it only while the time is believed, else nothing: 0."""

    @functools.wraps(act)
    def careful(*args, **kwargs):
        return act(*args, **kwargs) if is_right() else 0

    return careful


def _locked(now) -> TimeWatch:
    if not TimeWatch.objects.exists():
        TimeWatch.objects.bulk_create([TimeWatch(pk=1, seen_at=now, accepted=_known())], ignore_conflicts=True)
    return TimeWatch.objects.select_for_update().get(pk=1)


def _known() -> dict[str, int]:
    return {witness.name: witness.latest(0)[0] for witness in WITNESSES}


def _dated(watch) -> list[datetime]:
    dated = (witness.latest(watch.accepted.get(witness.name, 0))[1] for witness in WITNESSES)
    return [at for at in dated if at is not None]


def _doubt(watch, now, reference) -> None:
    watch.held_from, watch.held_at = reference, now
    watch.save(update_fields=["held_from", "held_at"])
    _log.warning("the time is doubted: it was %s, and is %s", reference.isoformat(), now.isoformat())
    _tell(watch, "doubted", None, {"from_at": reference.isoformat(), "to_at": now.isoformat()}, {})


def _believe(watch, now, verb, actor, personal) -> None:
    data = {"from_at": watch.held_from.isoformat(), "to_at": now.isoformat()}
    watch.seen_at, watch.accepted, watch.held_from, watch.held_at = now, _known(), None, None
    watch.save()
    _tell(watch, verb, actor, data, personal)


def _tell(watch, verb, actor, data, personal) -> None:
    record_change(subject_type="time", subject_id="1", verb=verb, actor=actor, data=data, personal=personal or None)
    for listener in LISTENERS:
        listener(watch, verb)


def register() -> None:
    """Have /metrics tell of it."""
    register_gauge(Gauge(
        "portal_time_doubted", "Whether what erases, ends or seals by the clock waits for an administrator.", (),
        lambda: [((), float(TimeWatch.objects.exclude(held_at=None).exists()))],
    ))
