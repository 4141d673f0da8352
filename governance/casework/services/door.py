"""The one write door (写入口): every act on a matter passes here, and nothing else writes it.

The door locks the row, checks sight, version and right, writes the timeline event in the same
transaction, keeps the derived columns true, and puts messages into the outbox.
"""
import secrets
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db import OperationalError, transaction
from django.db.models import Exists, Min, OuterRef, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance import trouble
from governance.organisation import chain

from .. import registry
from ..models import Clock, Event, EventPersonal, Matter, MatterUnit, Tombstone
from ..querysets import show_others
from ..sentences import sentence
from ..visibility import Sight, roles_of
from ..workflow import Refused
from .indexing import reindex
from .webhooks import announcing


class Stale(Refused):
    """Somebody changed the matter meanwhile; `missing` holds what changed, in sentences."""

    def __init__(self, changes):
        super().__init__(
            "stale",
            _("Somebody else has changed this matter meanwhile. Your text is kept; read what changed and send again."),
            missing=tuple(changes),
        )


class Passage:
    """One act on one locked matter. Made by `passage` and by `opening.open_matter` only."""

    def __init__(self, matter: Matter, actor, *, origin: str = "", now: datetime | None = None):
        self.matter = matter
        self.actor = actor
        self.origin = origin
        self.now = now or timezone.now()
        self.kind = registry.get(matter.kind)
        self.sight = Sight.of(actor, fresh=True) if actor is not None else None
        self.roles: set[str] = set()
        self.used_roles: set[str] = set()
        self.clocks_touched = False
        self.text_touched = False
        self.acted_at = self.now
        self.event_data: dict = {}
        self.event_personal: dict = {}
        self.clock_stops: list[tuple[str, str]] = []
        self.clock_moots: list[tuple[str, str]] = []
        self.following: list[tuple[str, dict]] = []
        self.written_files: list = []
        self._changed: set[str] = set()
        self._version_taken = False
        self._before = None if matter.pk is None else announcing.state_of(matter)
        self._last_event_id: int | None = None
        self._hash: str | None = "" if matter.event_count == 0 else None

    def enter(self) -> None:
        """Read, under the lock, whether the actor sees the matter, in which roles, and where its history ends.

        Refused `matter-not-found` if they do not see it, `matter-anonymised`. One query.
        """
        seen = Matter.objects.all() if self.actor is None else Matter.objects.visible_to(self.actor)
        further = MatterUnit.objects.filter(matter_id=OuterRef("pk")).values("unit_id")
        found = (
            seen.filter(pk=self.matter.pk).order_by()
            .values_list(
                ArraySubquery(further), Subquery(_last_event(OuterRef("pk")).values("hash")[:1]),
                Exists(Tombstone.objects.filter(matter=OuterRef("pk"))),
            ).first()
        )
        if found is None:
            raise Refused("matter-not-found", _("There is no such matter."))
        if found[2]:
            raise Refused("matter-anonymised", _("Its time of keeping is over: nothing is added to it any more."))
        other_unit_ids, self._hash = found[0], found[1] or ""
        if self.actor is not None:
            self.roles = roles_of(self.actor, self.matter, other_unit_ids=other_unit_ids)

    def require_role(self, roles) -> None:
        """Refused `not-your-right` unless the actor holds one of the roles over this matter."""
        held = self.roles & set(roles)
        if not held and self.actor is not None:
            raise Refused("not-your-right", _("Your posts do not give you the right to do this here."))
        self.used_roles |= held

    @cached_property
    def live_clocks(self) -> list[Clock]:
        """The clocks of the matter that run or are paused; `services.timing` keeps it true through the act."""
        return list(Clock.objects.filter(matter=self.matter).live())

    def forget_live_clocks(self) -> None:
        """Read the live clocks anew when they are asked for next."""
        self.__dict__.pop("live_clocks", None)

    def begin_step(self, acted_at: datetime, reason: str) -> None:
        """Clear what the recorder of a step fills: words of its event, and clocks to end by (rule, subject)."""
        self.acted_at = acted_at
        self.event_data, self.event_personal = {}, {"reason": reason}
        self.clock_stops, self.clock_moots, self.following = [], [], []

    def follow_with(self, step: str, **how) -> None:
        """Have a step follow in the same act, told and dated apart; for recorders, `how` as `moving.take` takes it."""
        self.following.append((step, how))

    def set(self, **columns) -> None:
        """Set columns of the matter; they are saved when the act ends."""
        for name, value in columns.items():
            if getattr(self.matter, name) != value:
                setattr(self.matter, name, value)
                self._changed.add(name)
        if {"title", "description", "address", "category"} & set(columns):
            self.text_touched = True

    def event(self, verb: str, *, data=None, personal=None, acted_at=None, changes: bool = True) -> Event:
        """Append an event. `data`: codes and ids; `personal`: free words and names, erasable.

        With `changes` the matter's version goes up (once per act), so that older forms are stale.
        """
        if changes and not self._version_taken:
            self._version_taken = True
            self.matter.version += 1
            self._changed.add("version")
        self.matter.event_count += 1
        self._changed.add("event_count")
        personal = {key: value for key, value in (personal or {}).items() if value not in ("", None)}
        salt = secrets.token_hex(16) if personal else ""
        event = Event(
            matter=self.matter, seq=self.matter.event_count, version=self.matter.version, verb=verb,
            at=self.now, acted_at=acted_at or self.now, actor=self.actor, origin=self.origin,
            on_behalf_of_id=self._absent(), data=data or {},
            personal_hash=chain.seal_personal(personal, salt) if personal else "",
            prev_hash=self._last_hash(),
        )
        event.hash = chain.link(event.prev_hash, event_payload(event))
        event.save(force_insert=True)
        self._last_event_id, self._hash = event.pk, event.hash
        if personal:
            EventPersonal.objects.create(event=event, salt=salt, values=personal)
        return event

    def tell(self, recipient, subject: str, *, key: str, data=None, assignment=None, send_after=None) -> None:
        """Put a message into the outbox, in the portal and by e-mail; whoever is walled is not told."""
        from .reminding import write_messages

        write_messages(
            matter=self.matter, recipients=[recipient], subject=subject, key=key, data=data or {},
            now=self.now, send_after=send_after or self.now, assignment=assignment,
        )

    def finish(self) -> None:
        """Bring derived columns up to date and save what changed."""
        if self.clocks_touched:
            self.set(next_due_at=_next_due_at(self.matter))
        if self._changed:
            self._changed.discard("search")
            self.matter.save(update_fields=sorted(self._changed))
        if self.text_touched:
            reindex(self.matter)
        announcing.announce(
            matter=self.matter, types=announcing.types_of(self._before, self.matter), key=str(self._last_event_id),
            now=self.now,
        )

    def take_back_files(self) -> None:
        """Remove from the disk what this act wrote: the database forgets it too."""
        for path in self.written_files:
            path.unlink(missing_ok=True)

    def _absent(self) -> int | None:
        if self.sight is None:
            return None
        return self.sight.absent_officer(self.matter, self.used_roles or self.roles)

    def _last_hash(self) -> str:
        if self._hash is None:
            self._hash = _last_event(self.matter.pk).values_list("hash", flat=True).first() or ""
        return self._hash


