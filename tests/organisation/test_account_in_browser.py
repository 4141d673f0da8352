"""A phone is set up as second factor in a real browser, and the pages of the account fit desk and phone (个人设置)."""
import os
import time
from base64 import b32decode

import pytest
from django_otp.oath import TOTP

from governance.organisation.services import logins
from tests.support import browser as browsers
from tests.support.factories.casework import make_town
from tests.support.fakes import probe_kind

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow(20)]


@pytest.fixture
def town(db):
    with probe_kind():
        yield make_town()


def look(page, name):
    """The page fits and is clean; kept as a picture where PORTAL_PICTURES names a folder."""
    browsers.check(page)
    folder = os.environ.get("PORTAL_PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)


def fill_in(page, **typed):
    for name, value in typed.items():
        page.fill(f"[name={name}]", value)
    page.click("main form.form button[type=submit]")


@pytest.mark.parametrize("width", [360, 1366])
def test_a_phone_is_set_up_asked_for_and_the_pages_fit(town, page_at, width):
    page = page_at(width=width, height=780)
    page.goto("/accounts/login/")
    fill_in(page, username="clerk", password="clerk")
    page.goto("/accounts/me/")
    look(page, "me")
    page.click("a[href$='second-factor/set-up/']")
    look(page, "set-up")
    letters = page.inner_text(".secret").replace(" ", "")
    totp = TOTP(b32decode(letters))
    fill_in(page, old_password="clerk", code=f"{totp.token():06d}")
    look(page, "codes")
    spare = page.locator(".codes li").first.inner_text()
    page.goto("/accounts/me/")
    look(page, "me-with-factor")
    page.goto("/accounts/password/")
    look(page, "password")
    page.goto("/accounts/me/")
    page.locator("[data-logout] button:visible").first.click()
    page.goto("/accounts/login/")
    fill_in(page, username="clerk", password="clerk")
    look(page, "ask")
    fill_in(page, code="000000")
    look(page, "ask-wrong")
    totp.time = time.time() + 30
    fill_in(page, code=f"{totp.token():06d}")
    assert page.url.endswith("/") and page.locator(".shell").count()
    page.goto("/accounts/second-factor/codes/")
    look(page, "renew")
    fill_in(page, code=spare)
    assert page.locator(".codes li").count() == 8


@pytest.mark.parametrize("width", [360, 1366])
def test_the_login_log_and_the_lockouts_fit(town, page_at, width):
    desk = logins.Client(address="203.0.113.5", device="Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0")
    for outcome in logins.Outcome.values:
        logins.record(outcome, desk, person=town.clerk)
    for _n in range(30):
        logins.record("failed", desk, name="officer")
    for who, path, name in ((town.auditor, "/organisation/logins/", "logins"),
                            (town.security_admin, "/organisation/lockouts/", "lockouts")):
        page = page_at(width=width, height=780, user=who)
        page.goto(path)
        look(page, name)
    page = page_at(width=width, height=780)
    for _n in range(5):
        page.goto("/accounts/login/")
        fill_in(page, username="mediator", password="wrong")
    assert "登录已锁定" in page.inner_text("h1")
    look(page, "locked")
