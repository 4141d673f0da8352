"""Parties of a matter (当事人): added, corrected, removed; their contact data looked at with a reason."""
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.organisation import encryption
from governance.organisation.names import checked_name
from governance.organisation.phones import hash_phone, mask_phone, normalise_phone

from ..models import Event, Party, PartyKind, StaffMatch
from ..workflow import Refused
from .door import Passage, passage
from .walling import compare_party, link_staff

# Events by which somebody has seen contact data in clear.
LOOKS = ("contact_revealed", "personal_data_given")


def add_party(*, matter_id, actor, version, party, reason="", origin="web") -> Party:
    """Add a party to an open matter."""
    with _correcting(matter_id, actor, version, origin) as act:
        return put_party(act, party, position=act.matter.parties.count(), reason=reason)


def put_party(act: Passage, party, *, position: int, reason: str = "", tells: bool = True) -> Party:
    """Write a party inside an open act, compare it with staff and note it in the timeline.

    `party`: kind, name, phone, address, unit, discloses_contact. Refused: `party-kind-unknown`,
    `party-name-missing`, `name-has-direction-marks`, `phone-invalid`.
    """
    row = Party(matter=act.matter, position=position)
    _fill(act, row, party)
    row.save()
    if tells:
        act.event("party_added", data={"party": row.pk, "kind": row.kind},
                  personal={"name": row.name, "reason": reason})
    compare_party(act, row)
    act.text_touched = True
    return row


def correct_party(*, matter_id, party_id, actor, version, party, reason, origin="web") -> Party:
    """Correct a party's name, role or contact data, with a reason; the staff check is made anew."""
    with _correcting(matter_id, actor, version, origin, reason) as act:
        row = _party_of(act, party_id)
        before = row.name
        linked = row.user_id
        standing = {name: getattr(row, name) for name in ("kind", "name", "unit", "discloses_contact")}
        _fill(act, row, {**standing, **party})
        if row.name != before:
            row.user = None
            row.staff_matches.filter(answer=StaffMatch.Answer.OPEN, ground=StaffMatch.Ground.NAME).delete()
        row.save()
        act.event("party_corrected", data={"party": row.pk, "kind": row.kind, "staff_before": linked},
                  personal={"name": row.name, "before": before, "reason": reason})
        compare_party(act, row)
        act.text_touched = True
    return row


def remove_party(*, matter_id, party_id, actor, version, reason, origin="web") -> None:
    """Take out a party that was entered by mistake; the history keeps that it was there."""
    with _correcting(matter_id, actor, version, origin, reason) as act:
        row = _party_of(act, party_id)
        row.removed_at = act.now
        row.save(update_fields=["removed_at"])
        act.event("party_removed", data={"party": row.pk}, personal={"name": row.name, "reason": reason})
        act.text_touched = True


def reveal_contact(*, matter_id, party_id, actor, reason, origin="web") -> dict:
    """The phone and address of a party in clear; who looked, and why, stands in the history."""
    with passage(matter_id=matter_id, actor=actor, origin=origin) as act:
        if not act.roles & set(act.kind.reveal_roles):
            own = "handler" in act.roles and act.roles & set(act.kind.own_reveal_roles)
            if not own:
                raise Refused("reveal-not-allowed", _("Only those who handle this matter may see contact data."))
        if not reason.strip():
            raise Refused("reason-missing", _("Give a reason."), missing=("reason",))
        row = _party_of(act, party_id)
        refuse_many_looks(act)
        act.event("contact_revealed", data={"party": row.pk},
                  personal={"name": row.name, "reason": reason}, changes=False)
    return contact_of(row)


def refuse_many_looks(act: Passage) -> None:
    """Refused `too-many-looks` after as many as the kind allows within an hour (index `event_verb_at`)."""
    hour = timedelta(hours=1)
    looks = Event.objects.filter(verb__in=LOOKS, at__gt=act.now - hour, actor=act.actor)
    times = list(looks.order_by("-at").values_list("at", flat=True)[: act.kind.reveals_per_hour])
    if len(times) < act.kind.reveals_per_hour:
        return
    again = timezone.localtime(times[-1] + hour)
    raise Refused(
        "too-many-looks",
        _("You have looked at contact data %(count)s times within an hour; the next look is possible at %(time)s. "
          "If you need many at once, take out a ledger with contact data: the right to it and its reason are recorded.")
        % {"count": len(times), "time": f"{again:%H:%M}"},
    )


