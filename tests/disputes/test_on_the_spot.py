"""Mediation on the spot: one form, every step with its own date; what one step refuses leaves nothing behind."""
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from governance.casework.models import Clock, Matter
from governance.casework.sentences import sentence
from governance.casework.services.verifying import verify_ledger
from governance.organisation.models import User
from tests.support.factories.casework import report
from tests.support.screens import send

pytestmark = pytest.mark.django_db
SIDES = [{"kind": "applicant", "name": "林大山"}, {"kind": "respondent", "name": "孙来福"}]


def who(name):
    return User.objects.get(username=name)


def at(days_ago, hour=10):
    return timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)


def day(days_ago):
    return at(days_ago).date().isoformat()


@pytest.fixture
def matter(qinghe, db):
    """A quarrel of four days ago."""
    class Town:
        officer, village = who("cun1"), who("cun1").home_unit

    return report(Town, kind="dispute", category="neighbour", channel="application", reported_at=at(4, 8),
                  parties=SIDES)


def typed(**changes):
    return {
        "committee": User.objects.get(username="tiaojie").home_unit_id, "initiative": "applied",
        "accepted_at": at(4).strftime("%Y-%m-%dT%H:%M"), "mediators": [str(who("tiaojie").pk)],
        "rights_told_on": day(4), "held_at": at(3).strftime("%Y-%m-%dT%H:%M"), "place": "村口",
        "participants": "双方", "record": "当场各让一步", "form": "oral", "both_confirm": "on", "agreed_on": day(2),
        "terms": "互相道歉，清理堆石。", "copies": "3", **changes,
    }


def settle(client, matter, **changes):
    return send(client, who("tiaojie"), "casework:step", matter.pk, "settle_on_the_spot", **typed(**changes))


def test_one_form_records_every_step_with_its_own_date(client, matter):
    answer = settle(client, matter)
    assert answer.status_code == 302, answer.context["form"].errors
    matter.refresh_from_db()
    assert (matter.status, matter.outcome, matter.handler) == ("performed", "oral_agreement", who("tiaojie"))
    assert matter.dispute.is_on_the_spot and matter.accepted_at == at(4)
    dated = {event.verb: timezone.localdate(event.acted_at) for event in matter.events.all()}
    assert dated["accept"] == dated["start_on_the_spot"] == at(4).date()
    assert dated["record_session"] == at(3).date() and dated["agree_orally"] == at(2).date()
    told = [sentence(event) for event in matter.events.for_timeline()]
    assert sum("当场" in line for line in told) == 1 and all("%(" not in line for line in told)
    stopped = set(Clock.objects.filter(matter=matter, state="stopped").values_list("rule", flat=True))
    assert {"dispute.acceptance", "dispute.mediation", "dispute.first_session"} <= stopped
    assert verify_ledger()[1] is None


def test_a_written_one_with_any_number_of_instalments(client, matter):
    rows = {f"due_{n}": (timezone.localdate() + timedelta(days=30 * n)).isoformat() for n in range(1, 8)}
    rows |= {f"what_{n}": f"第{n}期" for n in range(1, 8)} | {"instalment_rows": "7", "manner": "转账"}
    signed = SimpleUploadedFile("协议.pdf", b"%PDF-1.4")
    answer = settle(client, matter, form="written", evidence_signed_agreement=signed, **rows)
    assert answer.status_code == 302, answer.context["form"].errors
    matter.refresh_from_db()
    assert matter.status == "performing" and matter.instalments.count() == 7


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"both_confirm": ""}, "双方"), ({"form": "written"}, "已签字"), ({"agreed_on": day(3), "held_at": ""}, "必"),
        ({"held_at": "2099-01-01T10:00"}, "晚于"), ({"agreed_on": "2020-01-01"}, "早于"),
        ({"initiative": "own"}, "拒绝"),
    ],
)
def test_what_one_step_refuses_leaves_nothing_and_loses_nothing(client, matter, changes, said):
    before = matter.event_count
    answer = settle(client, matter, **changes)
    page = answer.content.decode()
    assert answer.status_code in (409, 422) and "当场各让一步" in page and "互相道歉，清理堆石。" in page
    assert any(said in str(error) for errors in answer.context["form"].errors.values() for error in errors), \
        answer.context["form"].errors
    matter = Matter.objects.get(pk=matter.pk)
    assert (matter.status, matter.event_count, matter.handler_id) == ("reported", before, None)
    assert not matter.sessions.exists() and not matter.dispute.is_on_the_spot


def test_one_more_row_keeps_everything_typed_and_writes_nothing(client, matter):
    answer = settle(client, matter, due_1=day(0), what_1="第一期", instalment_rows="3", more_instalments="1")
    form = answer.context["form"]
    assert answer.status_code == 200 and form.row_count == 4 and 'name="due_4"' in answer.content.decode()
    assert 'value="第一期"' in answer.content.decode() and "当场各让一步" in answer.content.decode()
    assert Matter.objects.get(pk=matter.pk).status == "reported"
