"""The attack tree of docs/security.md, branches D and E: no way through a program, none out of one's own area."""
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from governance.casework.models import LocalLength, VocabularyTerm, WebhookDelivery
from governance.casework.services import arranging, retaining, vocabularies
from governance.casework.services.webhooks import delivering, subscribing
from governance.organisation.models import ApiClient, CodeRequest, Duty, PostProposal, Unit, User
from governance.organisation.services import appointing, clients, duties, people, proposing, resetting, units
from tests.support.factories.casework import BEGIN, make_user, report
from tests.support.fakes import probe_kind

from .attacks import day, enter, fresh, make_place, refused

pytestmark = pytest.mark.django_db
URL = "https://receiver.example/in"


@pytest.fixture
def town(db):
    with probe_kind():
        yield make_place()


def make_client(town, actor=None, home=None):
    return clients.create_client(
        username="quzhi", name="区综治平台", purpose="读取", home_unit=home or town.township,
        actor=actor or town.system_admin,
    )


def issue(client, actor):
    return clients.issue_token(client=client, scopes=["units:read"], expires_on=day(30), actor=actor)


def test_d1_a_token_is_not_issued_and_released_by_one(town):
    token, text = issue(make_client(town), town.system_admin)
    for alone in (town.system_admin, town.other_system, town.auditor, town.far_security):
        assert refused(clients.release_token, token=token, actor=alone) in ("not-permitted", "person-not-found")
    assert refused(clients.check_token, text=text) == "token-not-released"


def test_d2_a_program_holds_no_leading_and_no_administering_post(town):
    user = make_client(town).user
    for role in ("leader", "unit_head", "system_admin", "security_admin", "auditor"):
        assert refused(appointing.appoint, user=user, unit=town.township, role=role, from_on=day(),
                       actor=town.security_admin) == "role-not-for-programs"
    assert refused(appointing.set_stand_in, post=town.leader.posts.get(), user=user, from_on=day(), to_on=day(1),
                   reason="出差", actor=town.security_admin) == "role-not-for-programs"


def test_d3_nothing_is_told_to_an_address_that_a_second_administrator_has_not_released(town, client):
    account = make_client(town)
    appointing.appoint(user=account.user, unit=town.township, role="clerk", from_on=day(), actor=town.security_admin)
    row, _secret = subscribing.subscribe(client=account, url=URL, events=["matter.opened"], actor=town.system_admin)
    report(town)
    assert not WebhookDelivery.objects.exists(), "not even kept for later"
    assert delivering.deliver_waiting() == 0
    assert refused(subscribing.send_test, subscription=row, actor=town.system_admin) == "webhook-not-released"
    for alone in (town.system_admin, town.other_system, town.auditor):
        assert refused(subscribing.release, subscription=row, actor=alone) == "not-permitted"
    enter(client, town.system_admin)
    assert "放行" in client.get(f"/webhooks/{row.pk}/").content.decode()
    assert client.post(f"/webhooks/{row.pk}/release/").status_code == 403
    page = enter(client, town.security_admin).get("/organisation/waiting/").content.decode()
    assert URL in page and f"/webhooks/{row.pk}/" in page, "it stands in the list of the second hand"
    assert client.post(f"/webhooks/{row.pk}/release/").status_code == 302
    row.refresh_from_db()
    assert row.released_by == town.security_admin
    report(town)
    assert WebhookDelivery.objects.filter(subscription=row).count() == 1
    assert refused(subscribing.release, subscription=row, actor=town.security_admin) == "webhook-not-waiting"


def test_d4_an_address_is_not_changed_once_it_is_released(town, client):
    row, _secret = subscribing.subscribe(client=make_client(town), url=URL, events=["matter.opened"], actor=None)
    enter(client, town.system_admin)
    for address in (f"/webhooks/{row.pk}/", f"/webhooks/{row.pk}/change/", f"/webhooks/{row.pk}/edit/"):
        client.post(address, {"url": "https://elsewhere.example/in", "events": ["matter.closed"]})
    row.refresh_from_db()
    assert (row.url, row.events) == (URL, ["matter.opened"]), "another address is another webhook, released anew"


PLACES = {
    "/organisation/users/{officer}/": "both", "/organisation/users/{officer}/edit/": "system",
    "/organisation/users/{officer}/close/": "system", "/organisation/users/{officer}/open/": "system",
    "/organisation/users/{officer}/appoint/": "security", "/organisation/posts/{post}/end/": "security",
    "/organisation/posts/{post}/hand-over/": "security", "/organisation/posts/{post}/stand-in/": "security",
    "/organisation/units/{village}/rename/": "system", "/organisation/units/{village}/close/": "system",
    "/organisation/units/{village}/merge/": "system", "/organisation/clients/{client}/": "both",
    "/organisation/clients/{client}/tokens/new/": "system", "/webhooks/{webhook}/": "both",
}
POSTED = {
    "/organisation/users/{officer}/code/": "both", "/organisation/users/{officer}/unlock/": "security",
    "/organisation/stand-ins/{stand_in}/end/": "security", "/organisation/duties/{duty}/end/": "system",
    "/organisation/tokens/{token}/release/": "security", "/organisation/tokens/{token}/revoke/": "both",
    "/organisation/proposals/{proposal}/decline/": "security",
    "/organisation/waiting/codes/{code}/release/": "security",
    "/organisation/waiting/codes/{code}/drop/": "both", "/webhooks/{webhook}/release/": "both",
    "/webhooks/{webhook}/end/": "both", "/webhooks/{webhook}/pause/": "both",
}


