"""Turning the cells of a row into typed values (单元格识别): a django-import-export resource with a widget per column.

The resource is made from the layout; its fields clean on the way in and render on the way out, so that what an
export writes is what an import understands.
"""
import re
from dataclasses import dataclass, field
from types import SimpleNamespace

from import_export.fields import Field
from import_export.resources import Resource
from import_export.widgets import Widget

from governance.organisation.names import DIRECTION_MARKS

from ..layout import Column, Layout, Reads, render
from .amounts import read_count, read_yuan
from .days import NotADay, read_day
from .people import Names, read_names, read_phones
from .surroundings import Surroundings
from .text import NOTHING, narrow, without_id_numbers
from .wording import Remark
from .words import find_choice, find_term

MOST_TEXT, MOST_LINE = 20_000, 200


class NotUnderstood(ValueError):
    """A cell that refuses its row, with what is told about it."""

    def __init__(self, remark: Remark):
        super().__init__(remark.code)
        self.remark = remark


@dataclass(slots=True)
class Cell:
    """A cell of a row: its value, and where it stands (`B5`)."""

    value: object
    ref: str


@dataclass
class Cells(dict):
    """The cells of a row by code of their column, and what their understanding needs beside them.

    `year_for(column)`: where the year of a day without one comes from (`records.Years`); `times`: code ->
    factor of a heading in 万元; `has_other_side`: the sheet has a column of its own for the other side; `later`:
    days by which the file counts from a later zero.
    """

    year_for: object = None
    times: dict = field(default_factory=dict)
    has_other_side: bool = False
    later: int = 0
    guesses: list = field(default_factory=list)

    def __hash__(self):
        return id(self)

    def guess(self, code: str, column: Column, cell: Cell, **data) -> None:
        """Note what was assumed about a cell."""
        data.setdefault("value", narrow(cell.value)[:60])
        self.guesses.append(Remark(code, column.code, cell.ref, data))


class CellWidget(Widget):
    """Reads and renders the cells of one column."""

    def __init__(self, column: Column, surroundings: Surroundings):
        super().__init__()
        self.column, self.surroundings = column, surroundings
        self._read = getattr(self, f"_{column.reads.value}")

    def clean(self, value, row=None, **kwargs):
        """The typed value of a cell, None for an empty one. NotUnderstood when it refuses the row."""
        return self._read(value, row)

    def render(self, value, obj=None, **kwargs):
        """The value as it stands in an exported cell."""
        return render(self.column, value, self.surroundings.terms.get(self.column.vocabulary, {}))

    def _refuse(self, code: str, cell: Cell, **data):
        data.setdefault("value", narrow(cell.value)[:60])
        return NotUnderstood(Remark(code, self.column.code, cell.ref, data))

    def _serial(self, cell, row):
        return narrow(cell.value)[:40] or None

    def _number(self, cell, row):
        text = narrow(cell.value)
        return None if text in NOTHING else text[:60] or None

    def _text(self, cell, row):
        text = cell.value.strip() if isinstance(cell.value, str) else narrow(cell.value)
        text, had_numbers = without_id_numbers(text)
        if had_numbers:
            row.guess("id-number-removed", self.column, cell, value="")
        if narrow(text) in NOTHING:
            return None
        most = MOST_LINE if self.column.is_line else MOST_TEXT
        if len(text) > most:
            row.guess("text-shortened", self.column, cell, value="")
            text = text[:most]
        return text or None

    def _person(self, cell, row):
        text, _had = without_id_numbers(narrow(cell.value))
        return None if text in NOTHING else text[:120] or None

    _home = _person

    def _unit(self, cell, row):
        text = narrow(cell.value)
        if text in NOTHING:
            return None
        found = self.surroundings.find(text, self.column.levels)
        if not found:
            if not self.column.required:
                row.guess("place-left-out", self.column, cell)
                return None
            nearest = "、".join(self.surroundings.nearest(text, self.column.levels))
            raise self._refuse("village-unknown", cell, nearest=nearest)
        for place in found:
            if place.guess:
                row.guess(place.guess, self.column, cell, name=place.place.short_name)
        return [place.place.code for place in found]

    def _day(self, cell, row):
        if isinstance(cell.value, str) and narrow(cell.value) in NOTHING:
            return None
        where = row.year_for(self.column)
        try:
            found = read_day(cell.value, year_for=where.year, month=where.month(),
                             last=self.column.code not in where.first_of, later=row.later)
        except NotADay as problem:
            if not self.column.required and not re.search(r"\d", narrow(cell.value)):
                # 未化解 in the column of the day of settlement says that there is none.
                row.guess("word-left-out", self.column, cell)
                return None
            raise self._refuse(problem.code, cell) from problem
        found = where.not_before(found)
        if found.day > self.surroundings.today and not self.column.may_be_ahead:
            raise self._refuse("day-in-the-future", cell)
        if found.year_guessed:
            row.guess(where.told(), self.column, cell, year=found.day.year)
        elif where.contradicts(found.day):
            row.guess("year-contradicts", self.column, cell)
        if found.guess:
            row.guess(found.guess, self.column, cell)
        return found.day

    def _term(self, cell, row):
        text = narrow(cell.value)
        if text in NOTHING:
            return None
        labels = self.surroundings.terms.get(self.column.vocabulary, {})
        meaning = find_term(text, labels, self.column.words)
        if meaning is None:
            if not self.column.fallback:
                raise self._refuse("word-unknown", cell, examples="、".join(labels.values()))
            code = self.column.fallback
            row.guess("word-not-in-list", self.column, cell, name=labels.get(code, code))
            return code
        if meaning.by_part:
            row.guess("category-by-part", self.column, cell, name=labels.get(meaning.code, meaning.code))
        return meaning.code

    def _choice(self, cell, row):
        text = narrow(cell.value)
        if not text or text in NOTHING and find_choice(text, self.column.words) is None:
            return None
        meaning = find_choice(text, self.column.words)
        if meaning is None:
            if self.column.refuses:
                shown = dict.fromkeys(word.shown for word in self.column.words)
                raise self._refuse("word-unknown", cell, examples="、".join(shown))
            row.guess("word-left-out", self.column, cell)
            return None
        if meaning.by_part:
            row.guess("word-by-part", self.column, cell, name=self.column.word(meaning.code).shown)
        return meaning.code

    def _names(self, cell, row):
        is_first = bool(self.column.second)
        if DIRECTION_MARKS.search(str(cell.value)):
            raise self._refuse("names-have-direction-marks", cell)
        text, had_numbers = without_id_numbers(narrow(cell.value))
        if had_numbers:
            row.guess("id-number-removed", self.column, cell, value="")
        try:
            found = read_names(text, both_sides=is_first and not row.has_other_side)
        except ValueError as problem:
            raise self._refuse("names-unclear", cell) from problem
        if found.by_order:
            row.guess("sides-by-order", self.column, cell)
        return found

    def _phones(self, cell, row):
        found, strange = read_phones(cell.value)
        for text in strange:
            row.guess("phone-left-out", self.column, cell, value=text[:30])
        return found

    def _count(self, cell, row):
        try:
            count, about = read_count(cell.value)
        except ValueError:
            row.guess("number-left-out", self.column, cell)
            return None
        if about:
            row.guess("count-about", self.column, cell, name=str(count))
        return count

    def _yuan(self, cell, row):
        try:
            yuan, about = read_yuan(cell.value, times=row.times.get(self.column.code, 1))
        except ValueError:
            row.guess("number-left-out", self.column, cell)
            return None
        if about:
            row.guess("count-about", self.column, cell, name=str(yuan))
        return yuan


