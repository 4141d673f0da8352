"""The login log and what locks a login: names and addresses apart, lifted by another hand (登录记录与锁定)."""
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from governance.organisation.models import Change, LoginRecord
from governance.organisation.services import logins, people
from tests.support.factories.casework import make_town, make_user
from tests.support.fakes import probe_kind

pytestmark = pytest.mark.django_db
OFFICE, HOME = "203.0.113.5", "198.51.100.7"


@pytest.fixture
def town(db):
    with probe_kind():
        yield make_town()


def attempt(name, password="wrong", address=OFFICE, client=None):
    client = client or Client()
    return client.post("/accounts/login/", {"username": name, "password": password}, REMOTE_ADDR=address).status_code


def entered(user):
    client = Client()
    client.force_login(user)
    return client


def test_a_login_a_failure_and_a_lockout_stand_in_the_log_with_their_address(town):
    client = Client(headers={"user-agent": "Firefox on the desk"})
    assert attempt("clerk", "clerk", client=client) == 302
    client.post("/accounts/logout/", REMOTE_ADDR=OFFICE)
    assert [attempt("clerk", address=HOME) for _n in range(7)] == [200] * 4 + [429] * 3
    assert attempt("my-Secret-password", address=HOME) == 200
    rows = LoginRecord.objects.order_by("pk")
    assert [(row.outcome, row.address, row.count) for row in rows] == [
        ("login", OFFICE, 1), ("logout", OFFICE, 1), *[("failed", HOME, 1)] * 5, ("locked", HOME, 2),
        ("failed", HOME, 1),
    ]
    assert rows[0].device == "Firefox on the desk" and rows[0].person == town.clerk
    assert rows.last().person is None and "Secret" not in str(list(LoginRecord.objects.values())), "only known names"


def test_a_colleague_whose_name_is_tried_goes_on_working_on_their_own_browser(town):
    own = Client()
    assert attempt("clerk", "clerk", client=own) == 302
    own.post("/accounts/logout/")
    for _round in range(4):
        assert [attempt("clerk") for _n in range(6)][-1] == 429, "the one who tries is locked out, at the same address"
    assert attempt("clerk", "clerk", client=own) == 302
    own.post("/accounts/logout/")
    assert [attempt("clerk", client=own) for _n in range(5)][-1] == 429, "five tries are all that a browser has, too"


def test_one_address_locks_nobody_out_at_another(town):
    assert [attempt("clerk") for _n in range(6)][-1] == 429
    assert attempt("clerk", "clerk") == 429, "also with the right password"
    assert attempt("clerk", "clerk", address=HOME) == 302


def test_trying_while_it_is_locked_makes_it_no_longer(town):
    for _n in range(5):
        attempt("clerk")
    LoginRecord.objects.update(at=timezone.now() - timedelta(minutes=14))
    assert [attempt("clerk") for _n in range(3)] == [429] * 3
    LoginRecord.objects.filter(outcome="failed").update(at=timezone.now() - timedelta(minutes=16))
    assert attempt("clerk", "clerk") == 302


def test_one_password_for_many_names_is_stopped_by_its_address(town):
    answers = [attempt(f"name{number}", "Qinghe-2026") for number in range(30)]
    assert answers == [200] * 29 + [429]
    assert attempt("officer", "officer") == 429 and attempt("officer", "officer", address=HOME) == 302


def test_guessing_one_name_from_many_addresses_is_stopped_by_the_name(town):
    answers = [attempt("clerk", address=f"198.51.100.{number}") for number in range(1, 22)]
    assert answers == [200] * 19 + [429] * 2


def test_a_name_that_does_not_exist_is_locked_like_one_that_does(town):
    assert [attempt("nobody") for _n in range(6)] == [attempt("clerk", address=HOME) for _n in range(6)]


def test_the_page_of_a_lockout_is_in_chinese_and_says_until_when(town):
    for _n in range(5):
        attempt("clerk")
    page = Client().post("/accounts/login/", {"username": "clerk", "password": "x"}, REMOTE_ADDR=OFFICE)
    text = page.content.decode()
    assert page.status_code == 429 and 0 < int(page["Retry-After"]) <= 900
    assert "登录已锁定" in text and "portal.css" in text and "安全管理员" in text
    told = Client().post("/accounts/login/", {"username": "clerk", "password": "x"}, REMOTE_ADDR=OFFICE,
                         headers={"accept": "application/json"})
    assert told.json()["code"] == "locked"


