"""Periods: ISO weeks, months with a cut-off day, quarters, years; what lies in them on the township's clock."""
from datetime import UTC, date, datetime

import pytest

from governance.reporting import calendar
from governance.reporting.calendar import PeriodUnknown, parse


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026-W47", "2026-11-16", "2026-11-22"), ("2026-W01", "2025-12-29", "2026-01-04"),
        ("2020-W53", "2020-12-28", "2021-01-03"), ("2026-11", "2026-11-01", "2026-11-30"),
        ("2026-11.25", "2026-10-26", "2026-11-25"), ("2026-01.25", "2025-12-26", "2026-01-25"),
        ("2026-Q4", "2026-10-01", "2026-12-31"), ("2026", "2026-01-01", "2026-12-31"),
        ("2026-02-03..2026-02-28", "2026-02-03", "2026-02-28"),
    ],
)
def test_a_code_names_days(code, first, last):
    period = parse(code)
    assert (str(period.first), str(period.last), period.code) == (first, last, code)


@pytest.mark.parametrize(
    "code", ["", None, "2025-W53", "2026-13", "2026-Q5", "x", "2026-11.31", "0001", "2026-02-03..1"]
)
def test_other_texts_name_none(code):
    with pytest.raises(PeriodUnknown):
        parse(code)


@pytest.mark.parametrize(
    ("code", "before", "year_before"),
    [
        ("2026-W01", "2025-W52", "2025-W01"), ("2020-W53", "2020-W52", "2019-W52"),
        ("2026-03.25", "2026-02.25", "2025-03.25"), ("2026-Q1", "2025-Q4", "2025-Q1"), ("2026", "2025", "2025"),
        ("2026-01-11..2026-01-20", "2026-01-01..2026-01-10", "2025-01-11..2025-01-20"),
    ],
)
def test_neighbours(code, before, year_before):
    period = parse(code)
    assert period.previous().code == before
    assert period.previous().next() == period
    assert period.year_before().code == year_before


def test_a_day_after_the_cut_off_belongs_to_the_next_month():
    assert calendar.containing(calendar.MONTH, date(2026, 11, 25), cut=25).code == "2026-11.25"
    assert calendar.containing(calendar.MONTH, date(2026, 11, 26), cut=25).code == "2026-12.25"
    assert calendar.containing(calendar.MONTH, date(2026, 12, 26), cut=25).code == "2027-01.25"


def test_a_period_begins_at_midnight_in_shanghai_and_is_cut_off_while_it_runs():
    running = parse("2026-W47").at(datetime(2026, 11, 18, 4, tzinfo=UTC))
    assert running.start == datetime(2026, 11, 15, 16, tzinfo=UTC)
    assert running.cut_off == datetime(2026, 11, 18, 4, tzinfo=UTC)
    assert running.last_day_known == date(2026, 11, 18)
    over = parse("2026-W47").at(datetime(2026, 12, 1, tzinfo=UTC))
    assert over.cut_off == over.end == datetime(2026, 11, 22, 16, tzinfo=UTC)
    assert over.last_day_known == date(2026, 11, 22)
