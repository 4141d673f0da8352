"""The recusal wall's facts (回避墙): parties compared with staff, whichever of the two is entered or changed.

The same number links a party to a member of staff, the same name asks. Both ways go by index, on the keyed hash
and on the name, whatever the number of parties. What follows from posts (a unit that is a party walls its head, a
namesake in the unit concerned is walled until somebody answers) is read from the posts of the day in
`visibility`; here only the work is taken from whoever stands behind the wall.
"""
from datetime import timedelta
from itertools import chain

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from governance.organisation import encryption
from governance.organisation.models import FormerPhone, Post, StandIn, User
from governance.organisation.phones import hash_phone, hashes_of_phone

from ..models import Party, PartyPhone, Recusal, StaffMatch
from ..visibility import shut_out_ids
from .door import Passage, passage

ORIGIN = "wall"
# Changes of a person after which their matters are looked at again.
_COMPARED = frozenset({"created", "updated", "reactivated", "appointed", "stand_in_set"})
# A post that began while no task ran is still found.
_DAYS_BACK = 7


def compare_party(act: Passage, party: Party) -> None:
    """A party that was entered or changed: the same phone links it to a member of staff, the same name asks."""
    if party.user_id is not None or party.unit_id is not None:
        return
    same = with_phone(sought_for(encryption.decrypt(party.phone_encrypted, key=settings.PERSONAL_KEY)))
    if same:
        link_staff(act, party, same[0])
        _ask(((party.pk, user.pk) for user in same[1:]), StaffMatch.Ground.PHONE)
        return
    namesakes = User.objects.active().filter(name=party.name)
    _ask(((party.pk, pk) for pk in namesakes.values_list("pk", flat=True)), StaffMatch.Ground.NAME)


def hashes_of(phones: str) -> list[str]:
    """The keyed hashes of numbers that are written as one text, joined by `/`; each once, in order."""
    hashes = (hash_phone(settings.PERSONAL_KEY, phone) for phone in phones.split("/"))
    return list(dict.fromkeys(one for one in hashes if one))


def sought_for(phones: str) -> set[str]:
    """By what these numbers are looked for: while keys change, rows hold the hash of the one or the other."""
    return {one for phone in phones.split("/") for one in hashes_of_phone(settings.PERSONAL_KEY, phone)}


def put_hashes(party: Party, phones: str) -> None:
    """Note by which numbers a saved party is compared; the caller saves `phone_hash`."""
    first, *further = hashes_of(phones) or [""]
    party.phone_hash = first
    party.further_phones.all().delete()
    PartyPhone.objects.bulk_create([PartyPhone(party=party, phone_hash=one) for one in further])


def with_phone(hashes) -> list[User]:
    """Staff who have one of these numbers, then those who had it (two queries by index)."""
    if not hashes:
        return []
    active = User.objects.active()
    today = list(active.filter(phone_hash__in=hashes).order_by("pk"))
    former = active.filter(former_phones__phone_hash__in=hashes).exclude(pk__in=[user.pk for user in today])
    return [*today, *former.order_by("pk").distinct()]


def link_staff(act: Passage, party: Party, user) -> None:
    """From here on this member of staff sees nothing of the matter, and handles it no longer."""
    party.user = user
    party.save(update_fields=["user"])
    act.event("staff_matched", data={"party": party.pk, "user": user.pk}, personal={"name": party.name})
    if act.matter.handler_id == user.pk:
        _release(act)


def on_change(change) -> None:
    """What follows from a change of a person or a unit, in its transaction."""
    if change.subject_type == "user" and change.verb in _COMPARED:
        compare_person(User.objects.get(pk=change.subject_id))
    if change.subject_type == "unit" and change.verb == "merged":
        posts = Post.objects.overlapping(timezone.localdate(), None).filter(unit_id=change.data["into"])
        for user in User.objects.filter(posts__in=posts).distinct().order_by("pk"):
            compare_person(user)


def compare_person(user) -> int:
    """A member of staff who is new, has another number or name, or another post: compared with the parties.

    Returns how many matters lost their handler because of what their posts make them.
    """
    if not user.is_active:
        return 0
    _compare_phones(user)
    _compare_name(user)
    return release_handlers(user)


@transaction.atomic
def keep_wall(now=None) -> int:
    """Compare whose post or stand-in began in these days, and take work from whoever is shut out by now.

    Returns how many matters lost their handler.
    """
    today = timezone.localdate(now)
    begun = {"from_on__gt": today - timedelta(days=_DAYS_BACK), "from_on__lte": today}
    ids = {
        *Post.objects.on(today).filter(**begun).values_list("user_id", flat=True),
        *StandIn.objects.on(today).filter(**begun).values_list("user_id", flat=True),
    }
    released = sum(compare_person(user) for user in User.objects.active().filter(pk__in=ids).order_by("pk"))
    return released + release_handlers()


