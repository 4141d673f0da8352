"""Two people change the same record: each changes what they touched, and a real conflict is settled by a person."""
import json

import pytest
from django.urls import reverse

from disputes.models import Campaign
from governance.organisation.models import Unit, User
from tests.support.factories.disputes import plain_dispute, who
from tests.support.screens import filled, open_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("qinghe")]


class Opened:
    """A form as somebody opened it; sent later, when others may have been there."""

    def __init__(self, client, user, name, *args):
        self.client, self.user, self.address = client, user, reverse(name, args=args)
        self.data = filled(open_page(client, user, name, *args).context["form"])

    def send(self, **typed):
        self.client.force_login(self.user)
        answer = self.client.post(self.address, self.data | typed)
        if answer.status_code != 302:
            # What the page shows now is what is sent next.
            self.data = {name: values[0] if len(values) == 1 else values
                         for name, values in answer.context["form"].data.lists()}
        return answer


def correction(client, matter, name="wenshu"):
    return Opened(client, who(name), "casework:act", matter.pk, "correct")


def stored(matter, *names):
    matter.refresh_from_db()
    return tuple(getattr(matter, name) for name in names)


def test_a_stale_correction_keeps_what_somebody_else_corrected_in_another_field(client):
    matter = plain_dispute()
    first, second = correction(client, matter), correction(client, matter, "wenshu2")
    assert second.send(address="水塘西头", reason="补地点").status_code == 302
    told = first.send(title="水塘放水", reason="题目不清")
    assert told.status_code == 409 and "更正" in told.content.decode()
    assert first.data["address"] == "水塘西头", "the page shows what stands there now"
    assert first.send().status_code == 302
    assert stored(matter, "title", "address") == ("水塘放水", "水塘西头")
    assert matter.events.filter(verb="corrected").last().data["columns"] == ["title"]


@pytest.mark.parametrize(("choice", "holds"), [("theirs", "水塘西头"), ("mine", "水塘东头")])
def test_where_both_changed_the_same_the_page_shows_both_and_asks(client, choice, holds):
    matter = plain_dispute()
    first, second = correction(client, matter), correction(client, matter, "wenshu2")
    second.send(address="水塘西头", reason="补地点")
    told = first.send(address="水塘东头", title="水塘放水", reason="补地点")
    text = told.content.decode()
    assert told.status_code == 422 and "水塘西头" in text and "水塘东头" in text
    assert "checked" not in text.split("choose_address", 1)[1].split("</fieldset>")[0], "nothing is chosen beforehand"
    assert first.send().status_code == 422, "it is asked until somebody chooses"
    assert first.send(choose_address=choice).status_code == 302
    assert stored(matter, "title", "address") == ("水塘放水", holds)


def test_a_third_change_while_one_chooses_is_asked_about_anew(client):
    matter = plain_dispute()
    first, second = correction(client, matter), correction(client, matter, "wenshu2")
    second.send(address="水塘西头", reason="补地点")
    first.send(address="水塘东头", reason="补地点")
    correction(client, matter, "wenshu2").send(address="水塘北头", reason="又补")
    told = first.send(choose_address="mine")
    assert told.status_code == 422 and "水塘北头" in told.content.decode()
    assert stored(matter, "address") == ("水塘北头",)


def test_facts_ticks_and_lists_are_merged_alike(client):
    matter = plain_dispute()
    first, second = correction(client, matter), correction(client, matter, "wenshu2")
    second.send(has_danger="on", people_count="7", reason="动手了")
    first.send(amount_yuan="1200", reason="补金额")
    first.send()
    facts = type(matter.dispute).objects.get(pk=matter.pk)
    assert (facts.has_danger, facts.people_count, int(facts.amount_yuan)) == (True, 7, 1200)


def test_a_form_opened_before_the_change_and_brought_back_by_a_draft_overrules_nothing(client):
    matter = plain_dispute()
    first = correction(client, matter)
    client.post(reverse("casework:draft"), {**first.data, "title": "水塘放水", "reason": "题目不清",
                                            "form": f"act:{matter.pk}:correct:"})
    correction(client, matter, "wenshu2").send(address="水塘西头", title="放水", reason="补")
    again = correction(client, matter)
    assert again.data["title"] == "水塘放水"
    told = again.send()
    assert told.status_code == 422 and "放水" in told.content.decode()
    again.send(choose_title="theirs", address="水塘西头", description="两家争水", reason="补")
    assert stored(matter, "title", "address", "description") == ("放水", "水塘西头", "两家争水")


def test_a_party_corrected_by_two(client):
    matter = plain_dispute()
    party = matter.parties.first()
    first = Opened(client, who("wenshu"), "casework:act-on", matter.pk, "correct-party", party.pk)
    second = Opened(client, who("wenshu2"), "casework:act-on", matter.pk, "correct-party", party.pk)
    second.send(name="林大川", reason="错字")
    first.send(discloses_contact="on", reason="同意")
    first.send()
    party.refresh_from_db()
    assert (party.name, party.discloses_contact) == ("林大川", True)


def test_people_and_units_changed_by_two(client):
    system, person, unit = who("xitong"), who("cun1"), who("cun1").home_unit
    first, second = (Opened(client, system, "organisation:user-edit", person.pk) for _ in range(2))
    second.send(email="cun1@example.org")
    assert first.send(phone="13900001111").status_code == 302
    person = User.objects.get(pk=person.pk)
    assert (person.email, person.phone) == ("cun1@example.org", "13900001111")
    first, second = (Opened(client, system, "organisation:unit-rename", unit.pk) for _ in range(2))
    second.send(short_name="新庄")
    assert first.send(name="新庄村村民委员会").status_code == 302
    unit = Unit.objects.get(pk=unit.pk)
    assert (unit.name, unit.short_name) == ("新庄村村民委员会", "新庄")


def test_what_is_no_json_in_the_hidden_field_changes_nothing_for_the_worse(client):
    matter = plain_dispute()
    form = correction(client, matter)
    for odd in ("", "[]", "{", "null", json.dumps({"values": 3, "asked": 4}), "[" * 10_000):
        assert form.send(opened=odd, title="", reason="").status_code == 422, odd
    before = stored(matter, "title", "version")
    # What no page can read is refused before it comes to the page.
    assert client.post(form.address, form.data | {"opened": "\x00", "title": "水塘", "reason": "x"}).status_code == 400
    assert stored(matter, "title", "version") == before


def test_a_campaign_corrected_by_two(client):
    from tests.disputes.test_campaigns import announce

    campaign = announce()
    first, second = (Opened(client, who("bangongshi"), "disputes:campaign-correct", campaign.pk) for _ in range(2))
    second.send(title="春季排查")
    assert first.send(text="逐户走访").status_code == 302
    campaign = Campaign.objects.get(pk=campaign.pk)
    assert (campaign.title, campaign.text) == ("春季排查", "逐户走访")