def things_of(town):
    """One of everything in the near township, by the letters of the addresses."""
    account = make_client(town)
    token, _text = issue(account, town.system_admin)
    hook, _secret = subscribing.subscribe(client=account, url=URL, events=["matter.opened"], actor=town.system_admin)
    stand_in = appointing.set_stand_in(post=town.officer.posts.get(), user=town.other_officer, from_on=day(),
                                       to_on=day(5), reason="出差", actor=town.security_admin)
    proposal = PostProposal.objects.create(user=town.officer, unit=town.village, role="mediator", from_on=day(),
                                           proposed_by=town.system_admin)
    resetting.ask_for_code(user=town.officer, actor=town.system_admin)
    return {
        "officer": town.officer.pk, "post": town.officer.posts.get().pk, "village": town.village.pk,
        "client": account.pk, "token": token.pk, "webhook": hook.pk, "stand_in": stand_in.pk, "proposal": proposal.pk,
        "duty": Duty.objects.get().pk, "code": CodeRequest.objects.get().pk,
    }


def test_e1_every_page_and_act_outside_the_area_answers_as_if_there_were_nothing(town, client):
    things = things_of(town)
    hands = {"system": (town.far_system,), "security": (town.far_security,),
             "both": (town.far_system, town.far_security)}
    for address, whose in PLACES.items():
        for actor in hands[whose]:
            assert enter(client, actor).get(address.format(**things)).status_code == 404, (address, actor)
            assert client.post(address.format(**things)).status_code in (404, 405), (address, actor)
    for address, whose in POSTED.items():
        for actor in hands[whose]:
            assert enter(client, actor).post(address.format(**things)).status_code == 404, (address, actor)


def test_e2_what_is_near_is_found_by_those_whose_area_it_is(town, client):
    things = things_of(town)
    for address, whose in PLACES.items():
        actor = town.security_admin if whose == "security" else town.system_admin
        assert enter(client, actor).get(address.format(**things)).status_code == 200, address


def test_e3_lists_show_the_own_area_only(town, client):
    things_of(town)
    for actor in (town.far_system, town.far_security):
        enter(client, actor)
        for address in ("/organisation/users/", "/organisation/units/", "/organisation/clients/", "/webhooks/",
                        "/organisation/waiting/", "/organisation/proposals/", "/organisation/duties/"):
            answer = client.get(address)
            if answer.status_code == 403:
                continue
            page = answer.content.decode()
            for name in ("李村干", "芝厦村", "区综治平台", "富春江镇", URL):
                assert name not in page, (actor, address, name)
    assert "吴远村" in enter(client, town.far_system).get("/organisation/users/").content.decode()


def test_e4_choices_of_forms_hold_the_own_area_only(town, client):
    make_client(town)
    enter(client, town.far_system)
    for address, field in (("/organisation/users/new/", "home_unit"), ("/organisation/units/new/", "parent"),
                           ("/organisation/duties/new/", "unit"), ("/organisation/clients/new/", "home_unit")):
        chosen = client.get(address).context["form"].fields[field].queryset
        assert set(chosen) == {town.far_township, town.far_village}, address
    assert not client.get("/webhooks/new/").context["form"].fields["client"].queryset.exists()
    assert client.get("/organisation/duties/new/").context["form"].fields["post"].queryset.count() == 2


def test_e5_acts_are_refused_without_a_page_too(town):
    actor, guard = town.far_system, town.far_security
    made = {"code": "330122101299", "name": "新村", "level": "village", "actor": actor}
    assert refused(units.create_unit, parent=town.township, **made) == "unit-not-found"
    assert refused(units.create_unit, code="330999", name="新县", level="district", parent=None, actor=actor) == (
        "unit-not-found")
    assert refused(units.rename_unit, unit=town.village, name="改村", actor=actor) == "unit-not-found"
    assert refused(units.close_unit, unit=town.village, on=day(), actor=actor) == "unit-not-found"
    assert refused(units.merge_units, units=[town.village], into=town.other_village, on=day(-1), actor=actor) == (
        "unit-not-found")
    assert refused(people.create_user, username="x1", name="某人", home_unit=town.township, actor=actor) == (
        "unit-not-found")
    assert refused(people.create_user, username="x2", name="某人", actor=actor) == "unit-not-found", "nor nowhere"
    assert refused(people.update_user, user=town.far_officer, home_unit=town.township, actor=actor) == "unit-not-found"
    assert refused(people.end_sessions, user=town.clerk, actor=guard) == "person-not-found"
    assert refused(people.lift_lockout, username="clerk", actor=guard) == "person-not-found"
    assert refused(duties.assign_duty, line="all", unit=town.far_village, post=town.leader.posts.get(),
                   responsibility="scope", actor=actor) == "unit-not-found"
    assert refused(make_client, town=town, actor=actor) == "unit-not-found"
    assert not ApiClient.objects.exists()
    assert proposing.confirm_many(ids=[1, 2, 3], actor=guard) == []


