"""What a row changes of what is held (更新比对): only what the row itself says; an empty cell denies nothing."""
from dataclasses import dataclass

from ...layout import Layout, Reads
from .payloads import plain

_EMPTY = (None, "", [])


@dataclass(frozen=True, slots=True)
class Change:
    """A value that a row changes: that of which column, before and after (None: there is none)."""

    code: str
    before: object
    after: object

    def plain(self) -> list:
        """As plain values, for storing."""
        return [self.code, plain(self.before), plain(self.after)]


def held_of(layout: Layout, matter) -> dict:
    """What a row would have to say for the matter to stand as it does. `matter` comes from `layout.matters`."""
    values = {column.code: column.value(matter) for column in layout.columns if column.value is not None}
    further = layout.held(matter) if layout.held is not None else {}
    return {code: value for code, value in (values | further).items() if value not in _EMPTY}


def changes_of(layout: Layout, held: dict, values: dict, said) -> list[Change]:
    """What a row changes, in the order of the columns. Refused: what `layout.against` refuses."""
    told = {code: values[code] for code in said if values.get(code) not in _EMPTY}
    if layout.against is not None:
        told = layout.against(told, held)
    return [
        Change(column.code, held.get(column.code), told[column.code]) for column in layout.columns
        if column.code in told and column.value is not None and not _is_its_own(column)
        and _comparable(told[column.code]) != _comparable(held.get(column.code))
    ]


def after(held: dict, changes: list[Change]) -> dict:
    """What stands after the changes."""
    stands = held | {change.code: change.after for change in changes}
    return {code: value for code, value in stands.items() if value not in _EMPTY}


def whole(layout: Layout, held: dict, changes: list[Change]) -> dict:
    """All that a row would say that brings about these changes and no others: what `layout.past` takes.

    Telephone numbers that do not change are left with those to whom they belong.
    """
    kept = {
        code: value for code, value in held.items()
        if code not in layout or layout.column(code).reads is not Reads.PHONES
    }
    return after(kept, changes)


def _is_its_own(column) -> bool:
    """Numbers that a file gives its rows, and the portal its matters, say nothing of the affair."""
    return column.reads is Reads.SERIAL or column.code == "number"


def _comparable(value):
    if value in _EMPTY:
        return None
    if isinstance(value, list):
        return sorted(value)
    # Reading narrows spaces and line ends, which no cell keeps reliably: they make no difference in what is said.
    return "".join(value.split()) if isinstance(value, str) else value
