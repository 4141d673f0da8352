"""Every clock of supervision, assessment and accountability across the days off of 2026.

Off: 15-23 February, 25-27 September, 1-7 October. Worked: Saturdays 14 and 28 February, Sunday 20 September,
Saturday 10 October. The expected days were counted by hand on the State Council's arrangement.
"""
import pytest

from governance.casework.clocks import Bearer, get_rule
from governance.organisation.registry import Refused
from tests.support.clock_tables import ends


@pytest.mark.parametrize("code", ["supervision.feedback", "supervision.done"])
@pytest.mark.parametrize("end", ["2026-10-05", "2026-09-20", "2026-10-10"])
def test_an_order_names_its_day(code, end):
    assert ends(code, "2026-09-01", due_on=end) == end


def test_feedback_follows_the_rhythm_of_the_order_and_does_not_move():
    assert ends("supervision.feedback", "2026-09-25", length=10) == "2026-10-05"
    assert ends("supervision.feedback", "2026-02-10", length=7) == "2026-02-17"


def test_only_the_result_gets_a_new_day():
    # 5 October + 14.
    assert ends("supervision.done", "2026-09-01", due_on="2026-10-05", extend_days=14) == "2026-10-19"
    with pytest.raises(Refused) as refusal:
        ends("supervision.feedback", "2026-09-01", due_on="2026-10-05", extend_days=1)
    assert refusal.value.code == "extension-not-allowed"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-09-02", "2026-10-08"),  # 2 October is off until 7
        ("2026-01-20", "2026-02-24"),  # 19 February is off until 23
        ("2026-08-21", "2026-09-20"),  # the Sunday is worked
    ],
)
def test_an_official_may_appeal_for_thirty_days(start, end):
    assert ends("accountability.appeal", start) == end


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-09-28", "2026-10-10"),  # 29, 30 September, 8, 9, 10 October
        ("2026-02-12", "2026-02-26"),  # 13, 14, 24, 25, 26 February
        ("2026-09-18", "2026-09-24"),  # 20, 21, 22, 23, 24 September
    ],
)
def test_objection_within_five_working_days(start, end):
    assert ends("assessment.objection", start) == end


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-09-25", "2026-10-15"),  # 28, 29, 30 September, 8, 9, 10, 12, 13, 14, 15 October
        ("2026-02-13", "2026-03-05"),  # 14, 24 to 28 February, 2, 3, 4, 5 March
        ("2026-09-17", "2026-10-08"),  # 18, 20 to 24, 28, 29, 30 September, 8 October
    ],
)
def test_decision_within_ten_working_days(start, end):
    assert ends("assessment.decision", start) == end


def test_rights_of_officials_are_windows():
    assert get_rule("accountability.appeal").bearer == get_rule("assessment.objection").bearer == Bearer.WINDOW
