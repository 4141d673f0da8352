"""What is told about a file or a row (说明): permanent codes, and words by which a clerk can act."""
from dataclasses import asdict, dataclass, field

from django.utils.translation import gettext_lazy as _

# Why a file is refused.
REFUSALS = {
    "file-too-large": _("The file has %(size)s MB; at most %(most)s MB are read. Split it by year or by village."),
    "file-unpacks-too-large": _(
        "The file unpacks to %(size)s MB, which no ledger needs. Copy the rows into a new workbook and save that."
    ),
    "file-has-password": _("The file is protected by a password. Open it in Excel, remove the password, save it."),
    "file-damaged": _("The file is damaged and cannot be opened. Open it in Excel and save it anew as .xlsx."),
    "file-not-a-table": _(
        "This is not an Excel or CSV file, whatever its name says. Open it and save it as .xlsx."
    ),
    "file-is-web-page": _(
        "This is a web page that is called .xls. Open it in Excel or WPS and save it as .xlsx (Save as)."
    ),
    "quote-unclosed": _(
        "Line %(line)s: a quotation mark opens a cell and is not closed, so that rows below run into it. Close it, or "
        "save the ledger as .xlsx."
    ),
    "line-too-long": _("Line %(line)s is longer than any row of a ledger. Is it the right file?"),
    "import-failed": _(
        "The portal could not go on with this file; the fault is on record. Try again, or save it anew as .xlsx."
    ),
    "import-cancelled": _("The import was cancelled."),
    "file-is-empty": _("There is nothing in the file. Is it the right one?"),
    "encoding-unknown": _("The characters of this CSV file cannot be read. Save it as .xlsx, or as CSV UTF-8."),
    "heading-not-found": _(
        "No row with headings was found: one row must name the columns, among them the parties or what happened. "
        "Add headings, or choose the right kind of ledger."
    ),
    "file-erased": _("The file is no longer kept. Upload it again."),
    "no-records": _("Headings were found, but no row below them holds an affair."),
}
# Why a row is not entered.
TROUBLES = {
    "day-missing": _("The day is missing. Write it in %(cell)s."),
    "day-unknown": _("“%(value)s” is not a day. Write it as 2024-03-05."),
    "day-impossible": _("“%(value)s”: there is no such day."),
    "day-ambiguous": _("“%(value)s” can be read as two days. Write it as 2024-03-05."),
    "village-elsewhere": _("“%(value)s” lies in %(name)s, another township. Write which of our villages it is about."),
    "cell-is-picture": _("The cell holds a picture. A picture is not read: write the text."),
    "day-in-the-future": _("“%(value)s” lies in the future."),
    "day-unlikely": _("“%(value)s” lies before 1990. Is the year right?"),
    "year-unknown": _("“%(value)s” has no year, and neither title, sheet nor file name gives one. Add the year."),
    "settled-before-reported": _("It cannot have been settled (%(cell)s) before it was reported."),
    "village-missing": _("The village is missing. Write it in %(cell)s."),
    "village-unknown": _("“%(value)s” is no village of this township. Nearest: %(nearest)s."),
    "category-missing": _("The category is missing. Write it in %(cell)s."),
    "parties-missing": _("Nobody is named. Write at least one party in %(cell)s."),
    "names-unclear": _("“%(value)s” does not look like names."),
    "names-have-direction-marks": _("The name in %(cell)s holds invisible direction marks. Type it anew."),
    "description-missing": _("Nothing says what happened. Write it in %(cell)s."),
    "result-contradicts": _("The result and “agreement reached: %(value)s” contradict each other."),
    "word-unknown": _("“%(value)s” is not understood. Write one of: %(examples)s."),
    "ditto-without-row": _("“%(value)s” refers to a row above, but there is none."),
    "column-missing": _("There is no column “%(heading)s”. Add it, or say which column it is."),
    "result-missing": _("There is a day of settlement, but nothing says how it ended. Write it in %(cell)s."),
    "ticked-twice": _("More than one of these is ticked: %(value)s. Leave one tick."),
    "formula-without-value": _(
        "The cell holds a formula whose value is not stored. Open the file in Excel, save it, upload it again."
    ),
    "cell-has-error": _("The cell shows %(value)s. Mend the formula, or write the value."),
    "matter-not-open-to-you": _(
        "The portal holds this affair already, and it is not open to you: the row changes nothing. Ask the office."
    ),
    "agreement-denied": _(
        "The portal holds an agreement; the row says that there is none, but not how it ended. Write it under 化解结果."
    ),
    "matter-moved-on": _("%(number)s was worked on in the portal since. Change it there."),
    "matter-not-changed-by-file": _("%(number)s is closed or was entered by hand. Change it in the portal."),
}
# What was assumed; the row is entered, and the clerk sees it before.
GUESSES = {
    "year-from-title": _("year %(year)s taken from the title"),
    "year-from-sheet": _("year %(year)s taken from the sheet's name"),
    "year-from-file": _("year %(year)s taken from the file's name"),
    "year-from-row": _("year %(year)s taken from another day of the ledger"),
    "month-from-heading": _("“%(value)s” names no month: that of the title or sheet was taken"),
    "day-assumed": _("“%(value)s” names no day: taken as the first"),
    "day-may-have-lost-zero": _("“%(value)s” may have lost a zero at its end"),
    "first-of-several-days": _("several days in the cell: one was taken"),
    "reported-from-settled": _("no day of report: the day of settlement was taken"),
    "closed-on-reported": _("no day of settlement: the day of report was taken"),
    "village-remembered": _("“%(value)s” taken as %(name)s, as your township said"),
    "year-contradicts": _("the year of “%(value)s” fits neither the title nor the rows around it: is it right?"),
    "picture-left-out": _("a picture in the cell: left out"),
    "village-by-suffix": _("“%(value)s” taken as %(name)s"),
    "village-by-part": _("“%(value)s” taken as %(name)s"),
    "village-merged": _("“%(value)s” is now part of %(name)s"),
    "village-from-above": _("empty: %(name)s taken from the row above"),
    "village-from-band": _("%(name)s taken from the line above these rows"),
    "village-from-cell": _("no village named: %(name)s taken from “%(value)s”"),
    "village-from-title": _("no column for villages: %(name)s taken from title, sheet or file name"),
    "category-by-part": _("“%(value)s” taken as %(name)s"),
    "word-by-part": _("“%(value)s” taken as %(name)s"),
    "word-not-in-list": _("“%(value)s” is not in the list: taken as %(name)s"),
    "empty-taken-as": _("empty: taken as %(name)s"),
    "sides-by-order": _("who complains, and of whom, taken from the order of the names"),
    "phones-by-order": _("more or fewer numbers than names: given in order"),
    "phone-left-out": _("“%(value)s” is not a telephone number: left out"),
    "count-about": _("“%(value)s” taken as %(name)s"),
    "number-left-out": _("“%(value)s” is not a number: left out"),
    "place-left-out": _("“%(value)s” is no such place here: left out"),
    "word-left-out": _("“%(value)s” is not understood: left out"),
    "result-column-absent": _("no column says how it ended: taken as not yet accepted"),
    "form-assumed": _("the ledger does not say whether written or oral: taken as %(name)s"),
    "formula": _("a formula: its last value was taken"),
    "id-number-removed": _("an identity-card number was taken out"),
    "rows-joined": _("%(value)s rows read as one affair"),
    "duplicate-row": _("says the same as row %(value)s: entered once"),
    "text-shortened": _("too long: shortened"),
}
# What was not taken into account in a file.
NOTES = {
    "sheet-is-summary": _("Sheet “%(sheet)s” sums others up: left out."),
    "sheet-without-heading": _("Sheet “%(sheet)s” has no headings of this ledger: left out."),
    "sheet-is-empty": _("Sheet “%(sheet)s” is empty."),
    "sheet-is-hidden": _("Sheet “%(sheet)s” is hidden: left out."),
    "column-not-read": _("Column %(cell)s “%(heading)s” is not read in: the portal does not hold this."),
    "column-of-official": _(
        "Column %(cell)s “%(heading)s” is not read in: it is the number of somebody in office, not of a party."
    ),
    "column-unknown": _("Column %(cell)s “%(heading)s” was not understood and is left out."),
    "column-double": _("Column %(cell)s “%(heading)s” says the same as another column and is left out."),
    "rows-hidden": _("%(count)s rows of sheet “%(sheet)s” are hidden in the file, and were read."),
    "sums-in-ten-thousands": _("The sums of sheet “%(sheet)s” are in 10,000 yuan, as its title says."),
    "column-hidden": _("Column %(cell)s “%(heading)s” is hidden in the file, and was read."),
    "column-absent": _("There is no column “%(heading)s”: every row is taken as %(name)s."),
    "rows-assumed": _("%(count)s rows: %(why)s."),
    "row-left-out": _("Row %(row)s of “%(sheet)s” holds no affair: left out."),
}
_WORDS = {**REFUSALS, **TROUBLES, **GUESSES, **NOTES}


@dataclass(frozen=True)
class Remark:
    """Something to be told (提示): a code, which column and cell it is about, and what its sentence needs."""

    code: str
    column: str = ""
    cell: str = ""
    data: dict = field(default_factory=dict)

    def plain(self) -> dict:
        """As plain values, for storing."""
        return {key: value for key, value in asdict(self).items() if value}


class _Blanks(dict):
    def __missing__(self, key):
        return "…"


def words_of(remark) -> str:
    """The sentence of a remark (or of its plain values) in the reader's language."""
    held = remark.plain() if isinstance(remark, Remark) else remark
    template, data = _WORDS.get(held["code"]), held.get("data", {})
    if template is None:
        return held["code"]
    if "why" in data:
        data = {**data, "why": words_of({"code": data["why"], "data": data | {"why": ""}}) if data["why"] else ""}
    return str(template) % _Blanks({"cell": held.get("cell", ""), **data})
