"""Clocks as they hang on matters: frozen, paused, extended, corrected, local."""
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from governance.casework.models import Clock, Event, LocalLength, Matter, Message
from governance.casework.services import moving, recording, timing
from governance.casework.workflow import Refused
from tests.support.factories.casework import report


def at(days_ago, hour=9):
    day = timezone.localtime() - timedelta(days=days_ago)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def mending(town, days_ago=20):
    matter = report(town, reported_at=at(days_ago + 1))
    matter = moving.move(matter_id=matter.pk, step="look", actor=town.clerk, acted_at=at(days_ago))
    return matter, Clock.objects.get(matter=matter, rule="probe.mend")


def test_a_clock_says_why_it_ends_on_that_day(town):
    _matter, clock = mending(town)
    assert clock.due_on == timezone.localdate(clock.started_at) + timedelta(days=30)
    assert "30" in timing.why(clock)


def test_a_pause_needs_its_paper_and_moves_the_end_by_its_own_length(town):
    matter, clock = mending(town)
    due = clock.due_on
    with pytest.raises(Refused) as refusal:
        timing.pause_clock(matter_id=matter.pk, clock_id=clock.pk, actor=town.clerk, version=matter.version,
                           reason="等零件", started_at=at(10))
    assert refusal.value.code == "evidence-missing"
    timing.pause_clock(
        matter_id=matter.pk, clock_id=clock.pk, actor=town.clerk, version=matter.version, reason="等零件",
        started_at=at(10), files=[("part_order", SimpleUploadedFile("订单.pdf", b"%PDF-1.4"))],
    )
    clock.refresh_from_db()
    matter.refresh_from_db()
    assert clock.state == "paused" and clock.due_on is None and matter.next_due_at is None
    timing.resume_clock(
        matter_id=matter.pk, clock_id=clock.pk, actor=town.clerk, version=matter.version, ended_at=at(6)
    )
    clock.refresh_from_db()
    assert clock.state == "running" and clock.due_on == due + timedelta(days=4)
    assert Matter.objects.get(pk=matter.pk).next_due_at == clock.due_at


def told(user):
    rows = Message.objects.filter(recipient=user, channel="portal").order_by("pk")
    return list(rows.values_list("subject", flat=True))


def test_an_extension_is_proposed_by_one_and_decided_by_another(town):
    matter, clock = mending(town)
    due = clock.due_on
    with pytest.raises(Refused) as refusal:
        timing.propose_extension(matter_id=matter.pk, clock_id=clock.pk, actor=town.clerk, version=matter.version,
                                 days=16, reason="缺料")
    assert refusal.value.code == "extension-too-long"
    extension = timing.propose_extension(
        matter_id=matter.pk, clock_id=clock.pk, actor=town.clerk, version=matter.version, days=10, reason="缺料"
    )
    assert told(town.head) == ["extension_proposed"], "whoever decides is told that something waits"
    matter.refresh_from_db()
    with pytest.raises(Refused):
        timing.decide_extension(matter_id=matter.pk, extension_id=extension.pk, actor=town.clerk,
                                version=matter.version, approve=True)
    timing.decide_extension(matter_id=matter.pk, extension_id=extension.pk, actor=town.head, version=matter.version,
                            approve=True)
    assert told(town.clerk) == ["extension_approved"]
    clock.refresh_from_db()
    assert clock.due_on == due + timedelta(days=10)
    with pytest.raises(Refused) as refusal:
        timing.propose_extension(matter_id=matter.pk, clock_id=clock.pk, actor=town.clerk,
                                 version=Matter.objects.get(pk=matter.pk).version, days=1, reason="还缺")
    assert refusal.value.code == "extension-used-up"


def test_correcting_a_typed_date_computes_its_clocks_anew(town):
    matter, clock = mending(town, days_ago=10)
    looked = Event.objects.get(matter=matter, verb="look")
    recording.correct_date(event_id=looked.pk, actor=town.clerk, version=matter.version, acted_at=at(8),
                           reason="实际是后天")
    clock.refresh_from_db()
    assert clock.started_at == at(8) and clock.due_on == timezone.localdate(at(8)) + timedelta(days=30)
    assert Clock.objects.get(matter=matter, rule="probe.look").stopped_at == at(8)
    matter.refresh_from_db()
    assert matter.accepted_at == at(8)
    with pytest.raises(Refused) as refusal:
        recording.correct_date(event_id=looked.pk, actor=town.clerk, version=matter.version,
                               acted_at=timezone.now() + timedelta(days=1), reason="x")
    assert refusal.value.code == "act-in-the-future"
    with pytest.raises(Refused) as refusal:
        recording.correct_date(event_id=looked.pk, actor=town.clerk, version=matter.version, acted_at=at(40),
                               reason="x")
    assert refusal.value.code == "stop-before-start"


def test_a_local_length_binds_from_its_day_and_never_what_runs_already(town):
    before = Clock.objects.get(matter=report(town), rule="probe.look")
    LocalLength.objects.create(
        rule="probe.look", township=town.township, length=5, from_on=timezone.localdate(), version=1
    )
    after = Clock.objects.get(matter=report(town), rule="probe.look")
    assert before.due_on < after.due_on
    before.refresh_from_db()
    assert timing.due_of(before).due_on == before.due_on
    far = Clock.objects.get(matter=report(town, actor=town.far_officer, unit=town.far_village), rule="probe.look")
    assert far.due_on == before.due_on


def test_a_window_lapses_by_itself(town):
    matter, _clock = mending(town, days_ago=40)
    matter = moving.move(matter_id=matter.pk, step="mend", actor=town.clerk, acted_at=at(35))
    assert timing.lapse_windows() == 1
    assert Clock.objects.get(matter=matter, rule="probe.object").state == "lapsed"
    assert timing.lapse_windows() == 0


def test_a_provisional_end_is_computed_anew_when_the_calendar_is_published(town):
    clock = Clock.objects.get(matter=report(town), rule="probe.look")
    right = clock.due_at
    Clock.objects.filter(pk=clock.pk).update(is_provisional=True, due_at=datetime(2031, 1, 1, tzinfo=right.tzinfo))
    assert timing.recompute_by_calendar() == 1
    clock.refresh_from_db()
    assert (clock.due_at, clock.is_provisional) == (right, False)
