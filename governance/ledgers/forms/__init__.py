"""Forms of ledgers: shape and wording of input only."""
from .exporting import PERIODS, ExportForm, period_named

__all__ = ["PERIODS", "ExportForm", "period_named"]
