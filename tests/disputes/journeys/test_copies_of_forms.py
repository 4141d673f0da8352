"""What is typed outlives the login: a copy in the browser, given back to the same person, wiped for everybody else."""
import pytest

from disputes.services.generating.township import PASSWORD
from governance.casework.models import Matter
from tests.support.browser import login, wait_until
from tests.support.factories.disputes import plain_dispute
from tests.support.journeys import who

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COPIES = "Object.keys(localStorage).filter(key => key.startsWith('portal-copy:')).length"
NOTE = "双方都已电话联系，周五再谈\n约在村委会"


def log_in_by_form(page, name):
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("form .btn.go")


def test_a_form_sent_after_the_login_has_expired_comes_back_filled(visit):
    matter = plain_dispute()
    clerk = visit("wenshu").go(f"/matters/{matter.pk}/acts/note/")
    page = clerk.fill(text=NOTE).page
    page.context.clear_cookies(name="sessionid")
    page.click("form.form .btn.go")
    assert "/login/" in page.url
    log_in_by_form(page, "wenshu")
    clerk.look()
    assert page.input_value("main [name=text]") == NOTE and "已恢复上次填写的内容" in clerk.text
    clerk.send()
    assert "周五再谈" in clerk.text and page.evaluate(COPIES) == 0, "the server has it: the copy is gone"
    clerk.go(f"/matters/{matter.pk}/acts/note/")
    assert page.input_value("main [name=text]") == ""


def test_rows_of_parties_ticks_and_choices_come_back_too(visit):
    clerk = visit("wenshu").go("/report/dispute/")
    page = clerk.page
    typed = {"category": "neighbour", "description": "堆石堵沟", "unit": {"index": 2}, "channel": "application",
             "has_danger": True, "parties-0-name": "林大山"}
    clerk.fill(**typed)
    page.route("**/drafts/", lambda route: route.abort())
    clerk.page.context.clear_cookies(name="sessionid")
    page.click("form.form .btn.go >> nth=0")
    log_in_by_form(page, "wenshu")
    clerk.look()
    assert page.input_value("main [name=category]") == "neighbour" and page.is_checked("main [name=has_danger]")
    assert page.input_value("main [name=parties-0-name]") == "林大山"
    clerk.send()
    assert Matter.objects.get().dispute.has_danger and page.evaluate(COPIES) == 0


def test_a_copy_is_wiped_on_log_out_and_when_somebody_else_logs_in(visit):
    matter = plain_dispute()
    clerk = visit("wenshu").go(f"/matters/{matter.pk}/acts/note/")
    page = clerk.fill(text=NOTE).page
    wait_until(page, f"{COPIES} === 1")
    page.click("[data-logout] button")
    assert page.evaluate(COPIES) == 0
    login(page, who("wenshu"))
    clerk.go(f"/matters/{matter.pk}/acts/note/").fill(text=NOTE)
    wait_until(page, f"{COPIES} === 1")
    login(page, who("wenshu2"))
    clerk.go(f"/matters/{matter.pk}/acts/note/")
    assert page.input_value("main [name=text]") == "" and page.evaluate(COPIES) == 0


def test_what_was_refused_or_discarded_is_not_brought_back_wrongly(visit):
    matter = plain_dispute()
    clerk = visit("wenshu").go(f"/matters/{matter.pk}/acts/task/")
    page = clerk.page
    clerk.fill(text=NOTE).send()
    assert page.locator("#form-errors").count() == 1, "nobody was named: nothing is taken"
    assert page.input_value("main [name=text]") == NOTE and page.evaluate(COPIES) == 1
    clerk.go(page.url)
    assert page.input_value("main [name=text]") == NOTE, "a refused form is given back as well"
    with page.expect_navigation():
        page.click("[data-copy-restored] button")
    assert page.input_value("main [name=text]") == "" and page.evaluate(COPIES) == 0
