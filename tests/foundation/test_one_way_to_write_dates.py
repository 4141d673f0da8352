"""Dates are written in one way in each language (日期写法)."""
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from django.utils.formats import date_format

MOMENT = datetime(2026, 9, 7, 8, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(("name", "english", "chinese"), [
    ("DATE_FORMAT", "7 Sep 2026", "2026年9月7日"),
    ("SHORT_DATE_FORMAT", "7 Sep 2026", "2026年9月7日"),
    ("DATETIME_FORMAT", "7 Sep 2026, 08:05", "2026年9月7日 08:05"),
    ("SHORT_DATETIME_FORMAT", "7 Sep 2026, 08:05", "2026年9月7日 08:05"),
    ("MONTH_DAY_FORMAT", "7 Sep", "9月7日"),
    ("YEAR_MONTH_FORMAT", "Sep 2026", "2026年9月"),
])
def test_a_day_reads_the_same_wherever_it_stands(name, english, chinese):
    for language, written in (("en", english), ("zh-hans", chinese)):
        with translation.override(language):
            assert date_format(MOMENT, name) == written


def test_a_day_without_a_format_reads_as_one_with():
    from django.utils.formats import localize

    with translation.override("en"):
        assert localize(date(2026, 9, 7)) == "7 Sep 2026"
