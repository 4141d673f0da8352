"""Concentrated investigations: counted and never typed, reported once, named when missing, frozen when summed up."""
import io
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from disputes.models import Campaign, InvestigationRound
from disputes.services import campaign_counts as counts
from disputes.services import campaigns as acts
from disputes.tasks import remind_campaigns
from governance.casework.models import Matter, Message
from governance.casework.services.moving import move
from governance.casework.services.opening import open_matter
from governance.casework.workflow import Refused
from governance.organisation.models import Change, Unit, User
from tests.support.screens import filled, open_page

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def who(name):
    return User.objects.get(username=name)


def home(name):
    return who(name).home_unit


@pytest.fixture(autouse=True)
def township(qinghe, db):
    """Each test begins in the demo township."""


def announce(begin=-10, end=-1, report_by=2, categories=("land_forest", "labour"), villages=("cun1", "cun2", "cun3")):
    day = TODAY()
    return acts.announce(
        actor=who("bangongshi"), township=home("bangongshi"), client_uuid=uuid.uuid4(),
        villages=[home(name) for name in villages],
        values={"title": "秋收前土地纠纷专项排查", "text": "逐组走访", "categories": list(categories),
                "starts_on": day + timedelta(days=begin), "ends_on": day + timedelta(days=end),
                "report_by": day + timedelta(days=report_by)},
    )


def dispute(officer="cun1", days_ago=5, category="land_forest", channel="investigation", unit=None, **values):
    return open_matter(
        kind="dispute", actor=who(officer), client_uuid=uuid.uuid4(), facts={},
        parties=[{"kind": "applicant", "name": "林大山"}, {"kind": "respondent", "name": "孙来福"}],
        values={"title": "田埂", "description": "越过田埂半米", "category": category, "channel": channel,
                "unit": unit or home(officer), "reported_at": timezone.now() - timedelta(days=days_ago), **values},
    )


def report(campaign, officer="cun1", seen=0, unit=None):
    return acts.report_village(
        campaign_id=campaign.pk, unit_id=(unit or home(officer)).pk, actor=who(officer), seen_count=seen
    )


