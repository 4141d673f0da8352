"""Reading a whole ledger (台账读取): sheet by sheet, row by row, each affair once, nothing else.

Streams: of the rows only the one above is kept, for what says 同上.
"""
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from openpyxl.utils import get_column_letter

from ..formulas import plain
from ..layout import Layout, Reads
from . import guard, rows
from .books import Book, Sheet
from .days import LATER_1904, Day, year_and_month
from .headings import Heading, Headings, hints, is_summary
from .surroundings import Surroundings
from .text import DITTO, ERRORS, is_blank, narrow, tight
from .understanding import Cell, Cells, LedgerResource, unfold
from .villages import Villages
from .wording import Remark

_MISSING = {
    Reads.UNIT: "village-missing", Reads.DAY: "day-missing", Reads.NAMES: "parties-missing",
    Reads.TEXT: "description-missing", Reads.TERM: "category-missing",
}
MOST_NOTES = 200
# So many rows tell of which years a ledger without a year in its title is.
_LEAST_NEIGHBOURS = 3
_PICTURE = re.compile(r"^'?=?(?:_xlfn\.)?(?:DISPIMG|IMAGE)\(", re.I)
_TEN_THOUSANDS = re.compile(r"单位[:：]?(?:人民币)?万元")


@dataclass
class Record:
    """A row that holds an affair: what was understood, what refuses it, what was assumed.

    `said`: columns of which the row itself says something, not what stands for an empty or unknown word; `quiet`:
    guesses that are told once for the file; `texts`: the cells that may name the village.
    """

    sheet: str
    row: int
    values: dict
    troubles: list[Remark]
    guesses: list[Remark]
    row_count: int = 1
    said: frozenset = frozenset()
    texts: dict = field(default_factory=dict)

    def has_trouble(self, code: str) -> bool:
        """Whether something refuses the row in this column."""
        return any(trouble.column == code for trouble in self.troubles)
    quiet: list[Remark] = field(default_factory=list)


class Years:
    """Where the year of a day without one comes from: title, sheet's name, file's name, another day of the ledger."""

    def __init__(self, found, primary: str):
        self._hints, self.first_of, self._primary = found, frozenset({primary}), primary
        self._column = self._where = None
        self._last_year: int | None = None
        self._years: Counter = Counter()
        self.instance = None

    def __call__(self, column) -> "Years":
        self._column = column
        return self

    def year(self, month: int) -> int | None:
        """The year of a day of this month."""
        base = getattr(self.instance, self._primary, None)
        if self._column.code != self._primary and base is not None:
            self._where = "row"
            return base.year + (month < base.month)
        for where, year, _month in self._hints:
            if year is not None:
                self._where = where
                heading_month = next((m for _where, _year, m in self._hints if m is not None), None)
                # December's affairs in January's sheet are of the year before.
                return year - (heading_month in (1, 2) and month >= 11)
        self._where = "row"
        return self._last_year

    def month(self) -> int | None:
        """The month of a day of report that names none."""
        if self._column.code != self._primary:
            return None
        return next((month for _where, _year, month in self._hints if month is not None), None)

    def not_before(self, found: Day) -> Day:
        """A day that names only the month of the report lies not before it."""
        base = getattr(self.instance, self._primary, None)
        same = base is not None and self._column.code != self._primary and found.guess == "day-assumed"
        early = same and found.day < base and (found.day.year, found.day.month) == (base.year, base.month)
        return replace(found, day=base) if early else found

    def hear(self, text: str) -> None:
        """A line between the rows that names a year or a month: those below are of it."""
        year, month = year_and_month(text)
        if year or month:
            self._hints = [("title", year, month), *self._hints]

    def contradicts(self, day) -> bool:
        """Whether the year of a day of report, written out, is none that title or rows above make likely."""
        if self._column.code != self._primary:
            return False
        likely = [year for _where, year, _month in self._hints if year is not None]
        if not likely and sum(self._years.values()) >= _LEAST_NEIGHBOURS:
            likely = list(self._years)
        return bool(likely) and all(abs(day.year - year) > 1 for year in likely)

    def told(self) -> str:
        """The code of the guess."""
        return f"year-from-{self._where}"

    def remember(self, values: dict) -> None:
        """Keep the year of a row, for rows below that name none."""
        if values.get(self._primary) is not None:
            self._last_year = values[self._primary].year
            self._years[self._last_year] += 1


