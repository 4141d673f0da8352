"""What every answer tells a browser about itself, and what cookies are like (响应头与 Cookie)."""
import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.urls import reverse

from tests.architecture.sources import ROOT

PAGES = ("/accounts/login/", "/help/", "/nowhere/", "/api/v1/matters/", "/")


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_names_its_policy_its_kind_and_tells_nobody_where_one_came_from(db, client, address):
    answer = client.get(address)
    policy = answer["Content-Security-Policy"]
    for directive in ("default-src 'self'", "script-src 'self'", "object-src 'none'", "base-uri 'none'",
                      "frame-ancestors 'none'"):
        assert directive in policy
    assert "unsafe-inline" not in policy and "unsafe-eval" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer and "Server" not in answer
    if answer.content:
        assert "charset=utf-8" in answer["Content-Type"].lower() or answer["Content-Type"] == "application/json"


def test_a_cookie_of_a_session_is_out_of_reach_of_scripts_and_other_sites(db, client):
    client.get(reverse("organisation:login"))
    assert settings.SESSION_COOKIE_HTTPONLY and settings.SESSION_COOKIE_SAMESITE == "Lax"
    assert client.cookies["csrftoken"]["samesite"] == "Lax"


def test_trace_gives_nothing_back(db, client):
    for address in PAGES:
        answer = client.trace(address, headers={"x-told": "secret-word"})
        assert answer.status_code in (301, 302, 401, 404, 405) and b"secret-word" not in answer.content


def test_over_https_cookies_belong_to_this_host_alone_and_browsers_stay_with_https():
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME", "SESSION_COOKIE_SECURE",
             "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS",
             "SECURE_SSL_REDIRECT", "DEBUG")
    told = subprocess.run(
        [sys.executable, "-c", "import json; from governance import settings as s;"
         f"print(json.dumps({{n: getattr(s, n) for n in {names!r}}}))"],
        cwd=ROOT, env={**os.environ, "PORTAL_TLS": "1"}, capture_output=True, text=True, check=True,
    )
    held = json.loads(told.stdout)
    assert [held[name] for name in names[:3]] == ["__Host-sessionid", "__Host-csrftoken", "__Host-django_language"]
    assert all(held[name] for name in names[3:6]) and held["SECURE_HSTS_SECONDS"] >= 31536000
    assert held["SECURE_HSTS_INCLUDE_SUBDOMAINS"] and held["SECURE_SSL_REDIRECT"] and not held["DEBUG"]


@pytest.mark.parametrize("address", [
    "/.git/config", "/manage.py", "/requirements.txt", "/static/../manage.py", "/static/%2e%2e/manage.py",
    "/static/portal/../../manage.py", "/attachments/../keys/SECRET_KEY", "/static/", "/governance/settings.py",
])
def test_files_of_the_code_are_not_to_be_had(db, client, address):
    answer = client.get(address)
    assert answer.status_code == 404, answer.status_code