def test_a_locked_administrator_is_let_in_by_another(town):
    second = make_user("secadmin2", "韩安全", "security_admin", town.district)
    for name in ("secadmin", "sysadmin", "clerk"):
        for _n in range(5):
            attempt(name)
    page = entered(second).get("/organisation/lockouts/")
    assert {one.person for one in page.context["lockouts"]} == {town.security_admin, town.system_admin, town.clerk}
    assert "蒋安全" in page.content.decode()
    own = entered(town.security_admin)
    assert town.security_admin not in {one.person for one in own.get("/organisation/lockouts/").context["lockouts"]}
    assert own.post("/organisation/lockouts/lift/", {"person": town.security_admin.pk}).status_code == 403
    system = entered(town.system_admin)
    assert [one.person for one in system.get("/organisation/lockouts/").context["lockouts"]] == [town.security_admin]
    assert system.post("/organisation/lockouts/lift/", {"person": town.clerk.pk}).status_code == 403
    assert system.post("/organisation/lockouts/lift/", {"person": town.security_admin.pk}).status_code == 302
    assert attempt("secadmin", "secadmin") == 302
    assert Change.objects.filter(verb="lockout_lifted", actor=town.system_admin).count() == 1
    assert entered(town.clerk).get("/organisation/lockouts/").status_code == 403


def test_a_locked_address_is_opened_again(town):
    for number in range(30):
        attempt(f"name{number}")
    security = entered(town.security_admin)
    assert [one.address for one in security.get("/organisation/lockouts/").context["lockouts"]] == [OFFICE]
    for odd in ("x" * 400, "1.2.3", "²"):
        assert security.post("/organisation/lockouts/lift/", {"address": odd}).status_code == 404
    assert attempt("officer", "officer") == 429
    security.post("/organisation/lockouts/lift/", {"address": OFFICE})
    assert attempt("officer", "officer") == 302


def test_a_new_code_opens_a_locked_account(town):
    for _n in range(5):
        attempt("clerk")
    code = people.issue_one_time_code(user=town.clerk, actor=None)
    assert attempt("clerk", code) == 302


def test_the_auditor_and_nobody_else_reads_the_log_and_takes_it_out(town, django_assert_max_num_queries):
    for number in range(60):
        logins.record("failed", logins.Client(address=HOME, device='=HYPERLINK("x")'), name=f"n{number}")
    attempt("clerk", "clerk")
    auditor = entered(town.auditor)
    with django_assert_max_num_queries(10):
        page = auditor.get("/organisation/logins/")
    assert len(page.context["page"].rows) == 50 and "赵文书" in page.content.decode()
    assert auditor.get("/organisation/logins/?who=赵文书").context["page"].rows[0].person == town.clerk
    assert len(auditor.get(f"/organisation/logins/?address={OFFICE}").context["page"].rows) == 1
    assert len(auditor.get("/organisation/logins/?outcome=login").context["page"].rows) == 1
    odd = "outcome=login&from_on=2026-99-01"
    refused = auditor.get(f"/organisation/logins/?{odd}")
    assert (refused.status_code, refused.context["page"].rows) == (400, []) and "起始日期" in refused.content.decode()
    assert auditor.get(f"/organisation/logins/file/?{odd}").status_code == 302, "nobody takes out more than they meant"
    table = auditor.get("/organisation/logins/file/")
    lines = b"".join(table.streaming_content).decode().splitlines()
    assert len(lines) == 63 and "沈审计" in lines[0] and "'=HYPERLINK" in lines[5]
    assert Change.objects.filter(verb="logins_exported", actor=town.auditor).exists()
    for user in (town.system_admin, town.security_admin, town.clerk, town.leader):
        for path in ("/organisation/logins/", "/organisation/logins/file/"):
            assert entered(user).get(path).status_code == 403


def test_the_log_is_kept_for_half_a_year_whatever_is_set(town):
    now = timezone.now()
    for days in (181, 179):
        row = logins.record("failed", logins.Client(address=HOME), name="clerk")
        LoginRecord.objects.filter(pk=row.pk).update(at=now - timedelta(days=days))
    with override_settings(KEEP_LOGINS_DAYS=3):
        assert logins.prune_logins() == 1
    assert LoginRecord.objects.get().at > now - timedelta(days=180)


def test_outside_ones_area_no_lockout_and_no_login_is_found(town):
    guard = make_user("secadmin3", "朱安全", "security_admin", town.township)
    watcher = make_user("auditor3", "秦审计", "auditor", town.township)
    for name in ("clerk", "clerk2", "nobody"):
        for _n in range(5):
            attempt(name)
    assert [one.person for one in entered(guard).get("/organisation/lockouts/").context["lockouts"]] == [town.clerk]
    assert entered(guard).post("/organisation/lockouts/lift/", {"person": town.far_clerk.pk}).status_code == 403
    assert entered(guard).post("/organisation/lockouts/lift/", {"address": OFFICE}).status_code == 403
    seen = {row.person for row in entered(watcher).get("/organisation/logins/").context["page"].rows}
    assert seen == {town.clerk}, "names that nobody has are shown to the auditor of the whole"
