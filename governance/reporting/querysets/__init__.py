"""Questions behind figures: counting parts by unit, the rows behind a cell, the stock of past days."""
from .behind import ids_in_order, page_of
from .board import Board
from .counting import Ask, answers, below, figures, origin, rows_behind, tallies
from .facts import stock_on, stock_series
from .history import (
    CLOSING,
    REOPENING,
    acts,
    closed_in,
    may_have_been_reopened,
    open_at,
    toggles,
)
from .shown import ShownVersion, sees_whole, shown
from .spans import on_a_day_of, within
from .waiting import parts_to_confirm, versions_to_act_on
from .weeks import attach_versions, changes, version_for

__all__ = [
    "Ask", "Board", "CLOSING", "REOPENING", "ShownVersion", "acts", "answers", "attach_versions", "below", "changes",
    "closed_in", "figures", "ids_in_order", "may_have_been_reopened", "on_a_day_of", "open_at", "origin", "page_of",
    "parts_to_confirm", "rows_behind", "sees_whole",
    "shown", "stock_on", "stock_series", "tallies", "toggles", "version_for",
    "versions_to_act_on", "within",
]
