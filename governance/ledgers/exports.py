"""The organisation as tables that can be taken out (用户、单位导出): the portal's own imports read them again."""
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.organisation.models import Post, Unit
from governance.organisation.services.importing.people import ROLES
from governance.organisation.visibility import Area

from .registry import DATE, Export, ExportColumn, register_export

ROLE_WORDS = {code: word for word, code in ROLES.items()}
LEVELS = {
    "district": "区县旗", "township": "乡镇街道", "village": "行政村", "community": "社区", "grid": "网格",
    "department": "成员单位/站所",
}
GRID_TYPES = {
    "comprehensive": "综合网格", "rural": "农村网格", "community": "社区网格", "dedicated": "专属网格",
    "party_building": "党建网格", "micro": "微网格",
}


def people(scope):
    """People of the administrator's area who may log in, with their posts of today in it; three queries."""
    area = Area.of(scope.user)
    held = Post.objects.on(timezone.localdate()).filter(area.within("unit")).select_related("unit")
    rows = area.people().active().by_name().select_related("home_unit")
    return rows.prefetch_related(Prefetch("posts", held.order_by("from_on", "pk"), "held"))


def main_post(user):
    """The post at home, else the oldest: the import knows one post for each person."""
    return next((post for post in user.held if post.unit_id == user.home_unit_id), None) or next(iter(user.held), None)


def other_posts(user) -> str:
    """Further posts, in words; the import passes over them."""
    main = main_post(user)
    rest = [post for post in user.held if post is not main]
    return "、".join(f"{post.unit.short_name}{ROLE_WORDS[post.role]}" for post in rest)


def units(scope):
    """Units of the administrator's area that exist today, in tree order; two queries."""
    rows = Unit.objects.filter(Area.of(scope.user).within()).on(timezone.localdate())
    return rows.select_related("parent").in_tree_order()


def _of_post(attribute):
    return lambda user: getattr(main_post(user), attribute, "")


register_export(Export(
    code="users", label=_("People and posts"), title="用户名单", roles=("system_admin",), rows=people,
    has_period=False, has_places=False, plain=True,
    columns=(
        ExportColumn("name", "姓名", lambda user: user.name),
        ExportColumn("username", "登录名", lambda user: user.username, 16),
        ExportColumn("phone", "手机", lambda user: user.phone, 14),
        ExportColumn("unit", "单位代码或名称", lambda user: user.home_unit.code if user.home_unit else "", 20),
        ExportColumn("role", "角色", lambda user: ROLE_WORDS.get(getattr(main_post(user), "role", ""), ""), 16),
        ExportColumn("title", "职务", _of_post("title"), 16),
        ExportColumn("from_on", "任职日期", lambda user: getattr(main_post(user), "from_on", None), 12, DATE),
        ExportColumn("unit_name", "单位全称", lambda user: user.home_unit.name if user.home_unit else "", 24),
        ExportColumn("others", "其他任职", other_posts, 30),
    ),
))
register_export(Export(
    code="units", label=_("Units"), title="单位名册", roles=("system_admin",), rows=units,
    has_period=False, has_places=False, plain=True,
    columns=(
        ExportColumn("code", "区划代码", lambda unit: unit.code, 20),
        ExportColumn("name", "名称", lambda unit: unit.name, 28),
        ExportColumn("parent", "上级代码", lambda unit: unit.parent.code if unit.parent else "", 20),
        ExportColumn("short_name", "简称", lambda unit: unit.short_name, 20),
        ExportColumn("level", "层级", lambda unit: LEVELS.get(unit.level, unit.level), 14),
        ExportColumn("grid_type", "网格类型", lambda unit: GRID_TYPES.get(unit.grid_type, ""), 12),
        ExportColumn("valid_from", "启用日期", lambda unit: unit.valid_from, 12, DATE),
    ),
))
