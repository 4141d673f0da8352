"""Forms of ledgers: shape and wording of input only."""
from .exporting import PERIODS, ExportForm, period_named
from .importing import ColumnsForm, RowFilter, UploadForm

__all__ = ["PERIODS", "ColumnsForm", "ExportForm", "RowFilter", "UploadForm", "period_named"]
