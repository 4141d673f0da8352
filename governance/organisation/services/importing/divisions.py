"""Official divisions of a county as the unit tree (区划导入); a second run changes nothing."""
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from ...models import Unit, UnitLevel
from ...registry import Refused
from ...visibility import require_right
from ..units import create_unit, rename_unit
from .reports import ImportReport

HEADINGS = {"code": ("区划代码", "代码"), "name": ("名称", "单位名称"), "parent": ("上级代码",)}
FIRST_DAY = date(2000, 1, 1)


class DivisionReport(ImportReport):
    """What an import of divisions found."""

    def as_data(self) -> dict:
        """As the command prints it: errors and changes row by row."""
        told = [row for row in self.rows if row["verdict"] in ("error", "changed")]
        return {**self.counts(), "rows": told}


def import_divisions(*, rows, actor, commit: bool = True) -> DivisionReport:
    """Take divisions in: all of them, or nothing when a row is wrong. Refused: `headings-missing`."""
    require_right(actor, "organisation.add_unit")
    columns = _columns(rows)
    report, codes = DivisionReport(), set()
    with transaction.atomic():
        for place, values in _parents_first(rows[1:], columns):
            report.read += 1
            try:
                with transaction.atomic():
                    verdict, reason = _take(actor, codes, **values)
            except Refused as refusal:
                verdict, reason = "error", refusal.message
            report.note(place, verdict, reason, code=values["code"], name=values["name"])
        report.rows.sort(key=lambda row: row["row"])
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


def _parents_first(rows, columns):
    """Pairs (row number, values), the short codes first: a file may name a village before its township."""
    read = [
        (place, {name: row[at].strip() if at < len(row) else "" for name, at in columns.items()})
        for place, row in enumerate(rows, start=2)
    ]
    return sorted(read, key=lambda pair: len(pair[1]["code"]))


def _take(actor, codes, *, code, name, parent) -> tuple[str, str]:
    """Take one division in; its verdict and what is to be said about it. Refused: what is wrong with the row."""
    held = Unit.objects.filter(code=code).first()
    # Grids and departments have codes of the township's own: known ones are compared, official ones are made.
    if not name or (held is None and not code.isdigit()):
        raise Refused("division-incomplete", _("Code or name is missing."))
    if code in codes:
        raise Refused("division-twice", _("The code %(code)s stands twice in the file.") % {"code": code})
    codes.add(code)
    above = Unit.objects.filter(code=parent).first() if parent else None
    if parent and above is None:
        raise Refused("parent-missing", _("The parent unit %(code)s is not there.") % {"code": parent})
    if held is None:
        level = level_of(code, name)
        create_unit(code=code, name=name, level=level, parent=above, actor=actor, valid_from=FIRST_DAY)
        return "new", ""
    if held.name == name:
        return "same", ""
    old = held.name
    rename_unit(unit=held, name=name, actor=actor)
    return "changed", _("The name changes from %(old)s.") % {"old": old}


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
