"""Reminders: owed by the ladder, paid once, whatever restarts."""
import os
import signal
import subprocess
import sys
import textwrap
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.utils import timezone

from governance.casework.calendar import WorkCalendar
from governance.casework.models import Clock, Message, Reminder
from governance.casework.services import assigning, moving, reminding, sending, stuck
from tests.support.factories.casework import make_town, make_user, report
from tests.support.fakes import probe_kind


def remind(now):
    reminding.owe_reminders(now)
    return reminding.pay_reminders(now)


def told(matter):
    rows = Message.objects.filter(matter=matter, subject="reminder", channel="portal").order_by("pk")
    return [(row.data["level"], row.recipient.username) for row in rows]


def after_opening(instant):
    return WorkCalendar().next_opening(instant) + timedelta(minutes=1)


def test_the_ladder_is_climbed_rung_by_rung_and_a_second_run_doubles_nothing(town):
    matter = report(town)
    assigning.assign(matter_id=matter.pk, actor=town.clerk, version=matter.version, handler=town.mediator)
    Message.objects.all().delete()
    clock = Clock.objects.get(matter=matter)
    at_opening = WorkCalendar().opening(clock.due_on) + timedelta(minutes=1)
    for _ in range(2):
        remind(at_opening)
    assert told(matter)[-1] == ("due-0", "mediator")
    before = len(told(matter))
    reminding.owe_reminders(clock.due_at + timedelta(minutes=1))
    for _ in range(2):
        reminding.pay_reminders(after_opening(clock.due_at))
    assert told(matter)[before:] == [("overdue", "mediator"), ("overdue", "head")]
    remind(after_opening(clock.due_at + timedelta(days=20)))
    assert told(matter)[before + 2:] == [("overdue+1", "leader"), ("overdue+5", "office")]
    reminded = matter.events.filter(verb="reminded").count()
    assert reminded == len({(row.level) for row in Reminder.objects.filter(matter=matter)})


def test_an_unassigned_matter_goes_to_the_head_of_the_unit(town):
    matter = report(town)
    clock = Clock.objects.get(matter=matter)
    remind(WorkCalendar().opening(clock.due_on) + timedelta(minutes=1))
    assert {name for _level, name in told(matter)} == {"head"}


def test_nobody_is_reminded_of_what_is_done(town):
    matter = report(town)
    clock = Clock.objects.get(matter=matter)
    reminding.owe_reminders(clock.due_at + timedelta(minutes=1))
    assert Reminder.objects.exists()
    moving.move(matter_id=matter.pk, step="look", actor=town.clerk)
    reminding.pay_reminders(clock.due_at + timedelta(days=1))
    assert told(matter) == []


def test_a_run_that_was_missed_for_days_is_caught_up_without_a_flood(town):
    matter = report(town)
    clock = Clock.objects.get(matter=matter)
    remind(after_opening(clock.due_at + timedelta(days=8)))
    levels = [level for level, _name in told(matter)]
    assert "due-3" not in levels and levels[0] == "overdue"


def test_reminders_keep_office_hours(town):
    matter = report(town)
    clock = Clock.objects.get(matter=matter)
    midnight = clock.due_at + timedelta(minutes=1)
    reminding.owe_reminders(midnight)
    assert reminding.pay_reminders(midnight) == 0
    assert reminding.pay_reminders(after_opening(midnight)) > 0


def test_the_scan_reads_only_what_has_to_be_told(town, django_assert_num_queries):
    for _ in range(5):
        report(town)
    reminding.owe_reminders()
    with django_assert_num_queries(1):
        assert reminding.owe_reminders() == 0


def test_one_mail_a_person_with_number_and_link_and_no_content(town):
    town.head.email = "head@example.org"
    town.head.save()
    matters = [report(town, title=f"林国栋家围墙{i}") for i in range(3)]
    clock = Clock.objects.get(matter=matters[0])
    late = after_opening(clock.due_at)
    remind(late)
    mail.outbox.clear()
    assert sending.send_messages(late) == 1
    assert sending.send_messages(late) == 0
    (letter,) = mail.outbox
    assert all(matter.number in letter.body for matter in matters)
    assert "林国栋" not in letter.body and f"/{matters[0].pk}/" in letter.body


def test_a_mail_that_fails_stays_owed(town, settings):
    town.head.email = "head@example.org"
    town.head.save()
    matter = report(town)
    late = after_opening(Clock.objects.get(matter=matter).due_at)
    remind(late)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert sending.send_messages(late) == 0
    row = Message.objects.get(channel="email", subject="reminder")
    assert row.sent_at is None and row.tries == 1 and row.last_error and row.send_after > late


def test_the_office_is_told_once_a_day_what_is_stuck(town):
    report(town)
    later = timezone.now() + timedelta(days=stuck.STUCK_DAYS + 1)
    assert stuck.tell_stuck(later) == 1 and stuck.tell_stuck(later) == 1
    assert Message.objects.get(subject="stuck").data == {"count": 1}


PAYER = """
    import os, sys, django
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from datetime import datetime
    from django.db import connection
    connection.settings_dict["NAME"] = sys.argv[1]
    from tests.support import fakes
    from governance.casework import clocks, registry
    clocks.register_rules(fakes.LOOK, fakes.MEND, fakes.OBJECT)
    registry.register(fakes.PROBE)
    from governance.casework.services import reminding
    reminding.pay_reminders(datetime.fromisoformat(sys.argv[2]))
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_200_reminders_doubles_and_loses_none(tmp_path):
    with probe_kind():
        town = make_town()
        for i in range(3):
            make_user(f"head{i}", f"书记{i}", "unit_head", town.village)
        for _ in range(50):
            report(town)
        due_at = Clock.objects.first().due_at
        late = after_opening(due_at)
        reminding.owe_reminders(due_at + timedelta(minutes=1))
        assert Reminder.objects.filter(sent_at=None).count() == 200
        script = tmp_path / "payer.py"
        script.write_text(textwrap.dedent(PAYER))
        command = [sys.executable, str(script), connection.settings_dict["NAME"], late.isoformat()]
        environment = {**os.environ, "PYTHONPATH": str(settings.BASE_DIR), "PORTAL_TEST_DB": "unused"}
        worker = subprocess.Popen(command, env=environment)
        deadline = time.monotonic() + 60
        while Message.objects.filter(subject="reminder").count() < 20 and time.monotonic() < deadline:
            time.sleep(0.005)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        paid = Message.objects.filter(subject="reminder", channel="portal").count()
        assert 20 <= paid < 200, "the worker was killed in the middle"
        subprocess.run(command, env=environment, check=True, timeout=120)
        assert not Reminder.objects.filter(sent_at=None).exists()
        rows = Message.objects.filter(subject="reminder", channel="portal").values_list("reminder_id", "recipient_id")
        assert len(rows) == 200 and len(set(rows)) == 200