def test_e6_imports_reach_no_further_than_the_area(town, client):
    enter(client, town.far_system)
    rows = "姓名,登录名,单位,角色\n何新人,xinren,富春江镇,综治办工作人员\n何远人,yuanren,高翔村,村干部\n"
    rows += "李村干,officer,高翔村,村干部\n"
    answer = client.post("/organisation/users/import/", {
        "file": SimpleUploadedFile("名单.csv", rows.encode()), "commit": "on"})
    assert [row["verdict"] for row in answer.context["report"].rows] == ["error", "new", "error"]
    assert User.objects.get(username="officer").home_unit == town.village
    rows = "区划代码,名称,上级代码\n330122101299,新村村委会,330122101\n"
    client.post("/organisation/units/import/", {"file": SimpleUploadedFile("区划.csv", rows.encode()), "commit": "on"})
    rows = "区划代码,名称,上级代码\n330122101201,改名村村委会,330122101\n"
    client.post("/organisation/units/import/", {"file": SimpleUploadedFile("区划.csv", rows.encode()), "commit": "on"})
    assert not Unit.objects.filter(code="330122101299").exists()
    assert Unit.objects.get(code="330122101201").name == "芝厦村"


def test_e7_a_local_length_is_set_for_the_own_townships_only(town, client):
    code = enter(client, town.system_admin).get("/lengths/").context["rules"][0]["rule"].code
    LocalLength.objects.create(rule=code, township=town.township, variant="", length=7, from_on=BEGIN, version=1)
    for actor, count in ((town.system_admin, 1), (town.far_system, 0)):
        rules = enter(client, actor).get("/lengths/").context["rules"]
        assert [len(one["lengths"]) for one in rules if one["rule"].code == code] == [count]
    page = client.get(f"/lengths/{code}/")
    assert list(page.context["form"].fields["township"].queryset) == [town.far_township]
    assert refused(vocabularies.set_local_length, actor=town.far_system, rule=code, township=town.township, variant="",
                   length=3, from_on=day()) == "unit-not-found"
    assert vocabularies.set_local_length(actor=town.far_system, rule=code, township=town.far_township, variant="",
                                         length=3, from_on=day())


def test_e8_words_that_hold_for_all_are_changed_by_whoever_administers_all(town, client):
    term = VocabularyTerm.objects.filter(vocabulary="probe.category").first()
    for address in (f"/vocabularies/{term.vocabulary}/add/", f"/vocabularies/{term.vocabulary}/{term.code}/"):
        assert enter(client, town.far_system).get(address).status_code == 404, address
        assert enter(client, town.system_admin).get(address).status_code == 200, address
    values = {"vocabulary": term.vocabulary, "code": "neu", "label_zh": "新词", "label_en": "New"}
    assert refused(vocabularies.put_term, actor=town.far_system, **values) == "not-permitted"
    assert vocabularies.put_term(actor=town.system_admin, **values)
    assert enter(client, town.far_system).get("/vocabularies/").status_code == 200


def test_e9_a_post_that_has_ended_gives_no_area(town, client):
    town.far_system.posts.update(to_on=day(-1))
    assert enter(client, town.far_system).get("/organisation/users/").status_code == 403
    new = make_user("xinguan", "何新官", "system_admin", town.far_village)
    found = enter(client, new).get("/organisation/users/").content.decode()
    assert "吴远村" in found and "孙远镇" not in found, "a post in a village reaches that village"
    assert fresh(new).posts.get().from_on < timezone.localdate() - timedelta(days=1)


def test_e10_neither_lengths_of_keeping_nor_days_off_are_set_for_others(town, client):
    enter(client, town.far_system)
    page = client.get("/retention/probe/set/")
    assert list(page.context["form"].fields["township"].queryset) == [town.far_township]
    assert refused(retaining.set_period, actor=town.far_system, township=town.township, kind="probe", outcome="",
                   years=50, from_on=day(400)) == "unit-not-found"
    year = day().year + 1
    assert client.get(f"/holidays/{year}/").status_code == 404
    assert refused(arranging.enter_arrangement, actor=town.far_system, year=year, source="某文", issued_on=day(),
                   days_off=[], workdays=[]) == "not-permitted"
    assert enter(client, town.system_admin).get(f"/holidays/{year}/").status_code == 200