@contextmanager
def passage(*, matter_id: int, actor, version: int | None = None, roles=None, origin: str = ""):
    """Open the door to one matter for one act.

    Raises Refused: `matter-not-found` (not there, or not visible to the actor), `stale` (with what changed),
    `not-your-right`, `matter-busy`. `actor=None` is the system itself (tasks).
    """
    with transaction.atomic():
        matter = _locked(matter_id)
        if matter is None:
            raise Refused("matter-not-found", _("There is no such matter."))
        act = Passage(matter, actor, origin=origin)
        act.enter()
        if version is not None and version != matter.version:
            raise Stale(_changes_since(matter, version, actor))
        if roles is not None:
            act.require_role(roles)
        try:
            yield act
            act.finish()
        except BaseException:
            act.take_back_files()
            raise


def _locked(matter_id: int) -> Matter | None:
    """The matter, held for this act; Refused `matter-busy` if somebody else holds it for longer than is waited."""
    try:
        return Matter.objects.select_for_update(of=("self",)).filter(pk=matter_id).first()
    except OperationalError as problem:
        if trouble.of(problem) is not trouble.LOCKED:
            raise
        raise Refused("matter-busy", trouble.LOCKED.message) from problem


def _last_event(matter_id):
    return Event.objects.filter(matter_id=matter_id).order_by("-seq")


def event_payload(event: Event) -> dict:
    """What the hash of an event covers, as plain values."""
    return {
        "matter": event.matter_id,
        "seq": event.seq,
        "version": event.version,
        "verb": event.verb,
        "at": event.at.astimezone(UTC).isoformat(),
        "acted_at": event.acted_at.astimezone(UTC).isoformat(),
        "actor": event.actor_id,
        "on_behalf_of": event.on_behalf_of_id,
        "origin": event.origin,
        "data": event.data,
        "personal": event.personal_hash,
    }


def check_acted_at(acted_at: datetime | None, now: datetime, *, reported_at: datetime | None = None) -> datetime:
    """The time of the act; Refused `act-in-the-future`, and `act-before-report` if the matter was not reported then.

    A form knows no seconds, a client's clock may differ by some, and a day alone means midnight: within the minute
    of the report, and for its day alone, that is the report's own time.
    """
    if acted_at is None:
        return now
    if acted_at > now:
        raise Refused("act-in-the-future", _("An act cannot be dated later than now."))
    if reported_at is None or acted_at >= reported_at:
        return acted_at
    local, reported = timezone.localtime(acted_at), timezone.localtime(reported_at)
    minute = reported.replace(second=0, microsecond=0)
    if local >= minute or local == minute.replace(hour=0, minute=0):
        return reported_at
    raise Refused(
        "act-before-report",
        _("It was reported at %(reported)s; nothing can have been done in it before.")
        % {"reported": date_format(reported, "DATETIME_FORMAT")}, missing=("acted_at",),
    )


def _next_due_at(matter: Matter):
    running = Clock.objects.filter(matter_id=matter.pk).running().of_office()
    return running.aggregate(first=Min("due_at"))["first"]


def _changes_since(matter: Matter, version: int, actor) -> list[str]:
    events = list(Event.objects.filter(matter_id=matter.pk, version__gt=version).for_timeline())
    show_others(events, actor)
    return [sentence(event) for event in events]


