"""The attack tree of docs/security.md, branches B and C: nobody makes themselves a reader or blinds the auditor."""
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.functions import Now

from governance.casework.models import Message
from governance.organisation.models import Post, PostEnding, PostProposal, StandIn, User
from governance.organisation.registry import Refused
from governance.organisation.services import appointing, duties, ending, people, proposing, units
from tests.support.factories.casework import make_user, report
from tests.support.fakes import probe_kind

from .attacks import day, enter, fresh, make_place, refused, sees_nothing, verbs_about

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    with probe_kind():
        yield make_place()


def appoint(user, role, unit, actor, **days):
    return appointing.appoint(user=user, unit=unit, role=role, actor=actor, **{"from_on": day(), **days})


def twin_of(user, town, username="shuangren"):
    """A second account with the same mobile phone."""
    User.objects.filter(pk=user.pk).update(phone="13900000077", phone_hash=people.phone_hash("13900000077"))
    return people.create_user(username=username, name=user.name, phone="13900000077", actor=None,
                              home_unit=town.township)


def test_b1_nobody_appoints_themselves(town, client):
    actor = town.security_admin
    for ahead in (0, 1, 400):
        assert refused(appoint, user=actor, role="leader", unit=town.township, actor=actor, from_on=day(ahead)) == (
            "not-for-oneself")
    page = enter(client, actor).post(f"/organisation/users/{actor.pk}/appoint/", {
        "unit": town.township.pk, "role": "leader", "from_on": day(1)})
    assert page.status_code == 422 and actor.posts.count() == 1


def test_b2_nobody_proposes_themselves(town, client):
    rows = "姓名,登录名,单位,角色\n卫系统,sysadmin,富春江镇,镇领导\n"
    enter(client, town.system_admin).post("/organisation/users/import/", {
        "file": SimpleUploadedFile("名单.csv", rows.encode()), "commit": "on"})
    assert not PostProposal.objects.exists() and sees_nothing(town.system_admin)
    other = twin_of(town.security_admin, town)
    row = PostProposal.objects.create(user=other, unit=town.township, role="leader", from_on=day(),
                                      proposed_by=town.system_admin)
    assert refused(proposing.confirm_proposal, proposal=row, actor=fresh(town.security_admin)) == "not-for-oneself"


def test_b3_nobody_hands_a_post_over_to_themselves(town, client):
    actor, post = town.security_admin, town.leader.posts.get()
    assert refused(appointing.transfer_post, post=post, user=actor, from_on=day(1), actor=actor) == "not-for-oneself"
    page = enter(client, actor).get(f"/organisation/posts/{post.pk}/hand-over/")
    assert actor.pk not in page.context["form"].fields["user"].queryset.values_list("pk", flat=True)


def test_b4_nobody_stands_in_by_their_own_decision(town):
    actor, post = town.security_admin, town.leader.posts.get()
    assert refused(appointing.set_stand_in, post=post, user=actor, from_on=day(), to_on=day(3), reason="出差",
                   actor=actor) == "not-for-oneself"
    other = twin_of(actor, town)
    assert refused(appointing.set_stand_in, post=post, user=other, from_on=day(), to_on=day(3), reason="出差",
                   actor=fresh(actor)) == "not-for-oneself"


def test_b5_a_security_administrator_does_not_end_their_post_to_be_leader_tomorrow(town):
    actor, post = town.security_admin, town.security_admin.posts.get()
    assert refused(appointing.end_post, post=post, to_on=day(), actor=actor) == "not-for-oneself"
    appointing.end_post(post=post, to_on=day(), actor=town.other_security)
    for ahead in (1, 400):
        assert refused(appoint, user=actor, role="leader", unit=town.township, actor=town.other_security,
                       from_on=day(ahead)) == "role-excludes-other", "not within thirty days, from whatever day"
    Post.objects.filter(pk=post.pk).update(to_on=day(-31))
    assert appoint(user=actor, role="leader", unit=town.township, actor=town.other_security)


def test_b6_posts_of_other_days_exclude_each_other_too(town):
    new = make_user("xinren", "何新人", unit=town.township)
    appoint(new, "clerk", town.township, town.security_admin, from_on=day(100))
    for days in ({"from_on": day(), "to_on": day(50)}, {"from_on": day(500)}):
        assert refused(appoint, user=new, role="auditor", unit=town.township, actor=town.security_admin, **days) == (
            "role-excludes-other")
    admin = make_user("xinguan", "何新官", unit=town.township)
    appoint(admin, "system_admin", town.township, town.security_admin, from_on=day(), to_on=day(5))
    assert refused(appoint, user=admin, role="clerk", unit=town.township, actor=town.security_admin,
                   from_on=day(300)) == "role-excludes-other"


