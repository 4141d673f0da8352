"""A ledger that went out comes in again without loss: every row is the same, whatever columns it has."""
from datetime import timedelta

import pytest
from django.utils import timezone

from disputes.services.generating import make_matters, make_township
from governance.casework.models import Event, Matter
from governance.ledgers import layout
from governance.ledgers.services import exporting, importing
from governance.organisation.models import User
from tests.support.factories.casework import report

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
WORDS = "=1+1 两家\r\n争水，+138 各执一词；'单引号"


@pytest.fixture
def clerk(db):
    make_township()
    make_matters(25)
    officer = User.objects.get(username="cun1")

    class Town:
        pass

    Town.officer, Town.village = officer, officer.home_unit
    report(Town, kind="dispute", category="neighbour", channel="investigation", description=WORDS, parties=[
        {"kind": "applicant", "name": "林大山", "phone": "13812345678"}, {"kind": "applicant", "name": "林小山"},
        {"kind": "respondent", "name": "孙来福", "phone": "0571-64211234"},
    ])
    return User.objects.get(username="wenshu")


def brought_in_again(clerk, **asked):
    period = {"from_on": TODAY - timedelta(days=800), "to_on": TODAY}
    taken = exporting.order_export(actor=clerk, order=exporting.Order(code="dispute", **(period | asked)))
    with exporting.open_export(export_id=taken.pk, actor=clerk)[1] as stream:
        batch = importing.take_in(
            actor=clerk, township=taken.township, kind="dispute", name=taken.file_name, content=stream
        )
    importing.run(batch.pk)
    batch.refresh_from_db()
    return taken, batch


ON_DEMAND = tuple(column.code for column in layout.get("dispute").columns if column.on_demand)


@pytest.mark.parametrize("asked", [
    {}, {"shows_contacts": True, "reason": "核对"}, {"columns": ("number",)}, {"columns": ON_DEMAND},
])
def test_every_row_that_went_out_is_the_same_when_it_comes_in(clerk, asked):
    before = Matter.objects.count(), Event.objects.count()
    taken, batch = brought_in_again(clerk, **asked)
    told = [
        (row.verdict, row.reason_code, row.reason_cell) for row in batch.rows.exclude(verdict="same")
    ]
    assert (batch.state, batch.read_count, batch.same_count) == ("checked", taken.row_count, taken.row_count), told
    assert not batch.rows.exclude(matter__in=taken.matter_ids).exists(), "each row is known as its own matter"
    assert before == (Matter.objects.count(), Event.objects.count())
