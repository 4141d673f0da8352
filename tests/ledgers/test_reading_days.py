"""Days as ledgers write them: each way of writing, and each that is refused with its own code."""
from datetime import date, datetime

import pytest

from governance.ledgers.reading.days import NotADay, read_day, year_and_month

A_DAY = date(2024, 3, 5)


@pytest.mark.parametrize("written", [
    "2024年3月5日", "2024.3.5", "2024/3/5", "2024-03-05", "24.3.5", "24年3月5日", "20240305", 20240305, 20240305.0,
    240305, "2024年3月5号", "2024、3、5", "２０２４．３．５", "2024 3 5", "2024.3.5.", "2024年3月5日上午",
    "2024-03-05 09:30",
    "2024-03-05T09:30:00", "2024年3月5日下午3时", "2024/3/5 星期二", "二〇二四年三月五日", "二零二四年三月五日", 45356,
    "45356", datetime(2024, 3, 5, 9), A_DAY,
])
def test_a_full_day(written):
    assert read_day(written).day == A_DAY and not read_day(written).year_guessed


@pytest.mark.parametrize("written", ["3月5日", "3.5", "3/5", 3.5, "三月五日", "3月5日上午"])
def test_a_day_without_a_year_takes_it_from_around_and_says_so(written):
    found = read_day(written, year_for=lambda month: 2024)
    assert (found.day, found.year_guessed) == (A_DAY, True)


@pytest.mark.parametrize(("written", "day", "guess"), [
    (5.1, date(2024, 5, 1), "day-may-have-lost-zero"), ("2024年3月", date(2024, 3, 1), "day-assumed"),
    ("2024.3", date(2024, 3, 1), "day-assumed"), ("3月下旬", date(2024, 3, 21), "day-assumed"),
    ("2024.3.5-3.8", A_DAY, "first-of-several-days"), ("2024年3月5日至8日", A_DAY, "first-of-several-days"),
    ("3.5、3.9", A_DAY, "first-of-several-days"),
])
def test_what_is_assumed_is_marked(written, day, guess):
    found = read_day(written, year_for=lambda month: 2024)
    assert (found.day, found.guess) == (day, guess)


def test_of_several_days_the_last_can_be_asked_for():
    assert read_day("2024.3.5-3.8", last=True).day == date(2024, 3, 8)
    assert read_day("2024年3月5日-8日", last=True).day == date(2024, 3, 8)


@pytest.mark.parametrize(("written", "code"), [
    ("明天", "day-unknown"), ("2024.13.45", "day-impossible"), ("2024-02-30", "day-impossible"),
    ("05/03/2024", "day-ambiguous"), ("3月5日", "year-unknown"), ("1899-01-01", "day-unlikely"), (12, "day-unknown"),
    ("正月初五", "day-unknown"), (True, "day-unknown"),
])
def test_what_is_no_day_says_why(written, code):
    with pytest.raises(NotADay) as problem:
        read_day(written)
    assert problem.value.code == code


@pytest.mark.parametrize(("title", "found"), [
    ("富春江镇2025年1月份矛盾纠纷统计表", (2025, 1)), ("2024年台账", (2024, None)), ("1月", (None, 1)),
    ("disputes-2016-legacy", (2016, None)), ("二〇二四年度台账", (2024, None)), ("十二月", (None, 12)),
    ("2024.03台账", (2024, 3)), ("纠纷排查", (None, None)),
])
def test_year_and_month_of_a_title(title, found):
    assert year_and_month(title) == found
