"""Past matters from old ledgers (历史事项补录): entered whole, with the dates and the outcome that they had.

Unlike a matter that is opened today, a past one comes with its end. It gets its number in the year in which
it enters the portal, its timeline says which ledger it was taken from, and of its clocks only those start whose
end still lies ahead.
"""
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.organisation import encryption
from governance.organisation.models import FormerPhone, User

from .. import registry
from ..models import Clock, Event, Matter, Party, PartyPhone, StaffMatch
from ..visibility import Sight
from ..workflow import ClockStart, Refused
from . import timing
from .copying import Act, Copier, Life
from .door import passage
from .moving import regrade
from .numbering import take_numbers
from .opening import check_times, title_from
from .walling import compare_party, hashes_of, put_hashes, sought_for

ORIGIN = "import"
# What somebody may have done to a matter without its having been worked on.
_LOOKS = ("contact_revealed", "reminded", "grade_raised")


@dataclass(slots=True)
class PastMatter:
    """A matter as an old ledger tells it.

    - `parties`: kind, name, phones (one text, several numbers joined by `/`) and address.
    - `facts`: model -> rows of columns, the matter's id left out.
    - `clocks`: what its acts would have started.
    - `source`: where it stands: `batch` and `row` (numbers), `file` and `sheet`.
    """

    client_uuid: UUID
    unit: object
    category: str
    channel: str
    description: str
    reported_at: datetime
    status: str
    source: dict
    outcome: str = ""
    accepted_at: datetime | None = None
    closed_at: datetime | None = None
    title: str = ""
    address: str = ""
    grade: str = ""
    grade_rule: str = ""
    handler_id: int | None = None
    other_unit_ids: tuple = ()
    parties: list = field(default_factory=list)
    facts: dict = field(default_factory=dict)
    clocks: list[ClockStart] = field(default_factory=list)


@dataclass(frozen=True)
class Entered:
    """What a past matter became."""

    matter_id: int
    version: int
    event_count: int


def check_past(kind, actor, entry: PastMatter, now: datetime) -> None:
    """Refused: `not-your-right`, `act-in-the-future`, `closed-before-reported`, `description-missing`,
    `unit-without-township`."""
    held = Sight.of(actor).roles_at
    if not any(entry.unit.pk in held.get(role, ()) for role in kind.manage_roles):
        raise Refused("not-your-right", _("Your posts do not give you the right to do this here."))
    if entry.unit.township_id is None:
        raise Refused("unit-without-township", _("Choose a village, a grid or the township."), missing=("unit",))
    if not entry.description.strip():
        raise Refused("description-missing", _("Say what happened."), missing=("description",))
    check_times(None, entry.reported_at, now)
    if entry.closed_at is not None and entry.closed_at < entry.reported_at:
        raise Refused("closed-before-reported", _("It cannot have been closed before it was reported."))


@transaction.atomic
def enter_past(*, kind: str, actor, entries: list[PastMatter], now: datetime | None = None) -> list[Entered]:
    """Write past matters, each whole; all of them or none. Constant queries, whatever their number.

    The caller has asked `check_past` of each. A party with the phone of a member of staff stands behind the
    wall from the first moment; one with the same name asks.
    """
    if not entries:
        return []
    declared, now = registry.get(kind), now or timezone.now()
    copier = Copier(None, origin=ORIGIN)
    _take_numbers(copier, declared, entries, now)
    staff = _Staff()
    party_ids = iter(copier.reserve(Party, sum(len(entry.parties) for entry in entries)))
    beside: list[StaffMatch | PartyPhone] = []
    lives = [_life(declared, actor, entry, now, staff, party_ids, beside) for entry in entries]
    ids = copier.add(lives)
    for model in (StaffMatch, PartyPhone):
        model.objects.bulk_create([row for row in beside if isinstance(row, model)], ignore_conflicts=True)
    return [
        Entered(pk, sum(act.changes for act in life.acts), len(life.acts))
        for pk, life in zip(ids, lives, strict=True)
    ]


def bring_up_to_date(
    *, matter_id: int, actor, entry: PastMatter, facts: Callable, version: int
) -> tuple[Entered, dict]:
    """A later ledger says more of a past matter that nobody has worked on since: state, outcome, facts, words.

    `facts(act, entry)` writes the kind's own facts and returns what stood there. Returns what it became, and
    what it was before for `put_back`. Refused: `matter-moved-on`, and what `passage` and `check_past` refuse.
    """
    with passage(matter_id=matter_id, actor=actor, origin=ORIGIN) as act:
        check_past(act.kind, actor, entry, act.now)
        act.require_role(act.kind.manage_roles)
        _require_untouched(act.matter, version)
        columns = _columns_of(act.kind, entry)
        before = {"columns": {name: _plain(getattr(act.matter, name)) for name in columns}}
        was = act.matter.status
        act.set(**columns, last_moved_at=act.now)
        before["facts"] = facts(act, entry)
        before["phones"] = _update_phones(act, entry)
        event = act.event(
            "import_changed", data=_event_data(entry, was), personal=_told(entry),
            acted_at=entry.closed_at or entry.reported_at,
        )
        if not act.matter.is_open:
            timing.end_at_closing(act, event)
        act.text_touched = True
        if act.kind.grade is not None and not entry.grade:
            regrade(act)
    return Entered(act.matter.pk, act.matter.version, act.matter.event_count), before


