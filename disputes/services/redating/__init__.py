"""A date that is corrected afterwards (更正日期): the fact moves with its act, the clocks that rest on it follow."""
from .beside import DAY_NAMES, days_beside
from .moving import date_corrected

__all__ = ["DAY_NAMES", "date_corrected", "days_beside"]
