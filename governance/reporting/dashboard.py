"""Cards that hold for matters of every kind: what is overdue and whose, what is due (看板卡片)."""
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from governance.casework import clocks
from governance.casework.filters import counts_to_cap, end_of_day
from governance.casework.querysets import name_pressing_clocks

from .cards import LEFT, RIGHT, TILE, Card, register
from .querysets.board import MICROSECOND

ROWS, HANDLERS = 6, 6


def matters_url(board, **filters) -> str:
    """The list of the matters that a number counts."""
    return f"{reverse('casework:matters')}?{urlencode({'unit': board.unit.pk, **filters})}"


def cell_url(ask, place: int, part: str = "n", *, page: str = "") -> str:
    """The rows behind a figure; `page` is the page that lists them, for whoever makes many such addresses."""
    asked = {"metric": ask.metric.code, "part": part, "unit": place, "period": ask.period.code}
    return f"{page or reverse('reporting:behind')}?{urlencode(asked)}"


def late_tile(board, figures_of) -> dict:
    """How much is overdue, and for how long the oldest is."""
    handlers = board.overdue_by_handler
    oldest = min((handler["oldest"] for handler in handlers), default=board.now)
    last_day = timezone.localdate(oldest - MICROSECOND)
    return {
        "count": sum(handler["count"] for handler in handlers), "days": (board.today - last_day).days,
        "url": matters_url(board, due="late"),
    }


def week_tile(board, figures_of) -> dict:
    """What ends within seven days, and how much of it by law."""
    soon = board.matters.due_before(end_of_day(board.now, 7), board.now)
    count, statutory = counts_to_cap(soon, board.statutory(soon))
    return {"count": count, "statutory": statutory, "url": matters_url(board, due="week")}


def late(board, figures_of) -> dict:
    """The most overdue matters with handler and leader in charge, and how many each handler has."""
    rows = list(board.matters.overdue(board.now).for_list(board.now).order_by("next_due_at", "pk")[:ROWS])
    name_pressing_clocks(rows)
    for row, duty in zip(rows, board.leaders_in_charge(rows), strict=True):
        row.duty = duty
    handlers = [
        {**handler, "url": matters_url(board, due="late", handler=handler["handler_id"] or "none")}
        for handler in board.overdue_by_handler
    ]
    return {
        "rows": rows, "handlers": handlers[:HANDLERS], "more": sum(h["count"] for h in handlers[HANDLERS:]),
        "count": sum(handler["count"] for handler in handlers), "url": matters_url(board, due="late"),
    }


def coming(board, figures_of) -> dict:
    """What ends on each day of next week; what is left of this week in one line before it."""
    monday = board.today + timedelta(days=7 - board.today.weekday())
    found = board.due_by_day(board.today, monday + timedelta(days=6))
    rest = {}
    for day, rules in found.items():
        if day < monday:
            for rule, count in rules.items():
                rest[rule] = rest.get(rule, 0) + count
    days = [monday + timedelta(days=place) for place in range(7)]
    most = max((sum(found.get(day, {}).values()) for day in days), default=0) or 1
    return {
        "rest": _in_words(rest), "rest_count": sum(rest.values()), "count": sum(
            sum(found.get(day, {}).values()) for day in days
        ),
        "days": [
            {"day": day, "count": sum(found.get(day, {}).values()), "words": _in_words(found.get(day, {})),
             "share": round(100 * sum(found.get(day, {}).values()) / most),
             "url": matters_url(board, due_on=day.isoformat())}
            for day in days
        ],
    }


def _in_words(rules: dict) -> list[str]:
    return [f"{clocks.get_rule(code).label} {count}" for code, count in sorted(rules.items(), key=lambda r: -r[1])]


register(
    Card("late-count", _("Overdue"), TILE, 10, "reporting/cards/_late_tile.html", late_tile),
    Card("week-count", _("Due within 7 days"), TILE, 20, "reporting/cards/_week_tile.html", week_tile),
    Card("late", _("Whose is overdue"), LEFT, 10, "reporting/cards/_late.html", late, on_wall=False),
    Card("coming", _("Due next week"), RIGHT, 10, "reporting/cards/_coming.html", coming),
)
