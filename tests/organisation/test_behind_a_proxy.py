"""Behind a real proxy the login log holds the address of the person, and nobody writes their own (反向代理)."""
import contextlib
import http.client
import re
import subprocess
import sys
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import override_settings

from governance.organisation.models import LoginRecord
from tests.support.factories.casework import make_user
from tests.support.portals import ROOT, free_port, until

pytestmark = pytest.mark.django_db(transaction=True)
# Where the proxy listens, and from where it asks.
FRONT, PROXY = "127.0.0.2", "127.0.0.1"


@contextlib.contextmanager
def proxy(target):
    """A proxy before the portal; yields its address and port."""
    port = free_port()
    command = [sys.executable, ROOT / "tests/support/passing_proxy.py", FRONT, str(port), target]
    process = subprocess.Popen(command)
    try:
        yield f"{FRONT}:{port}"
    finally:
        process.kill()
        process.wait(10)


def attempt(at, forwarded, source="127.0.0.9"):
    """A wrong password from an address of this machine; what the address says about itself goes along."""
    connection = http.client.HTTPConnection(at, source_address=(source, 0), timeout=20)
    connection.request("GET", "/accounts/login/")
    page = connection.getresponse()
    cookie = page.getheader("Set-Cookie").partition(";")[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())[1]
    body = urlencode({"csrfmiddlewaretoken": token, "username": "clerk", "password": "wrong"})
    connection.request("POST", "/accounts/login/", body, {
        "Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie, "X-Forwarded-For": forwarded,
    })
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def answers(at):
    """Whether somebody listens there."""
    try:
        connection = http.client.HTTPConnection(at, timeout=2)
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False


def test_the_log_holds_the_address_of_the_person_and_not_what_they_say_about_it(live):
    make_user("clerk", "赵文书")
    direct = urlsplit(live.url).netloc
    with proxy(direct) as at, override_settings(TRUSTED_PROXIES=[PROXY]):
        assert until(lambda: answers(at), seconds=10)
        # Whoever goes round by a lie of their own at each try is still one address.
        statuses = [attempt(at, f"198.51.100.{number}, 203.0.113.{number}") for number in range(6)]
        assert statuses == [200] * 4 + [429] * 2
        assert set(LoginRecord.objects.values_list("address", flat=True)) == {"127.0.0.9"}
        assert attempt(at, "", source="127.0.0.10") == 200, "a neighbour behind the same proxy is not locked out"
        assert attempt(direct, "198.51.100.77", source="127.0.0.11") == 200
        assert LoginRecord.objects.order_by("-pk").first().address == "127.0.0.11", "past the proxy nobody is believed"
    with proxy(direct) as at, override_settings(TRUSTED_PROXIES=[]):
        assert until(lambda: answers(at), seconds=10)
        attempt(at, "198.51.100.1")
        assert LoginRecord.objects.order_by("-pk").first().address == PROXY, "a proxy that nobody named is a client"
