"""The leaders' page: every number is as long as the list that it opens; one A4 page in print; a wall screen."""
import re
from html import unescape

import pytest
from django.urls import reverse

from disputes.services.generating import make_matters, make_township
from governance.casework.models import Matter
from governance.casework.services.assigning import recuse
from governance.organisation.models import Unit, User
from tests.support import worlds
from tests.support.browser import assert_axe_clean, assert_no_sideways_scroll
from tests.support.screens import open_page

NUMBER = re.compile(r'<a(?: class="[^"]*")? href="([^"]+)"(?: aria-label="[^"]*")?>(\d+)(?:/(\d+)[^<]*)?</a>')
TILE = re.compile(r'<a class="tile[^"]*" href="([^"]+)"><span>[^<]*</span><b>(\d+)</b>')
HANDLER = re.compile(r'<a class="tag" href="([^"]+)">[^<]*<b>(\d+)</b></a>')


def make_lives():
    make_township()
    make_matters(150)


@pytest.fixture(scope="module")
def lives(request, django_db_setup, django_db_blocker):
    """The demo township with its lives, made once."""
    with worlds.kept(request, django_db_blocker, make_lives):
        yield


@pytest.fixture
def town(lives, db):
    return Unit.objects.get(level="township")


def numbers_on(page: str) -> dict[str, int]:
    """Addresses on the page with the number that stands on each."""
    found = [(url, number) for pattern in (TILE, HANDLER) for url, number in pattern.findall(page)]
    found += [(url, number) for url, number, _total in NUMBER.findall(page)]
    return {unescape(url): int(number) for url, number in found if "matters/?" in url or "behind" in url}


def person(name):
    return User.objects.get(username=name)


@pytest.mark.parametrize("reader", ["zhenzhang", "wenshu", "shuji1"])
def test_every_number_opens_as_many_matters_as_it_says(town, client, reader):
    page = open_page(client, person(reader), "reporting:dashboard")
    assert page.status_code == 200
    numbers = numbers_on(page.content.decode())
    assert len(numbers) > (30 if reader != "shuji1" else 12) and max(numbers.values()) > 5
    for url, number in numbers.items():
        assert client.get(url).context["count"] == number, (reader, url)


def test_a_village_is_shown_alone_and_no_other_can_be_asked_for(town, client):
    villages = Unit.objects.filter(level="village").order_by("code")
    page = open_page(client, person("shuji1"), "reporting:dashboard", unit=villages[1].pk)
    assert page.context["board"].unit == villages[0] and villages[1].short_name not in page.content.decode()
    assert open_page(client, person("cun1"), "reporting:dashboard").status_code == 403
    assert open_page(client, person("xitong"), "reporting:dashboard").status_code == 403


def test_whoever_stepped_aside_finds_the_matter_in_no_number(town, client):
    late = Matter.objects.filter(next_due_at__isnull=False).order_by("next_due_at").first()
    before = numbers_on(open_page(client, person("zhenzhang"), "reporting:dashboard").content.decode())
    recuse(matter_id=late.pk, actor=person("wenshu"), user=person("zhenzhang"), reason="亲属")
    page = open_page(client, person("zhenzhang"), "reporting:dashboard").content.decode()
    assert f"/matters/{late.pk}/" not in page
    after = numbers_on(page)
    overdue = next(url for url in before if "due=late" in url and "handler" not in url)
    assert after[overdue] == before[overdue] - 1


def test_the_page_costs_the_same_however_much_there_is(town, client, django_assert_max_num_queries):
    reader = person("zhenzhang")
    open_page(client, reader, "reporting:dashboard")
    with django_assert_max_num_queries(15):
        client.get(reverse("reporting:dashboard"))


@pytest.mark.browser
def test_a_leader_looks_for_two_minutes(transactional_db, page_at):
    make_lives()
    page = page_at(width=1366, user=person("zhenzhang"))
    page.goto("/reports/dashboard/")
    for heading in ("谁的事逾期了", "下周到期", "什么在上升", "预警：纠纷聚集", "各村（社区）情况"):
        assert page.get_by_role("heading", name=heading).is_visible()
    page.get_by_text("数据表").click()
    assert_axe_clean(page)
    assert_no_sideways_scroll(page)
    sheet = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", sheet)) == 1, "it prints on one A4 page"
    page.set_viewport_size({"width": 360, "height": 780})
    assert_no_sideways_scroll(page)
    assert_axe_clean(page)
    page.set_viewport_size({"width": 1366, "height": 768})
    with page.expect_response(lambda answer: "wall" in answer.url) as wall:
        page.get_by_role("link", name="大屏").click()
    assert wall.value.headers["refresh"] == "60", "it refreshes itself"
    assert page.get_by_role("heading", name="谁的事逾期了").count() == 0, "no matter and no name on the wall"
    assert_axe_clean(page)
