"""What people do to forms: typed twice, sent twice, left half-typed, overtaken by somebody else."""
import pytest

from governance.casework.models import Matter
from governance.casework.services import recording
from tests.support.factories.casework import report
from tests.support.journeys import who

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIDES = [{"kind": "applicant", "name": "林大山"}, {"kind": "respondent", "name": "孙来福"}]


def quarrel(title="水塘放水争执") -> Matter:
    """An open dispute of the first village."""

    class Town:
        officer, village = who("cun1"), who("cun1").home_unit

    return report(Town, kind="dispute", title=title, category="neighbour", channel="application", parties=SIDES)


def test_is_it_this_one_links_or_merges(visit):
    first, second = quarrel(), quarrel("又是水塘放水")
    clerk = visit("wenshu").go(f"/matters/{second.pk}/")
    asked = clerk.page.inner_text("[aria-labelledby=similar-h]")
    assert "是这一件吗" in asked and first.title in asked
    clerk.click("[aria-labelledby=similar-h] a[href*='/acts/link/']")
    assert clerk.page.input_value("main [name=other]") == first.number, "the number need not be typed"
    clerk.fill(relation="same_affair").send()
    assert first.title in clerk.page.inner_text("[aria-labelledby=same-h]")
    clerk.click("[aria-labelledby=similar-h] a[href*='/acts/merge/']")
    assert clerk.page.input_value("main [name=other]") == first.number
    clerk.fill(reason="同一件事报了两次").send()
    second.refresh_from_db()
    assert (second.status, second.duplicate_of) == ("merged", first)


def test_a_form_sent_twice_by_a_double_click_writes_once(visit):
    clerk = visit("wenshu").go("/report/dispute/")
    clerk.fill(**{"category": "neighbour", "description": "堆石堵沟", "unit": {"index": 2}, "channel": "application",
                  "parties-0-name": "林大山"})
    with clerk.page.expect_navigation():
        clerk.page.dblclick("form.form .btn.go")
    assert Matter.objects.count() == 1 and "堆石堵沟" in clerk.look().text


def test_what_was_half_typed_is_back_the_next_time(visit):
    clerk = visit("wenshu").go("/report/dispute/")
    with clerk.page.expect_response("**/drafts/"):
        clerk.page.type("main [name=description]", "雨后塌方压了菜地")
    clerk.go("/").go("/report/dispute/")
    assert clerk.page.input_value("main [name=description]") == "雨后塌方压了菜地"
    assert "上次" in clerk.page.inner_text("[data-draft-restored]")
    clerk.fill(category="neighbour", unit={"index": 2}, channel="application").send()
    clerk.go("/report/dispute/")
    assert clerk.page.input_value("main [name=description]") == "", "sent, the draft is wiped"


def test_whoever_comes_second_is_told_what_changed_and_keeps_the_text(visit):
    matter = quarrel()
    clerk = visit("wenshu").go(f"/matters/{matter.pk}/acts/correct/")
    clerk.fill(address="水塘东头", reason="地点写漏了")
    matter.refresh_from_db()
    recording.set_grade(matter_id=matter.pk, actor=who("wenshu2"), version=matter.version, grade="red", reason="已动手")
    clerk.send()
    told = clerk.page.inner_text("#form-errors")
    assert "红" in told and clerk.page.input_value("main [name=address]") == "水塘东头", told
    clerk.send()
    matter.refresh_from_db()
    assert (matter.address, matter.grade) == ("水塘东头", "red")
