"""A clock that jumps erases, ends and seals nothing until somebody who looked at a watch says that it is right."""
import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from governance.casework import tasks
from governance.casework.models import Clock, Event, Matter, Message, Seal
from governance.organisation.models import Change, TimeWatch
from governance.organisation.registry import Refused, all_gauges
from governance.organisation.services import timekeeping
from governance.reporting.tasks import fill_stock, roll_up_last_week
from tests.support.factories.casework import make_town, report
from tests.support.fakes import probe_kind
from tests.support.screens import open_page, send

DAY, YEAR = timedelta(days=1), timedelta(days=365)
DESTRUCTIVE = (tasks.prune_outbox, tasks.seal_history, tasks.forget_answers, tasks.regrade_aged, tasks.anonymise_ended,
               roll_up_last_week, fill_stock)


@pytest.fixture
def town(db):
    with probe_kind():
        town = make_town()
        report(town)
        assert timekeeping.is_right()
        yield town


@pytest.fixture
def clock(monkeypatch):
    """Set the machine's clock: `clock(YEAR)` lets it run so much ahead."""
    right = timezone.now

    def ahead(by):
        monkeypatch.setattr(timezone, "now", lambda: right() + by)

    return ahead


def told(user):
    rows = Message.objects.filter(recipient=user, channel="portal").order_by("pk")
    return list(rows.values_list("subject", flat=True))


def window_and_message(town):
    """A resident's window that runs, and a message that was sent."""
    row = Clock.objects.filter(matter=Matter.objects.first()).first()
    Clock.objects.filter(pk=row.pk).update(bearer="window", due_at=timezone.now() + 20 * DAY)
    Message.objects.create(channel="portal", recipient=town.officer, subject="stuck", key="x", data={"count": 1},
                           created_at=timezone.now(), send_after=timezone.now(), sent_at=timezone.now())
    return Clock.objects.get(pk=row.pk)


def test_a_clock_a_year_ahead_prunes_lapses_and_seals_nothing(town, clock):
    row, seals = window_and_message(town), Seal.objects.count()
    clock(YEAR)
    assert [task() for task in DESTRUCTIVE] == [0] * len(DESTRUCTIVE)
    tasks.keep_calendar()
    row.refresh_from_db()
    assert row.state == "running" and Message.objects.filter(key="x").exists() and Seal.objects.count() == seals
    assert not Event.objects.filter(verb="window_lapsed").exists()


def test_new_entries_under_the_wrong_time_do_not_make_it_right(town, clock):
    clock(YEAR)
    assert not timekeeping.is_right()
    report(town)
    clock(YEAR + timedelta(minutes=2))
    assert not timekeeping.is_right() and tasks.seal_history() == 0


def test_a_clock_set_right_again_ends_the_waiting_by_itself(town, clock):
    clock(YEAR)
    assert not timekeeping.is_right()
    report(town)
    clock(timedelta(hours=2))
    assert timekeeping.is_right() and timekeeping.is_right(), "what was dated a year ahead is known and counts no more"
    assert told(town.system_admin) == ["time_doubted", "time_right_again"] == told(town.security_admin)
    assert tasks.seal_history() > 0


def test_a_day_back_is_doubted_too(town, clock):
    clock(-timedelta(days=1, minutes=5))
    assert not timekeeping.is_right()


def test_a_quiet_weekend_is_no_jump(town, clock):
    for hours in range(1, 72):
        clock(timedelta(hours=hours))
        assert timekeeping.is_right()
    assert Change.objects.about("time", "1").count() == 0


def test_a_host_whose_clock_is_behind_the_newest_entry_is_doubted(town, clock):
    clock(3 * DAY)
    TimeWatch.objects.update(seen_at=timezone.now())
    report(town)
    clock(timedelta())
    assert not timekeeping.is_right()


def test_a_portal_switched_off_over_the_holidays_goes_on_after_one_click(client, town, clock):
    clock(8 * DAY)
    assert not timekeeping.is_right()
    page = open_page(client, town.system_admin, "casework:time-watch").content.decode()
    assert ">时间正确</button>" in page
    for user in (town.security_admin, town.auditor):
        page = open_page(client, user, "casework:time-watch")
        assert page.status_code == 200 and ">时间正确</button>" not in page.content.decode()
        assert client.post("/time/", {"reason": "x"}).status_code == 403
    assert open_page(client, town.clerk, "casework:time-watch").status_code == 403
    assert send(client, town.system_admin, "casework:time-watch", reason="春节放假关机").status_code == 302
    assert timekeeping.is_right() and tasks.seal_history() > 0
    assert [change.verb for change in Change.objects.about("time", "1")] == ["doubted", "confirmed"]
    assert told(town.security_admin) == ["time_doubted", "time_confirmed"]
    log = open_page(client, town.auditor, "organisation:changes").content.decode()
    assert "春节放假关机" in log


def test_only_a_system_administrator_confirms_and_only_what_is_doubted(town, clock):
    with pytest.raises(Refused, match="time-not-doubted"):
        timekeeping.confirm(actor=town.system_admin, reason="x")
    clock(8 * DAY)
    assert not timekeeping.is_right()
    for user in (town.security_admin, town.auditor, town.leader):
        with pytest.raises(Refused, match="not-permitted"):
            timekeeping.confirm(actor=user, reason="x")
    with pytest.raises(Refused, match="reason-missing"):
        timekeeping.confirm(actor=town.system_admin, reason=" ")


def test_the_command_tells_and_confirms(town, clock):
    clock(8 * DAY)
    said = io.StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("confirm_time", "--json", stdout=said)
    assert json.loads(said.getvalue())["is_right"] is False
    gauge = next(gauge for gauge in all_gauges() if gauge.name == "portal_time_doubted")
    assert gauge.read() == [((), 1.0)]
    said = io.StringIO()
    call_command("confirm_time", "--json", "--reason", "春节放假关机", stdout=said)
    assert json.loads(said.getvalue())["is_right"] is True and gauge.read() == [((), 0.0)]