def release_handlers(user=None) -> int:
    """Open matters whose handler stands behind the wall have none any longer; the head of the unit is told.

    Of one person, or of all. Read from the few parties that are staff or units, and the recusals.
    """
    released = 0
    for matter_id, handler_id in sorted(set(_handled_behind_wall(user))):
        if handler_id in shut_out_ids(matter_id, [handler_id]):
            with passage(matter_id=matter_id, actor=None, origin=ORIGIN) as act:
                if act.matter.handler_id == handler_id:
                    _release(act)
                    released += 1
    return released


def _compare_phones(user) -> None:
    """Parties with a number that the person has or had (indexes `party_phone`, and that of `PartyPhone`)."""
    former = FormerPhone.objects.filter(user=user).values_list("phone_hash", "phone_encrypted")
    hashes = {user.phone_hash, *(phone_hash for phone_hash, _phone in former)} - {""}
    hashes |= sought_for(user.phone).union(
        *(sought_for(encryption.decrypt(phone, key=settings.PERSONAL_KEY)) for _phone_hash, phone in former)
    )
    if not hashes:
        return
    ids = {
        *Party.objects.filter(phone_hash__in=hashes).exclude(phone_hash="").values_list("pk", flat=True),
        *PartyPhone.objects.filter(phone_hash__in=hashes).values_list("party_id", flat=True),
    }
    rows = Party.objects.present().filter(pk__in=ids, unit=None, erased_at=None).exclude(user=user)
    others = []
    for party in rows.order_by("matter_id", "pk"):
        if party.user_id is None:
            with passage(matter_id=party.matter_id, actor=None, origin=ORIGIN) as act:
                link_staff(act, party, user)
        else:
            others.append((party.pk, user.pk))
    _ask(others, StaffMatch.Ground.PHONE)


def _compare_name(user) -> None:
    """Parties of the person's name in the matters that their posts reach, or will (index `party_name`)."""
    today = timezone.localdate()
    posts = Post.objects.overlapping(today, None)
    stood_in = StandIn.objects.overlapping(today, None).filter(user=user).values("post")
    paths = posts.filter(Q(user=user) | Q(pk__in=stood_in)).values_list("unit__path", flat=True)
    reach = Q()
    for path in {*paths, *([user.home_unit.path] if user.home_unit_id else [])}:
        for place in ("unit", "responsible_unit", "other_units__unit"):
            reach |= Q(**{f"matter__{place}__path__startswith": path})
    if reach:
        rows = Party.objects.present().filter(name=user.name, user=None, unit=None, erased_at=None).filter(reach)
        _ask(((pk, user.pk) for pk in rows.distinct().values_list("pk", flat=True)), StaffMatch.Ground.NAME)


def _ask(pairs, ground) -> None:
    """Put the questions; what was asked before keeps its answer."""
    StaffMatch.objects.bulk_create(
        [StaffMatch(party_id=party_id, user_id=user_id, ground=ground) for party_id, user_id in pairs],
        ignore_conflicts=True,
    )


def _handled_behind_wall(user):
    """(matter, handler) of open matters in which the handler may be shut out: three queries over few rows."""
    parties = Party.objects.present().filter(matter__is_open=True, matter__handler__isnull=False)
    recusals = Recusal.objects.filter(matter__is_open=True, matter__handler=F("user"))
    if user is not None:
        parties, recusals = parties.filter(matter__handler=user), recusals.filter(user=user)
    pair = ("matter_id", "matter__handler_id")
    return chain(
        parties.filter(user__isnull=False, matter__handler=F("user")).values_list(*pair).order_by(),
        parties.filter(unit__isnull=False).values_list(*pair).order_by(),
        recusals.values_list(*pair).order_by(),
    )


def _release(act: Passage) -> None:
    """Take the work from the handler inside an open act; the head of the unit is told, or the next one up."""
    from .reminding import recipients_at

    before = act.matter.handler
    act.set(handler=None)
    event = act.event("handler_released", data={"before": before.pk, "after": None, "by": None},
                      personal={"before": before.name, "after": "", "user": before.name})
    for told in recipients_at(act.matter, ("unit_head",), timezone.localdate(act.now)):
        act.tell(told, "handler_released", key=f"handler_released:{event.pk}:{told.pk}")
