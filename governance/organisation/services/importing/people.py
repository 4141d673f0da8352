"""People from an Excel list (用户导入): accounts with one-time codes, posts as proposals for the second hand."""
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from ...models import PostProposal, Role, Unit
from ...registry import Refused
from ...visibility import Area, require_right
from ..people import create_user, issue_one_time_code, update_user
from ..resetting import ask_for_code
from .reports import ImportReport

HEADINGS = {
    "name": ("姓名", "名字"), "username": ("登录名", "账号", "用户名"), "phone": ("手机", "手机号", "电话", "联系电话"),
    "unit": ("单位代码或名称", "单位", "单位代码", "单位名称"), "role": ("角色",), "title": ("职务", "岗位"),
    "from_on": ("任职日期", "任职时间"),
}
_DATE_MARKS = str.maketrans({"年": "-", "月": "-", "日": "", "/": "-", ".": "-"})
# What the portal does not hold about people.
NOT_HELD = ("身份证", "宗教", "信仰", "民族", "政治面貌", "党员", "健康", "残疾", "前科", "重点人员", "稳控")
ROLES = {
    "网格员": "grid_worker", "村干部": "village_officer", "调解员": "mediator", "综治办工作人员": "clerk",
    "信访工作人员": "petition_clerk", "安全检查员": "inspector", "联络员": "liaison", "单位负责人": "unit_head",
    "镇领导": "leader", "领导小组办公室": "office", "系统管理员": "system_admin", "安全管理员": "security_admin",
    "安全审计员": "auditor",
}


@dataclass
class UserReport(ImportReport):
    """What an import of people found; `codes`: (name, login name, unit, one-time code), shown once.

    By an administrator only the first half of each code: the second is given out with the appointment.
    """

    codes: list = field(default_factory=list)

    def as_data(self) -> dict:
        """As the command prints it."""
        return {**self.counts(), "rows": self.rows, "codes": [list(row) for row in self.codes]}


def import_users(*, rows, actor, commit: bool) -> UserReport:
    """Make accounts for the rows that are right; a post waits as a proposal for the security administrator.

    Without `commit` a dry run. Refused: `headings-missing`, `column-not-held`.
    """
    require_right(actor, "organisation.add_user")
    columns, report = _columns(rows), UserReport()
    with transaction.atomic():
        for place, row in enumerate(rows[1:], start=2):
            values = {name: row[at].strip() if at is not None and at < len(row) else "" for name, at in columns.items()}
            report.read += 1
            verdict, reason = _take(report, actor, values)
            report.note(place, verdict, reason, name=values["name"], username=values["username"])
        if not commit:
            transaction.set_rollback(True)
            report.codes.clear()
    return report


def _take(report, actor, values) -> tuple[str, str]:
    try:
        with transaction.atomic():
            return _write(report, actor, values)
    except Refused as refusal:
        return "error", refusal.message


def _write(report, actor, values) -> tuple[str, str]:
    if not values["name"] or not values["username"]:
        raise Refused("name-missing", _("Name or login name is missing."))
    area = Area.of(actor)
    held = area.people().filter(username=values["username"]).first()
    unit, role, from_on = _post_of(values, held, area)
    if held is not None:
        before = (held.name, held.phone, held.home_unit_id)
        held = update_user(user=held, actor=actor, name=values["name"], phone=values["phone"] or held.phone,
                           home_unit=unit)
        return ("same", "") if (held.name, held.phone, held.home_unit_id) == before else ("changed", "")
    user = create_user(username=values["username"], name=values["name"], phone=values["phone"], home_unit=unit,
                       actor=actor)
    PostProposal.objects.create(
        user=user, unit=unit, role=role, title=values["title"], from_on=from_on, proposed_by=actor or user
    )
    code = issue_one_time_code(user=user) if actor is None else ask_for_code(user=user, actor=actor, told=False)
    report.codes.append((user.name, user.username, unit.short_name, code))
    return "new", ""


def _post_of(values, held, area) -> tuple:
    """Unit, role and first day of the row; a person who is there already needs none of them."""
    unit = held.home_unit if held is not None and not values["unit"] else _unit(values["unit"], area)
    role = "" if held is not None and not values["role"] else _role(values["role"])
    return unit, role, _day(values["from_on"])


def _unit(text: str, area: Area) -> Unit:
    found = list(Unit.objects.filter(area.within()).not_ended().named(text)[:2])
    if len(found) != 1:
        several = _("“%(unit)s” names several units: write the code.")
        raise Refused("unit-unknown", (several if found else _("The unit “%(unit)s” is not there.")) % {"unit": text})
    return found[0]


def _role(text: str) -> str:
    role = ROLES.get(text, text)
    if role not in Role.values:
        raise Refused("role-unknown", _("The role “%(role)s” does not exist.") % {"role": text})
    return role


def _day(text: str) -> date:
    if not text:
        return timezone.localdate()
    try:
        day = parse_date(text.translate(_DATE_MARKS))
    except ValueError:
        day = None
    if day is None:
        raise Refused("day-unknown", _("“%(day)s” is not a day. Write it like 2026-11-23.") % {"day": text})
    return day


def _columns(rows) -> dict:
    heading = [cell.strip() for cell in rows[0]] if rows else []
    refused = [cell for cell in heading if any(word in cell for word in NOT_HELD)]
    if refused:
        raise Refused(
            "column-not-held",
            _("The portal does not hold this about people: %(names)s. Take the columns out and send the file again.")
            % {"names": "、".join(refused)}, ["file"],
        )
    found = {
        key: next((at for at, cell in enumerate(heading) if cell in names), None) for key, names in HEADINGS.items()
    }
    missing = [HEADINGS[key][0] for key in ("name", "username", "unit", "role") if found[key] is None]
    if missing:
        raise Refused(
            "headings-missing", _("These headings are missing: %(names)s.") % {"names": "、".join(missing)}, ["file"]
        )
    return found
