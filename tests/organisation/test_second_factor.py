"""The second factor: asked once for each login, demanded of some, lost and found again (第二因素)."""
import time
from binascii import unhexlify

import pytest
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from governance.organisation.models import SECOND_FACTOR_ROLES, Change, LoginRecord, Role, User
from governance.organisation.services import people, second_factor
from tests.support.factories.casework import make_town
from tests.support.fakes import probe_kind

pytestmark = pytest.mark.django_db
SET_UP, ASK = "/accounts/second-factor/set-up/", "/accounts/second-factor/"


@pytest.fixture
def town(db):
    with probe_kind():
        yield make_town()


@pytest.fixture
def demanding(settings):
    settings.SECOND_FACTOR_DEMANDED = True


def code_of(key, ahead=0):
    totp = TOTP(unhexlify(key))
    totp.time = time.time() + 30 * ahead
    return f"{totp.token():06d}"


def log_in(user, password=None):
    client = Client()
    answer = client.post("/accounts/login/", {"username": user.username, "password": password or user.username})
    assert answer.status_code == 302
    return client


def set_up(client, user, **typed):
    """Teach a phone the key that the page shows; the recovery codes and the key."""
    client.get(SET_UP)
    key = client.session["second_factor_key"]
    typed = {"old_password": user.username, "code": code_of(key), **typed}
    page = client.post(SET_UP, typed)
    assert page.status_code == 200, page.context["form"].errors
    return page.context["codes"], key


def test_after_the_password_a_code_of_the_phone_is_asked_for_once_for_each_login(town):
    _codes, key = set_up(log_in(town.clerk), town.clerk)
    client = log_in(town.clerk)
    assert client.get("/matters/?q=x").url == ASK
    assert client.get("/api/v1/units/").status_code == 401, "the interface is no way round"
    assert client.post(ASK, {"code": "000000"}).status_code == 422
    answer = client.post(ASK, {"code": code_of(key, 1)})
    assert answer.url == "/" and client.get("/matters/").status_code == 200
    told = list(LoginRecord.objects.filter(person=town.clerk).order_by("pk").values_list("outcome", flat=True))
    assert told == ["login", "password", "code_wrong", "login"]


def test_a_code_works_once(town):
    _codes, key = set_up(log_in(town.clerk), town.clerk)
    assert log_in(town.clerk).post(ASK, {"code": code_of(key)}).status_code == 422, "it was used when setting up"
    code = code_of(key, 1)
    assert log_in(town.clerk).post(ASK, {"code": code}).status_code == 302
    assert log_in(town.clerk).post(ASK, {"code": code}).status_code == 422


def test_a_recovery_code_opens_once_when_the_phone_is_lost(town):
    codes, _key = set_up(log_in(town.clerk), town.clerk)
    assert len(codes) == 8
    client = log_in(town.clerk)
    assert client.post(ASK, {"code": codes[0].lower()}).status_code == 302
    page = client.get("/accounts/me/").content.decode()
    assert "7" in page and codes[0] not in page
    assert log_in(town.clerk).post(ASK, {"code": codes[0]}).status_code == 422
    stored = str(list(User.objects.get(pk=town.clerk.pk).recovery_codes.values()))
    assert codes[1].replace("-", "") not in stored, "hashes are kept"


def test_guessing_codes_ends_after_five_even_with_a_right_one(town):
    _codes, key = set_up(log_in(town.clerk), town.clerk)
    client = log_in(town.clerk)
    for number in range(5):
        assert client.post(ASK, {"code": f"00000{number}"}).status_code == 422
    refused = client.post(ASK, {"code": code_of(key, 1)})
    assert refused.status_code == 422 and "次数过多" in refused.content.decode()
    again = log_in(town.clerk)
    assert again.post(ASK, {"code": code_of(key, 1)}).status_code == 422, "logging in again gives no new tries"


@pytest.mark.parametrize("who", ["system_admin", "security_admin", "auditor", "leader", "office", "clerk"])
def test_who_administers_leads_or_exports_sets_it_up_before_anything_else(town, demanding, who):
    user = getattr(town, who)
    client = log_in(user)
    assert client.get("/").url == SET_UP and client.get("/accounts/me/").url == SET_UP
    page = client.get(SET_UP)
    assert "old_password" not in page.context["form"].fields and "<svg" in page.content.decode()
    set_up(client, user)
    assert client.get("/accounts/me/").status_code == 200
    assert client.post("/accounts/second-factor/remove/", {"code": "123456"}).status_code == 422