def test_b7_standing_in_for_an_administration_counts_as_holding_it(town):
    post = town.other_security.posts.get()
    new = make_user("daili", "何代理", unit=town.township)
    appointing.set_stand_in(post=post, user=new, from_on=day(), to_on=day(3), reason="出差", actor=town.security_admin)
    StandIn.objects.update(from_on=day(-20), to_on=day(-10))
    assert refused(appoint, user=new, role="clerk", unit=town.township, actor=town.security_admin) == (
        "role-excludes-other")
    StandIn.objects.update(from_on=day(-50), to_on=day(-40))
    assert appoint(new, "clerk", town.township, town.security_admin)


def test_b8_a_day_in_the_past_does_not_get_round_the_exclusion(town):
    new = make_user("xinren", "何新人", unit=town.township)
    Post.objects.create(user=new, unit=town.township, role="auditor", from_on=day(-300), to_on=day(-100))
    assert refused(appoint, user=new, role="clerk", unit=town.township, actor=town.security_admin,
                   from_on=day(-110)) == "role-excludes-other"


def test_b9_two_accounts_with_one_mobile_phone_are_one_person(town):
    other = twin_of(town.system_admin, town)
    assert refused(appoint, user=other, role="clerk", unit=town.township, actor=town.security_admin) == (
        "role-excludes-other")
    assert refused(appoint, user=other, role="auditor", unit=town.township, actor=town.security_admin) == (
        "role-excludes-other")


def test_b10_an_administrator_answers_for_no_line_of_work(town):
    report(town)
    assert refused(duties.assign_duty, line="all", unit=town.township, post=town.system_admin.posts.get(),
                   responsibility="first", actor=town.system_admin) == "duty-not-for-administrators"


def test_b11_merging_units_makes_no_administrator_a_reader(town):
    report(town)
    Post.objects.create(user=town.far_system, unit=town.other_village, role="system_admin", from_on=day(-9))
    units.merge_units(units=[town.other_village], into=town.village, on=day(-1), actor=town.system_admin)
    assert sees_nothing(town.far_system) and sees_nothing(town.system_admin)


def test_b12_a_security_administrator_gives_no_post_above_or_beside_their_own(town):
    new = make_user("xinren", "何新人", unit=town.far_township)
    for unit in (town.district, town.township, town.village):
        assert refused(appoint, user=new, role="leader", unit=unit, actor=town.far_security) == "unit-not-found"
    assert refused(appoint, user=town.clerk, role="leader", unit=town.far_township, actor=town.far_security) == (
        "person-not-found")


def test_c1_an_auditors_post_is_not_ended_by_one(town, client):
    post = town.auditor.posts.get()
    assert refused(appointing.end_post, post=post, to_on=day(), actor=town.security_admin) == "second-hand-needed"
    enter(client, town.security_admin).post(f"/organisation/posts/{post.pk}/end/", {"to_on": day()})
    row = PostEnding.objects.get()
    post.refresh_from_db()
    assert post.to_on is None
    assert client.post(f"/organisation/waiting/endings/{row.pk}/agree/").status_code == 403
    assert refused(ending.agree_to_end, ending=row, actor=town.other_security) == "not-permitted"
    assert refused(ending.agree_to_end, ending=row, actor=town.far_system) == "unit-not-found"
    assert Message.objects.filter(recipient=town.auditor, subject="ending_asked").exists(), "told at once"
    enter(client, town.system_admin).post(f"/organisation/waiting/endings/{row.pk}/agree/")
    post.refresh_from_db()
    assert post.to_on == day()
    assert verbs_about(town.auditor) == ["ending_asked", "post_ended", "ending_agreed"]


def test_c2_an_auditors_post_is_not_handed_over_by_one(town):
    new = make_user("xinren", "何新人", unit=town.township)
    assert refused(appointing.transfer_post, post=town.auditor.posts.get(), user=new, from_on=day(1),
                   actor=town.security_admin) == "second-hand-needed"
    assert not new.posts.exists()


def test_c3_an_auditors_account_is_not_closed_under_the_post(town):
    assert refused(people.deactivate_user, user=town.auditor, actor=town.system_admin) == "user-has-posts"


def test_c4_an_auditors_unit_is_not_closed_under_the_post(town):
    Post.objects.filter(user=town.auditor).update(unit=town.other_village)
    assert refused(units.close_unit, unit=town.other_village, on=day(), actor=town.system_admin) == "unit-has-posts"
    units.merge_units(units=[town.other_village], into=town.village, on=day(-1), actor=town.system_admin)
    assert town.auditor.posts.filter(unit=town.village, to_on=None).exists(), "the post goes on"


def test_c5_a_request_that_nobody_agrees_to_lapses(town):
    row = ending.ask_to_end(post=town.auditor.posts.get(), to_on=day(3), actor=town.security_admin)
    PostEnding.objects.update(lapses_at=Now() - timedelta(seconds=1))
    with pytest.raises(Refused, match="request-not-waiting"):
        ending.agree_to_end(ending=row, actor=town.system_admin)
    row = ending.ask_to_end(post=town.auditor.posts.get(), to_on=day(3), actor=town.security_admin)
    ending.drop_ending(ending=row, actor=town.system_admin)
    assert refused(ending.agree_to_end, ending=row, actor=town.system_admin) == "request-not-waiting"
