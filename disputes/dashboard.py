"""Cards of the leaders' page that disputes feed: what rises, how villages stand, where disputes gather (看板卡片).

Villages stand in the order of their codes, never of their figures: numbers of disputes rank nobody.
"""
from django.utils.translation import gettext_lazy as _

from governance.reporting import calendar
from governance.reporting.cards import LEFT, RIGHT, TILE, WIDE, Card, register
from governance.reporting.charts import columns_and_line
from governance.reporting.querysets import Ask
from governance.reporting.registry import get

from .metrics import OFFICIAL, category_name

WEEKS, SPAN, VILLAGE_SPAN = 12, 28, 90
# A category rises when it has at least so many in four weeks, and more than in the four weeks before.
RISING_FROM, RISING_ROWS = 3, 6
# Early warning of a hot spot (local): so many disputes of one category in one village within four weeks.
HOT_SPOT = 5
CATEGORIES = tuple(term.code for term in OFFICIAL)


def open_asks(board) -> dict:
    """Open now, grown by in four weeks, median age."""
    span = board.last_days(SPAN)
    return {code: Ask(get(code), span, board.here) for code in ("backlog", "net", "median_days")}


def open_tile(board, told) -> dict:
    """Open disputes with growth and median age."""
    found = {code: told(code)[board.unit.pk] for code in ("backlog", "net", "median_days")}
    return {**found, "url": told.url("backlog", board.unit.pk)}


def on_time_asks(board) -> dict:
    """Statutory and local time limits of the last four weeks, apart, and without extensions."""
    span = board.last_days(SPAN)
    codes = ("on_time_statutory", "on_time_statutory_unextended", "on_time_local")
    return {code: Ask(get(code), span, board.here) for code in codes}


def on_time_tile(board, told) -> dict:
    """Time limits kept."""
    found = {name: told(f"on_time_{name}")[board.unit.pk] for name in ("statutory", "statutory_unextended", "local")}
    return {**found, "url": told.url("on_time_statutory", board.unit.pk, "N")}


def rising_asks(board) -> dict:
    """New and settled by week; each category over four weeks, the four before, and the same a year ago."""
    asks = {}
    last = calendar.containing(calendar.WEEK, board.today)
    for place in range(WEEKS):
        week = last.at(board.now)
        asks[f"new-{WEEKS - place}"] = Ask(get("reported"), week, board.here)
        asks[f"settled-{WEEKS - place}"] = Ask(get("settled"), week, board.here)
        last = last.previous()
    spans = {"now": 0, "before": SPAN // 7, "year": 52}
    for name, weeks_ago in spans.items():
        span = board.last_days(SPAN, weeks_ago=weeks_ago)
        asks[f"all-{name}"] = Ask(get("reported"), span, board.here)
        asks |= {f"{code}-{name}": Ask(get(f"reported.{code}"), span, board.here) for code in CATEGORIES}
    return asks


def rising(board, told) -> dict:
    """The chart of twelve weeks with its table, and the categories that rise."""
    here = board.unit.pk
    weeks = []
    for place in range(1, WEEKS + 1):
        new, settled = told(f"new-{place}")[here], told(f"settled-{place}")[here]
        period = told.ask(f"new-{place}").period
        weeks.append({
            "number": int(period.code[-2:]), "period": period, "new": new.n, "settled": settled.n,
            "is_running": place == WEEKS, "new_url": told.url(f"new-{place}", here),
            "settled_url": told.url(f"settled-{place}", here),
        })
    now, before = ({code: told(f"{code}-{span}")[here].n for code in CATEGORIES} for span in ("now", "before"))
    up = [code for code in CATEGORIES if now[code] >= RISING_FROM and now[code] > before[code]]
    up.sort(key=lambda code: before[code] - now[code])
    chart = columns_and_line([
        (_("W%(number)s") % {"number": week["number"]}, week["new"], week["settled"], week["is_running"])
        for week in weeks
    ])
    return {
        "chart": chart, "weeks": weeks, "total": _compared(board, told, "all"),
        "rising": [_compared(board, told, code) for code in up[:RISING_ROWS]],
    }


def _compared(board, told, code: str) -> dict:
    names = ("now", "before", "year")
    counts = {name: told(f"{code}-{name}")[board.unit.pk].n for name in names}
    urls = {f"{name}_url": told.url(f"{code}-{name}", board.unit.pk) for name in names}
    return {"name": _("All") if code == "all" else category_name(code), **counts, **urls}


def village_asks(board) -> dict:
    """Found, settled of those reported, come back, over ninety days."""
    if not board.villages:
        return {}
    span = board.last_days(VILLAGE_SPAN)
    return {code: Ask(get(code), span, board.beside) for code in ("reported", "cohort_settle_rate", "reopened")}


def villages(board, told) -> dict:
    """The villages side by side; no rate where it would rest on fewer than five."""
    late = board.overdue_by_place()
    rows = [
        {
            "unit": unit, "late": late[unit.pk],
            **{code: told(code)[unit.pk] for code in ("reported", "cohort_settle_rate", "reopened")},
            "reported_url": told.url("reported", unit.pk),
            "settled_url": told.url("cohort_settle_rate", unit.pk),
            "reopened_url": told.url("reopened", unit.pk),
        }
        for unit in board.villages
    ] if board.villages else []
    return {"rows": rows, "span": VILLAGE_SPAN}


def hot_spot_asks(board) -> dict:
    """Each category in each village over four weeks."""
    if not board.villages:
        return {}
    span = board.last_days(SPAN)
    return {f"hot-{code}": Ask(get(f"reported.{code}"), span, board.beside) for code in CATEGORIES}


def hot_spots(board, told) -> dict:
    """Villages with anything against categories with anything; a warning by rule, of places and never of people."""
    if not board.villages:
        return {"rows": [], "columns": [], "limit": HOT_SPOT}
    counts = {code: {pk: figure.n for pk, figure in told(f"hot-{code}").items()} for code in CATEGORIES}
    columns = sorted((c for c in CATEGORIES if any(counts[c].values())), key=lambda c: -sum(counts[c].values()))[:6]
    rows = [
        {"unit": unit, "cells": [_gathered(told, code, counts[code][unit.pk], unit) for code in columns]}
        for unit in board.villages if any(counts[code][unit.pk] for code in columns)
    ]
    rows.sort(key=lambda row: not any(cell["is_hot"] for cell in row["cells"]))
    return {"rows": rows, "columns": [category_name(code) for code in columns], "limit": HOT_SPOT}


def _gathered(told, code: str, count: int, unit) -> dict:
    """A cell of the hot spots; nothing is opened by a nought."""
    url = told.url(f"hot-{code}", unit.pk) if count else ""
    return {
        "n": count, "url": url, "name": category_name(code), "is_hot": count >= HOT_SPOT, "shade": min(count, HOT_SPOT),
    }


register(
    Card("open-count", _("Open"), TILE, 30, "disputes/cards/_open_tile.html", open_tile, open_asks),
    Card("on-time", _("In time (four weeks)"), TILE, 40, "disputes/cards/_on_time_tile.html", on_time_tile,
         on_time_asks),
    Card("rising", _("What is rising"), LEFT, 20, "disputes/cards/_rising.html", rising, rising_asks),
    Card("hot-spots", _("Where disputes gather"), RIGHT, 20, "disputes/cards/_hot_spots.html", hot_spots,
         hot_spot_asks),
    Card("villages", _("The villages side by side"), WIDE, 30, "disputes/cards/_villages.html", villages,
         village_asks),
)
