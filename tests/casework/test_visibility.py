"""Who sees a matter: by post, by name, never by chance; and nobody who is named in it."""
from datetime import timedelta

import pytest
from django.utils import timezone

from governance.casework.models import Event, Matter, Message, StaffMatch
from governance.casework.services import assigning, moving, parties, reminding
from governance.casework.visibility import Sight
from governance.casework.workflow import Refused
from governance.organisation.models import Post, StandIn, User
from tests.support.factories.casework import make_user, report


def sees(user, matter):
    return Matter.objects.visible_to(User.objects.get(pk=user.pk)).filter(pk=matter.pk).exists()


def seers(town, matter):
    return {name for name, user in town.people.items() if sees(user, matter)}


def test_a_post_reaches_its_subtree_and_no_other(town):
    matter = report(town)
    assert seers(town, matter) == {"officer", "mediator", "clerk", "head", "leader", "office"}
    in_grid = report(town, actor=town.grid_worker, unit=town.grid)
    assert seers(town, in_grid) == {"grid_worker", "officer", "mediator", "clerk", "head", "leader", "office"}


def test_a_second_village_sees_the_matter_too(town):
    matter = report(town, actor=town.clerk, other_units=[town.other_village])
    assert "other_officer" in seers(town, matter)


def test_the_responsible_unit_sees_what_it_answers_for(town):
    matter = report(town)
    assert not sees(town.liaison, matter)
    assigning.assign(matter_id=matter.pk, actor=town.clerk, version=matter.version, responsible_unit=town.office_unit)
    assert sees(town.liaison, matter)


def test_a_confidential_matter_is_seen_by_name_or_by_a_role_that_says_so(town):
    matter = report(town, is_confidential=True)
    assert seers(town, matter) == {"clerk", "officer"}, "the reporter by name, the clerk by role"


def test_administrators_see_no_matter(town):
    report(town)
    for name in ("system_admin", "security_admin", "auditor"):
        assert not Matter.objects.visible_to(getattr(town, name)).exists()


def test_a_post_counts_only_on_its_days(town):
    matter = report(town)
    Post.objects.filter(user=town.mediator).update(to_on=timezone.localdate() - timedelta(days=1))
    assert not sees(town.mediator, matter)
    User.objects.filter(pk=town.clerk.pk).update(is_active=False)
    assert not sees(town.clerk, matter)


def test_a_stand_in_sees_and_acts_for_the_absent_officer_and_the_history_says_so(town):
    matter = report(town)
    today = timezone.localdate()
    helper = make_user("standin", "韩代理", "village_officer", town.other_village)
    StandIn.objects.create(
        post=town.mediator.posts.get(), user=helper, from_on=today, to_on=today + timedelta(days=3), reason="年休假"
    )
    assert sees(helper, matter)
    moving.move(matter_id=matter.pk, step="look", actor=helper)
    event = Event.objects.get(matter=matter, verb="look")
    assert (event.actor_id, event.on_behalf_of_id) == (helper.pk, town.mediator.pk)


def test_the_handler_is_named_and_unnamed_with_the_work(town):
    matter = report(town)
    assigning.assign(matter_id=matter.pk, actor=town.clerk, version=matter.version, handler=town.liaison)
    assert sees(town.liaison, matter)
    matter.refresh_from_db()
    assigning.assign(matter_id=matter.pk, actor=town.clerk, version=matter.version, handler=town.mediator)
    assert not sees(town.liaison, matter)


def test_the_same_phone_walls_a_member_of_staff_by_itself(town):
    matter = report(town, parties=[{"kind": "respondent", "name": "陈某", "phone": "139 0000 0003"}])
    assert matter.parties.get().user_id == town.mediator.pk
    assert not sees(town.mediator, matter)
    with pytest.raises(Refused) as refusal:
        assigning.assign(matter_id=matter.pk, actor=town.clerk, version=matter.version, handler=town.mediator)
    assert refusal.value.code == "person-is-named-in-matter"
    with pytest.raises(Refused) as refusal:
        moving.move(matter_id=matter.pk, step="look", actor=town.mediator)
    assert refusal.value.code == "matter-not-found"


def test_the_same_name_asks_and_the_person_asked_about_does_not_answer(town):
    matter = report(town, parties=[{"kind": "respondent", "name": "陈调解"}])
    match = StaffMatch.objects.get()
    assert sees(town.mediator, matter), "a name alone is no proof"
    with pytest.raises(Refused) as refusal:
        assigning.assign(matter_id=matter.pk, actor=town.clerk, version=matter.version, handler=town.mediator)
    assert refusal.value.code == "staff-match-open"
    with pytest.raises(Refused):
        parties.answer_staff_match(match_id=match.pk, actor=town.mediator, same=False)
    parties.answer_staff_match(match_id=match.pk, actor=town.clerk, same=True)
    assert not sees(town.mediator, matter)


def test_a_unit_as_party_walls_its_head(town):
    matter = report(town, parties=[{"kind": "respondent", "unit": town.village}])
    assert not sees(town.head, matter)


def test_who_steps_aside_sees_nothing_and_loses_the_work(town):
    matter = report(town)
    assigning.assign(matter_id=matter.pk, actor=town.clerk, version=matter.version, handler=town.mediator)
    assigning.recuse(matter_id=matter.pk, actor=town.mediator, user=town.mediator, reason="与当事人是亲戚")
    assert not sees(town.mediator, matter)
    assert Matter.objects.get(pk=matter.pk).handler_id is None


def test_the_ladder_skips_whoever_is_walled(town):
    matter = report(town, parties=[{"kind": "respondent", "unit": town.village}])
    told = reminding.recipients_at(matter, ("unit_head",), timezone.localdate())
    assert told == [town.leader], "the head of the village is a party: the leader in charge is told"


def test_nobody_behind_the_wall_gets_a_message(town):
    matter = report(town, parties=[{"kind": "respondent", "name": "赵某", "phone": ""}])
    assigning.recuse(matter_id=matter.pk, actor=town.leader, user=town.clerk, reason="亲属")
    reminding.write_messages(
        matter=matter, recipients=[town.clerk, town.mediator], subject="urged", key="x", data={}, now=timezone.now()
    )
    assert {m.recipient for m in Message.objects.filter(key__contains=":x:")} == {town.mediator}


def test_sight_costs_the_same_whatever_the_number_of_rows(town, django_assert_max_num_queries):
    for _ in range(5):
        report(town)
    user = User.objects.get(pk=town.clerk.pk)
    with django_assert_max_num_queries(9):
        Sight.of(user, fresh=True)
        list(Matter.objects.visible_to(user).for_list(timezone.now()))
