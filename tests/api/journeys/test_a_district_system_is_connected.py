"""A district system is connected, in a real browser: client, token, release, posts, webhook, log, revocation."""
import json

import pytest
import requests
from django.core.cache import cache

from disputes.services.generating import make_township
from governance.casework.services.sealing import seal_ledger
from governance.casework.services.webhooks import delivering
from governance.organisation.models import ApiClient, User
from tests.support.browser import assert_axe_clean, assert_no_sideways_scroll
from tests.support.receiver import receiver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def township(transactional_db, settings):
    settings.WEBHOOK_ALLOW_LOCAL = True
    make_township()
    cache.clear()


def who(name):
    return User.objects.get(username=name)


def check(page):
    assert_no_sideways_scroll(page)
    assert_axe_clean(page)


@pytest.mark.parametrize("width", [360, 1366])
def test_from_the_first_form_to_the_last_delivery(township, page_at, live, width):
    height = 740 if width == 360 else 900
    system = page_at(width=width, height=height, user=who("xitong"))
    security = page_at(width=width, height=height, user=who("anquan"))
    unit = who("cun1").home_unit.township

    def shoot(page, name):
        page.screenshot(path=f"/tmp/api-{name}-{width}.png", full_page=True)
        check(page)

    system.goto("/organisation/clients/")
    shoot(system, "clients-empty")
    system.goto("/organisation/clients/new/")
    system.fill("[name=name]", "区综治平台")
    system.fill("[name=username]", "quzhi")
    system.fill("[name=purpose]", "读取纠纷并登记移送件")
    system.select_option("[name=home_unit]", str(unit.pk))
    shoot(system, "client-new")
    system.click(".btn.go")
    client = ApiClient.objects.get()
    system.goto(f"/organisation/clients/{client.pk}/tokens/new/")
    for scope in ("matters:read", "disputes:write", "units:read"):
        system.check(f"[name=scopes][value='{scope}']")
    shoot(system, "token-new")
    system.click(".btn.go")
    token = system.inner_text("#token-text")
    shoot(system, "token-shown")
    system.goto(f"/organisation/clients/{client.pk}/")
    assert token not in system.content() and token[:12] in system.content()
    caller = {"Authorization": f"Bearer {token}", "Accept-Language": "zh-Hans"}
    answer = requests.get(f"{live.url}/api/v1/matters/", headers=caller, timeout=20)
    assert (answer.status_code, answer.json()["code"]) == (401, "token-not-released")

    security.goto(f"/organisation/users/{client.pk}/appoint/")
    security.select_option("[name=unit]", str(unit.pk))
    security.select_option("[name=role]", "clerk")
    security.click(".btn.go")
    security.goto(f"/organisation/clients/{client.pk}/")
    shoot(security, "client-waiting")
    security.click("form[action$='/release/'] button")
    security.wait_for_url(f"**/clients/{client.pk}/")

    with receiver() as hook:
        system.goto("/webhooks/")
        shoot(system, "webhooks-empty")
        system.goto("/webhooks/new/")
        system.select_option("[name=client]", str(client.pk))
        system.fill("[name=url]", hook.url)
        system.check("[name=events][value='matter.opened']")
        shoot(system, "webhook-new")
        system.click(".btn.go")
        secret = system.inner_text("#webhook-secret")
        shoot(system, "webhook-secret")
        entry = {"category": "neighbour", "channel": "application", "unit": who("cun1").home_unit_id,
                 "description": "两家因排水沟争执", "parties": [{"kind": "applicant", "name": "林大山"}]}
        sent = requests.post(f"{live.url}/api/v1/disputes/", json=entry, timeout=20,
                             headers={**caller, "Idempotency-Key": "district-2026-118"})
        assert sent.status_code == 201, sent.text
        hook.answers = [503]
        delivering.deliver_waiting()
        system.click("main .btn")
        assert "HTTP 503" in system.inner_text("main") and secret not in system.content()
        assert sent.json()["number"] not in system.content()
        shoot(system, "webhook-log")
        system.click("form[action$='/again/'] button")
        system.wait_for_selector(".notice.ok")
        assert delivering.deliver_waiting() == 1
        system.reload()
        assert "已投递" in system.inner_text("main")
        assert json.loads(hook.got[-1][1])["matter"]["number"] == sent.json()["number"]

    history = page_at(width=width, height=height, user=who("wenshu"))
    history.goto(f"/matters/{sent.json()['id']}/")
    assert "区综治平台" in history.inner_text("main")
    system.goto(f"/organisation/clients/{client.pk}/")
    shoot(system, "client-in-use")
    system.click("form[action$='/revoke/'] button")
    system.wait_for_selector(".notice.ok")
    answer = requests.get(f"{live.url}/api/v1/matters/", headers=caller, timeout=20)
    assert (answer.status_code, answer.json()["code"]) == (401, "token-revoked")

    seal_ledger()
    auditor = page_at(width=width, height=height, user=who("shenji"))
    auditor.goto("/audit/seals/")
    shoot(auditor, "seals")
    auditor.click("a.btn.small")
    shoot(auditor, "seal-of-day")
    auditor.goto("/organisation/changes/")
    assert "作废了接口客户端" in auditor.inner_text("main")