def put_back(*, matter_id: int, actor, before: dict, facts: Callable, version: int, file: str) -> Entered:
    """Undo `bring_up_to_date`: state and facts as they were. Refused: `matter-moved-on`."""
    with passage(matter_id=matter_id, actor=actor, origin=ORIGIN) as act:
        act.require_role(act.kind.manage_roles)
        _require_untouched(act.matter, version)
        was = act.matter.status
        act.set(**{name: _typed(name, value) for name, value in before["columns"].items()})
        facts(act, before["facts"])
        for party in Party.objects.filter(matter=act.matter, pk__in=before["phones"]):
            party.phone_encrypted = bytes.fromhex(before["phones"][str(party.pk)][0])
            put_hashes(party, encryption.decrypt(party.phone_encrypted, key=settings.PERSONAL_KEY))
            party.save(update_fields=["phone_encrypted", "phone_hash"])
        act.event(
            "import_undone", data={"before": was, "after": act.matter.status}, personal={"file": file}
        )
        act.text_touched = True
    return Entered(act.matter.pk, act.matter.version, act.matter.event_count)


def take_back(*, matter_id: int, actor, version: int, file: str) -> None:
    """Void a matter that a ledger brought in, open or closed; its number stays. Refused: `matter-moved-on`
    if somebody has worked on it since."""
    with passage(matter_id=matter_id, actor=actor, origin=ORIGIN) as act:
        act.require_role(act.kind.manage_roles)
        _require_untouched(act.matter, version)
        event = act.event(
            "import_undone", data={"before": act.matter.status, "after": "voided"}, personal={"file": file}
        )
        act.set(status="voided", is_open=False, closed_at=act.matter.closed_at or act.now, last_moved_at=act.now)
        timing.end_at_closing(act, event)


def is_untouched(matter: Matter, version: int) -> bool:
    """Whether nobody has worked on it since: neither changed, nor noted, nor assigned."""
    if matter.version != version:
        return False
    last = Event.objects.filter(matter=matter).exclude(verb__in=_LOOKS).order_by("-seq").first()
    return last is not None and last.origin == ORIGIN


def _require_untouched(matter: Matter, version: int) -> None:
    if not is_untouched(matter, version):
        raise Refused("matter-moved-on", _("%(number)s was worked on since.") % {"number": matter.number})


def _take_numbers(copier: Copier, kind, entries, now) -> None:
    """Take the numbers of all entries at once; the series stays locked until commit."""
    year = timezone.localtime(now).year
    for code in {entry.unit.township.code for entry in entries}:
        count = sum(entry.unit.township.code == code for entry in entries)
        last = take_numbers(count, prefix=kind.prefix, township_code=code, year=year)
        copier.series[(kind.prefix, code, year)] = last - count


def _life(kind, actor, entry: PastMatter, now, staff, party_ids, beside) -> Life:
    columns = {
        **_columns_of(kind, entry), "kind": kind.code, "unit_id": entry.unit.pk,
        "township_id": entry.unit.township_id, "first_closed_at": entry.closed_at, "created_at": now,
        "last_moved_at": now, "creator_id": actor.pk, "client_uuid": entry.client_uuid,
    }
    parties, acts = [], _acts(kind, actor, entry, now)
    for person in entry.parties:
        row = _party(person, next(party_ids), staff, beside)
        if row["user_id"] is not None:
            acts.append(Act("staff_matched", now, now, actor.pk, {"party": row["id"], "user": row["user_id"]},
                            {"name": row["name"]}))
        parties.append(row)
    if any(row["user_id"] == entry.handler_id or entry.handler_id in staff.named(row["name"]) for row in parties):
        columns["handler_id"] = None
    started = [timing.still_running(start, now, township_id=entry.unit.township_id) for start in entry.clocks]
    running = [clock for clock in started if clock is not None]
    columns["next_due_at"] = min((c.due_at for c in running if c.bearer == "office"), default=None)
    return Life(
        matter=columns, prefix=kind.prefix, township_code=entry.unit.township.code, acts=acts,
        clocks=[_clock_columns(clock) for clock in running], parties=parties,
        other_unit_ids=list(entry.other_unit_ids), facts=entry.facts,
    )


