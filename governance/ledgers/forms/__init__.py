"""Forms of ledgers: shape and wording of input only."""
from .exporting import PERIODS, ExportForm, period_named
from .importing import ColumnsForm, PlacesForm, RowFilter, UploadForm

__all__ = ["PERIODS", "ColumnsForm", "ExportForm", "PlacesForm", "RowFilter", "UploadForm", "period_named"]
