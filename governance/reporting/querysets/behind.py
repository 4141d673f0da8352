"""The rows behind a figure as a list of ids, and a page of them (数字背后的事项).

What a figure counts is asked once; the page is read by its ids.
"""
from django.apps import apps


def ids_in_order(base, rows) -> list[int]:
    """Ids of the rows in the order of their list, an id once for each time that its row counts (one query)."""
    if base.source is not None:
        return [row.pk for row in base.listed(rows)]
    order = [name for name in ("-reported_at", "-id", base.subject) if name]
    return list(rows.order_by(*order).values_list("pk", flat=True))


def page_of(base, ids, user, now) -> list:
    """The rows with these ids, in this order, as far as the user sees them, loaded for their list (one query)."""
    ids = list(ids)
    if base.source is not None:
        rows = base.listed(base.source(user).filter(pk__in=ids))
    else:
        rows = apps.get_model("casework.Matter").objects.visible_to(user).filter(pk__in=ids).for_list(now)
    found = {row.pk: row for row in rows}
    return [found[pk] for pk in ids if pk in found]
