"""Clients of the interface: made by one hand, given rights by another; tokens shown once, kept as a hash."""
from datetime import timedelta

import pytest
from django.utils import timezone

from governance.organisation.models import ApiClient, ApiToken, Change, User
from governance.organisation.registry import Refused
from governance.organisation.services import appointing, clients, people
from tests.support.factories.casework import make_town
from tests.support.fakes import probe_kind
from tests.support.screens import open_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    with probe_kind():
        yield make_town()


def make_client(town):
    return clients.create_client(
        username="quzhi", name="区综治平台", purpose="读取纠纷", home_unit=town.district, actor=town.system_admin,
    )


def issue(town, client, days=30, scopes=("units:read",)):
    day = timezone.localdate() + timedelta(days=days)
    return clients.issue_token(client=client, scopes=list(scopes), expires_on=day, actor=town.system_admin)


def code_of(act, **arguments):
    with pytest.raises(Refused) as refusal:
        act(**arguments)
    return refusal.value.code


def test_a_token_works_only_after_both_hands(town):
    token, text = issue(town, make_client(town))
    assert text not in str(vars(token)) and token.digest == clients.digest_of(text)
    assert code_of(clients.check_token, text=text) == "token-not-released"
    assert code_of(clients.release_token, token=token, actor=town.system_admin) == "not-permitted"
    clients.release_token(token=token, actor=town.security_admin)
    assert clients.check_token(text).client.user.username == "quzhi"
    token.refresh_from_db()
    assert token.last_used_at is not None
    clients.revoke_token(token=token, actor=town.system_admin)
    assert code_of(clients.check_token, text=text) == "token-revoked"
    assert code_of(clients.release_token, token=token, actor=town.security_admin) == "token-not-waiting"


def test_every_act_stands_in_the_change_log_without_the_token(town):
    token, text = issue(town, make_client(town))
    clients.release_token(token=token, actor=town.security_admin)
    clients.revoke_token(token=token, actor=town.security_admin)
    rows = Change.objects.filter(subject_type="user", subject_id=str(token.client_id)).order_by("seq")
    verbs = [(row.verb, row.actor.username) for row in rows]
    assert verbs == [("created", "sysadmin"), ("client_created", "sysadmin"), ("token_issued", "sysadmin"),
                     ("token_released", "secadmin"), ("token_revoked", "secadmin")]
    assert text.removeprefix(token.prefix) not in str([row.data for row in rows])


def test_an_expired_token_and_one_of_a_closed_account_do_not_work(town):
    client = make_client(town)
    token, text = issue(town, client)
    clients.release_token(token=token, actor=town.security_admin)
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert code_of(clients.check_token, text=text) == "token-expired"
    ApiToken.objects.update(expires_at=timezone.now() + timedelta(days=1))
    people.deactivate_user(user=client.user, actor=town.system_admin)
    assert code_of(clients.check_token, text=text) == "client-closed"
    assert code_of(clients.check_token, text=text + "x") == "token-unknown"


def test_tokens_have_an_end_and_known_scopes(town):
    client = make_client(town)
    for days in (-1, 367):
        with pytest.raises(Refused, match="expiry-wrong"):
            issue(town, client, days=days)
    with pytest.raises(Refused, match="scope-unknown"):
        issue(town, client, scopes=("everything",))
    with pytest.raises(Refused, match="scope-missing"):
        issue(town, client, scopes=())


def test_a_program_has_no_password_no_work_and_no_leading_role(town):
    client = make_client(town)
    user = client.user
    assert not user.has_usable_password()
    assert code_of(people.issue_one_time_code, user=user, actor=town.system_admin) == "not-permitted"
    for role in ("system_admin", "auditor", "leader", "unit_head", "mediator"):
        refused = code_of(appointing.appoint, user=user, unit=town.township, role=role, from_on=timezone.localdate(),
                          actor=town.security_admin)
        assert refused == "role-not-for-programs"
    appointing.appoint(user=user, unit=town.township, role="clerk", from_on=timezone.localdate(),
                       actor=town.security_admin)
    from governance.casework.services.assigning import assignable
    from tests.support.factories.casework import report

    assert user not in assignable(report(town))


def test_the_screens_show_the_token_once_and_each_administrator_their_part(town, client):
    answer = open_page(client, town.system_admin, "organisation:client-new")
    assert answer.status_code == 200
    client.post("/organisation/clients/new/", {
        "name": "区综治平台", "username": "quzhi", "purpose": "对接", "home_unit": town.district.pk})
    row = ApiClient.objects.get()
    answer = client.post(f"/organisation/clients/{row.pk}/tokens/new/", {
        "scopes": ["units:read"], "expires_on": timezone.localdate() + timedelta(days=30)})
    token = ApiToken.objects.get()
    text = answer.context["text"]
    assert text in answer.content.decode() and "no-store" in answer["Cache-Control"]
    shown = open_page(client, town.system_admin, "organisation:client", row.pk).content.decode()
    assert text not in shown and token.prefix in shown
    assert f"/organisation/tokens/{token.pk}/release/" not in shown
    assert client.post(f"/organisation/tokens/{token.pk}/release/").status_code == 403
    shown = open_page(client, town.security_admin, "organisation:client", row.pk).content.decode()
    assert f"/organisation/tokens/{token.pk}/release/" in shown and "tokens/new" not in shown
    client.post(f"/organisation/tokens/{token.pk}/release/")
    assert clients.check_token(text) == token
    client.post(f"/organisation/tokens/{token.pk}/revoke/")
    assert code_of(clients.check_token, text=text) == "token-revoked"


def test_the_pages_are_for_these_two_only(town, client):
    row = make_client(town)
    pages = {"organisation:clients": (), "organisation:client": (row.pk,)}
    for name, user in town.people.items():
        wanted = 200 if name in ("system_admin", "security_admin") else 403
        for page, args in pages.items():
            assert open_page(client, User.objects.get(pk=user.pk), page, *args).status_code == wanted, (name, page)
