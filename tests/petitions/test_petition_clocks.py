"""Every clock of petitions, hotline orders and visits across the days off of 2026.

Off: 15-23 February, 25-27 September, 1-7 October. Worked: Saturdays 14 and 28 February, Sunday 20 September,
Saturday 10 October. The expected days were counted by hand on the State Council's arrangement.
"""
import pytest

from governance.casework.clocks import Bearer, get_rule
from governance.organisation.registry import Refused
from tests.support.clock_tables import ends

FIFTEEN_DAYS = [
    ("2026-09-18", "2026-10-03"),  # 12 days to 30 September, 3 more; stays on the day off
    ("2026-02-02", "2026-02-17"),  # Spring Festival; stays
    ("2026-09-05", "2026-09-20"),  # the worked Sunday
]
SEVEN_DAYS = [
    ("2026-09-25", "2026-10-02"),  # 5 days to 30 September, 2 more; stays
    ("2026-02-10", "2026-02-17"),
    ("2026-09-13", "2026-09-20"),
]
THIRTY_DAYS = [
    ("2026-09-05", "2026-10-05"),  # 25 days to 30 September, 5 more; stays
    ("2026-01-20", "2026-02-19"),  # 11 days to 31 January, 19 more; stays
    ("2026-08-21", "2026-09-20"),
]
THIRTY_DAYS_FORWARD = [
    ("2026-09-02", "2026-10-08"),  # 2 October is off until 7
    ("2026-01-20", "2026-02-24"),  # 19 February is off until 23
    ("2026-08-26", "2026-09-28"),  # 25 September is off until 27
    ("2026-08-21", "2026-09-20"),  # the Sunday is worked: not moved
    ("2026-09-10", "2026-10-10"),  # the Saturday is worked: not moved
]
THREE_WORKING_DAYS = [
    ("2026-09-30", "2026-10-10"),  # 8, 9 and the worked Saturday 10 October
    ("2026-02-13", "2026-02-25"),  # the worked Saturday 14, then 24, 25
    ("2026-09-18", "2026-09-22"),  # the worked Sunday 20, then 21, 22
]
TEN_WORKING_DAYS = [
    ("2026-09-25", "2026-10-15"),  # 28, 29, 30 September, 8, 9, 10, 12, 13, 14, 15 October
    ("2026-02-13", "2026-03-05"),  # 14, 24 to 28 February, 2, 3, 4, 5 March
    ("2026-09-17", "2026-10-08"),  # 18, 20 to 24, 28, 29, 30 September, 8 October
]
TWO_HOURS = [
    ("2026-09-30T23:00", "2026-10-01T01:00"),  # across midnight into the holiday, round the clock
    ("2026-02-14T23:30", "2026-02-15T01:30"),
    ("2026-09-20T12:30", "2026-09-20T14:30"),
]
A_DAY_SET = [
    ("2026-09-01", "2026-10-05"),  # stays on the day off
    ("2026-01-10", "2026-02-17"),
    ("2026-09-01", "2026-09-20"),
]


@pytest.mark.parametrize("code", ["petition.transfer", "petition.notice", "visit.revisit"])
@pytest.mark.parametrize(("start", "end"), FIFTEEN_DAYS)
def test_fifteen_days(code, start, end):
    assert ends(code, start) == end


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-09-28", "2026-10-10"),  # 29, 30 September, 8, 9, 10 October
        ("2026-02-12", "2026-02-26"),  # 13, 14, 24, 25, 26 February
        ("2026-09-18", "2026-09-24"),  # 20, 21, 22, 23, 24 September
    ],
)
def test_objection_has_five_working_days(start, end):
    assert ends("petition.objection", start) == end


@pytest.mark.parametrize(
    ("start", "given", "end"),
    [
        ("2026-08-06", {}, "2026-10-05"),  # 25 + 30 + 5; a day off, and stays
        ("2025-12-19", {}, "2026-02-17"),  # 12 + 31 + 17
        ("2026-07-22", {}, "2026-09-20"),  # 9 + 31 + 20
        ("2026-08-06", {"extend_days": 30}, "2026-11-04"),  # 26 days to 31 October, 4 more
        ("2026-08-06", {"extend_days": 1}, "2026-10-06"),
    ],
)
def test_handling_has_sixty_days(start, given, end):
    assert ends("petition.handling", start, **given) == end


@pytest.mark.parametrize(
    ("code", "given", "refused"),
    [
        ("petition.handling", {"extend_days": 31}, "extension-too-long"),
        ("petition.handling", {"pauses": [("2026-09-01", "2026-09-02")]}, "pause-not-allowed"),
        ("petition.notice", {"extend_days": 1}, "extension-not-allowed"),
        ("petition.simple_handling", {"extend_days": 1}, "extension-not-allowed"),
        ("hotline.done", {}, "variant-missing"),
        ("hotline.done", {"variant": "ordinary", "extend_days": 8}, "extension-too-long"),
        ("visit.problem", {"variant": "village", "extend_days": 16}, "extension-too-long"),
        ("adopted.contact", {"variant": "blue"}, "variant-unknown"),
    ],
)
def test_what_the_rules_do_not_allow(code, given, refused):
    with pytest.raises(Refused) as refusal:
        ends(code, "2026-09-01", **given)
    assert refusal.value.code == refused


