"""The clock of the report that cannot wait, across the days off of 2026; round the clock, counted by hand."""
import pytest

from governance.casework.clocks import get_rule
from tests.support.clock_tables import ends


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-09-30T23:00", "2026-10-01T01:00"),  # across midnight into the holiday
        ("2026-02-17T08:00", "2026-02-17T10:00"),
        ("2026-09-20T12:30", "2026-09-20T14:30"),
    ],
)
def test_the_police_are_told_within_two_hours(start, end):
    assert ends("minor.report", start) == end
    assert get_rule("minor.report").urgent
