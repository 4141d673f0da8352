"""The sealed ledger: no gap, no double, whatever commits late; what was changed behind a seal is named."""
import json
import threading
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction

from governance.casework.models import Event, Seal
from governance.casework.services import recording
from governance.casework.services.copying import copy_text
from governance.casework.services.sealing import TABLES, ranges_of, seal_ledger
from governance.casework.services.verifying import _ids_in, verify_ledger
from governance.organisation.models import Change
from governance.organisation.services.recording import record_change
from tests.support.factories.casework import make_town, report
from tests.support.fakes import probe_kind


def sealed_ids(ledger="matters"):
    return [pk for seal in Seal.objects.of(ledger) for pk in _ids_in(seal.ids)]


def forge(*statements):
    """What somebody with the database's own password can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("casework_event", "casework_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement, params in statements:
            cursor.execute(statement, params)
        for table in ("casework_event", "casework_seal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def delete_last(matter, count):
    """Delete the last events of a matter and have it forget that they were there: no chain notices."""
    last = list(matter.events.order_by("-seq").values_list("pk", flat=True)[:count])
    forge(
        ("DELETE FROM casework_eventpersonal WHERE event_id = ANY(%s)", [last]),
        ("DELETE FROM casework_event WHERE id = ANY(%s)", [last]),
        ("UPDATE casework_matter SET event_count = event_count - %s WHERE id = %s", [count, matter.pk]),
    )
    return sorted(last)


def test_every_event_is_sealed_once_and_a_second_run_seals_nothing(town):
    matter = report(town)
    record_change(subject_type="unit", subject_id=1, verb="tried", actor=None)
    first = seal_ledger()
    assert [seal.ledger for seal in first] == ["matters", "organisation"] and seal_ledger() == []
    recording.note(matter_id=matter.pk, actor=town.clerk, text="又去看过")
    (third,) = seal_ledger()
    assert (third.number, third.prev_hash, third.count) == (3, first[1].hash, 1)
    assert sealed_ids() == list(Event.objects.order_by("pk").values_list("pk", flat=True))
    assert sealed_ids("organisation") == list(Change.objects.order_by("pk").values_list("pk", flat=True))
    assert verify_ledger()[1] is None


def test_a_large_history_is_sealed_in_parts(town):
    for _ in range(4):
        report(town)
    assert [seal.count for seal in seal_ledger(most=3) if seal.ledger == "matters"] == [3, 1]
    assert verify_ledger()[1] is None


def test_seals_refuse_update_and_delete(town):
    report(town)
    seal_ledger()
    for statement in ("UPDATE casework_seal SET hash = ''", "DELETE FROM casework_seal"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_an_event_deleted_together_with_its_successor_is_named(town):
    matter = report(town)
    recording.note(matter_id=matter.pk, actor=town.clerk, text="一")
    recording.note(matter_id=matter.pk, actor=town.clerk, text="二")
    seal_ledger()
    gone = delete_last(matter, 2)
    misfit = verify_ledger()[1]
    assert (misfit.ledger, misfit.reason, misfit.seq) == ("matters", "sealed-missing", gone[0])


def test_a_history_that_was_rewritten_with_fitting_hashes_is_named(town):
    from governance.casework.services.door import event_payload
    from governance.organisation import chain

    matter = report(town)
    seal_ledger()
    event = matter.events.get()
    event.verb = "noted"
    forged = chain.link("", event_payload(event))
    forge(("UPDATE casework_event SET verb = 'noted', hash = %s WHERE id = %s", [forged, event.pk]))
    misfit = verify_ledger()[1]
    assert (misfit.reason, misfit.seq, misfit.subject) == ("sealed-changed", event.pk, matter.number)


def test_a_row_put_in_behind_a_seal_is_named(town):
    matter = report(town)
    recording.note(matter_id=matter.pk, actor=town.clerk, text="一")
    seal_ledger()
    recording.note(matter_id=matter.pk, actor=town.clerk, text="二")
    slipped = matter.events.order_by("-seq").first()
    forge(("UPDATE casework_event SET xid = 3 WHERE id = %s", [slipped.pk]))
    misfit = verify_ledger()[1]
    assert (misfit.reason, misfit.seq) == ("unsealed", slipped.pk)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [("UPDATE casework_seal SET digest = repeat('0', 64) WHERE number = 2", "seal-hash"),
     ("UPDATE casework_seal SET prev_hash = repeat('0', 64) WHERE number = 2", "seal-link"),
     ("DELETE FROM casework_seal WHERE number = 1", "seal-gap")],
)
def test_a_seal_that_was_changed_is_named(town, statement, reason):
    for _ in range(2):
        report(town)
        seal_ledger()
    forge((statement, []))
    assert verify_ledger()[1].reason == reason


def test_the_paper_shows_what_was_sealed_anew(town, capsys):
    matter = report(town)
    recording.note(matter_id=matter.pk, actor=town.clerk, text="一")
    (seal,) = seal_ledger()
    paper = f"{seal.number}:{seal.hash[:16]}"
    call_command("verify_ledger", printed=[paper])
    delete_last(matter, 1)
    forge(("DELETE FROM casework_seal", []))
    seal_ledger()
    assert verify_ledger()[1] is None, "inside the machine nothing is left to see"
    with pytest.raises(SystemExit):
        call_command("verify_ledger", printed=[paper])
    assert "paper" in capsys.readouterr().out


def test_a_restored_database_is_sealed_on_without_a_double(town):
    """Another cluster counts its transactions anew, from lower numbers."""
    report(town)
    seal_ledger()
    forge(
        ("UPDATE casework_seal SET cluster = 'another', floor_xid = floor_xid + 1000000,"
         " last_xid = last_xid + 1000000", []),
        ("UPDATE casework_event SET xid = xid + 1000000", []),
    )
    report(town)
    (seal,) = seal_ledger()
    assert seal.count == 1 and seal_ledger() == []
    assert sorted(sealed_ids()) == sealed_ids() == list(Event.objects.order_by("pk").values_list("pk", flat=True))


def test_rows_written_by_copy_are_found(town):
    report(town)
    seal_ledger()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id + 1000, matter_id, seq + 1, version, verb, at, acted_at, origin, data::text, personal_hash,"
            " prev_hash, hash FROM casework_event"
        )
        row = cursor.fetchone()
    columns = ["id", "matter_id", "seq", "version", "verb", "at", "acted_at", "origin", "data", "personal_hash",
               "prev_hash", "hash"]
    copy_text(Event, columns, "\t".join(str(value) for value in row) + "\n")
    (seal,) = seal_ledger()
    assert seal.first_id == row[0]


def test_ranges_read_as_they_are_written():
    ids = [1, 2, 3, 7, 9, 10]
    assert ranges_of(ids) == "{[1,4),[7,8),[9,11)}" and list(_ids_in(ranges_of(ids))) == ids


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_commits_late_is_sealed_once_and_holds_nobody_up():
    with probe_kind():
        town = make_town()
        begun, may_commit = threading.Event(), threading.Event()

        def slow():
            try:
                with transaction.atomic():
                    report(town, title="慢")
                    begun.set()
                    assert may_commit.wait(20)
            finally:
                connections.close_all()

        thread = threading.Thread(target=slow)
        thread.start()
        assert begun.wait(20)
        with connection.cursor() as cursor:
            # Committed after the slow one began, with a higher transaction number.
            cursor.execute("SELECT pg_current_xact_id()")
        quick = report(town, unit=town.far_village, actor=town.far_officer, title="快")
        first = seal_ledger()
        assert sealed_ids() == list(quick.events.values_list("pk", flat=True))
        again = report(town, unit=town.far_village, actor=town.far_officer, title="再")
        seal_ledger()
        may_commit.set()
        thread.join()
        late = seal_ledger()
        assert [seal.count for seal in late if seal.ledger == "matters"] == [1]
        assert late[0].last_xid < again_xid(again)
        assert sorted(sealed_ids()) == list(Event.objects.order_by("pk").values_list("pk", flat=True))
        assert first and seal_ledger() == [] and verify_ledger()[1] is None


def again_xid(matter):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(xid) FROM {TABLES['matters']} WHERE matter_id = %s", [matter.pk])
        return cursor.fetchone()[0]


def test_the_command_tells_the_new_seals_as_words_and_as_json(town):
    report(town)
    out = StringIO()
    call_command("seal_ledger", "--json", stdout=out)
    (told,) = json.loads(out.getvalue())["seals"]
    (seal,) = Seal.objects.all()
    assert (told["number"], told["hash"], told["rows"]) == (seal.number, seal.hash, seal.count)
    again = StringIO()
    call_command("seal_ledger", stdout=again)
    assert "sealed already" in again.getvalue() or "均已封存" in again.getvalue()
    assert Seal.objects.count() == 1
