"""Official divisions of a county as the unit tree (区划导入); a second run changes nothing."""
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from ...models import Unit, UnitLevel
from ...registry import Refused
from ...visibility import require_right
from ..units import create_unit, rename_unit

HEADINGS = {"code": ("区划代码", "代码"), "name": ("名称", "单位名称"), "parent": ("上级代码",)}
FIRST_DAY = date(2000, 1, 1)


@dataclass
class DivisionReport:
    """What an import of divisions found; `rows`: (row, verdict, code, name, reason)."""

    read: int = 0
    new: int = 0
    same: int = 0
    changed: int = 0
    error: int = 0
    rows: list = field(default_factory=list)

    def note(self, place, verdict, code, name, reason=""):
        """Count a row."""
        setattr(self, verdict, getattr(self, verdict) + 1)
        self.rows.append({"row": place, "verdict": verdict, "code": code, "name": name, "reason": str(reason)})

    def as_data(self) -> dict:
        """As the command prints it: errors and changes row by row."""
        told = [row for row in self.rows if row["verdict"] in ("error", "changed")]
        return {"read": self.read, "new": self.new, "same": self.same, "changed": self.changed, "error": self.error,
                "rows": told}


def import_divisions(*, rows, actor, commit: bool = True) -> DivisionReport:
    """Take divisions in: all of them, or nothing when a row is wrong. Refused: `headings-missing`."""
    require_right(actor, "organisation.add_unit")
    columns = _columns(rows)
    report = DivisionReport()
    with transaction.atomic():
        for place, row in enumerate(rows[1:], start=2):
            values = {name: row[at].strip() if at < len(row) else "" for name, at in columns.items()}
            report.read += 1
            _take(report, place, actor, **values)
        if report.error or not commit:
            transaction.set_rollback(True)
    return report


def level_of(code: str, name: str) -> str:
    """The level of a division by its code's length and its name's ending."""
    if len(code) <= 6:
        return UnitLevel.DISTRICT
    if len(code) <= 9:
        return UnitLevel.TOWNSHIP
    return UnitLevel.COMMUNITY if name.endswith(("居委会", "社区", "居民委员会")) else UnitLevel.VILLAGE


def _take(report, place, actor, *, code, name, parent) -> None:
    if not code.isdigit() or not name:
        report.note(place, "error", code, name, _("Code or name is missing."))
        return
    held = Unit.objects.filter(code=code).first()
    if held is not None:
        if held.name == name:
            report.note(place, "same", code, name)
        else:
            rename_unit(unit=held, name=name, actor=actor)
            report.note(place, "changed", code, name, _("The name changes from %(old)s.") % {"old": held.name})
        return
    above = Unit.objects.filter(code=parent).first() if parent else None
    if parent and above is None:
        report.note(place, "error", code, name, _("The parent unit %(code)s is not there.") % {"code": parent})
        return
    try:
        with transaction.atomic():
            level = level_of(code, name)
            create_unit(code=code, name=name, level=level, parent=above, actor=actor, valid_from=FIRST_DAY)
    except Refused as refusal:
        report.note(place, "error", code, name, refusal.message)
        return
    report.note(place, "new", code, name)


def _columns(rows) -> dict[str, int]:
    heading = rows[0] if rows else []
    found = {
        key: next((at for at, cell in enumerate(heading) if cell.strip() in names), None)
        for key, names in HEADINGS.items()
    }
    missing = [HEADINGS[key][0] for key, at in found.items() if at is None]
    if missing:
        raise Refused(
            "headings-missing", _("These headings are missing: %(names)s.") % {"names": "、".join(missing)}, ["file"]
        )
    return found
