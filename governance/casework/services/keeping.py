"""Filters that somebody keeps in their inbox (常用筛选): saved, renamed, moved, dropped by their owner only."""
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import SavedFilter
from ..workflow import Refused

MOST = 12
_NAME_LENGTH = SavedFilter._meta.get_field("name").max_length
_QUERY_LENGTH = SavedFilter._meta.get_field("query").max_length


def save_filter(*, user, name: str, query: str) -> SavedFilter:
    """Keep a filter under a name, last in the list.

    Refused: `name-missing`, `filter-empty`, `too-many-filters`, `name-taken`.
    """
    name = _checked_name(name)
    if not query or len(query) > _QUERY_LENGTH:
        raise Refused("filter-empty", _("Set at least one filter, then save it."))
    kept = SavedFilter.objects.filter(user=user)
    if kept.count() >= MOST:
        raise Refused("too-many-filters", _("You keep %(count)s filters already: delete one first.") % {"count": MOST})
    last = kept.aggregate(last=Max("position"))["last"]
    row = SavedFilter(
        user=user, name=name, query=query, position=0 if last is None else last + 1, created_at=timezone.now()
    )
    return _written(row)


def rename_filter(*, user, filter_id, name: str) -> SavedFilter:
    """Give a kept filter another name."""
    row = _own(user, filter_id)
    row.name = _checked_name(name)
    return _written(row)


@transaction.atomic
def move_filter(*, user, filter_id, up: bool) -> None:
    """Move a kept filter one place up or down; at the end of the list nothing happens."""
    rows = list(SavedFilter.objects.filter(user=user).select_for_update())
    place = next((n for n, row in enumerate(rows) if row.pk == filter_id), None)
    if place is None:
        raise _not_there()
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for position, row in enumerate(rows):
        row.position = position
    SavedFilter.objects.bulk_update(rows, ["position"])


def drop_filter(*, user, filter_id) -> None:
    """Delete a kept filter."""
    _own(user, filter_id).delete()


def _own(user, filter_id) -> SavedFilter:
    row = SavedFilter.objects.filter(user=user, pk=filter_id).first()
    if row is None:
        raise _not_there()
    return row


def _not_there() -> Refused:
    return Refused("filter-not-found", _("There is no such filter."))


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > _NAME_LENGTH:
        raise Refused(
            "name-missing", _("Give a name of at most %(count)s characters.") % {"count": _NAME_LENGTH},
            missing=("name",),
        )
    return name


def _written(row: SavedFilter) -> SavedFilter:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused("name-taken", _("You keep a filter of this name already."), missing=("name",)) from error
    return row
