"""Who is locked out at this moment, and lifting it (登录锁定与解除): by another administrator, never for oneself.

Names and addresses are counted apart, so that neither guessing one name from many places nor one password for many
names goes on. Whoever uses a browser in which they have logged in before is counted by that browser alone: a stranger
who tries a colleague's name does not lock the colleague out.
"""
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import LoginRecord, Role, User
from ..registry import Refused
from ..visibility import Area, current_roles
from .logins import Client, hash_of_name, known_as, record
from .recording import record_change

Outcome = LoginRecord.Outcome
# What counts against whoever is logged in already: wrong codes and wrong old passwords.
WRONG_INSIDE = (Outcome.CODE_WRONG, Outcome.OLD_WRONG)
# How many rows of a quarter of an hour are looked at; tries that were refused are counted in rows of a minute.
MOST_ROWS = 2000


@dataclass(frozen=True)
class Lockout:
    """A lockout that holds: of a person, or of an address."""

    until: datetime
    person: User | None = None
    address: str | None = None


class Tries:
    """The tries of the time for which a lockout holds, newest first; one query."""

    def __init__(self, about=None, outcomes=(Outcome.FAILED, Outcome.LOGIN, Outcome.LIFTED)):
        now = timezone.now()
        began = now - timedelta(minutes=settings.LOCK_MINUTES)
        rows = LoginRecord.objects.filter(at__gt=began, at__lte=now, outcome__in=outcomes)
        rows = rows if about is None else rows.filter(about)
        self.rows = list(rows.select_related("person__home_unit").order_by("-at", "-pk")[:MOST_ROWS])

    def end_in_browser(self, name_hash: str, known: str) -> datetime | None:
        """Until when a person is locked out of one of their own browsers."""
        rows = [row for row in self._of(name_hash) if row.known == known or row.outcome == Outcome.LIFTED]
        return _end(rows, settings.LOGIN_ATTEMPTS, Outcome.LOGIN)

    def end_at(self, name_hash: str, address: str | None) -> datetime | None:
        """Until when a name is locked for strange browsers at one address, or for all of them."""
        strange = [row for row in self._of(name_hash) if not row.known or row.outcome != Outcome.FAILED]
        here = [row for row in strange if row.address == address or row.outcome == Outcome.LIFTED]
        return _latest(
            _end(here, settings.LOGIN_ATTEMPTS, Outcome.LOGIN), _end(strange, settings.LOGIN_ATTEMPTS_NAME)
        )

    def end_of_address(self, address: str | None) -> datetime | None:
        """Until when strange browsers at an address are locked out, whatever the name."""
        rows = [row for row in self.rows if row.address == address and not row.known] if address else []
        return _end(rows, settings.LOGIN_ATTEMPTS_ADDRESS)

    def _of(self, name_hash: str):
        return [row for row in self.rows if row.name_hash == name_hash]


def locked_until(name: str, client: Client) -> datetime | None:
    """Until when this name cannot be tried from there; None if it can. Three queries."""
    name_hash = hash_of_name(name)
    person = User.objects.filter(username=User.normalize_username(name.strip())).only("pk").first()
    known = known_as(person, client.mark)
    tries = Tries(Q(name_hash=name_hash) | Q(address=client.address, address__isnull=False))
    if known:
        return tries.end_in_browser(name_hash, known)
    return _latest(tries.end_at(name_hash, client.address), tries.end_of_address(client.address))


def wrong_inside_until(person) -> datetime | None:
    """Until when a person who is logged in may try no more codes and old passwords; one query."""
    tries = Tries(Q(person=person), (*WRONG_INSIDE, Outcome.LOGIN, Outcome.LIFTED))
    return _end(tries.rows, settings.LOGIN_ATTEMPTS, Outcome.LOGIN)


def current_lockouts(actor) -> list[Lockout]:
    """What the actor may lift, those that last longest first."""
    tries, found = Tries(), []
    people = {row.person_id: row.person for row in tries.rows if row.person_id and row.outcome == Outcome.FAILED}
    for person in people.values():
        until = _of_person(tries, hash_of_name(person.username))
        if until is not None and may_lift(actor, person):
            found.append(Lockout(until, person=person))
    if may_lift_addresses(actor):
        addresses = {row.address: tries.end_of_address(row.address) for row in tries.rows}
        found += [Lockout(until, address=address) for address, until in addresses.items() if until is not None]
    return sorted(found, key=lambda one: one.until, reverse=True)


def may_lift(actor, person) -> bool:
    """Security administrators for everybody, system administrators for security administrators; never for oneself.

    Each within their area.
    """
    if actor.pk == person.pk or not Area.of(actor).people().filter(pk=person.pk).exists():
        return False
    if actor.has_perm("organisation.unlock_user"):
        return True
    return actor.has_perm("organisation.lift_lockout_of_guard") and Role.SECURITY_ADMIN in current_roles(person)


def may_lift_addresses(actor) -> bool:
    """Security administrators of the whole: behind an address there may be people of any unit."""
    return actor.has_perm("organisation.unlock_user") and Area.of(actor).covers_all()


@transaction.atomic
def lift(*, actor, person=None, address=None) -> None:
    """Let a person, or an address, try again at once; Refused `not-permitted`."""
    allowed = may_lift(actor, person) if person else may_lift_addresses(actor)
    if not allowed:
        raise Refused("not-permitted", _("Your posts do not give you the right to do this."))
    record(Outcome.LIFTED, Client(address=address), person=person, by=actor)
    record_change(
        subject_type="user", subject_id=(person or actor).pk, actor=actor,
        verb="lockout_lifted" if person else "address_lockout_lifted", data={"address": address} if address else {},
    )


def _of_person(tries: Tries, name_hash: str) -> datetime | None:
    """The longest lockout of a name, wherever it holds."""
    rows = [row for row in tries.rows if row.name_hash == name_hash]
    own = [tries.end_in_browser(name_hash, known) for known in {row.known for row in rows if row.known}]
    strange = [tries.end_at(name_hash, address) for address in {row.address for row in rows if not row.known}]
    return _latest(*own, *strange)


def _end(rows, most: int, *ended_by) -> datetime | None:
    """When so few wrong tries are left that one more is open again; a lift ends the counting, or what is named."""
    wrong = []
    for row in rows:
        if row.outcome == Outcome.LIFTED or row.outcome in ended_by:
            break
        if row.outcome == Outcome.FAILED or row.outcome in WRONG_INSIDE:
            wrong.append(row.at)
    return wrong[most - 1] + timedelta(minutes=settings.LOCK_MINUTES) if len(wrong) >= most else None


def _latest(*moments) -> datetime | None:
    return max((one for one in moments if one is not None), default=None)
