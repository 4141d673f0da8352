"""The attack tree of docs/security.md, branch A: nobody comes to read by taking over somebody else's account."""
import pytest
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from governance.casework.models import Message
from governance.organisation.models import CodeRequest, Post, PostProposal, User
from governance.organisation.services import people, resetting, second_factor
from tests.support.factories.casework import make_user, report
from tests.support.fakes import probe_kind

from .attacks import day, enter, fresh, make_place, opens, refused, sees_nothing, verbs_about

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    with probe_kind():
        yield make_place()


def ask(user, actor):
    first = resetting.ask_for_code(user=user, actor=actor)
    return first, CodeRequest.objects.get(user=user, agreed_at=None, dropped_at=None)


def told(user):
    return set(Message.objects.filter(recipient=user, channel="portal").values_list("subject", flat=True))


def test_a1_a_system_administrator_alone_gets_half_a_code_that_opens_nothing(town, client):
    report(town)
    for victim in (town.leader, town.clerk):
        answer = enter(client, town.system_admin).post(f"/organisation/users/{victim.pk}/code/")
        first = answer.context["codes"][0][3]
        assert len(first) == resetting.HALF and first in answer.content.decode()
        assert not opens(client, victim, first)
        assert opens(client, victim, victim.username), "the old password works on"
        row = CodeRequest.objects.get(user=victim)
        assert first not in str(vars(row)), "neither half is kept"
        assert refused(resetting.release_code, request=row, actor=fresh(town.system_admin)) == "not-permitted"
        enter(client, town.system_admin)
        assert client.post(f"/organisation/waiting/codes/{row.pk}/release/").status_code == 403


def test_a2_an_account_of_another_township_is_not_found(town, client):
    for victim in (town.clerk, town.leader, town.officer):
        assert enter(client, town.far_system).post(f"/organisation/users/{victim.pk}/code/").status_code == 404
        assert refused(resetting.ask_for_code, user=victim, actor=town.far_system) == "person-not-found"
    _first, row = ask(town.clerk, town.system_admin)
    assert enter(client, town.far_security).post(f"/organisation/waiting/codes/{row.pk}/release/").status_code == 404
    assert refused(resetting.release_code, request=row, actor=fresh(town.far_security)) == "person-not-found"


def test_a3_a_security_administrator_alone_gets_the_other_half_only(town, client):
    assert refused(resetting.ask_for_code, user=town.clerk, actor=town.security_admin) == "not-permitted"
    first, row = ask(town.clerk, town.system_admin)
    answer = enter(client, town.security_admin).post(f"/organisation/waiting/codes/{row.pk}/release/")
    second = answer.context["codes"][0][3]
    for part in (first, second, second + first):
        assert not opens(client, town.clerk, part)
    assert not opens(client, town.clerk, "clerk"), "and the old password is gone"
    assert opens(client, town.clerk, first + second), "the person, who was given both"


def test_a4_two_of_one_administration_are_one_hand(town):
    _first, row = ask(town.clerk, town.system_admin)
    assert refused(resetting.release_code, request=row, actor=town.other_system) == "not-permitted"
    assert refused(resetting.release_code, request=row, actor=town.auditor) == "not-permitted"


def test_a5_a_unit_head_does_not_pass_the_wall_with_his_officers_account(town, client):
    matter = report(town, parties=[{"kind": "applicant", "name": "钱书记", "phone": "13900000099"}])
    User.objects.filter(pk=town.head.pk).update(phone="13900000099")
    answer = enter(client, town.head).post(f"/organisation/users/{town.officer.pk}/code/")
    first = answer.context["codes"][0][3]
    assert not opens(client, town.officer, first) and matter.pk
    row = CodeRequest.objects.get(user=town.officer)
    assert enter(client, town.head).post(f"/organisation/waiting/codes/{row.pk}/release/").status_code == 403
    assert "code_asked_own" in told(town.officer)
    for other in (town.other_officer, town.leader, town.clerk):
        assert client.post(f"/organisation/users/{other.pk}/code/").status_code == 404, "not his staff"


def test_a6_whoever_becomes_an_administrator_tomorrow_is_one_today(town):
    new = make_user("xinguan", "何新官", unit=town.village)
    assert resetting.ask_for_code(user=new, actor=town.head), "still staff of the village"
    Post.objects.create(user=new, unit=town.village, role="security_admin", from_on=day(1))
    assert refused(resetting.ask_for_code, user=new, actor=town.head) == "not-permitted"
    _first, row = ask(new, town.system_admin)
    assert refused(resetting.release_code, request=row, actor=town.security_admin) == "not-permitted"
    assert resetting.release_code(request=row, actor=town.auditor), "the third administration is the second hand"


def test_a7_no_administration_takes_over_another(town):
    assert refused(resetting.ask_for_code, user=town.auditor, actor=town.security_admin) == "not-permitted"
    _first, row = ask(town.security_admin, town.system_admin)
    for alone in (town.system_admin, town.other_system, town.security_admin, town.other_security):
        assert refused(resetting.release_code, request=row, actor=alone) == "not-permitted"
    _first, row = ask(town.system_admin, town.security_admin)
    for alone in (town.security_admin, town.other_security, town.system_admin):
        assert refused(resetting.release_code, request=row, actor=alone) == "not-permitted"
    assert resetting.release_code(request=row, actor=town.auditor)