class LedgerResource(Resource):
    """The typed reading of one ledger's rows."""

    def __init__(self, layout: Layout, surroundings: Surroundings):
        super().__init__()
        self.fields = {
            column.code: Field(attribute=column.code, column_name=column.code,
                               widget=CellWidget(column, surroundings))
            for column in layout.columns
        }
        self._ordered = list(self.fields.values())

    def get_import_fields(self):
        """Every column, in the ledger's own order: the day of report is known before the days that follow it."""
        return self._ordered

    def import_field(self, field, instance, row, is_m2m=False, **kwargs):
        """Clean one cell; what refuses the row is gathered, so that a clerk sees all of it at once."""
        try:
            super().import_field(field, instance, row, is_m2m, **kwargs)
        except NotUnderstood as problem:
            instance.troubles.append(problem.remark)

    def understand(self, row: Cells) -> tuple[dict, list[Remark]]:
        """Values by code of their column, and troubles."""
        instance = SimpleNamespace(troubles=[])
        row.year_for.instance = instance
        self.import_instance(instance, row)
        troubles = instance.__dict__.pop("troubles")
        values = {code: value for code, value in instance.__dict__.items() if value not in (None, "", [])}
        return values, troubles


def unfold(values: dict, row: Cells, layout: Layout) -> None:
    """Values that say more than their own column: both sides in one cell, numbers beside names, a second village."""
    for column in layout.columns:
        held = values.get(column.code)
        if isinstance(held, Names):
            _unfold_names(values, column, held, layout)
        elif column.reads is Reads.UNIT and held:
            values[column.code] = held[0]
            if held[1:]:
                values["other_villages"] = held[1:]


def _unfold_names(values: dict, column: Column, held: Names, layout: Layout) -> None:
    values.pop(column.code)
    if held.names:
        values[column.code] = held.names
    if held.others and column.second and not values.get(column.second):
        values[column.second] = held.others
    beside = next((c for c in layout.columns if c.beside == column.code and c.reads is Reads.PHONES), None)
    if held.phones and beside is not None:
        numbers = read_phones("、".join(held.phones))[0]
        values[beside.code] = list(dict.fromkeys([*(values.get(beside.code) or []), *numbers]))
