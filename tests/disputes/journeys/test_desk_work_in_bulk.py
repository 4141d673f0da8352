"""A clerk's morning: a filter kept in the inbox, forty disputes assigned in one act, a verdict for each."""
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from disputes.services.generating import make_township
from governance.casework.models import Event, Matter, SavedFilter
from governance.casework.services import assigning
from governance.casework.services.opening import open_matter
from governance.organisation.models import User
from tests.support.browser import assert_no_sideways_scroll, check

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def who(name):
    return User.objects.get(username=name)


@pytest.fixture
def forty(transactional_db):
    """Forty land disputes of the first village, reported ten days ago by its officer, and one of another kind."""
    make_township()
    officer, day = who("cun1"), timezone.now() - timedelta(days=10)
    for number in range(41):
        open_matter(
            kind="dispute", actor=officer, client_uuid=uuid.uuid4(),
            parties=[{"kind": "applicant", "name": "林大山"}, {"kind": "respondent", "name": "孙来福"}],
            values={"title": f"承包地边界纠纷 {number + 1}", "description": "越过田埂半米",
                    "category": "land_forest" if number < 40 else "neighbour", "channel": "investigation",
                    "unit": officer.home_unit, "reported_at": day + timedelta(minutes=number)},
        )


def save_the_filter(page):
    page.goto("/matters/")
    page.click(".filters summary")
    page.select_option("[name=unit]", label="南庄村")
    page.select_option("[name=category]", label="山林土地")
    page.select_option("[name=due]", value="late")
    page.click(".filters .btn.go")
    page.click(".keep-filter a >> nth=0")
    check(page)
    page.fill("[name=name]", "南庄村土地逾期")
    page.click("main .btn.go")


def test_forty_disputes_are_assigned_in_one_act(forty, page_at):
    desk = page_at(width=1366, user=who("wenshu"))
    save_the_filter(desk)
    desk.goto("/")
    check(desk)
    assert desk.inner_text(".kept-list li").split() == ["南庄村土地逾期", "40"]
    desk.click(".kept-list a")
    check(desk)
    desk.check("[data-tick-all] input")
    assert "40" in desk.inner_text("[data-ticked]")
    # A colleague assigns one of them meanwhile.
    taken = Matter.objects.filter(category="land_forest").order_by("pk")[7]
    assigning.assign(matter_id=taken.pk, actor=who("wenshu2"), version=taken.version, handler=who("cun1"))
    desk.click("button[formaction$='/assign/']")
    check(desk)
    desk.select_option("[name=handler]", value=str(who("tiaojie").pk))
    desk.click("main .btn.go")
    desk.wait_for_url("**/matters/bulk/runs/*/")
    check(desk)
    assert "39" in desk.inner_text(".notice") and desk.locator(".verdict.refused").count() == 1
    assert desk.locator("tbody tr").first.locator("a").get_attribute("href") == f"/matters/{taken.pk}/"
    assert Matter.objects.filter(handler=who("tiaojie")).count() == 39
    desk.click(".stale-again button")
    assert desk.locator("main .rows li").count() == 1
    desk.go_back()
    desk.go_back()
    desk.click("main .btn.go")
    desk.wait_for_url("**/matters/bulk/runs/*/")
    check(desk)
    assert desk.locator(".verdict.refused").count() == 40, "the form of before is stale by now"
    assert Event.objects.filter(verb="assigned", origin="bulk").count() == 39


def test_it_works_without_javascript_and_on_a_phone(forty, page_at):
    phone = page_at(width=360, height=740, user=who("wenshu"), java_script_enabled=False)
    phone.goto("/matters/?category=land_forest")
    assert_no_sideways_scroll(phone)
    phone.click("[data-no-script]")
    assert phone.locator("input[name=m]:checked").count() == 40
    phone.uncheck("input[name=m] >> nth=0")
    phone.click("button[formaction$='/note/']")
    assert_no_sideways_scroll(phone)
    phone.fill("[name=text]", "已电话联系双方")
    phone.click("main .btn.go")
    assert_no_sideways_scroll(phone)
    assert phone.locator(".verdict.done").count() == 39


def test_filters_are_arranged_on_a_phone(forty, page_at):
    phone = page_at(width=360, height=740, user=who("wenshu"))
    save_the_filter(phone)
    phone.goto("/filters/save/?handler=none")
    phone.fill("[name=name]", "无人承办")
    phone.click("main .btn.go")
    phone.goto("/filters/")
    check(phone)
    phone.click("form[action$='/up/'] button")
    assert list(SavedFilter.objects.values_list("name", flat=True)) == ["无人承办", "南庄村土地逾期"]
    phone.click("text=改名 >> nth=0")
    phone.fill("[name=name]", "没有承办人")
    phone.click("main .btn.go")
    phone.click(f"a[href$='/{SavedFilter.objects.last().pk}/delete/']")
    check(phone)
    phone.click("main .btn.go")
    assert [row.name for row in SavedFilter.objects.all()] == ["没有承办人"]
    phone.goto("/")
    check(phone)
