"""Registering a matter: numbered at once, once only, and only where one's posts allow."""
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from governance.casework.models import Clock, Event, Matter, NumberSeries
from governance.casework.services.numbering import shown_number
from governance.casework.services.opening import issue_client_uuid, open_matter, read_client_uuid
from governance.casework.workflow import Refused
from tests.support.factories.casework import report


def test_an_officer_reports_and_the_number_is_there_at_once(town):
    matter = report(town)
    year = timezone.localdate().year
    assert matter.number == f"330122101-PB-{year}-00001"
    assert shown_number(matter.number, township_name=matter.township.numbering_name, kind_name="测试") == (
        f"富春江测试〔{year}〕0001"
    )
    assert matter.status == "reported" and matter.version == 1
    clock = Clock.objects.get(matter=matter)
    assert (clock.rule, clock.state, clock.bearer) == ("probe.look", "running", "office")
    assert matter.next_due_at == clock.due_at
    assert [event.verb for event in matter.events.all()] == ["opened"]


def test_a_form_sent_twice_creates_one(town):
    token = issue_client_uuid(town.officer)
    values = {"description": "水渠堵塞", "category": "small", "channel": "seen", "unit": town.village}
    sent = [
        open_matter(kind="probe", actor=town.officer, values=values,
                    client_uuid=read_client_uuid(token, town.officer))
        for _ in range(2)
    ]
    assert sent[0].pk == sent[1].pk
    assert Matter.objects.count() == 1 and Event.objects.count() == 1


def test_a_token_of_somebody_else_is_refused(town):
    token = issue_client_uuid(town.officer)
    with pytest.raises(Refused) as refusal:
        read_client_uuid(token, town.clerk)
    assert refusal.value.code == "form-expired"


@pytest.mark.parametrize("who", ["other_officer", "mediator", "leader", "system_admin", "auditor", "far_clerk"])
def test_nobody_registers_outside_their_posts(town, who):
    with pytest.raises(Refused) as refusal:
        report(town, actor=getattr(town, who))
    assert refusal.value.code == "not-your-right"
    assert not NumberSeries.objects.exists(), "a refused entry takes no number"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"category": "neighbour"}, "category-unknown"),
        ({"channel": "dream"}, "channel-unknown"),
        ({"description": "  "}, "description-missing"),
        ({"reported_at": timezone.now() + timedelta(hours=2)}, "act-in-the-future"),
        ({"occurred_at": timezone.now(), "reported_at": timezone.now() - timedelta(days=1)}, "occurred-after-reported"),
        ({"parties": [{"kind": "applicant", "name": "张三", "phone": "12345"}]}, "phone-invalid"),
        ({"parties": [{"kind": "complained_of", "name": "张三"}]}, "party-kind-unknown"),
        ({"parties": [{"kind": "applicant", "name": " "}]}, "party-name-missing"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_written(town, values, code):
    with pytest.raises(Refused) as refusal:
        report(town, **values)
    assert refusal.value.code == code
    assert not Matter.objects.exists() and not NumberSeries.objects.exists()


def test_numbers_are_counted_by_township_and_year(town):
    assert report(town).number.endswith("-00001")
    assert report(town).number.endswith("-00002")
    far = report(town, actor=town.far_officer, unit=town.far_village)
    assert far.number.startswith("330122102-PB-") and far.number.endswith("-00001")


def test_search_finds_number_title_place_and_party(town):
    lin = {"kind": "applicant", "name": "林国栋"}
    matter = report(town, title="老林家围墙", address="芝厦村大樟树下", parties=[lin])
    report(town, title="别的事")
    for words in ("围墙", "大樟树", "国栋", "林国栋", matter.number, matter.number[-5:], "0001"):
        found = Matter.objects.visible_to(town.clerk).matching(words)
        assert [m.pk for m in found] == [matter.pk], words


def test_a_similar_open_matter_is_found(town):
    first = report(town)
    assert list(Matter.objects.similar_open("probe", town.village, "small")) == [first]
    assert not Matter.objects.similar_open("probe", town.other_village, "small").exists()


def test_a_uuid_that_another_person_used_opens_nothing(town):
    shared = uuid.uuid4()
    values = {"description": "水渠堵塞", "category": "small", "channel": "seen", "unit": town.village}
    open_matter(kind="probe", actor=town.officer, values=values, client_uuid=shared)
    with pytest.raises(Refused):
        open_matter(kind="probe", actor=town.clerk, values=values, client_uuid=shared)
