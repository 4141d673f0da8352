"""Legal holidays are days off in every year; a year's arrangement is entered, and what rests on it moves."""
import io
import json
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command

from governance.casework import clocks
from governance.casework.calendar import SHANGHAI, WorkCalendar, legal_holidays, read_days
from governance.casework.models import Clock, Event, HolidayArrangement, Message
from governance.casework.services import arranging, timing
from governance.casework.workflow import Refused
from governance.organisation.models import Change
from tests.support.factories.casework import report
from tests.support.screens import open_page, send

# Known on 27 November 2026; the days off of 2027 were not announced then.
AHEAD = WorkCalendar(until=date(2026, 12, 31))
OFF = "2027-01-01..2027-01-03, 2027-02-05..2027-02-12, 2027-04-03..2027-04-05, 2027-05-01..2027-05-05, " \
      "2027-06-09, 2027-09-15, 2027-10-01..2027-10-07"
WORKED = "2027-02-14, 2027-05-08, 2027-10-09"


@pytest.fixture(autouse=True)
def calendars():
    """No arrangement of another test is held, none is left behind."""
    arranging.forget()
    yield
    arranging.forget()


def enter(actor=None, off=OFF, worked=WORKED, year=2027, **values):
    given = {"source": "国办发明电〔2026〕7号", "issued_on": date(2026, 11, 10), **values}
    return arranging.enter_arrangement(actor=actor, year=year, days_off=read_days(off),
                                         workdays=read_days(worked), **given)


@pytest.mark.parametrize("day", [
    "2027-01-01", "2027-02-05", "2027-02-08", "2027-04-05", "2027-06-09", "2027-09-15", "2027-10-01", "2028-01-25",
    "2028-01-28", "2028-04-04", "2030-02-04", "2033-01-31", "2033-09-08", "2034-02-20", "2044-05-31", "2050-01-24",
])
def test_legal_holidays_are_days_off_in_every_year_by_the_lunar_calendar_too(day):
    assert not AHEAD.is_working_day(date.fromisoformat(day)) and not AHEAD.knows(date.fromisoformat(day))


def test_bridges_of_a_year_that_is_not_announced_are_not_guessed():
    assert AHEAD.is_working_day(date(2027, 2, 9)) and AHEAD.is_working_day(date(2027, 10, 4))
    assert not AHEAD.is_working_day(date(2027, 2, 14))
    assert all(11 <= len(legal_holidays(year)) <= 13 for year in range(2027, 2100))


def test_legal_holidays_agree_with_the_years_that_are_announced():
    known = WorkCalendar()
    assert [day for year in (2025, 2026) for day in legal_holidays(year) if known.is_working_day(day)] == []


def test_an_arrangement_that_was_entered_holds_for_its_year_with_its_worked_weekends():
    given = arranging.Arrangement(2027, read_days(OFF), read_days(WORKED))
    calendar = WorkCalendar(until=date(2026, 12, 31), arrangements=[given])
    assert calendar.knows(date(2027, 3, 1)) and not calendar.knows(date(2028, 3, 1))
    assert not calendar.is_working_day(date(2027, 2, 12)) and calendar.is_working_day(date(2027, 2, 14))
    assert calendar.add_working_days(date(2027, 2, 4), 3) == date(2027, 2, 16), "Sunday 14 is worked, then 15 and 16"


@pytest.mark.parametrize(("change", "code"), [
    ({"off": OFF.replace("2027-06-09, ", "")}, "legal-holiday-missing"),
    ({"worked": "2027-02-15"}, "workday-in-the-week"),
    ({"worked": "2027-02-06"}, "day-off-and-worked"), ({"off": OFF + ", 2028-01-01"}, "days-outside-year"),
    ({"source": " "}, "source-missing"), ({"issued_on": date(2099, 1, 1)}, "issued-in-the-future"),
])
def test_an_arrangement_with_a_slip_is_refused_by_name(db, change, code):
    with pytest.raises(Refused, match=code):
        enter(**change)


def running(town, rule, ends):
    """A running clock of the rule whose end was computed without the arrangement."""
    clock = Clock.objects.get(matter=report(town), rule="probe.look")
    start = datetime.combine(ends - timedelta(days=10), datetime.min.time(), SHANGHAI) + timedelta(hours=9)
    Clock.objects.filter(pk=clock.pk).update(rule=rule, bearer=clocks.get_rule(rule).bearer.value, started_at=start)
    clock.refresh_from_db()
    due = clocks.due(clocks.get_rule(rule), start=start, length=clock.length, calendar=AHEAD)
    Clock.objects.filter(pk=clock.pk).update(due_on=due.due_on, due_at=due.due_at, is_provisional=due.provisional)
    clock.refresh_from_db()
    return clock


