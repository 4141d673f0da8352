"""The village of a row (行所属村): of its own cell, of the row or the line above, of title, grid or address."""
from ..layout import Layout, Reads
from .headings import Heading
from .surroundings import Place, Surroundings
from .text import narrow
from .understanding import Cells
from .wording import Remark

MOST_PLACES, MOST_PLACE = 200, 40


class Villages:
    """Finds the villages of one ledger's rows.

    `places`: what cells said that was not, or only roughly, understood -> (code or "", in how many rows).
    """

    def __init__(self, layout: Layout, surroundings: Surroundings):
        self.layout, self.surroundings = layout, surroundings
        self.places: dict[str, tuple[str, int]] = {}
        self._column = next((c for c in layout.columns if c.reads is Reads.UNIT and c.required), None)

    def first_named(self, texts) -> Place | None:
        """The village that the first of some texts names: sheet, title, file, a line above the rows."""
        for text in texts:
            place = self.surroundings.find_within(text)
            if place is not None:
                return place
        return None

    def fill(self, record, heading: Heading, last_values: dict, titled) -> None:
        """An empty village cell is that of the row above; without a column it is that of the title."""
        column = self._column
        if column is None or record.values.get(column.code) or record.has_trouble(column.code):
            return
        if column.code in heading.columns.values() and last_values.get(column.code):
            code, guess = last_values[column.code], "village-from-above"
        elif titled[0] is not None:
            code, guess = titled[0].code, titled[1]
        elif found := self._told_elsewhere(record):
            code, guess = found[0].code, "village-from-cell"
        else:
            self._note_elsewhere(record, column, heading)
            return
        record.values[column.code] = code
        data = {"name": self.surroundings.place(code).short_name}
        if guess == "village-from-cell":
            data["value"] = found[1]
        record.guesses.append(Remark(guess, column.code, heading.ref(column.code, record.row), data))

    def _told_elsewhere(self, record):
        """The village that a grid or an address names, and that text: where it happened before where a party lives."""
        for code, text in self._told_places(record):
            unit = record.values.get(code) if self.layout.column(code).reads is Reads.UNIT else None
            place = self.surroundings.village_of(unit) if unit else self.surroundings.find_within(text)
            if place is not None:
                return place, text[:60]
        return None

    def _note_elsewhere(self, record, column, heading: Heading) -> None:
        """A village of ours behind another township's name is that township's: nobody guesses which was meant."""
        for _code, text in self._told_places(record):
            name = self.surroundings.township_elsewhere(text)
            if name:
                data = {"value": text[:60], "name": name}
                record.troubles.append(
                    Remark("village-elsewhere", column.code, heading.ref(column.code, record.row), data))
                return

    def _told_places(self, record) -> list[tuple[str, str]]:
        """Columns whose text may name the village, and the text."""
        columns = [c for c in self.layout.columns if c.tells_place and record.texts.get(c.code)]
        columns.sort(key=lambda column: column.reads is Reads.HOME)
        return [(column.code, record.texts[column.code]) for column in columns]

    def note(self, cells: Cells, values: dict) -> None:
        """Keep what a village's cell said if it was not, or only roughly, understood: the township may say more."""
        column = self._column
        if column is None or column.code not in cells:
            return
        text, code = narrow(cells[column.code].value)[:MOST_PLACE], values.get(column.code, "")
        guessed = any(g.column == column.code and g.code != "formula" for g in cells.guesses)
        if (guessed or not code) and (text in self.places or len(self.places) < MOST_PLACES):
            self.places[text] = (code, self.places.get(text, ("", 0))[1] + 1)
