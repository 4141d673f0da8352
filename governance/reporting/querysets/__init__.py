"""Questions behind figures: counting parts by unit, and the rows behind a cell."""
from .counting import figures, rows_behind, tallies
from .history import CLOSING, REOPENING, closed_in, open_at, toggles

__all__ = ["CLOSING", "REOPENING", "closed_in", "figures", "open_at", "rows_behind", "tallies", "toggles"]