def test_residents_windows_move_with_the_announcement_and_who_handles_them_is_told(town):
    window = running(town, "probe.object", date(2027, 2, 9))
    assert window.bearer == "window" and window.is_provisional and window.due_on == date(2027, 2, 9)
    still = running(town, "probe.object", date(2027, 3, 9))
    enter(town.system_admin)
    assert arranging.apply_arrangements() == 1 and arranging.apply_arrangements() == 0
    window.refresh_from_db()
    assert (window.due_on, window.is_provisional) == (date(2027, 2, 14), False), "a worked Sunday"
    event = Event.objects.get(verb="calendar_moved")
    days = event.data["from_on"], event.data["to_on"]
    assert (event.matter_id, *days) == (window.matter_id, "2027-02-09", "2027-02-14")
    told = set(Message.objects.filter(subject="calendar_moved").values_list("recipient", flat=True))
    assert told
    still.refresh_from_db()
    assert not still.is_provisional and still.due_on == date(2027, 3, 9)


def test_a_correction_moves_what_was_final_already(town):
    window = running(town, "probe.object", date(2027, 2, 9))
    enter(town.system_admin)
    arranging.apply_arrangements()
    enter(town.system_admin, off=OFF + ", 2027-02-13", worked="2027-05-08, 2027-10-09")
    assert arranging.apply_arrangements() == 1
    window.refresh_from_db()
    assert window.due_on == date(2027, 2, 15)
    changes = Change.objects.about("holidays", "2027")
    assert [change.verb for change in changes] == ["entered", "corrected"]
    assert changes.last().data["before"]["workdays"] == ["2027-02-14", "2027-05-08", "2027-10-09"]


def test_the_beat_carries_on_what_a_killed_worker_left(town):
    from governance.casework.tasks import keep_calendar

    running(town, "probe.object", date(2027, 2, 9))
    enter(town.system_admin)
    assert keep_calendar() == 1 and HolidayArrangement.objects.filter(applied_at=None).count() == 0


def test_the_system_administrator_enters_a_year_on_a_page(client, town, django_capture_on_commit_callbacks):
    window = running(town, "probe.object", date(2027, 2, 9))
    page = open_page(client, town.system_admin, "casework:holidays").content.decode()
    assert "/holidays/2027/" in page
    wrong = send(client, town.system_admin, "casework:holiday-year", 2027, source="x", issued_on="2026-11-10",
                 days_off="2027-13-01", workdays="")
    assert wrong.status_code == 200 and "2027-13-01" in wrong.content.decode()
    assert not HolidayArrangement.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        done = send(client, town.system_admin, "casework:holiday-year", 2027, source="国办发明电〔2026〕7号",
                    issued_on="2026-11-10", days_off=OFF, workdays=WORKED)
    assert done.status_code == 302
    window.refresh_from_db()
    assert window.due_on == date(2027, 2, 14)
    page = open_page(client, town.system_admin, "casework:holidays").content.decode()
    assert "国办发明电〔2026〕7号" in page and town.system_admin.name in page
    log = open_page(client, town.auditor, "organisation:changes").content.decode()
    assert "2027" in log and "国办发明电〔2026〕7号" in log


def test_nobody_else_enters_days_off(client, town):
    for user in (town.clerk, town.leader, town.security_admin, town.auditor, town.officer):
        assert open_page(client, user, "casework:holidays").status_code == 403
        assert open_page(client, user, "casework:holiday-year", 2027).status_code == 403


def test_a_command_enters_a_year_and_says_what_moved(town):
    running(town, "probe.object", date(2027, 2, 9))
    said = io.StringIO()
    call_command("enter_holidays", "2027", "--source", "国办发明电〔2026〕7号", "--issued", "2026-11-10", "--off", OFF,
                 "--worked", WORKED, "--json", stdout=said)
    assert json.loads(said.getvalue()) == {"year": 2027, "days_off": 28, "worked": 3, "moved": 1}


def test_whoever_is_asked_why_hears_of_the_arrangement(town):
    window = running(town, "probe.object", date(2027, 2, 9))
    enter(town.system_admin)
    arranging.apply_arrangements()
    window.refresh_from_db()
    assert "2027" in timing.why(window)


def test_working_hours_are_set_on_a_page_and_reminders_and_limits_go_by_them(town, client):
    admin, noon = town.system_admin, {"morning_opens": "09:00", "morning_closes": "12:00"}
    client.force_login(admin)
    answer = client.post("/hours/", {**noon, "afternoon_opens": "11:00", "afternoon_closes": "17:00"})
    assert answer.status_code == 409 and "先上午后下午" in answer.content.decode()
    answer = client.post("/hours/", {**noon, "afternoon_opens": "13:00", "afternoon_closes": "17:00"})
    assert answer.status_code == 302
    calendar = arranging.working_calendar()
    early = datetime(2026, 11, 25, 8, 40, tzinfo=SHANGHAI)
    assert calendar.next_opening(early) == datetime(2026, 11, 25, 9, 0, tzinfo=SHANGHAI)
    change = Change.objects.get(subject_type="working_hours")
    assert change.data == {"before": "08:30–12:00、14:30–17:30", "hours": "09:00–12:00、13:00–17:00"}
    assert client.get("/hours/").context["form"]["morning_opens"].value().hour == 9
    client.force_login(town.clerk)
    assert client.get("/hours/").status_code == 403
