"""A fictional township with its villages, grids, people, posts and duties (演示镇的组织)."""
from datetime import date

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from governance.organisation.models import Duty, Post, StandIn, Unit, UnitLevel, User
from governance.organisation.phones import hash_phone
from governance.organisation.pinyin import sort_key
from governance.organisation.services.units import create_unit

# Codes that no real division has, and phone numbers that are not given out.
DISTRICT, TOWNSHIP = "990101", "990101101"
PASSWORD = "Qinghe-2026"
BEGIN = date(2023, 1, 1)
VILLAGES = ("南庄", "北庙", "东岗", "西河", "柳林", "石桥", "青山", "白塔", "黄土坡", "马家堡", "李家湾", "清水")
GRIDS = 5
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
GIVEN = "建国志强秀英桂兰海燕玉梅文华春生永福国栋晓明丽娟"

# Login name, role, unit, title; the villages' and grids' people are added by rule.
STAFF = (
    ("zhenzhang", "leader", "town", "镇长"), ("fuzhenzhang", "leader", "town", "分管副镇长"),
    ("bangongshi", "office", "town", "综治办主任"), ("wenshu", "clerk", "town", "综治办科员"),
    ("wenshu2", "clerk", "town", "综治办科员"), ("tiaojie", "mediator", "town", "镇调委会调解员"),
    ("tiaojie2", "mediator", "town", "镇调委会调解员"), ("sifa", "liaison", "justice", "司法所联络员"),
    ("sifasuozhang", "unit_head", "justice", "司法所所长"), ("paichusuo", "liaison", "police", "派出所联络员"),
    ("xinfang", "petition_clerk", "town", "信访干部"), ("anjian", "inspector", "town", "安全检查员"),
    ("xitong", "system_admin", "district", "系统管理员"), ("anquan", "security_admin", "district", "安全管理员"),
    ("shenji", "auditor", "district", "安全审计员"),
)


@transaction.atomic
def has_township() -> bool:
    """Whether the demo township is there."""
    return Unit.objects.filter(code=TOWNSHIP).exists()


def make_township() -> bool:
    """Make units, people and duties; False if they are there already."""
    if has_township():
        return False
    units = _units()
    password = make_password(PASSWORD)
    people = [_person(place, password, *row, units) for place, row in enumerate(STAFF)]
    for number in range(1, len(VILLAGES) + 1):
        village = units[f"village{number}"]
        people.append(_person(len(people), password, f"cun{number}", "village_officer", f"village{number}",
                              "村治保主任", units))
        secretary = _person(len(people), password, f"shuji{number}", "unit_head", f"village{number}",
                            "村党支部书记", units)
        Post.objects.create(user=secretary, unit=village, role="mediator", title="村调委会主任", from_on=BEGIN)
        people.append(secretary)
        grid = Unit.objects.filter(parent=village).order_by("code").first()
        if number <= 2:
            people.append(_person(len(people), password, f"wangge{number}", "grid_worker", "grid", "专职网格员",
                                  {"grid": grid}))
    _duties(units)
    return True


def accounts() -> list[tuple[str, str]]:
    """(login name, what for) of one account for each role."""
    wanted = ("cun1", "wangge1", "wenshu", "tiaojie", "zhenzhang", "bangongshi", "shuji1", "xitong", "anquan", "shenji")
    posts = Post.objects.filter(user__username__in=wanted).select_related("user", "unit").order_by("-pk")
    by_name = {post.user.username: f"{post.unit.short_name} {post.title}" for post in posts}
    return [(name, by_name[name]) for name in wanted if name in by_name]


def _units() -> dict[str, Unit]:
    def make(code, name, level, parent):
        return create_unit(code=code, name=name, level=level, parent=parent, actor=None, valid_from=BEGIN)

    district = make(DISTRICT, "云川县", UnitLevel.DISTRICT, None)
    town = make(TOWNSHIP, "清河镇", UnitLevel.TOWNSHIP, district)
    units = {"district": district, "town": town}
    for key, number, name in (("justice", 1, "司法所"), ("police", 2, "派出所"), ("office", 3, "综治办")):
        units[key] = make(f"{TOWNSHIP}-D{number:02d}", name, UnitLevel.DEPARTMENT, town)
    for number, name in enumerate(VILLAGES, start=1):
        village = make(f"{TOWNSHIP}{200 + number}", f"{name}村村委会", UnitLevel.VILLAGE, town)
        units[f"village{number}"] = village
        for grid in range(1, GRIDS + 1):
            make(f"{village.code}-{grid:02d}", f"{name}村第{'一二三四五'[grid - 1]}网格", UnitLevel.GRID, village)
    return units


def _person(place, password, username, role, unit, title, units) -> User:
    given = (place * 2) % len(GIVEN)
    name = SURNAMES[place % len(SURNAMES)] + GIVEN[given:given + 2]
    phone = f"1990000{place:04d}"
    user = User.objects.create(
        username=username, name=name, name_key=sort_key(name), phone=phone, password=password,
        phone_hash=hash_phone(settings.PERSONAL_KEY, phone), home_unit=units[unit],
    )
    Post.objects.create(user=user, unit=units[unit], role=role, title=title, from_on=BEGIN)
    return user


def _duties(units) -> None:
    """The responsibility matrix: who is first, direct, in charge of the field, leading, assisting, for each village."""
    def post(username):
        return Post.objects.filter(user__username=username).earliest("pk")

    town = [("zhenzhang", "all", "first"), ("fuzhenzhang", "all", "scope"), ("bangongshi", "all", "direct"),
            ("sifasuozhang", "dispute", "lead"), ("paichusuo", "dispute", "assist")]
    rows = [(units["town"], *row) for row in town]
    for number in range(1, len(VILLAGES) + 1):
        village, patron = units[f"village{number}"], ("zhenzhang", "fuzhenzhang", "bangongshi")[number % 3]
        rows += [(village, f"shuji{number}", "all", "first"), (village, f"cun{number}", "all", "direct"),
                 (village, patron, "all", "village_leader")]
    Duty.objects.bulk_create(
        Duty(line=line, unit=unit, post=post(username), responsibility=responsibility, from_on=BEGIN)
        for unit, username, line, responsibility in rows
    )


def absent_officer(today: date) -> None:
    """One officer is on leave: the neighbour stands in."""
    post = Post.objects.get(user__username="cun2")
    StandIn.objects.get_or_create(
        post=post, user=User.objects.get(username="cun3"), from_on=today,
        defaults={"to_on": date.fromordinal(today.toordinal() + 5), "reason": "年休假"},
    )
