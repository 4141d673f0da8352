"""How long a closed matter is kept, and what keeps it longer (保管期限).

The kind says it for each outcome, a township may set another length as data, on record and with its auditors told.
A shorter one binds after thirty days at the earliest, so that nothing goes overnight that somebody still needs.
"""
import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.organisation.models import Post, Role
from governance.organisation.services.recording import record_change
from governance.organisation.visibility import require_unit

from .. import registry
from ..models import Clock, Matter, RetentionHold, RetentionPeriod
from ..workflow import Refused
from .door import passage
from .notifying import tell

SHORTER_AFTER_DAYS = 30
TOLD_BEFORE_DAYS = 30

registry.register_message(registry.MessageKind(
    "retention_changed", gettext_lazy("How long matters are kept was changed; the change log says how."),
    "casework:retention",
))


@dataclass(frozen=True)
class Keeping:
    """How long something is kept (保管期限): in years, None for good; by which rule; whether the township set it."""

    years: int | None
    source: object
    is_own: bool = False

    def ends_on(self, closed_on: date) -> date | None:
        """The last day on which it is kept; the same day of a later year, of a 29 February the month's last."""
        if self.years is None:
            return None
        year = closed_on.year + self.years
        return date(year, closed_on.month, min(closed_on.day, calendar.monthrange(year, closed_on.month)[1]))


class Keepings:
    """The lengths in force on a day, read once (one query)."""

    def __init__(self, day: date | None = None):
        rows = RetentionPeriod.objects.filter(from_on__lte=day or timezone.localdate()).order_by("from_on")
        self._own = {(row.township_id, row.kind, row.outcome): row.years for row in rows}

    def of(self, *, township_id: int, kind: str, outcome: str) -> Keeping:
        """What holds for a matter: its own outcome before any outcome, the township's word before the kind's."""
        declared = {one.outcome: one for one in registry.get(kind).retention}
        for key in dict.fromkeys((outcome, "")):
            if (township_id, kind, key) in self._own:
                return Keeping(self._own[township_id, kind, key], _("set by the township"), is_own=True)
            if key in declared:
                return Keeping(declared[key].years, declared[key].source)
        return Keeping(None, _("no length of keeping is set"))

    def ended(self, day: date) -> Q:
        """The condition under which a closed matter has been kept to its end before a day."""
        condition = Q(pk__in=())
        for kind in registry.all_kinds():
            own = {township for township, code, _outcome in self._own if code == kind.code}
            for township_id in (None, *sorted(own)):
                there = ~Q(township_id__in=own) if township_id is None else Q(township_id=township_id)
                condition |= Q(kind=kind.code) & there & self._ended_there(kind, township_id, day)
        return condition

    def _ended_there(self, kind, township_id, day: date) -> Q:
        named = {one.outcome for one in kind.retention if one.outcome}
        named |= {outcome for township, code, outcome in self._own if (township, code) == (township_id, kind.code)}
        named -= {""}
        condition = Q(pk__in=())
        for outcome in (*sorted(named), ""):
            years = self.of(township_id=township_id, kind=kind.code, outcome=outcome).years
            if years is not None and years < day.year:
                which = Q(outcome=outcome) if outcome else ~Q(outcome__in=named)
                condition |= which & Q(closed_at__lt=_midnight(_years_before(day - timedelta(days=1), years)))
        return condition


