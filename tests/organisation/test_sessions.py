"""Sessions: nobody is logged out because a cache fell silent, and a session that was ended is ended (会话)."""
import os
import signal
import subprocess
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone

from governance.caching import SurvivingCache
from governance.embedded import Place
from governance.embedded.binaries import valkey_program
from governance.organisation.models import LoginSession, User
from governance.sessions import hash_of
from tests.support.factories.casework import make_town
from tests.support.fakes import probe_kind
from tests.support.portals import data_folder, until

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    with probe_kind():
        yield make_town()


def enter(user, **more):
    client = Client(**more)
    answer = client.post("/accounts/login/", {"username": user.username, "password": user.username})
    assert answer.status_code == 302, answer.content.decode()
    return client


def row_of(client):
    return LoginSession.objects.get(pk=hash_of(client.cookies[settings.SESSION_COOKIE_NAME].value))


class OwnValkey:
    """A Valkey of this test's own, which can be stopped, held and killed."""

    def __init__(self, folder):
        self.place = Place.at(folder).make()
        self.socket = folder / "v.sock"
        self.process = None

    def start(self):
        command = [valkey_program(self.place), "--port", "0", "--unixsocket", self.socket, "--save", "",
                   "--dir", self.place.data]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert until(self.socket.exists, seconds=10)

    def end(self):
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self.socket.unlink(missing_ok=True)


@pytest.fixture
def own_valkey():
    with data_folder() as folder:
        server = OwnValkey(folder)
        server.start()
        backend = {**settings.CACHES["default"], "LOCATION": f"unix://{server.socket}?db=0"}
        with override_settings(CACHES={"default": backend}):
            yield server
        server.end()
    SurvivingCache._silent_until = 0.0


def test_a_valkey_that_is_killed_logs_nobody_out_and_deletes_no_cookie(town, own_valkey):
    client = enter(town.clerk)
    cache.set("seen", 1)
    own_valkey.end()
    for _round in range(2):
        page = client.get("/")
        assert page.status_code == 200 and page.context["user"] == town.clerk
        assert client.cookies[settings.SESSION_COOKIE_NAME].value, "the cookie is there"
    SurvivingCache._silent_until = 0.0
    cache.set("seen", 2)
    assert cache.get("seen") is None, "a cache without an answer holds nothing"
    own_valkey.start()
    SurvivingCache._silent_until = 0.0
    assert client.get("/").status_code == 200
    cache.set("seen", 3)
    assert cache.get("seen") == 3, "the connection that was kept is of a server that is gone"


def test_one_logs_in_and_works_while_there_is_no_valkey_at_all(town, own_valkey):
    own_valkey.end()
    client = enter(town.clerk)
    assert client.get("/").status_code == 200
    ready = client.get("/readyz")
    assert ready.status_code == 503 and ready.json()["broker"] is False, "and the operator is told"


def test_a_valkey_that_hangs_costs_a_second_once_and_not_for_each_question(town, own_valkey):
    client = enter(town.clerk)
    client.get("/")
    os.kill(own_valkey.process.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert client.get("/").status_code == 200
        assert time.monotonic() - began < 1.5, "asked twice, 0.4 seconds each, and the page"
        began = time.monotonic()
        for number in range(20):
            cache.get(f"any{number}")
        assert time.monotonic() - began < 0.5
    finally:
        os.kill(own_valkey.process.pid, signal.SIGCONT)


def test_the_key_of_a_session_does_not_stand_in_the_database(town):
    client = enter(town.clerk)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert not LoginSession.objects.filter(pk=key).exists()
    row = row_of(client)
    assert row.person == town.clerk and row.address == "127.0.0.1"


def test_a_session_ends_after_twelve_hours_however_busy(town):
    client = enter(town.clerk)
    row = row_of(client)
    LoginSession.objects.filter(pk=row.pk).update(begun_at=timezone.now() - timedelta(hours=12, minutes=1))
    assert client.get("/").status_code == 302
    assert enter(town.clerk).get("/").status_code == 200


def test_a_session_ends_after_half_an_hour_without_a_click(town):
    client = enter(town.clerk)
    until_then = row_of(client).expire_date - timezone.now()
    assert timedelta(minutes=29) < until_then <= timedelta(minutes=30)
    LoginSession.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/").status_code == 302


def test_no_session_is_prolonged_beyond_its_twelve_hours(town):
    client = enter(town.clerk)
    session = client.session
    begun_at = timezone.now() - timedelta(hours=11, minutes=50)
    session["begun_at"] = begun_at.isoformat()
    session.save()
    assert row_of(client).expire_date == begun_at + timedelta(hours=12)


def test_a_click_writes_to_the_session_once_a_minute_and_not_more(town, django_assert_num_queries):
    client = enter(town.clerk)
    client.get("/accounts/me/")
    seen_at = row_of(client).seen_at
    client.get("/accounts/me/")
    assert row_of(client).seen_at == seen_at
    LoginSession.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    client.get("/accounts/me/")
    assert timezone.now() - row_of(client).seen_at < timedelta(seconds=30)


def test_the_sixth_place_ends_the_one_that_was_left_alone_longest(town):
    clients = [enter(town.clerk) for _number in range(5)]
    LoginSession.objects.filter(pk=row_of(clients[2]).pk).update(seen_at=timezone.now() - timedelta(hours=1))
    clients.append(enter(town.clerk))
    working = [client.get("/accounts/me/").status_code == 200 for client in clients]
    assert working == [True, True, False, True, True, True]


def test_what_a_session_did_that_was_ended_meanwhile_is_answered_as_done(town):
    client = enter(town.clerk)
    session = client.session
    session["noted"] = "so"
    LoginSession.objects.all().delete()
    session.save()
    assert not LoginSession.objects.exists(), "an ended session stays ended"
    assert client.get("/").status_code == 302


def test_every_page_behind_the_login_says_that_nothing_keeps_it(town):
    client = enter(town.clerk)
    for path in ("/", "/matters/", "/accounts/me/", "/report/quick/", "/nowhere/"):
        assert "no-store" in client.get(path)["Cache-Control"], path
    assert "no-store" in Client().get("/accounts/login/")["Cache-Control"]
    assert "no-store" not in Client().get("/static/portal/portal.css").get("Cache-Control", "")


def test_the_language_of_the_account_takes_effect_at_once_and_on_every_device(town):
    desk, phone = enter(town.clerk), enter(town.clerk, headers={"accept-language": "zh-Hans"})
    assert '<html lang="zh-hans">' in phone.get("/accounts/me/").content.decode()
    desk.post("/accounts/me/", {"phone": "", "email": "", "language": "en"})
    for client in (desk, phone, enter(town.clerk)):
        page = client.get("/accounts/me/")
        assert '<html lang="en">' in page.content.decode() and page["Content-Language"] == "en"
    refused = phone.get("/nowhere/")
    assert '<html lang="en">' in refused.content.decode(), "also what is not there is said in this language"
    assert User.objects.get(pk=town.clerk.pk).language == "en"
