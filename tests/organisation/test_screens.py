"""Administrators do their work in the browser, each their own, and nobody another's."""
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from governance.casework.models import Matter
from governance.casework.services.assigning import assign
from governance.organisation.models import PostProposal, StandIn, Unit, User
from tests.support.factories.casework import make_town, report
from tests.support.fakes import probe_kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    with probe_kind():
        yield make_town()


def enter(client, user):
    client.force_login(User.objects.get(pk=user.pk), backend="governance.organisation.visibility.PostBackend")
    return client


PAGES = {
    "/organisation/units/": {"system_admin", "security_admin"},
    "/organisation/units/new/": {"system_admin"},
    "/organisation/units/import/": {"system_admin"},
    "/organisation/users/": {"system_admin", "security_admin", "head"},
    "/organisation/users/new/": {"system_admin"},
    "/organisation/users/import/": {"system_admin"},
    "/organisation/duties/": {"system_admin"},
    "/organisation/duties/new/": {"system_admin"},
    "/organisation/changes/": {"auditor", "system_admin", "security_admin"},
}


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_for_its_roles_only(town, client, page):
    for name, user in town.people.items():
        wanted = 200 if name in PAGES[page] else 403
        assert enter(client, user).get(page).status_code == wanted, (page, name)


def test_a_duty_is_chosen_from_the_lines_of_work_that_the_kinds_hand_up(town, client):
    enter(client, town.system_admin)
    lines = dict(client.get("/organisation/duties/new/").context["form"].fields["line"].choices)
    assert set(lines) >= {"all", "probe"}
    post = town.leader.posts.get()
    typed = {"unit": town.township.pk, "post": post.pk, "responsibility": "scope"}
    assert client.post("/organisation/duties/new/", {**typed, "line": "fishing"}).status_code == 422
    assert client.post("/organisation/duties/new/", {**typed, "line": "probe"}).status_code == 302
    page = client.get("/organisation/duties/").content.decode()
    assert f"<td>{lines['probe']}</td>" in page and "<td>probe</td>" not in page


def test_divisions_are_taken_in_once_and_a_missing_parent_writes_nothing(town, client):
    enter(client, town.system_admin)
    good = "区划代码,名称,上级代码\n330122,桐庐县,\n330122103,清溪镇,330122\n330122103201,南庄村村委会,330122103\n"

    def send(text):
        return client.post("/organisation/units/import/",
                           {"file": SimpleUploadedFile("区划.csv", text.encode("gb18030")), "commit": "on"})

    answer = send(good)
    assert answer.status_code == 200 and Unit.objects.get(code="330122103201").short_name == "南庄村"
    before = Unit.objects.count()
    send(good)
    assert Unit.objects.count() == before
    answer = send("区划代码,名称,上级代码\n330122104,新镇,330122\n340109101,无上级镇,340109\n")
    assert "340109" in answer.content.decode() and not Unit.objects.filter(code="330122104").exists()
    send("区划代码,名称,上级代码\n340102,别的县,\n")
    assert not Unit.objects.filter(code="340102").exists(), "a district is made on the console"
    answer = send("姓名,民族\n张三,汉\n")
    assert answer.status_code == 422


