"""Nothing walks round the wall: other matters' histories, what was queued before it went up, badges, filters."""
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.core import mail
from django.utils import timezone

from governance.casework import registry
from governance.casework.models import Event, Matter, Message
from governance.casework.services import assigning, door, linking, notifying, parties, pruning, sending
from governance.casework.services.webhooks import announcing, delivering
from governance.casework.workflow import Refused
from governance.organisation.models import User
from tests.support.factories.casework import report

BACKEND = "governance.organisation.visibility.PostBackend"


@pytest.fixture
def pair(town):
    """Two matters of the village that are linked, the second merged into the first; the mediator steps aside there."""
    first, second, third = (report(town, title=f"院墙 {n}") for n in range(3))
    linking.link(matter_id=third.pk, other_id=first.pk, actor=town.clerk, relation="related")
    linking.merge(matter_id=second.pk, into_id=first.pk, actor=town.clerk, reason="重复")
    assigning.recuse(matter_id=first.pk, actor=town.clerk, user=town.mediator, reason="亲属")
    return first, second, third


def as_user(client, user):
    client.force_login(User.objects.get(pk=user.pk), backend=BACKEND)
    return client


def test_links_and_mergers_tell_no_number_of_a_matter_behind_the_wall(town, pair, client):
    first, second, third = pair
    as_user(client, town.mediator)
    for matter in (second, third):
        for address in ("/matters/{}/", "/api/v1/matters/{}/", "/api/v1/matters/{}/timeline/",
                        "/api/v1/matters/{}/links/"):
            answer = client.get(address.format(matter.pk))
            assert answer.status_code == 200 and first.number not in answer.content.decode(), address
    assert client.get(f"/api/v1/matters/{second.pk}/").json()["duplicate_of"] is None
    as_user(client, town.officer)
    assert first.number in client.get(f"/matters/{third.pk}/").content.decode()
    assert first.number in client.get(f"/api/v1/matters/{third.pk}/timeline/").content.decode()
    assert client.get(f"/api/v1/matters/{second.pk}/").json()["duplicate_of"] == first.pk


def test_what_changed_meanwhile_tells_no_number_either(town, pair):
    _first, _second, third = pair
    fourth = report(town, title="院墙 4")
    version = Matter.objects.get(pk=fourth.pk).version
    linking.merge(matter_id=third.pk, into_id=fourth.pk, actor=town.clerk, reason="重复")
    assigning.recuse(matter_id=third.pk, actor=town.clerk, user=town.head, reason="亲属")
    head = User.objects.get(pk=town.head.pk)
    with pytest.raises(door.Stale) as stale, door.passage(matter_id=fourth.pk, actor=head, version=version):
        pass
    assert third.number not in str(stale.value.missing)
    assert "另一事项" in str(stale.value.missing)


def test_mail_that_was_queued_before_the_wall_went_up_is_withheld_for_good(town):
    User.objects.filter(pk=town.mediator.pk).update(email="m@example.org")
    matter, other = report(town), report(town)
    for one in (matter, other):
        assigning.assign(matter_id=one.pk, actor=town.clerk, version=one.version, handler=User.objects.get(
            pk=town.mediator.pk))
    assigning.recuse(matter_id=matter.pk, actor=town.clerk, user=town.mediator, reason="亲属")
    mail.outbox.clear()
    sending.send_messages()
    (sent,) = [one for one in mail.outbox if one.to == ["m@example.org"]]
    assert matter.number not in sent.body and other.number in sent.body
    withheld = Message.objects.get(channel="email", matter=matter, recipient=town.mediator)
    assert withheld.withheld_at and withheld.sent_at is None
    mail.outbox.clear()
    assert sending.send_messages() == 0 and not mail.outbox
    assert pruning.prune(timezone.now() + timezone.timedelta(days=4000))["messages"] >= 1
    assert not Message.objects.filter(pk=withheld.pk).exists()