def refused(code, act, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    assert caught.value.code == code


def sum_up(campaign, **kwargs):
    return acts.sum_up(campaign_id=campaign.pk, actor=who("bangongshi"), conclusion="总体平稳。", **kwargs)


def test_only_what_the_rule_names_is_counted():
    campaign = announce()
    grid = Unit.objects.filter(parent=home("cun1")).first()
    counted = [dispute(), dispute(unit=grid), dispute(category="wage_arrears")]
    dispute(category="neighbour"), dispute(channel="application"), dispute(days_ago=12), dispute(days_ago=0)
    dispute("cun4")
    void = dispute()
    move(matter_id=void.pk, step="void", actor=who("wenshu"), reason="录错")
    rows = counts.found_in(campaign, Matter.objects.all())
    assert {row.pk for row in rows} == {row.pk for row in counted}


def test_a_village_reports_what_is_counted_or_zero_and_only_once():
    campaign = announce()
    dispute()
    refused("count-changed", report, campaign, "cun1", 0)
    assert report(campaign, "cun1", 1).found_count == 1 and report(campaign, "cun2").is_zero
    refused("campaign-reported", report, campaign, "cun1", 1)
    board = counts.board(campaign, None)
    assert [row["unit"].pk for row in board["villages"] if row["report"] is None] == [home("cun3").pk]
    acts.return_report(campaign_id=campaign.pk, unit_id=home("cun1").pk, actor=who("bangongshi"), reason="漏报")
    dispute()
    assert report(campaign, "cun1", 2).found_count == 2
    assert list(Change.objects.filter(subject_type="campaign").order_by("seq").values_list("verb", flat=True)) == [
        "announced", "reported", "reported", "returned", "reported"
    ]


def test_deadlines_rights_and_other_villages():
    refused("campaign-not-begun", report, announce(begin=1, end=5, report_by=6))
    late = announce(report_by=-1)
    assert report(late).is_late
    refused("campaign-not-found", report, late, "cun2", 0, home("cun3"))
    refused("campaign-not-found", report, late, "cun4", 0, home("cun1"))
    refused("campaign-not-found", report, announce(villages=("cun1",)), "cun2")
    refused("not-your-right", acts.sum_up, campaign_id=late.pk, actor=who("wenshu"), conclusion="好")
    refused("campaign-not-found", acts.sum_up, campaign_id=late.pk, actor=who("cun4"), conclusion="好")
    refused("campaign-days", announce, begin=3, end=1)


def test_summed_up_it_is_frozen_and_late_reports_are_refused(client):
    campaign = announce()
    dispute()
    report(campaign, "cun1", 1)
    report(campaign, "cun2")
    refused("villages-lack", sum_up, campaign)
    campaign = sum_up(campaign, may_lack=True)
    dispute()
    campaign.refresh_from_db()
    assert campaign.figures["total"] == {"found": 1, "settled": 0, "pending": 1, "unsettled": 0}
    assert [row["report"] for row in campaign.figures["villages"]] == ["found", "zero", "missing"]
    refused("campaign-summed-up", report, campaign, "cun3")
    refused("campaign-summed-up", sum_up, campaign, may_lack=True)
    page = open_page(client, who("zhenzhang"), "disputes:campaign-summary", campaign.pk).content.decode()
    assert "1个未报告：东岗村" in page and "1个零报告（北庙村）" in page and "总体平稳。" in page
    word = client.get(reverse("disputes:campaign-summary-word", args=[campaign.pk])).content
    table = Document(io.BytesIO(word)).tables[0]
    assert [cell.text for cell in table.rows[-1].cells] == ["合计", "", "1", "0", "1", "0"]
    assert open_page(client, who("cun1"), "disputes:campaign-summary", campaign.pk).status_code == 404


def test_it_is_not_summed_up_while_it_runs_and_villages_lack():
    campaign = announce(end=3, report_by=4, villages=("cun1",))
    refused("campaign-running", sum_up, campaign, may_lack=True)
    report(campaign)
    assert sum_up(campaign).state_on(TODAY()) == Campaign.State.SUMMED_UP


def test_missing_villages_are_reminded_once_a_day():
    campaign = announce(report_by=0)
    report(campaign, "cun1")
    assert remind_campaigns() > 0 and remind_campaigns() == 0
    told = Message.objects.filter(subject="campaign_missing", channel="portal")
    assert who("cun1").pk not in set(told.values_list("recipient_id", flat=True))
    assert who("cun2").pk in set(told.values_list("recipient_id", flat=True))
    assert acts.remind_missing(campaign_id=campaign.pk, actor=who("bangongshi")) > 0
    assert acts.remind_missing(campaign_id=campaign.pk, actor=who("bangongshi")) == 0
    refused("not-your-right", acts.remind_missing, campaign_id=campaign.pk, actor=who("wenshu"))


def test_each_cell_opens_as_many_disputes_as_it_says(client):
    campaign = announce()
    for _n in range(3):
        dispute()
    dispute("cun2")
    for user in ("bangongshi", "wenshu", "zhenzhang", "cun1"):
        page = open_page(client, who(user), "disputes:campaign", campaign.pk)
        rows = page.context["villages"]
        assert len(rows) == (1 if user == "cun1" else 3)
        for row in rows:
            query = {"village": row["unit"].pk, "which": "pending"}
            listed = open_page(client, who(user), "disputes:campaign-found", campaign.pk, **query)
            assert len(listed.context["matters"]) == row["pending"]


def test_on_the_phone_an_officer_registers_a_finding_and_reports(client, django_assert_max_num_queries):
    campaign, unit = announce(), home("cun1")
    address = reverse("disputes:campaign-finding", args=[campaign.pk, unit.pk])
    page = open_page(client, who("cun1"), "disputes:campaign-finding", campaign.pk, unit.pk)
    data = {**filled(page.context["form"]), "category": "land_forest", "description": "田埂被挖", "unit": unit.pk,
            "parties-0-name": "林大山", "parties-1-name": "孙来福"}
    assert client.post(address, data).status_code == client.post(address, data).status_code == 302
    assert Matter.objects.count() == campaign.findings.count() == 1, "today lies after the period, yet it is attached"
    with django_assert_max_num_queries(15):
        page = client.get(reverse("disputes:campaign-village", args=[campaign.pk, unit.pk]))
    client.post(reverse("disputes:campaign-village", args=[campaign.pk, unit.pk]), filled(page.context["form"]))
    assert InvestigationRound.objects.get().found_count == 1
    other = reverse("disputes:campaign-village", args=[campaign.pk, home("cun2").pk])
    client.force_login(who("cun4"))
    assert client.get(other).status_code == 404


@pytest.mark.parametrize("name", ["disputes:campaigns", "disputes:rounds"])
def test_lists_cost_the_same(client, name, django_assert_max_num_queries):
    for _n in range(3):
        report(announce())
    client.force_login(who("bangongshi"))
    with django_assert_max_num_queries(15):
        assert client.get(reverse(name)).status_code == 200


def test_a_routine_round_is_a_day_and_no_number(client):
    page = open_page(client, who("cun1"), "disputes:rounds")
    for _n in range(2):
        client.post(reverse("disputes:rounds"), filled(page.context["form"]) | {"held_on": TODAY().isoformat()})
    row = InvestigationRound.objects.get()
    refused("round-day", acts.record_round, unit=home("cun1"), actor=who("cun1"), held_on=TODAY() + timedelta(days=1))
    refused("not-your-right", acts.record_round, unit=home("cun1"), actor=who("cun4"), held_on=TODAY())
    refused("round-not-found", acts.withdraw_round, round_id=row.pk, actor=who("cun4"), reason="错")
    acts.withdraw_round(round_id=row.pk, actor=who("cun1"), reason="记错日期")
    acts.record_round(unit=home("cun1"), actor=who("cun1"), held_on=TODAY())
    assert InvestigationRound.objects.held().count() == 1
