"""Who may come in: tokens that work, scopes, sessions with their form token, throttling."""
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from governance.organisation.models import ApiToken
from governance.organisation.services import clients
from tests.support.interface import issue, new_key, with_session, with_token


def refused(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content
    assert set(answer.json()) >= {"code", "message", "missing"}


def test_without_a_token_nobody_comes_in(place):
    answer = with_token("x").get("/api/v1/matters/")
    refused(answer, 401, "token-unknown")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    refused(Client().get("/api/v1/matters/"), 401, "login-required")
    for header in ("Bearer", "Bearer a b", "Bearer \xe9", "Basic YTpi"):
        assert Client().get("/api/v1/matters/", headers={"authorization": header}).status_code == 401


@pytest.mark.parametrize(
    ("columns", "code"),
    [({"expires_at": timezone.now() - timedelta(minutes=1)}, "token-expired"),
     ({"revoked_at": timezone.now()}, "token-revoked"), ({"released_at": None}, "token-not-released")],
)
def test_a_token_that_does_not_work_says_why(place, client_account, columns, code):
    text = issue(client_account)
    ApiToken.objects.update(**columns)
    refused(with_token(text).get("/api/v1/matters/"), 401, code)


def test_a_revoked_token_ends_at_once(place, client_account):
    text = issue(client_account)
    caller = with_token(text)
    assert caller.get("/api/v1/matters/").status_code == 200
    clients.revoke_token(token=ApiToken.objects.get(), actor=None)
    refused(caller.get("/api/v1/matters/"), 401, "token-revoked")


@pytest.mark.parametrize(
    ("scope", "opens", "shut"),
    [("units:read", "units/", "matters/"), ("matters:read", "matters/", "clocks/"),
     ("clocks:read", "clocks/", "units/")],
)
def test_a_scope_opens_what_it_names(place, client_account, scope, opens, shut):
    caller = with_token(issue(client_account, scope))
    assert caller.get(f"/api/v1/{opens}").status_code == 200
    refused(caller.get(f"/api/v1/{shut}"), 403, "scope-missing")


def test_reading_does_not_let_write(place, client_account):
    reader = with_token(issue(client_account, "matters:read"))
    refused(reader.post("/api/v1/disputes/", {}, format="json", **new_key()), 403, "scope-missing")
    step = f"/api/v1/disputes/{place.matter.pk}/steps/accept/"
    refused(reader.post(step, {"version": 1}, format="json"), 403, "scope-missing")


def test_a_session_writes_only_with_its_form_token(place):
    user = place.who("wenshu")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user, backend="governance.organisation.visibility.PostBackend")
    assert browser.get("/api/v1/matters/").status_code == 200
    answer = browser.post("/api/v1/disputes/", "{}", content_type="application/json", **new_key())
    refused(answer, 403, "csrf")


def test_who_calls_too_often_waits(place, client_account, monkeypatch):
    from governance.organisation.api.doors import CallerThrottle

    monkeypatch.setattr(CallerThrottle, "THROTTLE_RATES", {"caller": "2/min"})
    caller, other = with_token(issue(client_account)), with_session(place.who("wenshu"))
    assert [caller.get("/api/v1/units/").status_code for _ in range(2)] == [200, 200]
    answer = caller.get("/api/v1/units/")
    refused(answer, 429, "throttled")
    assert int(answer["Retry-After"]) > 0
    assert other.get("/api/v1/units/").status_code == 200, "others are not held up"


def test_the_answers_are_in_the_language_of_the_request(place, client_account):
    caller = with_token(issue(client_account))
    address = f"/api/v1/matters/{place.matter.pk}/timeline/"
    told = [caller.get(address, headers={"accept-language": language}).json()["results"][0]["sentence"]
            for language in ("zh-Hans", "en")]
    assert told == [f"登记为{place.matter.number}", f"Registered as {place.matter.number}"] or told[0] != told[1]


@override_settings(DEBUG=False)
def test_one_log_line_for_each_call_without_what_was_asked(place, client_account, caplog):
    import logging

    caplog.set_level(logging.INFO, logger="portal.api")
    caller = with_token(issue(client_account))
    caller.get("/api/v1/matters/", {"q": "林大山"})
    (line,) = [record for record in caplog.records if record.name == "portal.api"]
    assert line.fields["route"] == "api/v1/matters/" and line.fields["client"] == client_account.pk
    assert line.fields["token"].startswith("tgp_") and "林大山" not in str(vars(line))