def test_the_badge_counts_only_what_the_list_shows(town, client):
    matter = report(town)
    assigning.assign(matter_id=matter.pk, actor=town.clerk, version=matter.version, handler=town.mediator)
    as_user(client, town.mediator)
    assert client.get("/notifications/").context["unread_count"] == 1
    assigning.recuse(matter_id=matter.pk, actor=town.clerk, user=town.mediator, reason="亲属")
    page = client.get("/notifications/")
    assert page.context["unread_count"] == 0 and not page.context["notifications"]
    message = Message.objects.get(recipient=town.mediator, subject="assigned", channel="portal")
    assert client.post(f"/notifications/{message.pk}/open/").status_code == 404
    assert client.get("/api/v1/messages/").json()["results"] == []
    assert notifying.mark_read(user=User.objects.get(pk=town.mediator.pk)) == 0, "nor is it said how many there were"


def test_a_filter_names_nobody_who_handles_nothing_that_one_sees(town, client):
    matter = report(town)
    assigning.assign(matter_id=matter.pk, actor=town.clerk, version=matter.version, handler=town.mediator)
    as_user(client, town.officer)
    assert town.mediator.name in client.get(f"/matters/?handler={town.mediator.pk}").content.decode()
    for hidden in (town.far_clerk, town.auditor):
        assert hidden.name not in client.get(f"/matters/?handler={hidden.pk}").content.decode()
    as_user(client, town.far_officer)
    assert town.mediator.name not in client.get(f"/matters/?handler={town.mediator.pk}").content.decode()


def test_a_notice_for_somebody_behind_the_wall_is_withheld_from_the_gateway_too(town):
    matter = report(town)
    row = SimpleNamespace(
        matter_id=matter.pk, data={"recipient": town.mediator.pk},
        subscription=SimpleNamespace(client=SimpleNamespace(user=User.objects.get(pk=town.clerk.pk))),
    )
    assert delivering._may_be_told(row) and announcing.state_of(matter)
    assigning.recuse(matter_id=matter.pk, actor=town.clerk, user=town.mediator, reason="亲属")
    assert not delivering._may_be_told(row), "the client sees it, whoever it would be passed on to does not"


def test_looks_at_contact_data_are_limited_by_the_hour(town, monkeypatch):
    matter = report(town, parties=[{"kind": "applicant", "name": "何某", "phone": "13711112222"}])
    party = matter.parties.get()

    def look(reason="核实"):
        return parties.reveal_contact(
            matter_id=matter.pk, party_id=party.pk, actor=User.objects.get(pk=town.clerk.pk), reason=reason)

    fewer = replace(registry.get(matter.kind), reveals_per_hour=2)
    monkeypatch.setattr(door.registry, "get", lambda code: fewer)
    assert look()["phone"] == look()["phone"] == "13711112222"
    with pytest.raises(Refused) as refusal:
        look()
    assert refusal.value.code == "too-many-looks" and "2" in str(refusal.value.message)
    assert Event.objects.filter(verb="contact_revealed").count() == 2
    later = timezone.now() + timezone.timedelta(minutes=61)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert look()


def test_a_filter_that_is_not_known_or_not_readable_is_refused_with_a_word(town, client):
    report(town)
    as_user(client, town.clerk)
    assert len(client.get("/matters/?state=open").context["matters"]) == 1
    for query in ("colour=red", "state=ajar", "unit=999999", "handler=0", "due_on=31.31.2026"):
        page = client.get(f"/matters/?{query}")
        assert page.status_code == 400 and not page.context["matters"], query
        assert "未列出任何内容" in page.content.decode()
    for address in ("matters/?colour=red", "clocks/?who=me", "inbox/?state=open", "matters/?limit=3&page=2"):
        answer = client.get(f"/api/v1/{address}")
        assert answer.status_code == 422 and answer.json()["code"] == "invalid", address
    assert client.get("/api/v1/matters/?state=open&limit=3").status_code == 200
