"""Steps: state, clocks and history change together or not at all."""
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from governance.casework.models import Clock, Event, Matter, Message
from governance.casework.services import moving, recording
from governance.casework.services.door import Stale
from governance.casework.workflow import Refused
from tests.support.factories.casework import report


def step(matter, name, actor, **kwargs):
    return moving.move(matter_id=matter.pk, step=name, actor=actor, **kwargs)


def rules(matter, state):
    return sorted(Clock.objects.filter(matter=matter, state=state).values_list("rule", flat=True))


def test_a_matter_goes_from_report_to_closure(town):
    matter = report(town)
    matter = step(matter, "look", town.mediator, version=matter.version, facts={"seen": "堵了两处"})
    assert (matter.status, rules(matter, "running"), rules(matter, "stopped")) == (
        "looking", ["probe.mend"], ["probe.look"]
    )
    matter = step(matter, "mend", town.mediator, version=matter.version)
    assert matter.outcome == "mended"
    assert matter.next_due_at is None, "a window of residents never makes a matter overdue"
    matter = step(matter, "close", town.clerk)
    assert not matter.is_open and matter.closed_at == matter.first_closed_at
    assert rules(matter, "running") == ["probe.object"], "what survives closing goes on"
    first_closed = matter.first_closed_at
    matter = step(matter, "reopen", town.office, reason="又堵了")
    told = Message.objects.filter(recipient=town.officer, channel="portal").order_by("pk")
    assert [message.subject for message in told] == ["closed", "reopened"], "the reporter learns what became of it"
    assert matter.is_open and matter.closed_at is None and matter.first_closed_at == first_closed
    assert [e.verb for e in matter.events.order_by("seq")] == ["opened", "look", "mend", "close", "reopen"]


def test_a_wrong_state_a_wrong_role_and_a_missing_reason_are_refused(town):
    matter = report(town)
    cases = [
        ("mend", town.clerk, {}, "step-not-possible"),
        ("look", town.officer, {}, "not-your-right"),
        ("look", town.leader, {}, "not-your-right"),
        ("void", town.clerk, {"reason": " "}, "reason-missing"),
        ("look", town.other_officer, {}, "matter-not-found"),
        ("look", town.auditor, {}, "matter-not-found"),
        ("fly", town.clerk, {}, "step-unknown"),
        ("look", town.clerk, {"acted_at": timezone.now() + timedelta(days=1)}, "act-in-the-future"),
    ]
    for name, actor, kwargs, code in cases:
        with pytest.raises(Refused) as refusal:
            step(matter, name, actor, **kwargs)
        assert refusal.value.code == code, (name, actor.username)
    matter.refresh_from_db()
    assert matter.status == "reported" and matter.events.count() == 1


def test_a_guard_says_what_is_missing_before_and_when_the_step_is_taken(town):
    matter = report(town, title="无")
    look = town_step("look")
    assert moving.blocked(matter, town.clerk, look).code == "not-described"
    with pytest.raises(Refused) as refusal:
        step(matter, "look", town.clerk)
    assert refusal.value.code == "not-described"


def town_step(name):
    from tests.support.fakes import WORKFLOW

    return WORKFLOW.step(name)


def test_a_stale_form_is_told_what_changed(town):
    matter = report(town)
    seen = matter.version
    recording.correct_facts(
        matter_id=matter.pk, actor=town.clerk, version=seen, values={"address": "村东"}, reason="说错了地方"
    )
    with pytest.raises(Stale) as refusal:
        step(matter, "look", town.clerk, version=seen)
    assert refusal.value.code == "stale" and len(refusal.value.missing) == 1
    assert Matter.objects.get(pk=matter.pk).status == "reported"


def test_notes_and_files_do_not_make_a_form_stale(town):
    matter = report(town)
    recording.note(matter_id=matter.pk, actor=town.officer, text="已电话联系")
    step(matter, "look", town.clerk, version=matter.version)


def test_evidence_must_be_there(town):
    matter = step(report(town), "look", town.clerk)
    with pytest.raises(Refused) as refusal:
        step(matter, "prove", town.clerk)
    assert refusal.value.code == "evidence-missing" and refusal.value.missing == ("photo",)
    paper = SimpleUploadedFile("证明.pdf", b"%PDF-1.4 x")
    step(matter, "prove", town.clerk, files=[("photo", paper)])
    assert matter.attachments.get().evidence == "photo"


def test_acts_are_dated_by_the_act_not_by_the_typing(town):
    matter = report(town, reported_at=timezone.now() - timedelta(days=9))
    look_clock = Clock.objects.get(matter=matter)
    assert look_clock.due_at < timezone.now(), "three working days from receipt, not from typing"
    seen = timezone.now() - timedelta(days=8)
    matter = step(matter, "look", town.clerk, acted_at=seen)
    look_clock.refresh_from_db()
    assert look_clock.stopped_at == seen
    assert Clock.objects.get(matter=matter, rule="probe.mend").started_at == seen


def test_a_closed_matter_is_not_edited(town):
    matter = report(town)
    for name in ("look", "mend", "close"):
        matter = step(matter, name, town.clerk)
    with pytest.raises(Refused) as refusal:
        recording.correct_facts(
            matter_id=matter.pk, actor=town.clerk, version=matter.version, values={"address": "别处"}, reason="试"
        )
    assert refusal.value.code == "matter-closed"
    recording.note(matter_id=matter.pk, actor=town.clerk, text="回访正常")


def test_only_the_door_writes_state_and_clocks():
    with pytest.raises(RuntimeError):
        Matter.objects.all().update(status="closed")
    with pytest.raises(RuntimeError):
        Matter.objects.bulk_update([Matter(pk=1)], ["next_due_at"])


def test_no_act_is_dated_before_its_matter_was_reported(town):
    reported = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=3, hours=-10)
    matter = report(town, reported_at=reported + timedelta(seconds=25))
    for early in (reported - timedelta(days=1), reported - timedelta(minutes=1), reported.replace(hour=9)):
        with pytest.raises(Refused, match="act-before-report"):
            moving.move(matter_id=matter.pk, step="look", actor=town.clerk, acted_at=early, facts={"seen": "x"})
    day_alone = reported.replace(hour=0)
    moving.move(matter_id=matter.pk, step="look", actor=town.clerk, acted_at=day_alone, facts={"seen": "x"})
    look = Event.objects.get(matter=matter, verb="look")
    assert look.acted_at == matter.reported_at, "a day alone is the report's own time on that day"
    opened = Event.objects.get(matter=matter, verb="opened")
    for event, moved in ((look, reported - timedelta(days=1)), (opened, reported + timedelta(days=1))):
        with pytest.raises(Refused, match="act-before-report|stop-before-start"):
            recording.correct_date(event_id=event.pk, actor=town.clerk, version=None, acted_at=moved, reason="x")


@pytest.mark.parametrize("typed", [{"second": 0}, {"second": 30}, {"second": 40}])
def test_an_act_in_the_minute_of_the_report_is_taken(town, typed):
    reported = (timezone.now() - timedelta(hours=3)).replace(second=40, microsecond=500_000)
    matter = report(town, reported_at=reported)
    moving.move(matter_id=matter.pk, step="look", actor=town.clerk, facts={"seen": "x"},
                acted_at=reported.replace(microsecond=0, **typed))
    assert Event.objects.get(matter=matter, verb="look").acted_at == reported
