"""Tables that can be taken out as Excel (可导出的表): an app hands its own up from its `exports.py`.

The ledgers themselves are not declared here: each layout of `layout.py` can be taken out as it is.
"""
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

TEXT, WHOLE, MONEY, DATE, SERIAL = "text", "whole", "money", "date", "serial"


@dataclass(frozen=True)
class ExportColumn:
    """A column of a table that is taken out (导出列).

    `heading` stands in the file, so it is Chinese; `value(row)` gives text, number, date or None and is not
    asked for a `SERIAL` column. An `is_contact` column holds telephone numbers: masked, unless whoever takes
    it out may see them and says why. An `on_demand` one is left out unless asked for.
    """

    code: str
    heading: str
    value: Callable[[Any], Any] | None = None
    width: float = 12
    form: str = TEXT
    on_demand: bool = False
    is_contact: bool = False


@dataclass(frozen=True)
class Scope:
    """What is taken out, for whom (导出范围): `unit_ids` are the places, never beyond the posts of `user`.

    `from_on` and `to_on` are both included; None where a table has no period.
    """

    user: Any
    township: Any
    unit_ids: frozenset[int]
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True)
class Export:
    """A table that can be taken out (导出表).

    - `roles`: who may; what is taken out lies in the units of their posts with these roles.
    - `rows(scope)`: an ordered queryset that loads what the columns read in a constant number of queries,
      narrowed to what the user sees; `spread(row)` makes several lines of one row.
    - `matter_id(line)`: the matter that a line shows; the file is given out only while all are visible.
    - `reveal_roles`: who may take contact columns out in clear, with a reason that is logged.
    - `has_period`, `has_places`: what is asked for before; a table without places covers all units.
    - `plain`: begins with its headings, so that the portal's own imports read it again.
    """

    code: str
    label: Any
    title: str
    columns: tuple[ExportColumn, ...]
    roles: tuple[str, ...]
    rows: Callable[[Scope], Any]
    spread: Callable[[Any], Iterable] | None = None
    matter_id: Callable[[Any], int] | None = None
    reveal_roles: tuple[str, ...] = ()
    has_period: bool = True
    has_places: bool = True
    plain: bool = False

    def chosen(self, on_demand=()) -> list[ExportColumn]:
        """The columns that are always there, and those asked for, in order."""
        return [column for column in self.columns if not column.on_demand or column.code in on_demand]

    def has_contacts(self) -> bool:
        """Whether telephone numbers stand in it."""
        return any(column.is_contact for column in self.columns)


_exports: dict[str, Export] = {}


def register_export(export: Export) -> Export:
    """Take a table in. ValueError if another holds its code."""
    if _exports.get(export.code, export) is not export:
        raise ValueError(f"export {export.code} is registered twice")
    _exports[export.code] = export
    return export


def declared_exports() -> list[Export]:
    """All declared tables in the order in which the apps registered them."""
    return list(_exports.values())
