"""How long lists are paged: shape of input only (翻页)."""
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django import forms
from django.db.models import Q
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

PAGE_SIZE = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Page:
    """One page of a list, and the cursors beside it ("" if there is none); `is_whole`: it is all of the list."""

    rows: list
    next: str
    previous: str
    is_whole: bool = False


class LongSelect(forms.Select):
    """A select without groups that writes its options itself.

    Django renders each option by a template of its own: a hundred places above a list cost more than its rows.
    """

    def render(self, name, value, attrs=None, renderer=None):
        """The element with its options, every word escaped."""
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "", '<option value="{}"{}>{}</option>',
            ((key, mark_safe(" selected") if str(key) == chosen else "", label) for key, label in self.choices),
        )
        own = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<select{}>{}</select>", own, options)


def read_id(typed) -> int | None:
    """The id (or count) that an address or a form names; None for anything else, superscripts and huge numbers too."""
    typed = typed or ""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else None


def page_by_keyset(rows, data, *, column: str, is_descending=True, size=PAGE_SIZE) -> Page:
    """A page after or before a cursor, or from a day: one query, the same cost on every page.

    `data`: the query of the address with `after`, `before` or `day`; rows come by a moment, then by id.
    """
    after, before = _read(data.get("after")), _read(data.get("before"))
    if data.get("day") and not (after or before):
        after = _from_day(data["day"], is_descending)
    backwards = before is not None
    cursor = before or after
    if cursor is not None:
        rows = _beyond(rows, column, cursor, lower=is_descending != backwards)
    sign = "-" if is_descending != backwards else ""
    found = list(rows.order_by(f"{sign}{column}", f"{sign}id")[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next = more if not backwards else bool(found)
    has_previous = more if backwards else after is not None
    return Page(
        rows=found,
        next=cursor_of(found[-1], column) if found and has_next else "",
        previous=cursor_of(found[0], column) if found and has_previous else "",
        is_whole=cursor is None and not more,
    )


def _beyond(rows, column, cursor, *, lower):
    """Rows beyond the cursor; the plain bound lets the index begin there."""
    moment, pk = cursor
    word = "lt" if lower else "gt"
    strictly = Q(**{f"{column}__{word}": moment}) | Q(**{column: moment, f"id__{word}": pk})
    return rows.filter(strictly, **{f"{column}__{word}e": moment})


def cursor_of(row, column: str) -> str:
    """The cursor at which a row stands in a list by this column."""
    moment = getattr(row, column)
    return f"{(moment - _EPOCH) // timedelta(microseconds=1)}_{row.pk}"


def _read(typed):
    head, _mark, tail = (typed or "").partition("_")
    try:
        return _EPOCH + timedelta(microseconds=int(head)), int(tail)
    except (ValueError, OverflowError):
        return None


def _from_day(typed, is_descending):
    try:
        day = datetime.fromisoformat(typed).date()
    except ValueError:
        return None
    return _midnight(day + timedelta(days=1) if is_descending else day), 0


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))
