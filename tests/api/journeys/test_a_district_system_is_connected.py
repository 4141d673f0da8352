"""A district system is connected, in a real browser: client, token, release, posts, webhook, log, revocation."""
import json

import pytest
import requests
from django.core.cache import cache

from disputes.services.generating import make_township
from governance.casework.services.sealing import seal_ledger
from governance.casework.services.webhooks import delivering
from governance.organisation.models import ApiClient, User
from tests.support.browser import check
from tests.support.receiver import receiver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCOPES = ("matters:read", "disputes:write", "units:read")


@pytest.fixture
def township(transactional_db, settings):
    settings.WEBHOOK_ALLOW_LOCAL = True
    make_township()
    cache.clear()
    return who("cun1").home_unit.township


def who(name):
    return User.objects.get(username=name)


class District:
    """The system of the district as it calls the interface."""

    def __init__(self, url, token):
        self.url = f"{url}/api/v1"
        self.headers = {"Authorization": f"Bearer {token}", "Accept-Language": "zh-Hans"}

    def is_refused(self) -> str:
        """The code with which a call is turned away."""
        answer = requests.get(f"{self.url}/matters/", headers=self.headers, timeout=20)
        assert answer.status_code == 401, answer.text
        return answer.json()["code"]

    def register(self, unit, key) -> dict:
        """Register a dispute: what the interface answers."""
        entry = {"category": "neighbour", "channel": "application", "unit": unit.pk,
                 "description": "两家因排水沟争执", "parties": [{"kind": "applicant", "name": "林大山"}]}
        headers = {**self.headers, "Idempotency-Key": key}
        answer = requests.post(f"{self.url}/disputes/", json=entry, timeout=20, headers=headers)
        assert answer.status_code == 201, answer.text
        return answer.json()


@pytest.mark.parametrize("width", [360, 1366])
def test_from_the_first_form_to_the_last_delivery(township, page_at, live, width):
    def sit(name):
        return page_at(width=width, height=740 if width == 360 else 900, user=who(name))

    system = sit("xitong")
    client = make_client(system, township)
    token = issue_token(system, client)
    district = District(live.url, token)
    assert district.is_refused() == "token-not-released"
    security = sit("anquan")
    appoint_and_release(security, client, township)
    with receiver() as hook:
        secret = order_webhook(system, client, hook.url)
        release_webhook(security, client, hook.url)
        made = district.register(who("cun1").home_unit, "district-2026-118")
        a_failed_delivery_shows_no_matter(system, hook, secret, made["number"])
        deliver_again(system, hook, made["number"])
    history = sit("wenshu")
    history.goto(f"/matters/{made['id']}/")
    assert "区综治平台" in history.inner_text("main")
    revoke(system, client)
    assert district.is_refused() == "token-revoked"
    the_auditor_finds_it_all(sit("shenji"))


def make_client(system, township) -> ApiClient:
    system.goto("/organisation/clients/")
    check(system)
    system.goto("/organisation/clients/new/")
    system.fill("[name=name]", "区综治平台")
    system.fill("[name=username]", "quzhi")
    system.fill("[name=purpose]", "读取纠纷并登记移送件")
    system.select_option("[name=home_unit]", str(township.pk))
    check(system)
    system.click(".btn.go")
    return ApiClient.objects.get()


def issue_token(system, client) -> str:
    """The token is shown once; afterwards only its beginning."""
    system.goto(f"/organisation/clients/{client.pk}/tokens/new/")
    for scope in SCOPES:
        system.check(f"[name=scopes][value='{scope}']")
    check(system)
    system.click(".btn.go")
    token = system.inner_text("#token-text")
    check(system)
    system.goto(f"/organisation/clients/{client.pk}/")
    assert token not in system.content() and token[:12] in system.content()
    return token


def appoint_and_release(security, client, township):
    security.goto(f"/organisation/users/{client.pk}/appoint/")
    security.select_option("[name=unit]", str(township.pk))
    security.select_option("[name=role]", "clerk")
    security.click(".btn.go")
    security.goto(f"/organisation/clients/{client.pk}/")
    check(security)
    security.click("form[action$='/release/'] button")
    security.wait_for_url(f"**/clients/{client.pk}/")


def order_webhook(system, client, url) -> str:
    """The secret with which messages are signed, as it is shown once."""
    system.goto("/webhooks/")
    check(system)
    system.goto("/webhooks/new/")
    system.select_option("[name=client]", str(client.pk))
    system.fill("[name=url]", url)
    system.check("[name=events][value='matter.opened']")
    check(system)
    system.click(".btn.go")
    secret = system.inner_text("#webhook-secret")
    check(system)
    return secret


def release_webhook(security, client, url):
    """Nothing is sent before the second administrator has looked at the address."""
    security.goto("/webhooks/")
    assert "待放行" in security.inner_text("main") and url in security.inner_text("main")
    security.click(f"main a:has-text('{client.user.name}')")
    check(security)
    security.click("form[action$='/release/'] button")
    security.wait_for_selector(".notice.ok")
    assert "待放行" not in security.inner_text("main")


def a_failed_delivery_shows_no_matter(system, hook, secret, number):
    hook.answers = [503]
    delivering.deliver_waiting()
    system.click("main .btn")
    assert "HTTP 503" in system.inner_text("main") and secret not in system.content()
    assert number not in system.content()
    check(system)


def deliver_again(system, hook, number):
    system.click("form[action$='/again/'] button")
    system.wait_for_selector(".notice.ok")
    assert delivering.deliver_waiting() == 1
    system.reload()
    assert "已投递" in system.inner_text("main")
    assert json.loads(hook.got[-1][1])["matter"]["number"] == number


def revoke(system, client):
    system.goto(f"/organisation/clients/{client.pk}/")
    check(system)
    system.click("form[action$='/revoke/'] button")
    system.wait_for_selector(".notice.ok")


def the_auditor_finds_it_all(auditor):
    """The day is sealed, and the changes of the client stand in the record."""
    seal_ledger()
    auditor.goto("/audit/seals/")
    check(auditor)
    auditor.click("a.btn.small")
    check(auditor)
    auditor.goto("/organisation/changes/")
    assert "作废了接口客户端" in auditor.inner_text("main")
