"""What is held on somebody: told to them, and why it is kept (查阅、复制、更正、删除, 个人信息保护法 art. 44 to 47).

Asked by a person who has shown who they are, for themselves; answered from the matters that the one who answers may
see. Every search and every answer is on record: this is no way to look people up.
"""
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.organisation.phones import hashes_of_phone
from governance.organisation.services.recording import record_change

from ..models import Clock, Event, Matter, Party, RetentionHold
from ..workflow import Refused
from .door import passage
from .parties import LOOKS, contact_of, refuse_many_looks
from .retaining import Keeping, Keepings

# Who answers such a request; in which matters, each kind says by its `reveal_roles`.
ANSWERERS = ("clerk", "petition_clerk")
MOST = 100


@dataclass
class Held:
    """What is held on a person in one matter (所持个人信息): the row, until when it is kept, and why no less long."""

    party: Party
    keeping: Keeping
    kept_until: date | None
    reasons: list
    looks: list
    contact: dict | None = None

    @property
    def matter(self) -> Matter:
        """The matter."""
        return self.party.matter


def search(*, actor, name: str, phone: str = "") -> list[Held]:
    """Where a person of this name, and of this phone if one is given, is a party: matters that the actor may see.

    On record with the name, whatever is found. Refused: `name-missing`, `too-many` (a name alone fits too often).
    """
    name = name.strip()
    if not name:
        raise Refused("name-missing", _("Give the person's name."), missing=("name",))
    asked = Q(name=name)
    if phone:
        asked &= _with_number(hashes_of_phone(settings.PERSONAL_KEY, phone))
    rows = list(_parties(actor).filter(asked)[: MOST + 1])
    record_change(
        subject_type="personal_data", subject_id=actor.pk, verb="searched", actor=actor,
        data={"count": len(rows), "by_phone": bool(phone)}, personal={"name": name},
    )
    if len(rows) > MOST:
        message = _("The name alone fits too often. Give the telephone number too.")
        raise Refused("too-many", message, missing=("phone",))
    return _told(rows)


def give(*, actor, party_ids, identified: str, origin="web") -> list[Held]:
    """The same with contact data in clear, for the person's own copy; each matter's history says that it was given.

    `identified`: how the person showed who they are. Matters in which the actor may not look at contact data are
    left out. Refused: `identification-missing`, `nothing-chosen`, `too-many-looks`.
    """
    if not identified.strip():
        raise Refused("identification-missing", _("Say how the person showed who they are."), missing=("identified",))
    rows = list(_parties(actor).filter(pk__in=party_ids)[:MOST])
    given = [row for row in rows if _note_given(row, actor, identified, origin)]
    if not given:
        raise Refused("nothing-chosen", _("Choose the entries that are about this person."), missing=("party",))
    record_change(
        subject_type="personal_data", subject_id=actor.pk, verb="given", actor=actor,
        data={"matters": [row.matter_id for row in given]}, personal={"identified": identified},
    )
    told = _told(given)
    for held in told:
        held.contact = contact_of(held.party)
    return told


def list_everywhere(*, who: str, reason: str) -> list[Held]:
    """For the server's console: every entry of a name or phone in all townships, on record with its reason."""
    if not reason.strip():
        raise Refused("reason-missing", _("Give a reason."), missing=("reason",))
    hashes = hashes_of_phone(settings.PERSONAL_KEY, who)
    asked = _with_number(hashes) if hashes else Q(name=who.strip())
    rows = list(_with_matter(Party.objects.filter(asked)))
    record_change(
        subject_type="personal_data", subject_id="console", verb="listed", actor=None,
        data={"count": len(rows)}, personal={"who": who, "reason": reason},
    )
    return _told(rows)


def _with_number(hashes) -> Q:
    """Entries with this number, also as a further one that a ledger gave."""
    return Q(phone_hash__in=hashes) | Q(further_phones__phone_hash__in=hashes)


def _parties(actor):
    return _with_matter(Party.objects.filter(matter__in=Matter.objects.visible_to(actor)))


def _with_matter(rows):
    rows = rows.present().filter(erased_at=None)
    return rows.select_related("matter__unit", "matter__township").order_by("-matter__reported_at", "pk")


def _note_given(party: Party, actor, identified: str, origin: str) -> bool:
    with passage(matter_id=party.matter_id, actor=actor, origin=origin) as act:
        if not act.roles & set(act.kind.reveal_roles):
            return False
        refuse_many_looks(act)
        act.event("personal_data_given", data={"party": party.pk},
                  personal={"name": party.name, "reason": identified}, changes=False)
    return True


def _told(parties) -> list[Held]:
    """With the end of keeping, what holds it up, and who looked: five queries, whatever the number of rows."""
    ids = [party.matter_id for party in parties]
    keepings = Keepings()
    alive = set(Clock.objects.filter(matter_id__in=ids).live().values_list("matter_id", flat=True))
    held = set(RetentionHold.objects.filter(matter_id__in=ids, released_at=None).values_list("matter_id", flat=True))
    looks: dict[int, list] = {}
    for event in Event.objects.filter(matter_id__in=ids, verb__in=LOOKS).select_related("actor").order_by("at"):
        looks.setdefault(event.data.get("party"), []).append(event)
    return [
        _one(party, keepings, party.matter_id in alive, party.matter_id in held, looks.get(party.pk, []))
        for party in parties
    ]


def _one(party: Party, keepings: Keepings, is_alive: bool, is_held: bool, looks) -> Held:
    matter = party.matter
    keeping = keepings.of(township_id=matter.township_id, kind=matter.kind, outcome=matter.outcome)
    until = None if matter.is_open else keeping.ends_on(timezone.localdate(matter.closed_at))
    reasons = [reason for applies, reason in (
        (matter.is_open, _("The matter is still being handled.")),
        (not matter.is_open and is_alive, _("A time limit after its closing still runs.")),
        (is_held, _("It is kept longer for a lawsuit or an inspection.")),
        (not matter.is_open, keeping.source),
    ) if applies]
    return Held(party, keeping, until, reasons, looks)
