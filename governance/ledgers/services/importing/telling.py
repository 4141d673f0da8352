"""What is told about a batch and its rows (导入结果说明), in the reader's language."""
from django.utils.translation import gettext as _

from governance.organisation.models import Unit
from governance.organisation.phones import mask_phone

from ... import layout as layouts
from ...layout import Layout, Reads
from ...models import ImportBatch, ImportRow
from ...reading import Remark, words_of


def refusal_words(batch: ImportBatch) -> str:
    """Why the file was refused, and what to do; "" if it was not."""
    if not batch.refusal_code:
        return ""
    return words_of(Remark(batch.refusal_code, data=batch.refusal_data))


def columns_of(batch: ImportBatch) -> list[dict]:
    """Each heading once: `heading`, `letter`, `sheets`, `code`, `how`, and `meaning`, the official heading."""
    layout, found = layouts.get(batch.kind), {}
    for sheet in batch.mapping:
        for column in sheet["columns"]:
            held = found.setdefault(column["heading"], {**column, "sheets": []})
            held["sheets"].append(sheet["sheet"])
            held["meaning"] = layout.column(column["code"]).heading if column["code"] else ""
    return list(found.values())


def notes_of(batch: ImportBatch) -> list[str]:
    """What was left out of the file, or assumed for all of it, in sentences."""
    return [words_of(note) for note in batch.notes]


def rows_of(batch: ImportBatch, user, *, verdict: str = "", with_guesses: bool = False):
    """Rows of the batch that the user may read, in the file's order; chainable."""
    rows = ImportRow.objects.visible_to(user).filter(batch=batch).order_by("position").select_related("matter")
    rows = rows.filter(verdict=verdict) if verdict else rows
    return rows.filter(has_guesses=True) if with_guesses else rows


def told_row(row: ImportRow, layout: Layout, units: dict | None = None) -> dict:
    """A row as people and programs read it: verdict, reason in words with its cell, values, guesses in words.

    Values are gone once the row is entered, and on the day on which the batch is erased.
    """
    from .payloads import unseal

    held = unseal(bytes(row.payload))
    return {
        "sheet": row.sheet, "row": row.row_number, "verdict": row.verdict, "reason": row.reason_code,
        "cell": row.reason_cell, "words": " ".join(map(trouble_words, held["troubles"])) or _short_words(row),
        "values": _told_values(held["values"], layout, units or {}),
        "guesses": [
            {"code": guess["code"], "cell": guess.get("cell", ""), "words": words_of(guess)}
            for guess in held["guesses"]
        ],
        "changes": [_told_change(layout, *change) for change in held["changes"]],
    }


def _told_change(layout: Layout, code: str, before, after) -> dict:
    """A value before and after; telephone numbers masked, as a ledger that is checked opens no contact data."""
    column = layout.column(code)
    told = [
        [mask_phone(phone) for phone in value or ()] if column.reads is Reads.PHONES else _number(value, layout, code)
        for value in (before, after)
    ]
    return {"code": code, "heading": column.heading, "before": told[0], "after": told[1]}


def trouble_words(trouble: dict) -> str:
    """A trouble in words, its cell first."""
    words = words_of(trouble)
    if words == trouble["code"]:
        words = str(trouble.get("data", {}).get("value") or words)
    return _("%(cell)s: %(words)s") % {"cell": trouble["cell"], "words": words} if trouble.get("cell") else words


def unit_names(batch: ImportBatch) -> dict[str, str]:
    """Code -> short name of the township's units."""
    return dict(Unit.objects.filter(township_id=batch.township_id).values_list("code", "short_name"))


def _short_words(row: ImportRow) -> str:
    """After the values are erased the code and the cell are what is left of the reason."""
    return f"{row.reason_cell} {row.reason_code}".strip()


def _told_values(values: dict, layout: Layout, units: dict) -> dict:
    """The values understood, under the names that every ledger shares, and under those of its columns."""
    told = {code: _number(value, layout, code) for code, value in values.items()}
    for column in layout.columns:
        if column.code not in values:
            continue
        if column.reads is Reads.DAY and column.code in layout.identity:
            told["date"] = values[column.code]
        elif column.reads is Reads.UNIT and column.code in layout.identity:
            told["village_code"], told["village"] = values[column.code], units.get(values[column.code], "")
    told["parties"] = [
        name for c in layout.columns if c.reads is Reads.NAMES for name in values.get(c.code, [])
    ]
    return told


def _number(value, layout: Layout, code: str):
    """Sums as numbers."""
    if value is not None and code in layout and layout.column(code).reads is Reads.YUAN:
        return int(float(value)) if float(value).is_integer() else float(value)
    return value
