"""A small town for the kernel's tests: a township, two villages with a grid each, one person for each role."""
import uuid
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.utils import timezone

from governance.casework.services.opening import open_matter
from governance.organisation.models import Duty, Post, Unit, UnitLevel, User
from governance.organisation.phones import hash_phone
from governance.organisation.pinyin import sort_key

BEGIN = date(2020, 1, 1)


def make_unit(code, name, level, parent=None):
    """A unit with its path and township, valid since 2020."""
    unit = Unit.objects.create(
        code=code, name=name, short_name=name, name_key=sort_key(name), level=level, parent=parent,
        valid_from=BEGIN, path="/0/",
    )
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    if level == UnitLevel.TOWNSHIP:
        unit.township = unit
    elif parent is not None:
        unit.township = parent.township
    unit.save()
    return unit


def make_user(username, name, role="", unit=None, phone="", email=""):
    """A person, with a post if a role is given; the password is the login name."""
    user = User(
        username=username, name=name, name_key=sort_key(name), phone=phone, email=email, home_unit=unit,
        phone_hash=hash_phone(settings.PERSONAL_KEY, phone),
    )
    user.set_password(username)
    user.save()
    if role:
        Post.objects.create(user=user, unit=unit, role=role, title="", from_on=BEGIN)
    return user


@dataclass
class Town:
    """Units and people of the town, by short names."""

    units: dict = field(default_factory=dict)
    people: dict = field(default_factory=dict)

    def __getattr__(self, name):
        for held in (self.__dict__.get("units", {}), self.__dict__.get("people", {})):
            if name in held:
                return held[name]
        raise AttributeError(name)


def make_town() -> Town:
    """富春江镇 with 芝厦村 and 横山村, and a second township 瑶琳镇 with 高翔村."""
    units = {"district": make_unit("330122", "桐庐县", UnitLevel.DISTRICT)}
    units["township"] = make_unit("330122101", "富春江镇", UnitLevel.TOWNSHIP, units["district"])
    units["office_unit"] = make_unit("330122101-D01", "综治办", UnitLevel.DEPARTMENT, units["township"])
    units["village"] = make_unit("330122101201", "芝厦村", UnitLevel.VILLAGE, units["township"])
    units["grid"] = make_unit("330122101201-01", "芝厦一网格", UnitLevel.GRID, units["village"])
    units["other_village"] = make_unit("330122101202", "横山村", UnitLevel.VILLAGE, units["township"])
    units["far_township"] = make_unit("330122102", "瑶琳镇", UnitLevel.TOWNSHIP, units["district"])
    units["far_village"] = make_unit("330122102201", "高翔村", UnitLevel.VILLAGE, units["far_township"])
    town, village = units["township"], units["village"]
    people = {
        "grid_worker": make_user("grid", "王小格", "grid_worker", units["grid"], phone="13900000001"),
        "officer": make_user("officer", "李村干", "village_officer", village, phone="13900000002"),
        "other_officer": make_user("officer2", "周邻村", "village_officer", units["other_village"]),
        "far_officer": make_user("officer3", "吴远村", "village_officer", units["far_village"]),
        "mediator": make_user("mediator", "陈调解", "mediator", town, phone="13900000003"),
        "clerk": make_user("clerk", "赵文书", "clerk", town, email="clerk@example.org"),
        "far_clerk": make_user("clerk2", "孙远镇", "clerk", units["far_township"]),
        "head": make_user("head", "钱书记", "unit_head", village),
        "leader": make_user("leader", "郑镇长", "leader", town),
        "office": make_user("office", "冯主任", "office", town),
        "liaison": make_user("liaison", "褚联络", "liaison", units["office_unit"]),
        "system_admin": make_user("sysadmin", "卫系统", "system_admin", units["district"]),
        "security_admin": make_user("secadmin", "蒋安全", "security_admin", units["district"]),
        "auditor": make_user("auditor", "沈审计", "auditor", units["district"]),
    }
    Duty.objects.create(
        line="all", unit=town, post=people["leader"].posts.get(), responsibility="scope", from_on=BEGIN
    )
    return Town(units, people)


def report(town, *, actor=None, unit=None, title="水渠堵塞", parties=(), **values):
    """Open a matter of the fake kind and return it."""
    return open_matter(
        kind=values.pop("kind", "probe"), actor=actor or town.officer, client_uuid=uuid.uuid4(), parties=parties,
        values={"title": title, "description": "村口水渠堵塞三天，田里进不了水", "category": "small", "channel": "seen",
                "unit": unit or town.village, "reported_at": timezone.now(), **values},
    )
