"""Tables of reports: roll-ups with their versions, and the stock of every day."""
from .rollup import Rollup, RollupCell, RollupPart, RollupVersion
from .setting import ReportSetting
from .stock import StockFact

__all__ = ["ReportSetting", "Rollup", "RollupCell", "RollupPart", "RollupVersion", "StockFact"]