def _columns_of(kind, entry: PastMatter) -> dict:
    """The columns that a ledger's row decides, for entering and for bringing up to date."""
    return {
        "title": (entry.title or title_from(entry.description))[:120], "description": entry.description,
        "address": entry.address, "category": entry.category, "channel": entry.channel, "grade": entry.grade,
        "grade_rule": entry.grade_rule, "status": entry.status, "is_open": kind.state(entry.status).is_open,
        "outcome": entry.outcome, "reported_at": entry.reported_at, "accepted_at": entry.accepted_at,
        "closed_at": entry.closed_at, "handler_id": entry.handler_id,
    }


def _acts(kind, actor, entry: PastMatter, now) -> list[Act]:
    opened = {"channel": entry.channel, "category": entry.category, "unit": entry.unit.pk, "files": []}
    return [
        Act("opened", now, entry.reported_at, actor.pk, opened),
        Act("imported", now, entry.closed_at or entry.reported_at, actor.pk,
            _event_data(entry, kind.workflow.initial), _told(entry)),
    ]


def _event_data(entry: PastMatter, before: str) -> dict:
    return {
        "before": before, "after": entry.status, "outcome": entry.outcome, "batch": entry.source["batch"],
        "shown": {"row": str(entry.source["row"])},
    }


def _told(entry: PastMatter) -> dict:
    """Names of files and sheets may name people: they can be erased."""
    return {"file": entry.source["file"], "sheet": entry.source["sheet"]}


class _Staff:
    """Phones, of today and former, and names of everybody who may log in, read once (two queries)."""

    def __init__(self):
        self._by_phone: dict[str, list[int]] = {}
        self._by_name: dict[str, list[int]] = {}
        active = User.objects.active().order_by("pk")
        for pk, name, phone_hash in active.values_list("pk", "name", "phone_hash"):
            self._by_phone.setdefault(phone_hash, []).append(pk)
            self._by_name.setdefault(name, []).append(pk)
        for phone_hash, pk in FormerPhone.objects.filter(user__in=active).values_list("phone_hash", "user_id"):
            self._by_phone.setdefault(phone_hash, []).append(pk)

    def named(self, name: str) -> list[int]:
        """Ids of the staff of this name."""
        return self._by_name.get(name, [])

    def with_phone(self, hashes) -> list[int]:
        """Ids of the staff who have one of these numbers, or had it."""
        return list(dict.fromkeys(pk for one in hashes for pk in self._by_phone.get(one, ())))


def _party(person: dict, pk: int, staff: _Staff, beside: list) -> dict:
    """The columns of a party; `beside` takes its further numbers and who must be asked whether they are the same."""
    key, phones = settings.PERSONAL_KEY, person.get("phones") or ""
    hashes = hashes_of(phones)
    same, name = staff.with_phone(sought_for(phones)), person["name"][:60]
    beside += [PartyPhone(party_id=pk, phone_hash=one) for one in hashes[1:]]
    beside += [StaffMatch(party_id=pk, user_id=user_id, ground="phone") for user_id in same[1:]]
    if not same:
        beside += [StaffMatch(party_id=pk, user_id=user_id) for user_id in staff.named(name)]
    return {
        "id": pk, "kind": person["kind"], "name": name, "user_id": same[0] if same else None,
        "phone_encrypted": encryption.encrypt(phones, key=key), "phone_hash": hashes[0] if hashes else "",
        "address_encrypted": encryption.encrypt(person.get("address") or "", key=key),
    }


def _clock_columns(clock: Clock) -> dict:
    names = [f.attname for f in Clock._meta.concrete_fields if not f.primary_key and f.attname != "matter_id"]
    columns = {name: getattr(clock, name) for name in names if not name.endswith("_event_id")}
    return {**columns, "started_event": 1}


def _update_phones(act, entry: PastMatter) -> dict:
    """Numbers that the ledger gives differently now; what stood there, by party."""
    key, before = settings.PERSONAL_KEY, {}
    given = {(p["kind"], p["name"]): p.get("phones") or "" for p in entry.parties}
    for party in Party.objects.filter(matter=act.matter, removed_at=None):
        phones = given.get((party.kind, party.name), "")
        if phones and phones != encryption.decrypt(party.phone_encrypted, key=key):
            before[str(party.pk)] = [bytes(party.phone_encrypted).hex(), party.phone_hash]
            party.phone_encrypted = encryption.encrypt(phones, key=key)
            put_hashes(party, phones)
            party.save(update_fields=["phone_encrypted", "phone_hash"])
            compare_party(act, party)
    return before


def _plain(value):
    return value.isoformat() if isinstance(value, datetime) else value


def _typed(name: str, value):
    return datetime.fromisoformat(value) if value and name.endswith("_at") else value
