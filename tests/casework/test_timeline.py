"""The history: append-only, chained, in sentences, with erasable personal values beside it."""
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone, translation

from governance.casework.models import Event, EventPersonal
from governance.casework.sentences import sentence
from governance.casework.services import assigning, parties, recording
from governance.casework.services.verifying import verify_ledger
from governance.casework.workflow import Refused
from tests.support.factories.casework import report


def history(matter):
    return [sentence(event) for event in Event.objects.filter(matter=matter).for_timeline()]


def test_the_history_tells_in_sentences_in_the_readers_language(town):
    matter = report(town, parties=[{"kind": "applicant", "name": "林国栋", "phone": "13812345678"}])
    matter = assigning.assign(matter_id=matter.pk, actor=town.clerk, version=matter.version, handler=town.mediator)
    assigning.instruct(
        matter_id=matter.pk, actor=town.leader, assignee=town.mediator, text="三天内上门", due_on=timezone.localdate()
    )
    with translation.override("en"):
        told = history(matter)
    assert told[0].startswith("Instruction to 陈调解") and told[0].endswith("三天内上门")
    assert told[1] == "Assigned to 陈调解"
    assert told[2] == f"Registered as {matter.number}"


@pytest.mark.parametrize("statement", ["UPDATE casework_event SET verb = 'x'", "DELETE FROM casework_event"])
def test_raw_sql_cannot_touch_the_timeline(town, statement):
    report(town)
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert "append-only" in str(refusal.value)
    assert verify_ledger()[1] is None


def forge(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE casework_event DISABLE TRIGGER casework_event_append_only")
        cursor.execute(statement, params)
        cursor.execute("ALTER TABLE casework_event ENABLE TRIGGER casework_event_append_only")


@pytest.mark.parametrize(
    ("statement", "seq", "reason"),
    [
        ("UPDATE casework_event SET verb = 'void' WHERE matter_id = %s AND seq = 2", 2, "hash"),
        ("UPDATE casework_event SET data = '{}' WHERE matter_id = %s AND seq = 1", 1, "hash"),
        ("UPDATE casework_event SET prev_hash = repeat('0', 64) WHERE matter_id = %s AND seq = 2", 2, "link"),
        ("DELETE FROM casework_eventpersonal p USING casework_event e WHERE p.event_id = e.id AND e.matter_id = %s;"
         "DELETE FROM casework_event WHERE seq = 2", 3, "gap"),
        ("UPDATE casework_eventpersonal p SET values = '{\"text\": \"别的\"}' FROM casework_event e "
         "WHERE p.event_id = e.id AND e.matter_id = %s AND e.seq = 3", 3, "personal"),
        ("DELETE FROM casework_eventpersonal p USING casework_event e WHERE p.event_id = e.id AND e.matter_id = %s;"
         "DELETE FROM casework_event WHERE seq = 3", 2, "tail"),
    ],
)
def test_a_forged_row_is_named(town, statement, seq, reason):
    report(town)
    matter = report(town)
    for text in ("电话联系过", "看过了"):
        recording.note(matter_id=matter.pk, actor=town.clerk, text=text)
    assert verify_ledger() == (4, None)
    if "DELETE FROM casework_event WHERE" in statement:
        statement += f" AND matter_id = {matter.pk}"
    forge(statement, matter.pk)
    misfit = verify_ledger()[1]
    assert (misfit.subject, misfit.seq, misfit.reason) == (matter.number, seq, reason)
    with pytest.raises(SystemExit) as exit_code:
        call_command("verify_ledger", "--json")
    assert exit_code.value.code == 1


def test_erasing_personal_values_breaks_no_chain(town):
    matter = report(town)
    event = recording.note(matter_id=matter.pk, actor=town.officer, text="林国栋说要搬走")
    EventPersonal.objects.filter(event=event).update(values={}, salt="", erased_at=timezone.now())
    assert verify_ledger()[1] is None
    assert "林国栋" not in history(matter)[0]


def test_who_looked_at_a_phone_number_stands_in_the_history(town):
    matter = report(town, parties=[{"kind": "applicant", "name": "林国栋", "phone": "13812345678"}])
    party = matter.parties.get()
    assert bytes(party.phone_encrypted) and b"13812345678" not in bytes(party.phone_encrypted)
    assert parties.masked_contact(party)["phone"] == "138****5678"
    for actor, reason, code in ((town.officer, "联系", "reveal-not-allowed"), (town.clerk, " ", "reason-missing")):
        with pytest.raises(Refused) as refusal:
            parties.reveal_contact(matter_id=matter.pk, party_id=party.pk, actor=actor, reason=reason)
        assert refusal.value.code == code
    shown = parties.reveal_contact(matter_id=matter.pk, party_id=party.pk, actor=town.clerk, reason="约调解时间")
    assert shown["phone"] == "13812345678"
    event = Event.objects.get(matter=matter, verb="contact_revealed")
    assert event.actor == town.clerk and event.personal.values["reason"] == "约调解时间"


def test_a_corrected_fact_keeps_what_stood_there(town):
    matter = report(town, title="围墙倒塌")
    recording.correct_facts(
        matter_id=matter.pk, actor=town.clerk, version=matter.version, reason="听错了",
        values={"title": "水渠堵塞", "category": "large"},
    )
    event = Event.objects.get(matter=matter, verb="corrected")
    assert event.data["before"] == {"category": "small"}
    assert event.personal.values["before_title"] == "围墙倒塌"
    matter.refresh_from_db()
    assert (matter.title, matter.category) == ("水渠堵塞", "large")
