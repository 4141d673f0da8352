"""Tables of ledgers that came in."""
from .batch import ImportBatch
from .mapping import ColumnMapping
from .row import ImportRow

__all__ = ["ColumnMapping", "ImportBatch", "ImportRow"]
