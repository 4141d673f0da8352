"""Figures of disputes: each cell's list has exactly as many rows as the cell says, for every role and period."""
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from disputes.services.generating import make_matters, make_township
from governance.casework.services import moving
from governance.casework.services.opening import open_matter
from governance.organisation.models import Unit, User
from governance.reporting import calendar, registry
from governance.reporting.querysets import figures, rows_behind
from governance.reporting.visibility import units_with_figures
from tests.support import worlds

pytestmark = pytest.mark.django_db
ROLES = ("wenshu", "zhenzhang", "bangongshi", "tiaojie", "cun1", "shuji1", "wangge1", "sifa", "xinfang", "xitong",
         "anquan", "shenji")


@pytest.fixture(scope="module")
def lives(request, django_db_setup, django_db_blocker):
    """Make the lives once; each test works in a savepoint above them."""
    with worlds.kept(request, django_db_blocker, make_lives):
        yield


@pytest.fixture
def town(lives, db):
    """The township of the lives."""
    return Unit.objects.get(level="township")


def make_lives():
    """The demo township with a few lives, one of them confidential, one with the second mediator as a party."""
    make_township()
    make_matters(40)
    officer, walled = User.objects.get(username="cun1"), User.objects.get(username="tiaojie2")
    for values, parties in (
        ({"is_confidential": True}, []), ({}, [{"kind": "respondent", "name": walled.name, "phone": walled.phone}]),
    ):
        open_matter(
            kind="dispute", actor=officer, client_uuid=uuid.uuid4(),
            parties=[{"kind": "applicant", "name": "何来福", "phone": ""}, *parties],
            values={"description": "院墙越界", "category": "homestead", "channel": "grid_report",
                    "unit": officer.home_unit, "reported_at": timezone.now() - timedelta(hours=1), **values},
        )


LOOKED_AT = ("清河镇", "南庄村", "南庄村第一网格")


def periods():
    today = timezone.localdate()
    return [
        calendar.containing(calendar.WEEK, today), calendar.containing(calendar.MONTH, today, cut=25),
        calendar.days(today - timedelta(days=400), today), calendar.days(today - timedelta(days=800), today),
    ]


def told_to(name, town, period, now):
    user = User.objects.get(username=name)
    units = [town, *Unit.objects.filter(level__in=["village", "grid"], parent__code__startswith=town.code)]
    return user, {unit.pk: unit for unit in units}, figures(registry.all_metrics(), units, period, user, now=now)


@pytest.mark.slow(4)
@pytest.mark.parametrize("name", ROLES)
def test_a_cell_and_its_list_agree(town, name):
    now, seen = timezone.now(), {}
    for period in periods():
        user, units, told = told_to(name, town, period, now)
        for pk, cells in told.items():
            for figure in cells.values():
                parts = {"n": figure.n} | ({} if figure.total is None else {"N": figure.total})
                if units[pk].short_name not in LOOKED_AT:
                    continue
                for part, count in parts.items():
                    rows = rows_behind(figure.metric, part, units[pk], period, user, now=now)
                    listed = list(rows.values_list("pk", flat=True))
                    assert len(listed) == count, (period.code, units[pk].name, figure.metric.code, part)
                    if rows.model not in seen:
                        seen[rows.model] = set(rows.model.objects.visible_to(user).values_list("pk", flat=True))
                    assert set(listed) <= seen[rows.model]


def test_figures_are_told_only_over_units_that_a_post_reaches(town):
    period, now = periods()[-1], timezone.now()
    names = {
        name: {units[pk].short_name for pk in told}
        for name in ROLES for _user, units, told in [told_to(name, town, period, now)]
    }
    assert town.short_name in names["wenshu"] & names["zhenzhang"] & names["bangongshi"] & names["tiaojie"]
    own = {"南庄村", *(f"南庄村第{n}网格" for n in "一二三四五")}
    assert names["cun1"] == names["shuji1"] == own
    assert names["wangge1"] == {"南庄村第一网格"}
    for nobody in ("sifa", "xinfang", "xitong", "anquan", "shenji"):
        assert names[nobody] == set()
        assert not units_with_figures(User.objects.get(username=nobody)).exists()
    assert {unit.short_name for unit in units_with_figures(User.objects.get(username="cun1"))} == {"南庄村"}


def test_a_list_of_a_village_out_of_reach_is_empty(town):
    neighbour = Unit.objects.get(short_name="北庙村")
    rows = rows_behind(registry.get("reported"), "n", neighbour, periods()[-1], User.objects.get(username="cun1"))
    assert not rows.exists()


def test_whoever_is_walled_off_finds_it_in_neither_figure_nor_list(town):
    period, now = periods()[0], timezone.now()
    counts = {
        name: told_to(name, town, period, now)[2][town.pk]["reported"].n
        for name in ("wenshu", "tiaojie", "tiaojie2", "zhenzhang")
    }
    # The clerk sees the confidential one too; the second mediator is a party to the other.
    assert counts["wenshu"] == counts["tiaojie"] + 1 == counts["zhenzhang"] + 1 == counts["tiaojie2"] + 2


def test_what_is_void_counts_nowhere(town):
    period, now = periods()[0], timezone.now()
    clerk, units, told = told_to("wenshu", town, period, now)
    rows = rows_behind(registry.get("reported"), "n", town, period, clerk, now=now)
    matter = rows.filter(status="reported").first()
    moving.move(matter_id=matter.pk, step="void", actor=clerk, version=matter.version, reason="重复登记")
    again = told_to("wenshu", town, period, now)[2][town.pk]
    assert again["reported"].n == told[town.pk]["reported"].n - 1
    assert again["backlog"].n == told[town.pk]["backlog"].n - 1


@pytest.mark.usefixtures("lives")
def test_no_percentage_below_five():
    metric = registry.get("settle_rate")
    assert registry.Figure(metric, 4, 4).percent is None
    assert registry.Figure(metric, 4, 4).text == "4/4"
    assert registry.Figure(metric, 4, 5).text == "4/5 80%"
    assert registry.Figure(metric, 0, 0).text == "0/0"


def test_categories_add_up_and_local_ones_count_under_the_official(town):
    told = told_to("wenshu", town, periods()[-1], timezone.now())[2][town.pk]
    by_category = {code: figure.n for code, figure in told.items() if code.startswith("reported.")}
    assert sum(by_category.values()) == told["reported"].n
    assert "reported.wage_arrears" not in by_category


def test_all_figures_of_all_units_are_one_count(town, django_assert_max_num_queries):
    clerk = User.objects.get(username="wenshu")
    figures(registry.all_metrics(), [town], periods()[0], clerk)
    units = [town, *Unit.objects.filter(level="village")]
    # The subtree, the count; the user's sight and the words of the vocabularies are remembered.
    with django_assert_max_num_queries(2):
        figures(registry.all_metrics(), units, periods()[2], clerk)