def test_others_are_offered_it_and_in_the_demo_township_everybody_is(town, settings):
    assert log_in(town.leader).get("/").status_code == 200, "the demo demands it of nobody"
    settings.SECOND_FACTOR_DEMANDED = True
    assert log_in(town.officer).get("/").status_code == 200
    assert "双因素认证" in log_in(town.officer).get("/accounts/me/").content.decode()
    assert Role.VILLAGE_OFFICER not in SECOND_FACTOR_ROLES


def test_setting_it_up_asks_for_the_password_and_ends_every_other_session(town):
    elsewhere, client = log_in(town.clerk), log_in(town.clerk)
    client.get(SET_UP)
    key = client.session["second_factor_key"]
    refused = client.post(SET_UP, {"old_password": "guess", "code": code_of(key)})
    assert refused.status_code == 422 and not TOTPDevice.objects.exists()
    set_up(client, town.clerk)
    assert client.get("/accounts/me/").status_code == 200 and elsewhere.get("/accounts/me/").status_code == 302


def test_another_phone_takes_the_place_of_the_first(town):
    codes, key = set_up(log_in(town.clerk), town.clerk)
    client = log_in(town.clerk)
    client.post(ASK, {"code": code_of(key, 1)})
    new_codes, new_key = set_up(client, town.clerk)
    assert new_key != key and not set(codes) & set(new_codes) and TOTPDevice.objects.count() == 1
    assert log_in(town.clerk).post(ASK, {"code": codes[3]}).status_code == 422
    assert log_in(town.clerk).post(ASK, {"code": code_of(new_key, 1)}).status_code == 302


def test_it_is_turned_off_and_codes_are_renewed_with_a_code_only(town):
    codes, key = set_up(log_in(town.clerk), town.clerk)
    client = log_in(town.clerk)
    client.post(ASK, {"code": codes[0]})
    for page in ("/accounts/second-factor/remove/", "/accounts/second-factor/codes/"):
        assert client.get(page).status_code == 200 and client.post(page, {"code": "111111"}).status_code == 422
    renewed = client.post("/accounts/second-factor/codes/", {"code": code_of(key, 1)}).context["codes"]
    assert client.post("/accounts/second-factor/remove/", {"code": codes[1]}).status_code == 422
    assert client.post("/accounts/second-factor/remove/", {"code": renewed[0]}).status_code == 302
    assert client.get("/").status_code == 200 and log_in(town.clerk).get("/").status_code == 200


def test_a_lost_second_factor_is_taken_away_and_the_next_login_sets_up_another(town, demanding):
    set_up(log_in(town.leader), town.leader)
    waiting = log_in(town.leader)
    assert second_factor.remove_second_factor(user=town.leader, actor=town.system_admin)
    assert waiting.get("/").status_code == 302, "no session lives on"
    assert log_in(town.leader).get("/").url == SET_UP
    assert not second_factor.remove_second_factor(user=town.leader, actor=town.system_admin), "there is none any longer"
    change = Change.objects.get(verb="second_factor_removed")
    assert change.actor == town.system_admin and change.subject_id == str(town.leader.pk)


def test_whoever_gets_a_one_time_code_for_an_account_still_lacks_its_second_factor(town):
    set_up(log_in(town.leader), town.leader)
    code = people.issue_one_time_code(user=town.leader, actor=None)
    client = log_in(town.leader, code)
    for page in ("/", "/accounts/password/", "/accounts/me/", SET_UP):
        assert client.get(page).url == ASK, page
    typed = {"new_password1": "Mogan-hu-7788", "new_password2": "Mogan-hu-7788"}
    assert client.post("/accounts/password/", typed).url == ASK


@pytest.mark.parametrize("odd", ["²²²²²²", "12 34 56 78 90", "0" * 19, "一二三四五六", "-12345"])
def test_odd_codes_are_wrong_and_no_error(town, odd):
    set_up(log_in(town.clerk), town.clerk)
    assert log_in(town.clerk).post(ASK, {"code": odd}).status_code == 422
