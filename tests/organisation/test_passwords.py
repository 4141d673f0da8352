"""Passwords: none that is tried first, none of the last five, the old one asked; a one-time code works once (口令)."""
import pytest
from django.test import Client

from governance.organisation.models import HadPassword, LoginSession, User
from governance.organisation.services import people
from governance.passwords import is_common
from tests.support.factories.casework import make_town
from tests.support.fakes import probe_kind

pytestmark = pytest.mark.django_db
GOOD = (
    "Mogan-hu-7788", "竹海听涛 2026 春", "blau7Kessel-pumpe", "Feng.lin.18.wan",
    "shuiku-baba-91-lu", "tea4mountain9rain",
)


@pytest.fixture
def town(db):
    with probe_kind():
        yield make_town()


def log_in(user, password=None):
    client = Client()
    client.post("/accounts/login/", {"username": user.username, "password": password or user.username})
    return client


def change(client, new, old="clerk"):
    typed = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/accounts/password/", typed)


@pytest.mark.parametrize("password", [
    "woaini1314520", "Woaini@1314", "wang123456789", "zhangsan2024!", "Admin@123456", "admin888888", "Aa123456789",
    "abc1234567890", "qwer1234!@#$", "1qaz2wsx3edc", "1qaz@WSX3edc", "q1w2e3r4t5", "zls13800138000", "lw19850612",
    "Password@2026", "mima123456", "adminadmin1", "asdfghjkl;123", "aaaa888888", "zhengfu2026!", "WANGGE@2026",
    "qwertyuiop1", "a5201314520", "Ｗoaini1314520",
])
def test_what_is_tried_first_in_a_township_is_refused(password):
    assert is_common(password)


@pytest.mark.parametrize("password", GOOD)
def test_what_nobody_would_try_is_taken(password):
    assert not is_common(password)


def test_no_password_holds_the_persons_own_names_or_numbers(town):
    User.objects.filter(pk=town.clerk.pk).update(phone="13905718823", email="zws.home@example.org")
    client = log_in(town.clerk)
    for password in ("zhaowenshu-71", "my.clerk.pass-x", "赵文书的密码很长啊", "tea4mountain718823", "ZWS.home-91-lu"):
        page = change(client, password)
        assert page.status_code == 200 and page.context["form"].errors["new_password1"], password
    assert change(client, GOOD[0]).status_code == 302


def test_the_old_password_is_asked_for_and_guessing_it_ends(town):
    client = log_in(town.clerk)
    for _n in range(5):
        assert "old_password" in change(client, GOOD[0], old="guess").context["form"].errors
    page = change(client, GOOD[0])
    assert "次数过多" in page.content.decode() and User.objects.get(pk=town.clerk.pk).check_password("clerk")


def test_a_change_ends_every_other_session_and_this_one_goes_on(town):
    elsewhere, client = log_in(town.clerk), log_in(town.clerk)
    key = client.cookies["sessionid"].value
    assert change(client, GOOD[0]).status_code == 302
    assert client.get("/accounts/me/").status_code == 200 and client.cookies["sessionid"].value != key
    assert elsewhere.get("/accounts/me/").status_code == 302
    assert LoginSession.objects.filter(person=town.clerk).count() == 1


def test_the_last_five_are_not_taken_again(town):
    client, old = log_in(town.clerk), "clerk"
    for new in GOOD:
        assert change(client, new, old=old).status_code == 302, new
        old = new
    for used in GOOD[1:]:
        assert "new_password1" in change(client, used, old=old).context["form"].errors
    assert change(client, GOOD[0], old=old).status_code == 302, "six changes ago"
    assert HadPassword.objects.filter(user=town.clerk).count() == 5


def test_a_password_that_a_code_has_replaced_counts_among_the_last_five(town):
    change(log_in(town.clerk), GOOD[0])
    code = people.issue_one_time_code(user=town.clerk, actor=None)
    client = log_in(town.clerk, code)
    typed = {"new_password1": GOOD[0], "new_password2": GOOD[0]}
    assert "new_password1" in client.post("/accounts/password/", typed).context["form"].errors


def test_a_one_time_code_works_once(town):
    code = people.issue_one_time_code(user=town.clerk, actor=None)
    first = log_in(town.clerk, code)
    assert first.get("/").url == "/accounts/password/"
    page = first.get("/accounts/password/")
    assert "old_password" not in page.context["form"].fields and "一次性" in page.content.decode()
    second = Client().post("/accounts/login/", {"username": "clerk", "password": code})
    assert second.status_code == 200, "whoever saw it on the way comes too late, and the person notices"
    assert first.post("/accounts/password/", {"new_password1": GOOD[0], "new_password2": GOOD[0]}).status_code == 302
    assert first.get("/").status_code == 200 and log_in(town.clerk, GOOD[0]).get("/").status_code == 200


def test_ones_sessions_are_listed_with_device_and_address_and_ended(town):
    phone = Client(headers={"user-agent": "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0"})
    phone.post("/accounts/login/", {"username": "clerk", "password": "clerk"}, REMOTE_ADDR="203.0.113.5")
    desk, third, stranger = log_in(town.clerk), log_in(town.clerk), log_in(town.leader)
    page = desk.get("/accounts/me/")
    text = page.content.decode()
    assert "Android · 微信" in text and "203.0.113.5" in text and len(page.context["places"]) == 3
    (one,) = [place for place in page.context["places"] if place.address == "203.0.113.5"]
    assert stranger.post("/accounts/sessions/end/", {"session": one.pk}).status_code == 404
    assert phone.get("/accounts/me/").status_code == 200
    assert desk.post("/accounts/sessions/end/", {"session": one.pk}).status_code == 302
    assert phone.get("/accounts/me/").status_code == 302 and third.get("/accounts/me/").status_code == 200
    desk.post("/accounts/sessions/end/")
    assert third.get("/accounts/me/").status_code == 302 and desk.get("/accounts/me/").status_code == 200
    assert stranger.get("/accounts/me/").status_code == 200
