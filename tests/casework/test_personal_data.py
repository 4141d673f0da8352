"""Somebody asks what is held on them: they get a sheet, it is on record, and nobody else is shown."""
import json
from io import StringIO

import pytest
from django.core.management import call_command

from governance.casework.models import Clock, Event, Matter, Party
from governance.casework.services import moving, parties, personal_data
from governance.casework.workflow import Refused
from governance.organisation.models import Change
from tests.support.factories.casework import report
from tests.support.screens import open_page

NAME, PHONE, NAMESAKE = "林大山", "13812345678", "13800000009"


@pytest.fixture
def matters(town):
    """One of the person, one of a namesake in the next village, one in another township."""
    def with_party(phone, **values):
        person = {"kind": "applicant", "name": NAME, "phone": phone, "address": "芝厦村八号"}
        return report(town, parties=[person], **values)

    return (
        with_party(PHONE), with_party(NAMESAKE, actor=town.other_officer, unit=town.other_village),
        with_party(PHONE, actor=town.far_officer, unit=town.far_village),
    )


def ask(client, user, address, **typed):
    client.force_login(user)
    return client.post(address, typed)


def test_the_person_gets_a_sheet_with_everything_and_only_of_themselves(client, town, matters):
    own, namesakes, far = matters
    page = ask(client, town.clerk, "/personal-data/", name=NAME, phone="")
    assert [held.matter for held in page.context["found"]] == [namesakes, own]
    assert PHONE not in page.content.decode()
    page = ask(client, town.clerk, "/personal-data/", name=NAME, phone=PHONE)
    assert [held.matter for held in page.context["found"]] == [own]
    chosen = Party.objects.get(matter=own)
    page = ask(client, town.clerk, "/personal-data/give/", name=NAME, phone="", party=chosen.pk,
               identified="已核对本人身份证")
    text = page.content.decode()
    assert page.status_code == 200 and PHONE in text and NAMESAKE not in text and far.number not in text
    event = Event.objects.get(verb="personal_data_given")
    assert event.matter == own and event.personal.values["reason"] == "已核对本人身份证"
    told = Change.objects.filter(subject_type="personal_data").order_by("pk")
    assert [change.verb for change in told] == ["searched", "searched", "searched", "given"]
    assert NAME not in str([change.data for change in told])
    assert "已核对本人身份证" in open_page(client, town.auditor, "casework:reveal-log").content.decode()


def test_what_the_person_does_not_choose_and_whom_nobody_identified_is_not_given(client, town, matters):
    own = Party.objects.get(matter=matters[0])
    page = ask(client, town.clerk, "/personal-data/give/", name=NAME, phone="", party=own.pk, identified=" ")
    assert page.status_code == 422 and PHONE not in page.content.decode()
    page = ask(client, town.clerk, "/personal-data/give/", name=NAME, phone="", identified="已核对")
    assert page.status_code == 422
    far = Party.objects.get(matter=matters[2])
    page = ask(client, town.clerk, "/personal-data/give/", name=NAME, phone="", party=far.pk, identified="已核对")
    assert page.status_code == 422 and not Event.objects.filter(verb="personal_data_given").exists()


def test_only_those_who_may_look_at_contact_data_answer(client, town, matters):
    for user in (town.officer, town.leader, town.auditor, town.system_admin, town.grid_worker):
        assert open_page(client, user, "casework:personal-data").status_code == 403
    assert open_page(client, town.clerk, "casework:personal-data").status_code == 200


def test_every_answer_costs_the_same_queries(client, town, matters, django_assert_max_num_queries):
    for number in range(8):
        report(town, title=f"水渠{number}", parties=[{"kind": "witness", "name": NAME, "phone": PHONE}])
    client.force_login(town.clerk)
    with django_assert_max_num_queries(22):
        page = client.post("/personal-data/", {"name": NAME, "phone": PHONE})
    assert len(page.context["found"]) == 9


def test_contact_data_goes_on_request_once_nobody_needs_it(town, matters):
    own = matters[0]
    person = Party.objects.get(matter=own)
    with pytest.raises(Refused, match="matter-open"):
        parties.erase_contact(matter_id=own.pk, party_id=person.pk, actor=town.clerk, reason="本人要求")
    for step in ("look", "mend", "close"):
        moving.move(matter_id=own.pk, step=step, actor=town.clerk, version=Matter.objects.get(pk=own.pk).version)
    with pytest.raises(Refused, match="still-needed"):
        parties.erase_contact(matter_id=own.pk, party_id=person.pk, actor=town.clerk, reason="本人要求")
    Clock.objects.filter(matter=own).live().update(state="lapsed")
    parties.erase_contact(matter_id=own.pk, party_id=person.pk, actor=town.clerk, reason="本人要求")
    person.refresh_from_db()
    assert person.name == NAME and parties.contact_of(person) == {"phone": "", "address": ""}
    assert person.phone_hash == ""


def test_the_console_lists_without_contact_data_and_wants_a_reason(town, matters):
    out = StringIO()
    call_command("personal_data", PHONE, "--reason", "本人书面申请", "--json", stdout=out)
    rows = json.loads(out.getvalue())["entries"]
    assert {row["number"] for row in rows} == {matters[0].number, matters[2].number}
    assert PHONE not in out.getvalue() and rows[0]["why"]
    with pytest.raises(SystemExit):
        call_command("personal_data", NAME, stdout=out, stderr=StringIO())
    with pytest.raises(Refused, match="name-missing"):
        personal_data.search(actor=town.clerk, name=" ")
