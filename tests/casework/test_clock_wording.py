"""Why a clock ends on its day, in words; read here in English."""
from datetime import date, datetime

import pytest
from django.utils import translation

from governance.casework import clocks
from governance.casework.calendar import WorkCalendar
from governance.casework.clocks import (
    Basis,
    Bearer,
    ClockRule,
    ExtensionPolicy,
    Pause,
    PausePolicy,
    Roll,
    article_of,
)

ARTICLE = article_of("信访工作条例", "34")


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def rule(**parts):
    """A rule of the test, by default a duty of the office with an article."""
    return ClockRule(code="kernel.wording", **{"starts": "accepted", "article": ARTICLE, **parts})


def why(rule, start, *, calendar=None, **given):
    return clocks.explain(rule, start=start, calendar=calendar or WorkCalendar(), **given)


def test_a_duty_that_ends_on_a_day_off_names_the_last_working_day_before():
    assert why(rule(length=60), date(2026, 8, 6)) == (
        "Started by: accepted, on 2026-08-06 (Thursday) (day 0). Day 60 is 2026-10-05 (Monday)."
        " That is a day off; a duty of the office is not put off for it."
        " Last working day before: 2026-09-30 (Wednesday). It ends at 24:00 of 2026-10-05 (Monday)."
        " Basis: 信访工作条例 art. 34; counted by 民法典 art. 201."
    )


def test_a_right_that_ends_on_a_day_off_names_the_next_working_day():
    window = rule(length=30, bearer=Bearer.WINDOW, roll=Roll.FORWARD)
    sentence = why(window, date(2026, 9, 2))
    assert "2026-10-02 (Friday) is a day off, so it ends on the next working day (民法典 art. 203)." in sentence
    assert "It ends at 24:00 of 2026-10-08 (Thursday)." in sentence


def test_a_month_without_that_day_number_says_so():
    month = rule(basis=Basis.MONTHS, length=1)
    assert "no such day number" in why(month, date(2026, 1, 31))
    assert "the same day number: 2026-10-01 (Thursday)" in why(month, date(2026, 9, 1))
    assert "民法典 art. 202" in why(month, date(2026, 9, 1))


def test_working_days_say_which_is_the_first_and_how_many_days_off_lie_between():
    sentence = why(rule(basis=Basis.WORKING_DAYS, length=10), date(2026, 9, 25))
    assert "Working day 1 is 2026-09-28 (Monday); working day 10 is 2026-10-15 (Thursday)." in sentence
    assert "10 days off in between are not counted." in sentence


def test_pauses_and_an_extension_say_how_far_they_moved_the_end():
    paused = rule(
        length=10, pause=PausePolicy("parts", "order"), extension=ExtensionPolicy(1, 30, "unit_head")
    )
    sentence = why(
        paused, date(2026, 11, 2), pauses=(Pause(date(2026, 11, 5), date(2026, 11, 8)),), extend_days=5
    )
    assert "resumed on 2026-11-08 (Sunday): 3 days; the end moves to 2026-11-15 (Sunday)." in sentence
    assert "Extended by 5 days from the end without extension, to 2026-11-20 (Friday)." in sentence


def test_an_open_pause_says_since_when():
    paused = rule(length=10, pause=PausePolicy("parts", "order"))
    sentence = why(paused, date(2026, 11, 2), pauses=(Pause(date(2026, 11, 5)),))
    assert "Paused since 2026-11-05 (Thursday)" in sentence and "24:00" not in sentence


def test_hours_say_whether_they_run_round_the_clock():
    start = datetime(2026, 9, 30, 17, 0)
    assert "2 hours round the clock end at 2026-09-30 (Wednesday) 19:00" in why(
        rule(basis=Basis.HOURS, length=2), start
    )
    assert "Working time counts from 2026-10-08 (Thursday) 08:30" in why(
        rule(basis=Basis.WORKING_HOURS, length=2), datetime(2026, 9, 30, 18, 0)
    )
    assert "30 minutes end at 2026-09-30 (Wednesday) 17:30" in why(rule(basis=Basis.MINUTES, length=30), start)


def test_a_day_agreed_and_a_period_agreed_read_differently():
    agreed = rule(basis=Basis.AGREED, bearer=Bearer.PARTY, period_roll=Roll.FORWARD)
    assert "The day set is 2026-10-05 (Monday). That is a day off; the day stays." in why(
        agreed, date(2026, 9, 25), due_on=date(2026, 10, 5)
    )
    assert "Day 10 of the period set is 2026-10-05 (Monday)." in why(agreed, date(2026, 9, 25), length=10)
    assert "The day is not yet set." in why(agreed, date(2026, 9, 25))


def test_a_provisional_end_names_the_year_that_is_not_published():
    sentence = why(
        rule(basis=Basis.WORKING_DAYS, length=3), date(2026, 12, 30), calendar=WorkCalendar(until=date(2026, 12, 31))
    )
    assert "Provisional: the days off of 2027 are not yet published." in sentence


def test_a_local_rule_says_that_it_is_the_townships_own():
    assert why(rule(length=3, article=clocks.LOCAL, is_local=True), date(2026, 11, 2)).endswith(
        "Basis: the township's own default."
    )