@pytest.mark.parametrize(
    ("start", "given", "end"),
    [
        ("2026-07-31", {}, "2026-09-30"),  # no 31 September
        ("2026-08-03", {}, "2026-10-03"),  # stays on the day off
        ("2025-12-31", {}, "2026-02-28"),  # no 31 February; a worked Saturday
        ("2025-12-17", {}, "2026-02-17"),
        ("2026-07-20", {}, "2026-09-20"),
        ("2026-09-14", {"variant": "special_law", "length": 20}, "2026-10-04"),  # stays
        ("2026-09-14", {"variant": "special_law", "due_on": "2026-10-03"}, "2026-10-03"),
    ],
)
def test_a_statutory_duty_has_two_months_or_its_own_law(start, given, end):
    assert ends("petition.statutory_duty", start, **given) == end


@pytest.mark.parametrize("code", ["petition.opinion_performance", "petition.superior", "petition.promise"])
@pytest.mark.parametrize(("start", "end"), A_DAY_SET)
def test_a_day_that_was_set_stays(code, start, end):
    assert ends(code, start, due_on=end) == end
    assert ends(code, "2026-09-01", due_on="2026-10-05", extend_days=10) == "2026-10-15"


@pytest.mark.parametrize(("start", "end"), TWO_HOURS)
def test_urgent_report_within_two_hours(start, end):
    assert ends("petition.urgent_report", start) == end
    assert ends("hotline.contact", start, variant="urgent") == end


@pytest.mark.parametrize("code", ["petition.simple_notice", "petition.accusation"])
@pytest.mark.parametrize(("start", "end"), THREE_WORKING_DAYS)
def test_three_working_days(code, start, end):
    assert ends(code, start) == end


@pytest.mark.parametrize(("start", "end"), TEN_WORKING_DAYS)
def test_simple_handling_has_ten_working_days(start, end):
    assert ends("petition.simple_handling", start) == end


@pytest.mark.parametrize("code", ["petition.review_window", "petition.reexamination_window"])
@pytest.mark.parametrize(("start", "end"), THIRTY_DAYS_FORWARD)
def test_windows_of_the_petitioner_move_forward(code, start, end):
    assert ends(code, start) == end
    assert get_rule(code).bearer == Bearer.WINDOW


@pytest.mark.parametrize("code", ["petition.review", "petition.reexamination"])
@pytest.mark.parametrize(("start", "end"), THIRTY_DAYS)
def test_the_organ_above_has_thirty_days(code, start, end):
    assert ends(code, start) == end
    assert get_rule(code).bearer == Bearer.EXTERNAL


def test_the_days_of_the_hearing_are_not_counted():
    # 14 and 15 September: two days, from 5 to 7 October.
    assert ends("petition.reexamination", "2026-09-05", pauses=[("2026-09-14", "2026-09-16")]) == "2026-10-07"


@pytest.mark.parametrize(("start", "end"), SEVEN_DAYS)
def test_seven_days(start, end):
    assert ends("petition.callback", start) == end
    assert ends("adopted.contact", start, variant="red") == end
    assert ends("visit.problem", start, variant="village") == end
    assert ends("hotline.done", start, variant="ordinary") == end


@pytest.mark.parametrize(("start", "end"), FIFTEEN_DAYS)
def test_fifteen_days_by_class(start, end):
    assert ends("adopted.contact", start, variant="yellow") == end
    assert ends("visit.problem", start, variant="township") == end
    assert ends("hotline.done", start, variant="complex") == end


@pytest.mark.parametrize(("start", "end"), THIRTY_DAYS)
def test_thirty_days_by_class(start, end):
    assert ends("adopted.contact", start, variant="green") == end
    assert ends("visit.problem", start, variant="district") == end


@pytest.mark.parametrize("variant", [None, "utility", "ordinary", "complex"])
def test_first_contact_within_a_day_round_the_clock(variant):
    assert ends("hotline.contact", "2026-09-30T17:00", variant=variant) == "2026-10-01T17:00"
    assert ends("hotline.contact", "2026-02-14T08:00", variant=variant) == "2026-02-15T08:00"


@pytest.mark.parametrize(
    ("start", "given", "end"),
    [
        ("2026-09-30T10:00", {"variant": "urgent"}, "2026-10-01T10:00"),
        ("2026-09-30T10:00", {"variant": "urgent", "extend_days": 7}, "2026-10-08T10:00"),
        # An hour and a half with the platform.
        (
            "2026-09-30T10:00",
            {"variant": "urgent", "pauses": [("2026-09-30T11:00", "2026-09-30T12:30")]},
            "2026-10-01T11:30",
        ),
        ("2026-09-30T10:00", {"variant": "utility"}, "2026-10-03"),
        ("2026-02-14", {"variant": "utility"}, "2026-02-17"),
        ("2026-09-17", {"variant": "utility"}, "2026-09-20"),
        ("2026-09-30", {"variant": "utility", "extend_days": 7}, "2026-10-10"),
        ("2026-09-25", {"variant": "ordinary", "pauses": [("2026-09-28", "2026-10-01")]}, "2026-10-05"),
    ],
)
def test_reply_to_the_caller_by_class(start, given, end):
    assert ends("hotline.done", start, **given) == end


def test_a_problem_that_takes_long_has_its_next_date():
    assert ends("visit.problem", "2026-09-01", variant="long_term", due_on="2026-10-05") == "2026-10-05"
    # 2 October + 15.
    assert ends("visit.problem", "2026-09-25", variant="village", extend_days=15) == "2026-10-17"
