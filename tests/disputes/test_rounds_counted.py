"""Rounds of investigation: the figure against SQL written by hand, and each cell opens as many rounds as it says."""
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from disputes.models import InvestigationRound
from disputes.services import campaigns
from disputes.services.generating import make_township
from governance.organisation.models import Unit, User
from governance.reporting import calendar, registry
from governance.reporting.querysets import figures, shown
from governance.reporting.services import rolling_up

pytestmark = pytest.mark.django_db
READERS = ["wenshu", "zhenzhang", "bangongshi", "tiaojie", "cun1", "shuji1"]
BY_HAND = """
  SELECT count(*) FROM disputes_investigationround r JOIN organisation_unit u ON u.id = r.unit_id
  WHERE u.path LIKE %s || '%%' AND r.withdrawn_at IS NULL AND r.held_on BETWEEN %s AND %s"""


def who(name):
    return User.objects.get(username=name)


def week():
    return calendar.last_complete(calendar.WEEK, timezone.localdate())


@pytest.fixture
def town(db):
    """Rounds of three villages within last week, on its borders and outside, one withdrawn, one of a campaign."""
    make_township()
    first, last = week().first, week().last
    for name, days in (("cun1", (first, last, last + timedelta(days=1))), ("cun2", (first - timedelta(days=1), last)),
                       ("cun3", (first,))):
        for day in days:
            row = InvestigationRound.objects.create(
                unit=who(name).home_unit, held_on=day, recorded_by=who(name), recorded_at=timezone.now()
            )
    campaigns.withdraw_round(round_id=row.pk, actor=who("cun3"), reason="记错")
    report_to_a_campaign(first)
    return Unit.objects.get(level="township")


def report_to_a_campaign(day):
    """The first village reports to a campaign, which is cancelled afterwards: the round was held all the same."""
    today, office = timezone.localdate(), who("bangongshi")
    campaign = campaigns.announce(
        actor=office, township=office.home_unit, villages=[who("cun1").home_unit], client_uuid=uuid.uuid4(),
        values={"title": "汛前排查", "text": "逐户", "categories": [], "starts_on": today, "ends_on": today,
                "report_by": today},
    )
    campaigns.report_village(campaign_id=campaign.pk, unit_id=who("cun1").home_unit_id, actor=who("cun1"), seen_count=0)
    campaign.reports.update(held_on=day + timedelta(days=2))
    campaigns.cancel(campaign_id=campaign.pk, actor=office, reason="任务合并")


def test_the_figure_is_the_one_counted_by_hand(town):
    metric = registry.get("sweeps")
    places = [town, *(who(f"cun{number}").home_unit for number in (1, 2, 3, 4))]
    found = {}
    for period in (week(), week().next(), calendar.year(week().first.year)):
        told = figures([metric], places, period, None)
        for place in places:
            with connection.cursor() as cursor:
                cursor.execute(BY_HAND, [place.path, period.first, period.last])
                expected = cursor.fetchone()[0]
            assert told[place.pk]["sweeps"].n == expected, (place, period.code)
            found[place.short_name, period.code] = expected
    assert [found[name, week().code] for name in (town.short_name, "南庄村", "北庙村", "东岗村")] == [4, 3, 1, 0]


@pytest.mark.parametrize("name", READERS)
def test_each_cell_of_a_table_opens_as_many_rounds_as_it_says(town, client, name):
    client.force_login(who(name))
    page = client.get(reverse("reporting:tables"), {"period": week().code})
    met = 0
    for unit, cells in page.context["rows"]:
        figure = next(figure for column, figure in cells if column.metric == "sweeps")
        answer = client.get(reverse("reporting:behind"), {
            "metric": "sweeps", "unit": unit.pk, "period": week().code, "part": "n",
        })
        assert len(answer.context["matters"]) == answer.context["count"] == figure.n, unit
        met += figure.n
        assert figure.n == 0 or f"{unit.short_name}" in answer.content.decode()
    assert met > 0, name
    other = client.get(reverse("reporting:behind"), {
        "metric": "sweeps", "unit": who("cun2").home_unit_id, "period": week().code, "part": "n",
    })
    assert other.status_code == (404 if name in ("cun1", "shuji1") else 200)


@pytest.mark.parametrize("name", READERS)
def test_each_cell_of_a_roll_up_opens_what_it_counted_even_after_one_was_withdrawn(town, client, name):
    version = rolling_up.roll_up(township=town, period=week(), actor=who("wenshu"))
    routine = InvestigationRound.objects.held().routine().filter(unit=who("cun1").home_unit, held_on=week().first).get()
    campaigns.withdraw_round(round_id=routine.pk, actor=who("cun1"), reason="记错日期")
    client.force_login(who(name))
    seen, met = shown(version, who(name)), 0
    for row in [*seen.rows, *([seen.total] if seen.total else [])]:
        query = {"part": row.part.pk} if row.part else {}
        page = client.get(reverse("reporting:cell", args=[version.pk, "sweeps", "n"]), query)
        assert len(page.context["matters"]) == page.context["count"] == row.figures["sweeps"].n
        met += row.figures["sweeps"].n
        if row.part and row.part.unit.short_name == "南庄村":
            assert row.figures["sweeps"].n == 3 and page.content.decode().count("其后撤回") == 1
    assert met > 0


def test_the_list_tells_no_remark_and_no_number_of_findings(town, client):
    InvestigationRound.objects.filter(unit=who("cun1").home_unit).update(comment="王家两兄弟又闹")
    client.force_login(who("tiaojie"))
    page = client.get(reverse("reporting:behind"), {
        "metric": "sweeps", "unit": town.pk, "period": week().code, "part": "n",
    }).content.decode()
    assert "汛前排查" in page and "王家" not in page


def test_all_rounds_are_reached_page_by_page(town, client):
    officer = who("cun1")
    InvestigationRound.objects.bulk_create(
        InvestigationRound(unit=officer.home_unit, held_on=week().first - timedelta(days=30 + n), recorded_by=officer,
                           recorded_at=timezone.now())
        for n in range(60)
    )
    seen = InvestigationRound.objects.visible_to(officer).held().count()
    client.force_login(officer)
    pages = [client.get(reverse("disputes:rounds"), {"page": number}).content.decode() for number in (1, 2)]
    assert seen > 60 and [page.count('<li class="row">') for page in pages] == [50, seen - 50]
    assert "page=2" in pages[0] and "page=1" in pages[1]
