"""When the time of keeping is over nothing of people is left, old totals still add up, and chains fit."""
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from governance.casework.models import (
    Attachment,
    Clock,
    EventPersonal,
    Matter,
    Message,
    Party,
    RetentionHold,
    RetentionPeriod,
    Tombstone,
)
from governance.casework.services import anonymising, attaching, moving, recording, retaining
from governance.casework.services.attaching import path_of
from governance.casework.services.verifying import verify_ledger
from governance.casework.workflow import Refused
from governance.organisation.models import Change
from tests.support.factories.casework import report
from tests.support.screens import open_page, send

NAME, PHONE = "林大山", "13812345678"


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path


def closed(town, *, years_ago=3, by=None, **values):
    """A matter of the fake kind that was mended and closed so many years ago (kept for two)."""
    person = {"kind": "applicant", "name": NAME, "phone": PHONE, "address": "芝厦村八号"}
    matter = report(town, parties=[person], **values)
    by, paper = by or town.clerk, SimpleUploadedFile("林大山的信.pdf", b"%PDF-1.4 x")
    attaching.attach(matter_id=matter.pk, actor=by, files=[("", paper)])
    recording.note(matter_id=matter.pk, actor=by, text=f"{NAME}来过")
    for step in ("look", "mend", "close"):
        moving.move(matter_id=matter.pk, step=step, actor=by, version=Matter.objects.get(pk=matter.pk).version)
    Clock.objects.filter(matter=matter).live().update(state="lapsed")
    backdate(matter, years_ago)
    return Matter.objects.get(pk=matter.pk)


def backdate(matter, years_ago):
    # The last closing lies back: written past the door, as only time can.
    then = timezone.now() - timedelta(days=366 * years_ago + 2)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casework_matter SET closed_at = %s WHERE id = %s", [then, matter.pk])


def everything_on(matter) -> str:
    """All words that the database holds of a matter."""
    rows = [*Matter.objects.filter(pk=matter.pk).values(), *Party.objects.filter(matter=matter).values(),
            *Attachment.objects.filter(matter=matter).values(),
            *EventPersonal.objects.filter(event__matter=matter).values()]
    return str(rows)


def test_what_was_kept_long_enough_loses_everything_about_people_and_its_chain_still_fits(client, town):
    matter = closed(town)
    path = path_of(Attachment.objects.get(matter=matter))
    assert NAME in everything_on(matter) and path.exists()
    assert anonymising.anonymise_ended() == 1
    left = everything_on(matter)
    assert NAME not in left and "水渠" not in left and "芝厦村八号" not in left and not path.exists()
    assert not EventPersonal.objects.filter(event__matter=matter).exclude(salt="").exists()
    after = Matter.objects.get(pk=matter.pk)
    assert (after.number, after.outcome, after.status, after.unit_id, after.reported_at, after.closed_at) == (
        matter.number, matter.outcome, matter.status, matter.unit_id, matter.reported_at, matter.closed_at)
    assert not Matter.objects.matching("水渠").exists() and not Matter.objects.matching(NAME).exists()
    assert verify_ledger()[1] is None
    page = open_page(client, town.clerk, "casework:matter", matter.pk).content.decode()
    assert NAME not in page and "保管期限已满" in page and "/acts/" not in page
    assert anonymising.anonymise_ended() == 0


def test_nobody_adds_anything_to_a_tombstone(town):
    matter = closed(town)
    anonymising.anonymise_ended()
    with pytest.raises(Refused, match="matter-anonymised"):
        recording.note(matter_id=matter.pk, actor=town.clerk, text="补记")
    with pytest.raises(Refused, match="matter-anonymised"):
        moving.move(matter_id=matter.pk, step="reopen", actor=town.clerk, version=None, reason="又堵了")


def test_it_is_kept_to_the_last_day_and_goes_on_the_next(town):
    matter = closed(town)
    closed_on = timezone.localdate(matter.closed_at)
    last = retaining.Keeping(2, "").ends_on(closed_on)
    assert list(retaining.ended(last)) == []
    assert list(retaining.ended(last + timedelta(days=2))) == [matter]
    assert retaining.Keeping(1, "").ends_on(date(2024, 2, 29)) == date(2025, 2, 28)


def test_an_open_affair_a_live_clock_and_a_hold_keep_it_longer(town):
    matter = closed(town)
    other = report(town, title="同一水渠")
    for row in (matter, other):
        Matter.objects.filter(pk=row.pk).update(affair_id=other.pk)
    assert anonymising.anonymise_ended() == 0
    Matter.objects.filter(pk=other.pk).update(affair_id=None)
    Clock.objects.filter(matter=matter, rule="probe.object").update(state="running")
    assert anonymising.anonymise_ended() == 0
    Clock.objects.filter(matter=matter).live().update(state="lapsed")
    retaining.hold(matter_id=matter.pk, actor=town.clerk, reason="法院调卷")
    with pytest.raises(Refused, match="held-already"):
        retaining.hold(matter_id=matter.pk, actor=town.office, reason="再留")
    assert anonymising.anonymise_ended() == 0
    retaining.release(matter_id=matter.pk, actor=town.office, reason="案卷已退回")
    assert anonymising.anonymise_ended() == 1


def test_a_clerk_keeps_a_matter_longer_and_lets_it_go_in_the_browser(client, town):
    matter = closed(town)
    page = open_page(client, town.clerk, "casework:retention-ending").content.decode()
    assert f"/matters/{matter.pk}/" in page
    answer = send(client, town.clerk, "casework:act", matter.pk, "hold", reason="法院调卷", until_on="2099-01-01")
    assert answer.status_code == 302
    held = RetentionHold.objects.get()
    page = open_page(client, town.office, "casework:retention-ending").content.decode()
    assert f"/acts/release/{held.pk}/" in page
    answer = send(client, town.office, "casework:act-on", matter.pk, "release", held.pk, reason="不再需要")
    assert answer.status_code == 302
    assert open_page(client, town.officer, "casework:retention-ending").status_code == 403


def test_a_killed_run_is_carried_on_and_leaves_no_file(town):
    matter = closed(town)
    path = path_of(Attachment.objects.get(matter=matter))
    anonymising.anonymise(matter.pk, years=2)
    assert path.exists() and Tombstone.objects.get().files_left
    anonymising.anonymise_ended()
    assert not path.exists() and not Tombstone.objects.get().files_left


def test_a_townships_own_length_binds_it_alone_and_the_auditor_is_told(client, town):
    here = closed(town)
    there = closed(town, by=town.far_clerk, actor=town.far_officer, unit=town.far_village)
    soon = timezone.localdate() + timedelta(days=40)
    answer = send(client, town.system_admin, "casework:retention-set", "probe", township=town.township.pk,
                  outcome="mended", years="", from_on=timezone.localdate().isoformat())
    assert answer.status_code == 302 and RetentionPeriod.objects.get().years is None
    assert list(retaining.ended()) == [there]
    assert Message.objects.filter(recipient=town.auditor, subject="retention_changed", channel="portal").count() == 1
    assert Change.objects.filter(subject_type="retention").get().data["before"] == 2
    with pytest.raises(Refused, match="shorter-too-soon"):
        retaining.set_period(actor=town.system_admin, township=town.township, kind="probe", outcome="mended", years=1,
                             from_on=timezone.localdate())
    retaining.set_period(actor=town.system_admin, township=town.township, kind="probe", outcome="mended", years=1,
                         from_on=soon)
    assert set(retaining.ended(soon)) == {here, there} and list(retaining.ended()) == [there]
    assert open_page(client, town.auditor, "casework:retention").status_code == 200
