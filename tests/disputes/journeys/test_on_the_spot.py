"""A mediator settles a quarrel at the village pond and types all of it into one form on the phone."""
from datetime import timedelta

import pytest
from django.utils import timezone

from governance.casework.models import Matter
from tests.support.factories.casework import report
from tests.support.journeys import PHONE, who

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIDES = [{"kind": "applicant", "name": "林大山"}, {"kind": "respondent", "name": "孙来福"}]


class Town:
    """What the factory needs of a town."""

    def __init__(self):
        self.officer = who("cun1")
        self.village = self.officer.home_unit


@pytest.fixture
def matter(township) -> Matter:
    """A quarrel reported an hour ago."""
    return report(Town(), kind="dispute", title="水塘放水争执", category="neighbour", channel="application",
                  parties=SIDES, reported_at=timezone.now() - timedelta(hours=1))


def test_all_steps_are_typed_into_one_form_on_the_phone(matter, visit):
    mediator = visit("tiaojie", width=PHONE).go(f"/matters/{matter.pk}/").click(".todo a[href$='/settle_on_the_spot/']")
    moment = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    today = timezone.localdate()
    mediator.fill(accepted_at=moment, held_at=moment, place="村口水塘", record="各让一步", agreed_on=today,
                  terms="轮流放水。", manner="当面清点", form="oral", both_confirm=True,
                  committee=str(matter.township_id), due_1=today + timedelta(days=9), what_1="清淤")
    mediator.page.click("[name=more_instalments]")
    mediator.look().fill(due_4=today + timedelta(days=30), what_4="修闸门")
    assert mediator.page.input_value("[name=terms]") == "轮流放水。"
    assert mediator.page.input_value("[name=what_1]") == "清淤"
    mediator.send()
    matter.refresh_from_db()
    assert (matter.status, matter.outcome) == ("performing", "oral_agreement"), mediator.text
    assert [row.what for row in matter.instalments.all()] == ["清淤", "修闸门"]
    assert "当场调解" in mediator.page.inner_text("#timeline")


def test_rows_are_added_without_javascript(matter, page_at):
    page = page_at(width=PHONE, user=who("wenshu"), java_script_enabled=False)
    page.goto("/report/dispute/")
    for place, name in enumerate(("甲方", "乙方", "丙方", "丁方")):
        if place > 1:
            page.click("[name=more_parties]")
        page.fill(f"[name=parties-{place}-name]", name)
    assert page.input_value("[name=parties-0-name]") == "甲方"
