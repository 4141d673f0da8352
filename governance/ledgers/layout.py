"""A ledger as the township keeps it (台账样式), as data: columns, their synonyms, how each is read and written.

An app hands its layouts up from its `ledger.py`, which is found at start-up. One declaration serves both
directions: reading finds a column by heading and synonyms and understands its cells by `reads`; writing asks
`value(matter)` and renders it. Pure: no model is imported here.
"""
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Reads(StrEnum):
    """What the cells of a column are understood as, and the type of the value.

    `SERIAL` str, `NUMBER` a matter's own number (str), `TEXT` str, `UNIT` code of a unit (str), `DAY` date,
    `TERM` code of a vocabulary's term, `CHOICE` code by `words`, `NAMES` list of names, `PHONES` list of
    telephone numbers, `COUNT` int, `YUAN` Decimal, `PERSON` name of an official (str), `HOME` where a party lives
    (str; kept encrypted with the party, never exported).
    """

    SERIAL = "serial"
    NUMBER = "number"
    TEXT = "text"
    UNIT = "unit"
    DAY = "day"
    TERM = "term"
    CHOICE = "choice"
    NAMES = "names"
    PHONES = "phones"
    COUNT = "count"
    YUAN = "yuan"
    PERSON = "person"
    HOME = "home"


@dataclass(frozen=True)
class Word:
    """A code, how it is written in an export, and the free words that mean it, the more telling ones first.

    `pattern`: a regular expression for what whole sentences say; a code may stand in several words.
    """

    code: str
    shown: str
    means: tuple[str, ...] = ()
    pattern: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a ledger (列).

    - `heading`: as the official export prints it; `group`: the cell above it in a two-row heading.
    - `synonyms`: other headings that mean the same, whole or as `group/heading`.
    - `on_demand`: not among the official columns, only exported when asked for; read whenever it is there.
    - `words`: codes of a `CHOICE`, or free words beside the vocabulary of a `TERM`; `fallback`: the code
      that a word of no list is entered as, marked as a guess ("" refuses the row).
    - `value(matter)`: the same value that reading would understand, for the export and for comparing.
    - `second`: code of the column that a further one of the same heading is (姓名 · 电话 · 姓名 · 电话).
    - `beside`: code of the column whose people these numbers belong to.
    - `may_be_ahead`: a day that may lie in the future; `levels`: which units a `UNIT` names;
      `is_line`: a text of at most 200 characters.
    - `pattern`: a regular expression for headings that no synonym names; what it finds is a guess.
    - `tells_place`: where no cell names the village, it may stand in this text.
    - `refuses`: a word of a `CHOICE` that is not understood refuses the row, instead of being left out.
    - `width`: in characters.
    """

    code: str
    heading: str
    reads: Reads
    synonyms: tuple[str, ...] = ()
    group: str = ""
    required: bool = False
    on_demand: bool = False
    vocabulary: str = ""
    words: tuple[Word, ...] = ()
    fallback: str = ""
    value: Callable[[Any], Any] | None = None
    second: str = ""
    beside: str = ""
    may_be_ahead: bool = False
    levels: tuple[str, ...] = ("village", "community", "township")
    pattern: str = ""
    tells_place: bool = False
    refuses: bool = False
    is_line: bool = False
    width: float = 12

    def word(self, code: str) -> Word | None:
        """The word with this code."""
        return next((word for word in self.words if word.code == code), None)


@dataclass(frozen=True)
class Layout:
    """A ledger (台账): `kind` is the code by which it is imported and exported, and that of its matters.

    - `columns`: in official order, those on demand after the others.
    - `matters(queryset)`: loads what `value` of every column reads, in a constant number of queries.
    - `identity`: codes of the columns that say whether two rows are one affair.
    - `check(values, given)`: rules across columns; returns troubles and guesses as `(code, column code, data)`,
      and may fill values in; `given` are the codes of the columns that the sheet has.
    - `past(values, context)`: the whole past matter that a row stands for (`casework.services.entering`).
    - `update(act, entry)` and `revert(act, before)`: the facts of a changed row, and back again.
    - `held(matter)`: what `past` reads beside the values of the columns, of a matter that stands.
    - `against(told, held)`: what a row tells as the columns would tell it of the matter afterwards; None for what
      it takes away. Refused when the row denies what is held without saying what is.
    - `quiet_guesses`: codes that would stand at nearly every row: summed up for the file instead.
    A layout without `past` is only exported.
    """

    kind: str
    title: str
    columns: tuple[Column, ...]
    matters: Callable[[Any], Any]
    identity: tuple[str, ...] = ()
    check: Callable[[dict, frozenset], Any] | None = None
    past: Callable[[dict, Any], Any] | None = None
    update: Callable[[Any, Any], dict] | None = None
    revert: Callable[[Any, dict], None] | None = None
    held: Callable[[Any], dict] | None = None
    against: Callable[[dict, dict], dict] | None = None
    quiet_guesses: tuple[str, ...] = ()
    _by_code: dict[str, Column] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self):
        self._by_code.update({column.code: column for column in self.columns})
        if len(self._by_code) != len(self.columns):
            raise ValueError(f"ledger {self.kind} names a column twice")
        unknown = set(self.identity) - set(self._by_code)
        if unknown:
            raise ValueError(f"ledger {self.kind} is identified by unknown columns {sorted(unknown)}")

    def column(self, code: str) -> Column:
        """The column with this code; KeyError if there is none."""
        return self._by_code[code]

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    def official(self) -> list[Column]:
        """The columns of the official export, in order."""
        return [column for column in self.columns if not column.on_demand]

    @property
    def is_read(self) -> bool:
        """Whether files of this ledger can be imported."""
        return self.past is not None


def render(column: Column, value, labels: Mapping[str, str]) -> str | int | float | date | None:
    """A value as it stands in a cell; reading it again gives the same value.

    `labels`: code -> Chinese label, of the terms of the column's vocabulary and of units.
    """
    if value in (None, "", []):
        return None
    if isinstance(value, list):
        return "、".join(value) if column.reads is Reads.NAMES else "/".join(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if column.reads is Reads.CHOICE:
        word = column.word(value)
        return word.shown if word else value
    if column.reads in (Reads.TERM, Reads.UNIT):
        return labels.get(value, value)
    return value


_layouts: dict[str, Layout] = {}


def register(layout: Layout) -> Layout:
    """Take a layout in. ValueError if another holds its code."""
    if _layouts.get(layout.kind, layout) is not layout:
        raise ValueError(f"ledger {layout.kind} is registered twice")
    _layouts[layout.kind] = layout
    return layout


def unregister(kind: str) -> None:
    """Take a layout out again (tests use it for layouts of their own)."""
    _layouts.pop(kind, None)


def get(kind: str) -> Layout:
    """The layout with this code; KeyError if no installed app registers it."""
    return _layouts[kind]


def all_layouts() -> list[Layout]:
    """All layouts in the order in which the apps registered them."""
    return list(_layouts.values())
