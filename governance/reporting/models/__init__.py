"""Tables of reports: roll-ups with their versions, and the stock of every day."""
from .rollup import Rollup, RollupCell, RollupPart, RollupVersion
from .stock import StockFact

__all__ = ["Rollup", "RollupCell", "RollupPart", "RollupVersion", "StockFact"]
