"""Dates as a township writes them, where Django's own form differs: 9月7日, not 09月7日."""
MONTH_DAY_FORMAT = "n月j日"
YEAR_MONTH_FORMAT = "Y年n月"