class Reading:
    """One reading of one ledger. After `survey`, `headings` and `notes` say how it was understood, then `places` too.

    Refused: `heading-not-found`, `file-is-empty`, `no-records` (once all rows are read).
    """

    def __init__(self, layout: Layout, surroundings: Surroundings):
        self.layout, self.surroundings = layout, surroundings
        self.headings: list[tuple[Sheet, Heading]] = []
        self.notes: list[Remark] = []
        self.assumed: Counter = Counter()
        self.rows_seen = 0
        self._villages = Villages(layout, surroundings)
        self._finder = Headings(layout, surroundings.remembered, surroundings.terms)
        self._resource = LedgerResource(layout, surroundings)
        self._primary = next((c for c in layout.identity if layout.column(c).reads is Reads.DAY), "")

    @property
    def places(self) -> dict[str, tuple[str, int]]:
        """What cells of villages said that was not, or only roughly, understood -> (code or "", in how many rows)."""
        return self._villages.places

    def survey(self, book: Book) -> None:
        """Find the headings of every sheet, and name the sheets that are left out."""
        blank = 0
        for sheet in book.sheets:
            if sheet.is_hidden:
                self._note("sheet-is-hidden", sheet)
                continue
            heading = self._finder.find(sheet)
            if heading is not None:
                self.headings.append((sheet, heading))
                self._note_columns(heading.notes(sheet))
                self._note_absent(sheet, heading)
                self._note_oddities(sheet, heading)
            elif rows.is_empty(sheet):
                blank += 1
                self._note("sheet-is-empty", sheet)
            else:
                summary = is_summary(sheet)
                self._note("sheet-is-summary" if summary else "sheet-without-heading", sheet)
        if not self.headings:
            raise guard.refuse("file-is-empty" if blank == len(book.sheets) else "heading-not-found")

    def records(self, book: Book) -> Iterator[Record]:
        """All affairs in the file's order."""
        self.survey(book)
        found = 0
        for sheet, heading in self.headings:
            for record in self._of_sheet(book, sheet, heading):
                found += 1
                yield record
        if not found:
            raise guard.refuse("no-records")
        for (code, name), count in sorted(self.assumed.items()):
            self.notes.append(Remark("rows-assumed", data={"count": count, "why": code, "name": name}))

    def _of_sheet(self, book: Book, sheet: Sheet, heading: Heading) -> Iterator[Record]:
        years = Years(hints(sheet.name, heading.title, book.name), self._primary)
        titled = self._villages.first_named((sheet.name, heading.title, book.name)), "village-from-title"
        above: dict[str, object] = {}
        last_values: dict = {}
        for item in rows.walk(sheet, heading, self.layout, self._finder.again):
            heading = item.heading
            self.rows_seen += item.passed
            banded = self._villages.first_named([item.band]) if item.band else None
            if item.band:
                years.hear(item.band)
            if banded is not None:
                titled, last_values = (banded, "village-from-band"), {}
            elif item.left_out:
                self._note("row-left-out", sheet, row=item.number)
            if not item.is_record:
                continue
            record = self._understand(sheet, heading, item, above, years)
            self._villages.fill(record, heading, last_values, titled)
            self._check(record, heading)
            years.remember(record.values)
            last_values = record.values
            yield record

    def _understand(self, sheet, heading, item, above, years) -> Record:
        cells, troubles = Cells(year_for=years, times=_times(heading, self.layout)), []
        codes = set(heading.columns.values())
        cells.later = LATER_1904 if sheet.is_1904 else 0
        cells.has_other_side = any(
            c.second in codes for c in self.layout.columns if c.reads is Reads.NAMES and c.second
        )
        troubles += [replace(trouble, cell=heading.ref(trouble.column, item.number)) for trouble in item.troubles]
        if item.row_count > 1:
            cells.guesses.append(Remark("rows-joined", "", f"A{item.number}", {"value": item.row_count}))
        for index, code in heading.further:
            _add_further(item.values, index, code, heading)
        for index, code in heading.columns.items():
            cell = Cell(item.values.get(index), f"{get_column_letter(index)}{item.number}")
            is_formula = (item.number, index) in sheet.formulas
            trouble = _take(cells, self.layout.column(code), cell, above, is_formula)
            if trouble:
                troubles.append(trouble)
        values, found = self._resource.understand(cells)
        unfold(values, cells, self.layout)
        texts = {c.code: narrow(cells[c.code].value) for c in self.layout.columns if c.tells_place and c.code in cells}
        self._villages.note(cells, values)
        return Record(sheet.name, item.number, values, troubles + found, cells.guesses, item.row_count, texts=texts)

    def _check(self, record: Record, heading: Heading) -> None:
        """Rules across columns, then what is missing."""
        given = frozenset(heading.columns.values())
        if self.layout.check is not None:
            troubles, guesses = self.layout.check(record.values, given)
            record.troubles += [self._remark(record, heading, *found) for found in troubles]
            for found in guesses:
                self._assume(record, self._remark(record, heading, *found))
        unknown = {guess.column for guess in record.guesses if guess.code == "word-not-in-list"}
        record.said = frozenset(record.values) - unknown
        for column in self.layout.columns:
            if record.values.get(column.code) or record.has_trouble(column.code):
                continue
            if column.required:
                code = _MISSING[column.reads] if column.code in given else "column-missing"
                data = {} if column.code in given else {"heading": column.heading}
                record.troubles.append(self._remark(record, heading, code, column.code, data))
            elif column.fallback:
                self._fall_back(record, heading, column, given)

    def _assume(self, record: Record, remark: Remark) -> None:
        """Note a guess at the row, or, of those that nearly every row has, for the file; none beside a trouble."""
        if record.has_trouble(remark.column):
            return
        is_quiet = remark.code in self.layout.quiet_guesses
        (record.quiet if is_quiet else record.guesses).append(remark)
        if is_quiet:
            self.assumed[(remark.code, remark.data.get("name", ""))] += 1

    def _fall_back(self, record, heading, column, given) -> None:
        record.values[column.code] = column.fallback
        if column.code in given:
            record.guesses.append(
                self._remark(record, heading, "empty-taken-as", column.code, {"name": self._label(column)})
            )

    def _note_columns(self, notes) -> None:
        """The same column of twelve monthly sheets is told of once."""
        told = {(note.code, note.column, note.data.get("heading")) for note in self.notes}
        self.notes += [note for note in notes if (note.code, note.column, note.data.get("heading")) not in told]

    def _note_absent(self, sheet: Sheet, heading: Heading) -> None:
        for column in self.layout.columns:
            if column.fallback and column.code not in heading.columns.values():
                data = {"heading": column.heading, "name": self._label(column)}
                self._note_columns([Remark("column-absent", column.code, data=data)])

    def _note_oddities(self, sheet: Sheet, heading: Heading) -> None:
        """What somebody who looks at the sheet would not see."""
        if sheet.hidden_rows:
            self._note("rows-hidden", sheet, count=len(sheet.hidden_rows))
        if _TEN_THOUSANDS.search(heading.title) and _times(heading, self.layout):
            self._note("sums-in-ten-thousands", sheet)

    def _label(self, column) -> str:
        return self.surroundings.terms.get(column.vocabulary, {}).get(column.fallback, column.fallback)

    def _remark(self, record, heading, code, column, data) -> Remark:
        return Remark(code, column, heading.ref(column, record.row), data)

    def _note(self, code: str, sheet: Sheet, **data) -> None:
        if len(self.notes) < MOST_NOTES:
            self.notes.append(Remark(code, data={"sheet": sheet.name, **data}))