def _years_before(day: date, years: int) -> date:
    """The day after the last one from which so many years have passed by the end of ``day``."""
    year = day.year - years
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1])) + timedelta(days=1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@transaction.atomic
def set_period(*, actor, township, kind: str, outcome: str, years: int | None, from_on: date) -> RetentionPeriod:
    """Set a township's own length; its auditors are told. Past matters count from it too, from that day on.

    Refused: `unit-not-found`, `kind-unknown`, `outcome-unknown`, `day-in-the-past`, `shorter-too-soon`.
    """
    require_unit(actor, township, "township")
    declared = next((one for one in registry.all_kinds() if one.code == kind), None)
    if declared is None:
        raise Refused("kind-unknown", _("There is no such kind of matter."), missing=("kind",))
    if outcome and outcome not in {term.code for term in declared.outcomes.terms}:
        raise Refused("outcome-unknown", _("There is no such outcome."), missing=("outcome",))
    today = timezone.localdate()
    if from_on < today:
        raise Refused("day-in-the-past", _("The day lies in the past."), missing=("from_on",))
    before = Keepings(from_on).of(township_id=township.pk, kind=kind, outcome=outcome).years
    is_shorter = years is not None and (before is None or years < before)
    if is_shorter and from_on < today + timedelta(days=SHORTER_AFTER_DAYS):
        raise Refused(
            "shorter-too-soon",
            _("A shorter length binds after %(days)s days at the earliest, so that what is still needed can be held.")
            % {"days": SHORTER_AFTER_DAYS},
            missing=("from_on",),
        )
    row, _created = RetentionPeriod.objects.update_or_create(
        township=township, kind=kind, outcome=outcome, from_on=from_on, defaults={"years": years}
    )
    change = record_change(
        subject_type="retention", subject_id=f"{kind}.{outcome}.{township.code}", verb="set", actor=actor,
        data={"before": before, "years": years, "from_on": from_on.isoformat()},
    )
    posts = Post.objects.on(today).reaching(township).with_role(Role.AUDITOR.value).select_related("user")
    tell({post.user for post in posts}, "retention_changed", key=f"retention:{change.pk}", data={})
    return row


def hold(*, matter_id, actor, reason: str, until_on: date | None = None, origin="web") -> RetentionHold:
    """Keep a closed matter longer, with a reason: for a lawsuit, an inspection. Refused: `held-already`."""
    with passage(matter_id=matter_id, actor=actor, origin=origin) as act:
        act.require_role((*act.kind.manage_roles, "office"))
        _require_reason(reason)
        if until_on is not None and until_on <= timezone.localdate(act.now):
            raise Refused("day-in-the-past", _("The day lies in the past."), missing=("until_on",))
        if RetentionHold.objects.filter(matter=act.matter, released_at=None).exists():
            raise Refused("held-already", _("It is kept longer already."))
        row = RetentionHold.objects.create(
            matter=act.matter, until_on=until_on, set_by=act.actor, set_at=act.now
        )
        act.event("hold_set", data={"hold": row.pk, "until_on": until_on.isoformat() if until_on else None},
                  personal={"reason": reason}, changes=False)
    return row


def release(*, matter_id, actor, reason: str, origin="web") -> None:
    """Keep a matter no longer than others. Refused: `hold-not-found`."""
    with passage(matter_id=matter_id, actor=actor, origin=origin) as act:
        act.require_role((*act.kind.manage_roles, "office"))
        _require_reason(reason)
        row = RetentionHold.objects.filter(matter=act.matter, released_at=None).first()
        if row is None:
            raise Refused("hold-not-found", _("It is not kept longer."))
        row.released_at = act.now
        row.save(update_fields=["released_at"])
        act.event("hold_released", data={"hold": row.pk}, personal={"reason": reason}, changes=False)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("reason-missing", _("Give a reason."), missing=("reason",))


def waiting_for_end(rows, day: date):
    """Of closed matters those whose end nothing holds up: no hold, no live clock, no open matter of the same affair."""
    held = RetentionHold.objects.filter(
        Q(until_on=None) | Q(until_on__gte=day), matter=OuterRef("pk"), released_at=None
    )
    alive = Clock.objects.filter(matter=OuterRef("pk")).live()
    together = Matter.objects.filter(affair_id=OuterRef("affair_id"), is_open=True)
    return rows.filter(
        ~Exists(held), ~Exists(alive), ~Exists(together), is_open=False, closed_at__isnull=False, tombstone=None
    )


def ended(day: date | None = None, *, rows=None):
    """Closed matters of which nothing needs to be kept any more on a day, longest closed first (one query more).

    Index `matter_closed`.
    """
    day = day or timezone.localdate()
    found = waiting_for_end(Matter.objects.all() if rows is None else rows, day)
    return found.filter(Keepings(day).ended(day)).order_by("closed_at", "pk")