def test_a_list_of_people_becomes_accounts_and_the_second_hand_appoints(town, client):
    enter(client, town.system_admin)
    rows = "姓名,登录名,手机,单位代码或名称,角色,职务,任职日期\n"
    rows += "何新人,xinren,13911112222,横山村,村干部,委员,2026年1月5日\n"
    sent = {"file": SimpleUploadedFile("名单.csv", rows.encode()), "commit": "on"}
    answer = client.post("/organisation/users/import/", sent)
    code = answer.context["report"].codes[0][3]
    assert code in answer.content.decode()
    person = User.objects.get(username="xinren")
    assert not person.posts.exists(), "whoever makes accounts gives no posts"
    proposal = PostProposal.objects.get(user=person)
    assert client.get(f"/organisation/users/{person.pk}/appoint/").status_code == 403
    enter(client, town.security_admin)
    page = client.get(f"/organisation/users/{person.pk}/appoint/?proposal={proposal.pk}")
    assert page.context["form"].initial["role"] == "village_officer"
    answer = client.post(f"/organisation/users/{person.pk}/appoint/", {
        "unit": town.other_village.pk, "role": "village_officer", "title": "委员", "from_on": "2026-01-05"})
    other_half = answer.context["codes"][0][3]
    assert other_half in answer.content.decode()
    assert person.posts.get().role == "village_officer" and not PostProposal.objects.exists()
    client.logout()
    for half in (code, other_half):
        assert client.post("/accounts/login/", {"username": "xinren", "password": half}).status_code == 200
    answer = client.post("/accounts/login/", {"username": "xinren", "password": code + other_half}, follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/password/", "a one-time code opens only the password page"
    client.post("/accounts/password/", {"new_password1": "Heng-shan-2026", "new_password2": "Heng-shan-2026"})
    assert client.get("/").status_code == 200


def test_columns_about_what_is_not_held_are_refused(town, client):
    enter(client, town.system_admin)
    rows = "姓名,登录名,单位,角色,民族,身份证号\n何新人,xinren,横山村,村干部,汉,330\n"
    answer = client.post("/organisation/users/import/", {"file": SimpleUploadedFile("名单.csv", rows.encode())})
    assert answer.status_code == 422 and "民族" in answer.content.decode()
    assert not User.objects.filter(username="xinren").exists()


def test_a_stand_in_finds_the_absent_officers_work_in_the_inbox(town, client):
    matter = report(town, reported_at=timezone.now() - timedelta(days=20))
    post = town.officer.posts.get()
    enter(client, town.security_admin)
    today = timezone.localdate()
    client.post(f"/organisation/posts/{post.pk}/stand-in/", {
        "user": town.other_officer.pk, "from_on": today, "to_on": today + timedelta(days=3), "reason": "年休假"})
    assert StandIn.objects.get().user == town.other_officer
    page = enter(client, town.other_officer).get("/")
    assert matter.title in page.content.decode()
    assert Matter.objects.visible_to(User.objects.get(pk=town.other_officer.pk)).filter(pk=matter.pk).exists()


def test_a_post_goes_over_with_its_duties_and_work_and_the_leavers_account_is_closed_and_opened(town, client):
    matter = report(town)
    post, today = town.officer.posts.get(), timezone.localdate()
    assign(matter_id=matter.pk, actor=town.clerk, version=matter.version, handler=town.officer)
    close = f"/organisation/users/{town.officer.pk}/close/"
    answer = enter(client, town.system_admin).post(close, {"confirm": "1"})
    assert answer.status_code == 422 and "先" in answer.content.decode(), "the post comes first"
    answer = enter(client, town.security_admin).post(
        f"/organisation/posts/{post.pk}/hand-over/", {"user": town.other_officer.pk, "from_on": today, "title": ""})
    assert answer.status_code == 302
    post.refresh_from_db()
    successor = town.other_officer.posts.get(unit=post.unit)
    assert (post.to_on, successor.role, successor.title) == (today - timedelta(days=1), post.role, post.title)
    matter.refresh_from_db()
    assert matter.handler == town.other_officer
    assert enter(client, town.security_admin).post(close, {"confirm": "1"}).status_code == 403, "not her right"
    leaver = User.objects.get(pk=town.officer.pk)
    enter(client, town.officer)
    assert client.get("/").status_code == 200
    other = Client()
    enter(other, town.system_admin).post(close, {"confirm": "1"})
    leaver.refresh_from_db()
    assert not leaver.is_active and client.get("/").status_code == 302, "logged out at once"
    assert "再次启用" in other.get(f"/organisation/users/{leaver.pk}/").content.decode()
    other.post(f"/organisation/users/{leaver.pk}/open/", {"confirm": "1"})
    leaver.refresh_from_db()
    assert leaver.is_active and not leaver.has_usable_password()
