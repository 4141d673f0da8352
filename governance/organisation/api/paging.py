"""Pages by keyset: the same cost on the first page and far down, nothing skipped when rows come in (翻页)."""
import base64
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

from .errors import Invalid

MOST = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Order:
    """By which column, then by id, the rows of a list come."""

    column: str
    is_descending: bool = True
    is_moment: bool = True
    is_day: bool = False


class Keyset(BasePagination):
    """`limit` rows (50; at most 200) after `cursor`; `next` is the address of the next page, or null.

    The view names the order: `order` or `order_for(request)`.
    """

    limit_help = _("Rows on a page, 1 to 200.")
    cursor_help = _("Where the page begins: taken from `next` of the page before.")

    def paginate_queryset(self, queryset, request, view=None):
        """The rows of the page: one query."""
        self.request, self.next = request, None
        order = view.order_for(request) if hasattr(view, "order_for") else view.order
        limit = _limit(request.query_params.get("limit", ""))
        cursor = request.query_params.get("cursor")
        if cursor:
            queryset = _beyond(queryset, order, _read(cursor, order))
        sign = "-" if order.is_descending else ""
        names = [f"{sign}{order.column}"] + ([f"{sign}id"] if order.column != "id" else [])
        rows = list(queryset.order_by(*names)[: limit + 1])
        if len(rows) > limit:
            rows = rows[:limit]
            self.next = _write(rows[-1], order)
        return rows

    def get_paginated_response(self, data):
        """The page."""
        address = None
        if self.next:
            query = {**self.request.query_params.dict(), "cursor": self.next}
            address = self.request.build_absolute_uri(f"{self.request.path}?{urlencode(query)}")
        return Response({"results": data, "next": address})

    def get_paginated_response_schema(self, schema):
        """How a page is described."""
        return {
            "type": "object", "required": ["results", "next"],
            "properties": {
                "results": {**schema, "description": str(_("The rows of this page."))},
                "next": {
                    "type": ["string", "null"], "format": "uri",
                    "description": str(_("Address of the next page; null on the last one.")),
                },
            },
        }

    def get_schema_operation_parameters(self, view):
        """How the two parameters are described."""
        number = {"type": "integer", "minimum": 1, "maximum": MOST, "default": 50}
        return [
            {"name": "limit", "in": "query", "required": False, "schema": number, "description": str(self.limit_help)},
            {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"},
             "description": str(self.cursor_help)},
        ]


def _limit(typed: str) -> int:
    if not typed:
        return 50
    if not typed.isascii() or not typed.isdigit() or len(typed) > 3 or not 1 <= int(typed) <= MOST:
        raise Invalid({"limit": [str(_("A number from 1 to 200."))]})
    return int(typed)


def _beyond(rows, order: Order, cursor):
    value, pk = cursor
    word = "lt" if order.is_descending else "gt"
    if order.column == "id":
        return rows.filter(**{f"id__{word}": pk})
    strictly = Q(**{f"{order.column}__{word}": value}) | Q(**{order.column: value, f"id__{word}": pk})
    return rows.filter(strictly, **{f"{order.column}__{word}e": value})


def _write(row, order: Order) -> str:
    value = getattr(row, order.column)
    if order.is_moment and order.column != "id":
        value = (value - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(f"{row.pk}|{value}".encode()).decode().rstrip("=")


def _read(cursor: str, order: Order):
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        pk, _mark, value = text.partition("|")
        if "\0" in value or len(pk) > 18:
            raise ValueError
        if order.is_moment or order.column == "id":
            value = _EPOCH + timedelta(microseconds=int(value)) if order.column != "id" else int(pk)
        if order.is_day:
            value = date.fromisoformat(value)
        return value, int(pk)
    except (ValueError, OverflowError) as error:
        raise Invalid({"cursor": [str(_("Take the cursor from the page before."))]}) from error
