"""Units and people of a generated township (生成的镇): the same places in every one, under other names.

A `Cast` names units and people by their place; lives are recorded with stand-ins for these places, and
`make_township` makes the real rows, in the same order.
"""
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from governance.casework.services.copying import Copier
from governance.casework.services.stamping import TOWN, stand_in
from governance.organisation.models import Duty, Post, Unit, UnitLevel, User
from governance.organisation.phones import hash_phone
from governance.organisation.pinyin import sort_key
from governance.organisation.services.recording import record_created

from .words import STAFF_GIVEN, STAFF_SURNAMES, VILLAGE_NAMES

BEGIN = date(2020, 1, 1)
VILLAGES, GRIDS, VARIANTS = 12, 2, 5
DEPARTMENTS = ("司法所", "派出所", "综治办")
# In this village nothing has happened since the first months: an officer with few and old rows.
QUIET_VILLAGE = VILLAGES - 1


@dataclass(frozen=True)
class Place:
    """A unit of the township: its place among the units, and what it is."""

    place: int
    suffix: str
    name: str
    level: str
    parent: int | None

    @property
    def id(self) -> int:
        """Its stand-in."""
        return stand_in(Unit, self.place)


@dataclass(frozen=True)
class Person:
    """Somebody who works there, with one post."""

    place: int
    login: str
    name: str
    role: str
    unit: int
    title: str

    @property
    def id(self) -> int:
        """Their stand-in."""
        return stand_in(User, self.place)


@dataclass
class Cast:
    """Who and what there is in a township of a variant (0 to 4: the names of villages and people differ)."""

    variant: int = 0
    places: list[Place] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    villages: list[Place] = field(default_factory=list)
    grids: dict[int, list[Place]] = field(default_factory=dict)
    _by_login: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self):
        self.town = self._unit("", f"{TOWN}镇", UnitLevel.TOWNSHIP, None)
        departments = [
            self._unit(f"-D{number:02d}", name, UnitLevel.DEPARTMENT, self.town)
            for number, name in enumerate(DEPARTMENTS, start=1)
        ]
        self.justice = departments[0]
        names = VILLAGE_NAMES[self.variant % VARIANTS * VILLAGES:][:VILLAGES]
        for number, name in enumerate(names, start=1):
            village = self._unit(str(200 + number), f"{name}村", UnitLevel.VILLAGE, self.town)
            self.villages.append(village)
            self.grids[village.place] = [
                self._unit(f"{200 + number}-{grid:02d}", f"{name}{'一二三四五'[grid - 1]}网格", UnitLevel.GRID, village)
                for grid in range(1, GRIDS + 1)
            ]
        self._hire()

    def who(self, login: str) -> Person:
        """Somebody by the end of their login name: `clerk1`, `officer3`."""
        return self._by_login[login]

    def _unit(self, suffix, name, level, parent) -> Place:
        place = Place(len(self.places), suffix, name, level, parent.place if parent else None)
        self.places.append(place)
        return place

    def _hire(self) -> None:
        town = self.town.place
        for login, role, unit, title in (
            ("clerk1", "clerk", town, "综治办科员"), ("clerk2", "clerk", town, "综治办科员"),
            ("mediator1", "mediator", town, "镇调委会主任"), ("mediator2", "mediator", town, "镇调委会调解员"),
            ("head", "leader", town, "镇长"), ("leader", "leader", town, "分管副镇长"),
            ("office", "office", town, "综治办主任"), ("expert", "mediator", self.justice.place, "特邀调解员"),
            ("justice", "unit_head", self.justice.place, "司法所所长"),
            ("liaison", "liaison", self.justice.place, "司法所联络员"),
        ):
            self._person(login, role, unit, title)
        for number, village in enumerate(self.villages, start=1):
            self._person(f"officer{number}", "village_officer", village.place, "村治保主任")
            self._person(f"elder{number}", "mediator", village.place, "村调解员")
            self._person(f"secretary{number}", "unit_head", village.place, "村党支部书记")
            self._person(f"worker{number}", "grid_worker", self.grids[village.place][0].place, "专职网格员")

    def _person(self, login, role, unit, title) -> None:
        place = len(self.people)
        turn = place + self.variant * 17
        given = turn * 2 % (len(STAFF_GIVEN) - 1)
        name = STAFF_SURNAMES[turn % len(STAFF_SURNAMES)] + STAFF_GIVEN[given:given + 2]
        person = Person(place, login, name, role, unit, title)
        self.people.append(person)
        self._by_login[login] = person


def make_township(cast: Cast, *, code: str, name: str, district: Unit, password: str) -> dict:
    """Make the units and people of a township; their ids by model, in the order of their stand-ins.

    `password`: hashed, "" if nobody may log in there. Call it in the transaction that fills the township.
    """
    unit_ids = Copier().reserve(Unit, len(cast.places))
    units = _units(cast, unit_ids, code, name, district)
    user_ids = Copier().reserve(User, len(cast.people))
    users = [_user(person, pk, code, unit_ids, password) for person, pk in zip(cast.people, user_ids, strict=True)]
    posts = [
        Post(user_id=pk, unit_id=unit_ids[person.unit], role=person.role, title=person.title, from_on=BEGIN)
        for person, pk in zip(cast.people, user_ids, strict=True)
    ]
    Unit.objects.bulk_create(units)
    User.objects.bulk_create(users)
    Post.objects.bulk_create(posts)
    for login, responsibility in (("head", "first"), ("leader", "scope")):
        post = posts[cast.who(login).place]
        Duty.objects.create(line="all", unit=units[0], post=post, responsibility=responsibility, from_on=BEGIN)
    record_created(
        [("unit", unit.pk, {"code": unit.code, "name": unit.name, "level": unit.level, "parent": unit.parent_id})
         for unit in units]
        + [("user", user.pk, {"home_unit": user.home_unit_id}) for user in users]
    )
    return {Unit: unit_ids, User: user_ids}


def _units(cast: Cast, ids, code, name, district) -> list[Unit]:
    units = []
    for row, pk in zip(cast.places, ids, strict=True):
        parent = units[row.parent] if row.parent is not None else district
        shown = row.name.replace(TOWN, name)
        units.append(Unit(
            pk=pk, code=f"{code}{row.suffix}", name=f"{shown}村委会" if row.level == "village" else shown,
            short_name=shown, name_key=sort_key(shown), level=row.level, parent=parent, township_id=ids[0],
            path=f"{parent.path}{pk}/", valid_from=BEGIN,
        ))
    return units


def _user(person: Person, pk, code, unit_ids, password) -> User:
    # Telephone numbers that are not given out.
    phone = f"1990{int(code[4:]) % 10**5:05d}{person.place:02d}"
    return User(
        pk=pk, username=f"{person.login}.{code}", name=person.name, name_key=sort_key(person.name, person=True),
        phone=phone, phone_hash=hash_phone(settings.PERSONAL_KEY, phone), home_unit_id=unit_ids[person.unit],
        password=password or UNUSABLE_PASSWORD_PREFIX,
    )