def test_a8_whoever_makes_an_account_does_not_keep_it_until_the_appointment(town, client):
    ghost = people.create_user(username="guiling", name="何新人", actor=town.system_admin, home_unit=town.township)
    PostProposal.objects.create(
        user=ghost, unit=town.township, role="clerk", from_on=day(), proposed_by=town.system_admin
    )
    first, _row = ask(ghost, town.system_admin)
    assert not opens(client, ghost, first)
    answer = enter(client, town.security_admin).post("/organisation/proposals/", {
        "proposal": [PostProposal.objects.get().pk]})
    second = answer.context["halves"][0][3]
    assert ghost.posts.get().role == "clerk" and not opens(client, ghost, first)
    assert opens(client, ghost, first + second)


def test_a9_a_closed_account_that_is_opened_again_has_no_password(town, client):
    Post.objects.filter(user=town.clerk).update(to_on=day(-1))
    people.deactivate_user(user=town.clerk, actor=town.system_admin)
    people.reactivate_user(user=town.clerk, actor=town.system_admin)
    assert not opens(client, town.clerk, "clerk")
    assert refused(people.issue_one_time_code, user=town.clerk, actor=town.system_admin) == "not-permitted"
    first, _row = ask(town.clerk, town.system_admin)
    assert not opens(client, town.clerk, first)


def test_a10_the_person_the_auditor_and_the_security_administrator_are_told_at_once(town):
    _first, row = ask(town.clerk, town.system_admin)
    assert told(town.clerk) == {"code_asked_own"}
    assert told(town.auditor) == told(town.security_admin) == {"code_asked"}
    assert Message.objects.filter(recipient=town.clerk, channel="email").exists(), "also by e-mail"
    resetting.release_code(request=row, actor=town.security_admin)
    assert told(town.clerk) == {"code_asked_own", "code_released_own"}
    assert told(town.auditor) == {"code_asked", "code_released"} and told(town.far_security) == set()
    assert verbs_about(town.clerk) == ["code_asked", "code_released"]


def test_a11_nobody_resets_an_account_of_their_own(town):
    phone = "13900000088"
    User.objects.filter(pk=town.system_admin.pk).update(phone=phone, phone_hash=people.phone_hash(phone))
    second = people.create_user(
        username="ling", name="卫系统", phone=phone, actor=town.other_system, home_unit=town.township
    )
    actor = fresh(town.system_admin)
    assert refused(resetting.ask_for_code, user=actor, actor=actor) == "not-permitted"
    assert refused(resetting.ask_for_code, user=second, actor=actor) == "not-permitted", "the second account"


def test_a12_a_request_does_not_lie_in_a_drawer(town):
    _first, row = ask(town.clerk, town.system_admin)
    CodeRequest.objects.update(lapses_at=timezone.now() - timezone.timedelta(seconds=1))
    assert refused(resetting.release_code, request=row, actor=town.security_admin) == "request-not-waiting"
    old, row = ask(town.clerk, town.system_admin)
    new, later = ask(town.clerk, town.other_system)
    assert refused(resetting.release_code, request=row, actor=town.security_admin) == "request-not-waiting"
    resetting.release_code(request=later, actor=town.security_admin)
    assert refused(resetting.release_code, request=later, actor=town.security_admin) == "request-not-waiting", "once"


def test_a13_who_is_to_release_is_asked_at_the_release(town):
    _first, row = ask(town.mediator, town.system_admin)
    Post.objects.create(user=town.mediator, unit=town.district, role="security_admin", from_on=day(1))
    assert refused(resetting.release_code, request=row, actor=town.security_admin) == "not-permitted"


def test_a14_a_program_has_no_password_that_could_be_reset(town):
    program = make_user("chengxu", "某系统", "clerk", town.township)
    User.objects.filter(pk=program.pk).update(is_service=True)
    assert refused(resetting.ask_for_code, user=fresh(program), actor=town.system_admin) == "not-permitted"


def test_a15_no_administrator_reads_whatever_their_post(town):
    report(town)
    for name in ("system_admin", "security_admin", "auditor", "far_system", "far_security"):
        assert sees_nothing(town.people[name]), name


def test_a16_an_account_that_reaches_out_of_the_area_is_not_touched(town, client):
    stranger = make_user("qianren", "钱远人", "clerk", town.far_township)
    Post.objects.create(user=stranger, unit=town.township, role="clerk", from_on=day())
    actor = town.far_system
    assert enter(client, actor).get(f"/organisation/users/{stranger.pk}/").status_code == 200, "found by the post there"
    assert refused(resetting.ask_for_code, user=stranger, actor=actor) == "not-permitted"
    assert refused(people.update_user, user=stranger, actor=actor, phone="13900000001") == "person-reaches-further"
    assert refused(people.deactivate_user, user=stranger, actor=actor) == "person-reaches-further"


def test_a17_a_second_factor_is_not_taken_away_by_one(town, client):
    TOTPDevice.objects.create(user=town.clerk, name="手机", confirmed=True)
    first, row = ask(town.clerk, town.system_admin)
    resetting.release_code(request=row, actor=town.security_admin)
    assert second_factor.has_second_factor(town.clerk), "a code alone leaves it, and the login asks for it"
    enter(client, town.system_admin).post(f"/organisation/users/{town.clerk.pk}/code/", {"takes_factor": "1"})
    assert second_factor.has_second_factor(town.clerk) and first
    row = CodeRequest.objects.get(user=town.clerk, agreed_at=None)
    resetting.release_code(request=row, actor=town.security_admin)
    assert not second_factor.has_second_factor(town.clerk)
