"""Ordering an export (申请导出): right, places and reason checked; what was asked for stands on record at once."""
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.casework.visibility import Sight
from governance.organisation.registry import Refused
from governance.organisation.services.background import start_later

from ...models import LedgerExport
from ...registry import Export
from .making import make_export
from .scopes import find_export, places_of, scope_of, townships_of

MOST_ROWS = 100_000
# Up to this many rows the file is made while the person waits.
AT_ONCE = 500
TASK = "governance.ledgers.tasks.make_export"


@dataclass(frozen=True)
class Order:
    """What somebody asks for: the table, the period (both days included), places, columns on demand.

    `place_ids` empty: the whole township. `shows_contacts`: telephone numbers in clear, for `reason`.
    """

    code: str
    township_id: int | None = None
    from_on: date | None = None
    to_on: date | None = None
    place_ids: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()
    shows_contacts: bool = False
    reason: str = ""


def order_export(*, actor, order: Order) -> LedgerExport:
    """Put an export on record and make it: at once if it is small, else in the background.

    Refused: `export-not-found`, `township-unknown`, `place-unknown`, `period-missing`, `period-reversed`,
    `reveal-not-allowed`, `reason-missing`, `nothing-to-export`, `export-too-large`.
    """
    export = find_export(order.code, actor)
    township = _township(export, actor, order)
    _check_period(export, order)
    _check_contacts(export, actor, order)
    scope = scope_of(export, actor, township=township, place_ids=order.place_ids, from_on=order.from_on,
                     to_on=order.to_on)
    count = export.rows(scope).count()
    if not count:
        raise Refused("nothing-to-export", _("Nothing lies in this period and these places."))
    if count > MOST_ROWS:
        raise Refused(
            "export-too-large",
            _("%(count)s rows are too many for one file. Choose a shorter period or fewer places.") % {"count": count},
        )
    with transaction.atomic():
        row = _record(export, actor, order, township, count)
        if count > AT_ONCE:
            start_later(TASK, row.pk)
    if count <= AT_ONCE:
        make_export(export_id=row.pk)
        row.refresh_from_db()
    return row


def _record(export: Export, actor, order: Order, township, count: int) -> LedgerExport:
    return LedgerExport.objects.create(
        code=export.code, owner=actor, ordered_at=timezone.now(), township=township, from_on=order.from_on,
        to_on=order.to_on, choice={"places": list(order.place_ids), "columns": list(order.columns)},
        shows_contacts=order.shows_contacts, reason=order.reason.strip()[:200], expected_count=count,
        title=title_of(export, township, order.from_on, order.to_on),
    )


def _township(export: Export, actor, order: Order):
    """The township whose table it is; None where units do not matter."""
    if not export.has_places:
        return None
    found = {unit.pk: unit for unit in townships_of(export, actor)}
    township = found.get(order.township_id) or (next(iter(found.values())) if len(found) == 1 else None)
    if township is None:
        raise Refused("township-unknown", _("Choose a township."), missing=("township",))
    known = {place.pk for place in places_of(export, actor, township)}
    if set(order.place_ids) - known:
        raise Refused("place-unknown", _("Choose villages of this township."), missing=("places",))
    return township


def _check_period(export: Export, order: Order) -> None:
    if not export.has_period:
        return
    if order.from_on is None or order.to_on is None:
        raise Refused("period-missing", _("Give the first and the last day."), missing=("from_on",))
    if order.from_on > order.to_on:
        raise Refused("period-reversed", _("The first day lies after the last."), missing=("to_on",))


def _check_contacts(export: Export, actor, order: Order) -> None:
    if not order.shows_contacts:
        return
    if not export.has_contacts() or not may_reveal(export, actor):
        raise Refused("reveal-not-allowed", _("Your posts do not give you contact data."), missing=("shows_contacts",))
    if not order.reason.strip():
        raise Refused("reason-missing", _("Give a reason."), missing=("reason",))


def may_reveal(export: Export, user) -> bool:
    """Whether the user may take telephone numbers out in clear."""
    return bool(set(export.reveal_roles) & set(Sight.of(user).roles_at))


def title_of(export: Export, township, from_on, to_on) -> str:
    """富春江镇2026年矛盾纠纷排查化解台账."""
    place = township.short_name if township is not None else ""
    return f"{place}{_period_in_words(from_on, to_on)}{export.title}"


def _period_in_words(from_on, to_on) -> str:
    """2026年, 2026年11月 or 2026年第三季度 for a whole one; a year up to today counts as that year."""
    if from_on is None or from_on.day != 1 or from_on.year != to_on.year:
        return ""
    year, months = f"{from_on.year}年", to_on.month - from_on.month + 1
    ends_a_month = (to_on + timedelta(days=1)).day == 1
    if from_on.month == 1 and (to_on == timezone.localdate() or (ends_a_month and months == 12)):
        return year
    if ends_a_month and months == 1:
        return f"{year}{from_on.month}月"
    if ends_a_month and months == 3 and from_on.month % 3 == 1:
        return f"{year}第{'一二三四'[from_on.month // 3]}季度"
    return ""
