"""Many disputes accepted in one act: each with the guards of one alone, a verdict for each."""
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from disputes.services.generating import make_township
from governance.casework.models import BulkRun, Clock, Matter
from governance.casework.services import bulk, moving
from governance.casework.services.opening import open_matter
from governance.casework.services.verifying import verify_ledger
from governance.organisation.models import Unit
from tests.support.factories.disputes import plain_dispute, who
from tests.support.fakes import probe_kind
from tests.support.screens import filled, open_page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def township(db):
    make_township()


def choose(client, user, matters):
    """The form that the list's button opens."""
    ticked = [f"{m.pk}.{m.version}" for m in matters]
    return open_page(client, who(user), "casework:bulk", "dispute-accept", m=ticked)


def send(client, user, matters, **typed):
    form = choose(client, user, matters).context["form"]
    client.post(reverse("casework:bulk", args=["dispute-accept"]), {**filled(form), **typed})
    run = BulkRun.objects.latest("pk")
    return [(row.verdict, row.code) for row in run.rows.order_by("position")]


def one_sided():
    officer = who("cun1")
    return open_matter(
        kind="dispute", actor=officer, client_uuid=uuid.uuid4(), facts={}, parties=[],
        values={"description": "只有一方", "category": "neighbour", "channel": "application",
                "unit": officer.home_unit, "reported_at": timezone.now()},
    )


def in_grid():
    officer = who("cun1")
    grid = Unit.objects.filter(parent=officer.home_unit, level="grid").first()
    return plain_dispute("网格里的纠纷", unit=grid, channel="investigation", reported_at=timezone.now())


def test_each_is_accepted_by_its_own_committee_with_its_clocks_and_mediator(client):
    matters = [plain_dispute(f"第{n}件", reported_at=timezone.now()) for n in range(3)] + [in_grid()]
    found = send(client, "wenshu", matters, committee_of="village", is_unopposed="on", handler=who("tiaojie").pk)
    assert found == [("done", "")] * 4
    for matter in matters:
        now = Matter.objects.get(pk=matter.pk)
        assert (now.status, now.handler, now.dispute.committee) == ("accepted", who("tiaojie"), who("cun1").home_unit)
        assert now.events.get(verb="accept").origin == "bulk"
        rules = set(Clock.objects.filter(matter=now).live().values_list("rule", flat=True))
        assert rules == {"dispute.first_session", "dispute.mediation"}
    assert Matter.objects.get(pk=matters[0].pk).dispute.initiative == "applied", "as registered"
    assert Matter.objects.get(pk=matters[3].pk).dispute.initiative == "own"
    assert verify_ledger()[1] is None


def test_what_lacks_something_or_changed_is_named_and_left(client):
    whole, alone, own, stale, done = (
        plain_dispute("可受理", reported_at=timezone.now()), one_sided(), in_grid(),
        plain_dispute("被改过", reported_at=timezone.now()), plain_dispute("已受理", reported_at=timezone.now()),
    )
    moving.move(matter_id=done.pk, step="accept", actor=who("wenshu"), facts={"committee": done.township})
    done = Matter.objects.get(pk=done.pk)
    moving.move(matter_id=stale.pk, step="record_police_report", actor=who("wenshu"),
                facts={"police_told_at": timezone.now(), "police_station": "派出所"})
    found = send(client, "wenshu", [whole, alone, own, stale, done], committee_of="township")
    assert found == [
        ("done", ""), ("refused", "parties-missing"), ("refused", "initiative-refused"), ("refused", "stale"),
        ("refused", "step-not-possible"),
    ]
    assert Matter.objects.get(pk=whole.pk).dispute.committee.level == "township"
    for left in (alone, own, stale):
        assert Matter.objects.get(pk=left.pk).status == "reported"
    page = client.get(reverse("casework:bulk-run", args=[BulkRun.objects.latest("pk").pk])).content.decode()
    assert "双方" in page and "受理" in page


def test_it_is_offered_to_those_who_accept_and_to_nobody_else(client):
    matter = plain_dispute(reported_at=timezone.now())
    for name, status in (("wenshu", 200), ("tiaojie", 200), ("zhenzhang", 403), ("cun1", 403), ("shenji", 403)):
        assert choose(client, name, [matter]).status_code == status, name
    offered = open_page(client, who("wenshu"), "casework:matters").context["offers"]
    assert [offer.name for offer in offered][:2] == ["assign", "dispute-accept"]
    offered = open_page(client, who("cun1"), "casework:matters").context["offers"]
    assert "dispute-accept" not in [offer.name for offer in offered]


def test_a_mediator_accepts_where_the_post_reaches():
    matter = plain_dispute(reported_at=timezone.now())
    run = bulk.start_run(actor=who("tiaojie"), act="dispute-accept", chosen=[(matter.pk, matter.version)],
                         facts={"committee_of": "township", "handler": who("tiaojie")}, client_uuid=uuid.uuid4())
    assert bulk.carry_on(run.pk) == 1 and Matter.objects.get(pk=matter.pk).status == "accepted"


def test_a_matter_of_another_kind_is_refused():
    with probe_kind():
        clerk = who("wenshu")
        other = open_matter(
            kind="probe", actor=clerk, client_uuid=uuid.uuid4(), parties=(),
            values={"title": "水渠", "description": "水渠堵塞", "category": "small", "channel": "seen",
                    "unit": who("cun1").home_unit, "reported_at": timezone.now()},
        )
        run = bulk.start_run(actor=clerk, act="dispute-accept", chosen=[(other.pk, other.version)], facts={},
                             client_uuid=uuid.uuid4())
        bulk.carry_on(run.pk)
        assert [(row.verdict, row.code) for row in run.rows.all()] == [("refused", "other-kind")]
