"""Taking tables out (导出): ordered by whoever may, made in the background if large, given out while it holds."""
from .giving import describe, expire_exports, open_export, progress_of
from .making import make_export, make_waiting
from .ordering import Order, may_reveal, order_export
from .scopes import all_exports, exports_of, find_export, places_of, townships_of

__all__ = [
    "Order", "all_exports", "describe", "expire_exports", "exports_of", "find_export", "make_export", "make_waiting",
    "may_reveal", "open_export", "order_export", "places_of", "progress_of", "townships_of",
]
