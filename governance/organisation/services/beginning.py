"""The first three administrators (首批管理员), appointed on the server's console: nobody in the portal could yet."""
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import SEPARATED_ROLES, Post, Role, Unit, UnitLevel
from ..registry import Refused
from . import appointing, people, units
from .importing.divisions import FIRST_DAY

ADMINISTRATIONS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)


@dataclass(frozen=True)
class Appointed:
    """One of the three, with the code that opens the account, shown once."""

    role: str
    username: str
    name: str
    code: str


@transaction.atomic
def appoint_first_administrators(*, unit, chosen) -> list[Appointed]:
    """Make the three accounts and their posts over a unit; `chosen`: role -> (login name, full name).

    Once only: Refused `administrators-exist` when anybody administers the unit, what is above or what is below.
    `administrators-not-three`: each administration needs a person of its own.
    """
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    refuse_if_any(unit)
    if set(chosen) != set(ADMINISTRATIONS) or len({login.lower() for login, _name in chosen.values()}) != 3:
        raise Refused("administrators-not-three", _("Name three different people, one for each administration."))
    found, today = [], timezone.localdate()
    for role in ADMINISTRATIONS:
        username, name = chosen[role]
        if not name.strip():
            raise Refused("name-missing", _("Name or login name is missing."))
        user = people.create_user(username=username, name=name, home_unit=unit, actor=None)
        first = max(today, unit.valid_from)
        appointing.appoint(user=user, unit=unit, role=role.value, from_on=first, actor=None)
        found.append(Appointed(role.value, user.username, user.name, people.issue_one_time_code(user=user)))
    return found


@transaction.atomic
def top_unit(*, code="", name="") -> Unit:
    """The unit that the first administrators are to administer: named by code, or the only one at the top.

    One that is not there yet is made, with its name, at the top. Refused: `unit-code-missing`, `unit-name-missing`.
    """
    if code:
        held = Unit.objects.filter(code=code).first()
        if held is None and not name.strip():
            raise Refused("unit-name-missing", _("There is no unit with this code yet: give its name too."), ["name"])
        return held or units.create_unit(
            code=code, name=name, level=UnitLevel.DISTRICT, parent=None, actor=None, valid_from=FIRST_DAY
        )
    found = list(Unit.objects.filter(parent=None).not_ended()[:2])
    if len(found) != 1:
        raise Refused(
            "unit-code-missing", _("Give the code of the district or county to which the townships belong."), ["code"]
        )
    return found[0]


def refuse_if_any(unit) -> None:
    """Refused `administrators-exist` once somebody administers a unit, what is above or what is below."""
    posts = Post.objects.with_role(*SEPARATED_ROLES).overlapping(timezone.localdate(), None)
    if posts.reaching(unit).exists() or posts.filter(unit__path__startswith=unit.path).exists():
        raise Refused(
            "administrators-exist",
            _("There are administrators already. The security administrator appoints any further one in the portal."),
        )


def has_administrators() -> bool:
    """Whether anybody holds an administration today or later."""
    return Post.objects.with_role(*SEPARATED_ROLES).overlapping(timezone.localdate(), None).exists()
