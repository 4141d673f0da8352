"""A dispute that has everything: its page costs the same few questions whoever opens it."""
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from disputes.services.generating import make_township
from governance.casework.models import Clock, MatterUserGrant
from governance.casework.services import recording
from governance.casework.services.verifying import verify_ledger
from tests.support.factories.disputes import FullDispute, who

pytestmark = pytest.mark.django_db
READERS = ("wenshu", "tiaojie", "cun1", "zhenzhang", "bangongshi", "shuji1", "cun2", "cun5")
MOST = 15


@pytest.fixture
def matter(db):
    make_township()
    return FullDispute().matter


def cost(client, matter, name):
    """How many questions the page asks when caches are warm, and its status."""
    client.force_login(who(name))
    address = reverse("casework:matter", args=[matter.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(address)
    return len(caught), answer.status_code


def test_it_has_everything(matter):
    assert matter.parties.count() == 5 and matter.mediators.filter(withdrawn_on=None).count() == 2
    assert matter.sessions.count() == 5 and matter.dispute.round == 3
    old, new = matter.agreements.all()
    assert old.instalments.count() == new.instalments.count() == 6 and old.replaced_on and not new.replaced_on
    assert matter.confirmations.count() == matter.referrals.count() == matter.endings.count() == 1
    assert matter.performance_checks.count() == 3 and matter.revisits.exists() and matter.defaults.exists()
    assert Clock.objects.filter(matter=matter, pauses__isnull=False, extensions__isnull=False).exists()
    assert matter.links.count() == 3 and matter.assignments.count() == 4 and matter.attachments.count() >= 6
    assert MatterUserGrant.objects.filter(content_object=matter).exists() and matter.other_units.exists()
    assert matter.events.count() >= 60 and verify_ledger()[1] is None


def test_its_page_costs_few_questions_for_everybody_and_no_more_when_there_is_more(client, matter):
    costs = {name: cost(client, matter, name) for name in READERS}
    assert {status for _count, status in costs.values()} == {200}
    assert max(count for count, _status in costs.values()) <= MOST, costs
    for number in range(5):
        recording.note(matter_id=matter.pk, actor=who("wenshu"), text=f"又联系一次 {number}")
        held = matter.sessions.first()
        held.pk = None
        held.save()
        row = matter.instalments.last()
        row.pk, row.position = None, row.position + 1
        row.save()
    assert {name: cost(client, matter, name) for name in READERS} == costs


def test_the_auditor_sees_nothing_of_it_and_asks_little(client, matter):
    count, status = cost(client, matter, "shenji")
    assert status == 404 and count <= MOST


def test_what_the_page_shows_of_it_is_what_the_tables_hold(client, matter):
    client.force_login(who("wenshu"))
    shown = client.get(reverse("casework:matter", args=[matter.pk])).context
    new, old = shown["agreements"]
    assert (old.number, old.replaced_on) == tuple(matter.agreements.values_list("number", "replaced_on")[0])
    held = {row.pk: row for row in matter.instalments.select_related("agreement")}
    for row in (*old.instalments.all(), *new.instalments.all()):
        real = held.pop(row.pk)
        for name in ("position", "what", "amount_yuan", "due_on", "state", "performed_on", "agreement_id"):
            assert getattr(row, name) == getattr(real, name), name
    assert held == {}
    assert [check.words for row in new.instalments.all() for check in row.checks.all()] == ["推说没钱", "电话不通"]
    assert shown["confirmation"].court == "云川县人民法院" and shown["dispute"].committee_name.startswith("清河镇")
    assert [row.user.name for row in shown["mediators"]] == [who("tiaojie").name, who("tiaojie2").name]
    assert [row.held_at for row in shown["sessions"]] == list(matter.sessions.values_list("held_at", flat=True))
    assert {row.recorder.name for row in shown["sessions"]} == {who("tiaojie").name}
    assert shown["ending"].advice == "可向人民法院起诉"
    clock = next(row for row in shown["clocks"] if row["clock"].pauses.all())
    assert all(row["stopped"] for row in shown["clocks_folded"]) and len(shown["clocks_folded"]) > 10
    assert len(shown["clocks_shown"]) + len(shown["clocks_folded"]) == len(shown["clocks"])
    owed = [row["subject"] for row in shown["clocks_shown"] if row["rule"].code == "dispute.performance"]
    assert set(owed) == {"2. 第2期", "3. 第3期", "4. 第4期", "5. 第5期", "6. 第6期"}, "which instalment"
    assert clock["clock"].extensions.all()[0].days == 10 and "延" in clock["why"]
