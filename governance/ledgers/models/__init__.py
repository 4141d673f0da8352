"""Tables of ledgers that came in, and of what went out."""
from .batch import ImportBatch
from .export import LedgerExport
from .mapping import ColumnMapping, PlaceMapping
from .row import ImportRow

__all__ = ["ColumnMapping", "ImportBatch", "ImportRow", "LedgerExport", "PlaceMapping"]