def _take(cells: Cells, column, cell: Cell, above: dict, is_formula: bool) -> Remark | None:
    """Put a cell into the row, with what stands above for 同上; what cannot be taken is returned as a trouble."""
    if isinstance(cell.value, str):
        cell.value = plain(cell.value)
        if _PICTURE.match(tight(cell.value)):
            return _leave_picture_out(cells, column, cell)
        if trouble := _read_sign(column, cell, above):
            return trouble
    if is_formula and column.reads is not Reads.SERIAL:
        if cell.value is None:
            return Remark("formula-without-value", column.code, cell.ref)
        cells.guess("formula", column, cell)
    above[column.code] = cell.value
    if not is_blank(cell.value):
        cells[column.code] = cell
    return None


def _read_sign(column, cell: Cell, above: dict) -> Remark | None:
    """同上 is what stands above; a cell that shows an error refuses the row."""
    text = tight(cell.value)
    if text in DITTO:
        if above.get(column.code) is None:
            return Remark("ditto-without-row", column.code, cell.ref, {"value": text})
        cell.value = above[column.code]
    elif text in ERRORS:
        return Remark("cell-has-error", column.code, cell.ref, {"value": text})
    return None


def _leave_picture_out(cells: Cells, column, cell: Cell) -> Remark | None:
    """A picture in a cell says nothing; where something must be said it refuses the row."""
    if column.required:
        return Remark("cell-is-picture", column.code, cell.ref)
    cells.guess("picture-left-out", column, cell, value="")
    return None


def _add_further(values: dict, index: int, code: str, heading: Heading) -> None:
    """Put a further number of the same people behind the first."""
    first = next((held for held, known in heading.columns.items() if known == code), None)
    if first is not None and not is_blank(values.get(index)):
        values[first] = "、".join(narrow(values[i]) for i in (first, index) if not is_blank(values.get(i)))


def _times(heading: Heading, layout: Layout) -> dict[str, int]:
    """Sums under a heading or title in 万元 are ten thousand times as large."""
    titled = bool(_TEN_THOUSANDS.search(heading.title))
    return {
        guess.code: 10_000 for guess in heading.guesses
        if guess.code and layout.column(guess.code).reads is Reads.YUAN
        and ("万" in guess.heading or titled and "元" not in guess.heading)
    }
