"""People are told at once, in the portal and by mail, what happens to their account (账号提醒)."""
import pytest
from django.core import mail
from django.test import Client

from governance.casework.models import Message
from governance.casework.services import sending
from governance.organisation.models import User
from governance.organisation.services import logins, second_factor
from tests.support.factories.casework import make_town
from tests.support.fakes import probe_kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    with probe_kind():
        yield make_town()


def log_in(user, client=None, password=None, **more):
    client = client or Client(**more)
    client.post("/accounts/login/", {"username": user.username, "password": password or user.username},
                REMOTE_ADDR="203.0.113.5")
    return client


def told(user, channel="portal"):
    rows = Message.objects.filter(recipient=user, channel=channel).select_related("matter").order_by("pk")
    return [sending.in_words(row) for row in rows]


def test_a_login_on_a_strange_browser_is_told_and_one_on_a_known_browser_is_not(town):
    own = log_in(town.clerk)
    own.post("/accounts/logout/")
    log_in(town.clerk, own)
    assert told(town.clerk) == [], "the first browser of all is nobody's surprise"
    log_in(town.clerk, headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/130"})
    (sentence,) = told(town.clerk)
    assert "Windows · Firefox" in sentence and "203.0.113.5" in sentence and told(town.clerk, "email") == [sentence]
    sending.send_messages()
    assert "203.0.113.5" in mail.outbox[-1].body and mail.outbox[-1].to == ["clerk@example.org"]
    page = own.get("/notifications/")
    assert "未登录过的设备" in page.content.decode()


def test_whoever_knows_the_password_but_not_the_code_is_no_login_yet(town):
    key = second_factor.new_key()
    log_in(town.clerk)
    device = second_factor.device_with(town.clerk, key)
    device.save()
    log_in(town.clerk)
    assert told(town.clerk) == [] and logins.LoginRecord.objects.order_by("-pk").first().outcome == "password"


def test_another_password_and_another_factor_are_told(town):
    client = log_in(town.clerk)
    typed = {"old_password": "clerk", "new_password1": "Mogan-hu-7788", "new_password2": "Mogan-hu-7788"}
    assert client.post("/accounts/password/", typed).status_code == 302
    assert "密码" in told(town.clerk)[-1]
    second_factor.device_with(town.clerk, second_factor.new_key()).save()
    assert second_factor.remove_second_factor(user=User.objects.get(pk=town.clerk.pk), actor=None)
    assert "被取消" in told(town.clerk)[-1] and len(told(town.clerk, "email")) == 2
