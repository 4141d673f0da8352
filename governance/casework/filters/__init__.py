"""What a list may be narrowed by, how it is paged, and what lies on a desk (筛选)."""
from .desk import Desk
from .narrowing import PAGE_SIZE, MatterFilter, counts_to_cap, end_of_day, narrow_by_query, page_by_keyset

__all__ = [
    "PAGE_SIZE", "Desk", "MatterFilter", "counts_to_cap", "end_of_day", "narrow_by_query", "page_by_keyset",
]