def erase_contact(*, matter_id, party_id, actor, reason, origin="web") -> None:
    """Erase a party's phone and address before the time of keeping ends, on their request (个人信息保护法 art. 47).

    Only once the matter is closed and no time limit runs after it: until then it cannot be handled without them.
    Refused: `matter-open`, `still-needed`.
    """
    with passage(matter_id=matter_id, actor=actor, origin=origin) as act:
        act.require_role(act.kind.manage_roles)
        if not reason.strip():
            raise Refused("reason-missing", _("Give a reason."), missing=("reason",))
        if act.matter.is_open:
            raise Refused("matter-open", _("The matter is still being handled; its contact data is needed."))
        if act.live_clocks:
            raise Refused("still-needed", _("A time limit after its closing still runs; its contact data is needed."))
        row = _party_of(act, party_id)
        row.phone_encrypted = row.address_encrypted = b""
        row.phone_hash = ""
        row.further_phones.all().delete()
        row.discloses_contact = False
        row.save(update_fields=["phone_encrypted", "address_encrypted", "phone_hash", "discloses_contact"])
        act.event("contact_erased", data={"party": row.pk}, personal={"name": row.name, "reason": reason})


def contact_of(party: Party) -> dict:
    """Phone and address in clear, for the door's own use and for papers that were asked for with a right."""
    key = settings.PERSONAL_KEY
    return {
        "phone": encryption.decrypt(party.phone_encrypted, key=key),
        "address": encryption.decrypt(party.address_encrypted, key=key),
    }


def masked_contact(party: Party) -> dict:
    """Phone and address masked, for screens."""
    contact = contact_of(party)
    return {
        "phone": mask_phone(contact["phone"]),
        "address": encryption.mask_address(contact["address"]),
    }


def answer_staff_match(*, match_id, actor, same: bool, origin="web") -> None:
    """Say whether a party with the name of a member of staff is that person.

    Whoever is asked about may not answer themselves (`own-staff-match`).
    """
    match = StaffMatch.objects.select_related("party", "user").filter(pk=match_id).first()
    if match is None:
        raise Refused("staff-match-not-found", _("There is no such question."))
    with passage(matter_id=match.party.matter_id, actor=actor, origin=origin) as act:
        act.require_role(correctors(act))
        if match.user_id == actor.pk:
            raise Refused("own-staff-match", _("Somebody else has to answer whether this is you."))
        match.answer = StaffMatch.Answer.SAME if same else StaffMatch.Answer.OTHER
        match.answered_by, match.answered_at = actor, act.now
        match.save(update_fields=["answer", "answered_by", "answered_at"])
        if same:
            link_staff(act, match.party, match.user)
        else:
            act.event("staff_cleared", data={"party": match.party_id, "user": match.user_id},
                      personal={"name": match.party.name})


def _fill(act: Passage, row: Party, party) -> None:
    kind, name, unit = party.get("kind", ""), checked_name(party.get("name")), party.get("unit")
    if kind not in act.kind.party_kinds or kind not in PartyKind.values:
        raise Refused("party-kind-unknown", _("This role does not exist in such a matter."), missing=("kind",))
    if not name and unit is None:
        raise Refused("party-name-missing", _("Give the party's name."), missing=("name",))
    row.kind, row.name, row.unit = kind, name or unit.name, unit
    row.discloses_contact = bool(party.get("discloses_contact"))
    if "phone" in party:
        _set_phone(row, (party["phone"] or "").strip())
    if "address" in party:
        row.address_encrypted = encryption.encrypt((party["address"] or "").strip(), key=settings.PERSONAL_KEY)


def _set_phone(row: Party, typed: str) -> None:
    phone = normalise_phone(typed) if typed else ""
    if typed and not phone:
        raise Refused(
            "phone-invalid",
            _("“%(phone)s” is not a telephone number. Write 11 digits of a mobile, or area code and number.")
            % {"phone": typed},
            missing=("phone",),
        )
    row.phone_encrypted = encryption.encrypt(phone, key=settings.PERSONAL_KEY)
    row.phone_hash = hash_phone(settings.PERSONAL_KEY, phone)
    if row.pk:
        row.further_phones.all().delete()


def _party_of(act: Passage, party_id) -> Party:
    row = Party.objects.filter(matter=act.matter, pk=party_id, removed_at=None).first()
    if row is None:
        raise Refused("party-not-found", _("There is no such party."))
    return row


def correctors(act: Passage) -> tuple[str, ...]:
    """Who may correct: the kind's clerks and the handler; whoever reported it too, until it is accepted."""
    reporter = ("reporter",) if act.matter.status == act.kind.workflow.initial else ()
    return (*act.kind.manage_roles, "handler", *reporter)


@contextmanager
def _correcting(matter_id, actor, version, origin, reason=None):
    """The door, opened for a correction of an open matter; with `reason` given, it must not be empty."""
    with passage(matter_id=matter_id, actor=actor, version=version, origin=origin) as act:
        require_open(act)
        act.require_role(correctors(act))
        if reason is not None and not reason.strip():
            raise Refused("reason-missing", _("Give a reason."), missing=("reason",))
        yield act


def require_open(act: Passage) -> None:
    """Refused `matter-closed` when the matter is closed."""
    if not act.matter.is_open:
        raise closed()


def closed() -> Refused:
    """The refusal of whatever a closed matter does not take."""
    return Refused("matter-closed", _("The matter is closed. Reopen it, or add a note."))
