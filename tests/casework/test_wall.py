"""The recusal wall is compared whenever a party, an account, a phone, a name or a post changes."""
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from governance.casework.models import Event, Matter, Message, Party, PartyPhone, StaffMatch
from governance.casework.services import assigning, entering, parties, walling
from governance.casework.visibility import Sight, walled_user_ids
from governance.casework.workflow import Refused
from governance.organisation.models import FormerPhone, Post, StandIn, User
from governance.organisation.services import appointing, people
from tests.support.factories.casework import make_user, report

STRANGER = "13711112222"


def sees(user, matter):
    return Matter.objects.visible_to(User.objects.get(pk=user.pk)).filter(pk=matter.pk).exists()


def handled_by(town, matter, handler):
    matter.refresh_from_db()
    assigning.assign(matter_id=matter.pk, actor=town.clerk, version=matter.version, handler=handler)


def with_party(town, **party):
    return report(town, actor=town.clerk, unit=town.village, parties=[{"kind": "respondent", **party}])


def test_an_account_made_after_the_party_was_entered_is_compared_with_it(town):
    matter = with_party(town, name="何某", phone=STRANGER)
    new = people.create_user(username="new", name="何新", phone=STRANGER, actor=town.system_admin)
    Post.objects.create(user=new, unit=town.township, role="clerk", from_on=timezone.localdate())
    assert matter.parties.get().user_id == new.pk
    assert not sees(new, matter) and walled_user_ids(matter.pk, [new.pk]) == {new.pk}
    assert Event.objects.filter(matter=matter, verb="staff_matched", origin=walling.ORIGIN).exists()


def test_a_phone_that_becomes_that_of_a_party_walls_its_owner_who_loses_the_work(town):
    matter = with_party(town, name="何某", phone=STRANGER)
    handled_by(town, matter, town.mediator)
    people.update_user(user=town.mediator, actor=town.system_admin, phone=STRANGER)
    assert not sees(town.mediator, matter)
    assert Matter.objects.get(pk=matter.pk).handler_id is None
    told = Message.objects.get(subject="handler_released", channel="portal")
    assert told.recipient_id == town.head.pk, "nobody handles it any longer: the head of the unit hears of it"


def test_staff_who_change_their_own_phone_stay_comparable_by_the_old_one(town):
    people.update_own_profile(user=town.mediator, phone=STRANGER)
    assert FormerPhone.objects.get().user == town.mediator
    matter = with_party(town, name="何某", phone="13900000003")
    assert matter.parties.get().user_id == town.mediator.pk and not sees(town.mediator, matter)


def test_a_number_that_an_administrator_corrects_leaves_nothing_behind(town):
    people.update_user(user=town.mediator, actor=town.system_admin, phone=STRANGER)
    assert not FormerPhone.objects.exists(), "it was typed wrongly and never theirs"


def test_the_second_number_of_a_party_from_a_ledger_is_compared_too(town):
    matter = with_party(town, name="何某", phone="")
    party = matter.parties.get()
    walling.put_hashes(party, f"0571-64331234/{STRANGER}")
    party.save(update_fields=["phone_hash"])
    assert PartyPhone.objects.count() == 1
    people.update_user(user=town.mediator, actor=town.system_admin, phone=STRANGER)
    assert not sees(town.mediator, matter)


def test_two_members_of_staff_with_one_number_are_both_walled_until_it_is_said_who_it_is(town):
    twin = make_user("twin", "陈同号", "mediator", town.township, phone="13900000003")
    matter = with_party(town, name="何某", phone="13900000003")
    assert not sees(town.mediator, matter) and not sees(twin, matter)
    parties.answer_staff_match(match_id=StaffMatch.objects.get(user=twin).pk, actor=town.clerk, same=False)
    assert sees(twin, matter) and not sees(town.mediator, matter)


def test_a_namesake_in_the_unit_concerned_is_walled_until_somebody_answers(town):
    matter = with_party(town, name=town.officer.name)
    in_grid = report(town, actor=town.clerk, unit=town.grid, parties=[{"kind": "respondent", "name": "王小格"}])
    elsewhere = report(
        town, actor=town.clerk, unit=town.other_village, parties=[{"kind": "respondent", "name": town.clerk.name}]
    )
    assert not sees(town.officer, matter) and walled_user_ids(matter.pk, [town.officer.pk])
    assert not sees(town.grid_worker, in_grid) and walled_user_ids(in_grid.pk, [town.grid_worker.pk])
    assert sees(town.clerk, elsewhere), "for the whole township a name alone is no proof"
    question = StaffMatch.objects.get(party__matter=matter)
    with pytest.raises(Refused) as refusal:
        parties.answer_staff_match(match_id=question.pk, actor=town.officer, same=False)
    assert refusal.value.code == "matter-not-found"
    parties.answer_staff_match(match_id=question.pk, actor=town.clerk, same=False)
    assert sees(town.officer, matter) and not walled_user_ids(matter.pk, [town.officer.pk])


def test_the_unit_that_answers_for_a_matter_is_concerned_by_it(town):
    matter = with_party(town, name=town.liaison.name)
    assigning.assign(matter_id=matter.pk, actor=town.clerk, version=matter.version, responsible_unit=town.office_unit)
    assert not sees(town.liaison, matter) and walled_user_ids(matter.pk, [town.liaison.pk]) == {town.liaison.pk}
    StaffMatch.objects.update(answer="other")
    assert sees(town.liaison, matter)


def test_a_renamed_member_of_staff_is_asked_about(town):
    matter = with_party(town, name="何大海")
    people.update_user(user=town.officer, actor=town.system_admin, name="何大海")
    assert StaffMatch.objects.get().party.matter_id == matter.pk and not sees(town.officer, matter)


def test_a_post_asks_about_the_namesakes_in_what_it_reaches_and_only_there(town):
    near, far = with_party(town, name="何大海"), report(
        town, actor=town.far_clerk, unit=town.far_village, parties=[{"kind": "respondent", "name": "何大海"}]
    )
    new = people.create_user(username="new", name="何大海", actor=town.system_admin)
    assert not StaffMatch.objects.exists(), "an account without a post reaches nothing"
    appointing.appoint(
        user=new, unit=town.village, role="village_officer", from_on=timezone.localdate(), actor=town.security_admin
    )
    assert {match.party.matter_id for match in StaffMatch.objects.all()} == {near.pk} != {far.pk}
    assert not sees(new, near)


def test_a_head_who_takes_office_later_loses_the_work_in_which_the_unit_is_a_party(town):
    matter = report(town, actor=town.clerk, unit=town.other_village,
                    parties=[{"kind": "respondent", "unit": town.other_village}])
    handled_by(town, matter, town.mediator)
    tomorrow = timezone.localdate() + timedelta(days=1)
    appointing.appoint(
        user=town.mediator, unit=town.other_village, role="unit_head", from_on=tomorrow, actor=town.security_admin
    )
    assert walling.keep_wall() == 0 and sees(town.mediator, matter), "not yet"
    Post.objects.filter(user=town.mediator, role="unit_head").update(from_on=timezone.localdate())
    assert walling.keep_wall() == 1 and not sees(town.mediator, matter)
    assert Matter.objects.get(pk=matter.pk).handler_id is None
    assert walling.keep_wall() == 0


def test_whoever_stands_in_for_the_head_of_a_unit_that_is_a_party_is_walled_too(town):
    matter = report(town, actor=town.clerk, unit=town.village, parties=[{"kind": "respondent", "unit": town.village}])
    today = timezone.localdate()
    StandIn.objects.create(
        post=town.head.posts.get(), user=town.officer, from_on=today, to_on=today + timedelta(days=3), reason="年休假"
    )
    assert not sees(town.officer, matter) and walled_user_ids(matter.pk, [town.officer.pk]) == {town.officer.pk}


def test_an_account_that_is_opened_again_is_compared(town):
    User.objects.filter(pk=town.mediator.pk).update(is_active=False)
    matter = with_party(town, name="何某", phone="13900000003")
    assert matter.parties.get().user_id is None
    people.reactivate_user(user=town.mediator, actor=town.system_admin)
    assert not sees(town.mediator, matter)


def test_a_party_that_gets_another_name_is_asked_about_no_longer(town):
    matter = with_party(town, name=town.officer.name)
    parties.correct_party(
        matter_id=matter.pk, party_id=matter.parties.get().pk, actor=town.clerk, version=matter.version,
        party={"name": "李村甘"}, reason="写错",
    )
    assert sees(town.officer, matter)


def test_comparing_a_person_reads_the_parties_by_index_alone(town):
    """With twenty thousand parties as with two: the plans name the indexes, and the number of queries is fixed."""
    matter = with_party(town, name="何某", phone="")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_party (matter_id, kind, name, phone_encrypted, phone_hash, address_encrypted,"
            " discloses_contact, position) SELECT %s, 'respondent', 'n' || i, '', md5(i::text), '', false, 0"
            " FROM generate_series(1, 20000) i", [matter.pk],
        )
        cursor.execute("ANALYZE casework_party")
    by_name = Party.objects.present().filter(name="n7", user=None, unit=None)
    assert "party_name" in by_name.explain()
    assert "party_phone" in Party.objects.filter(phone_hash__in=["a", "b"]).exclude(phone_hash="").explain()
    with connection.execute_wrapper(counter := _Counter()):
        walling.compare_person(User.objects.get(pk=town.mediator.pk))
    assert counter.count <= 12, counter.count


class _Counter:
    count = 0

    def __call__(self, execute, *args):
        self.count += 1
        return execute(*args)


def test_sight_costs_no_query_more_for_the_wall(town, django_assert_max_num_queries):
    with_party(town, name=town.officer.name)
    user = User.objects.get(pk=town.officer.pk)
    with django_assert_max_num_queries(3):
        Sight.of(user, fresh=True)
    assert entering.hashes_of(f"{STRANGER}/{STRANGER}/x") == entering.hashes_of(STRANGER)


def test_the_clerk_finds_the_question_among_what_there_is_to_do(town, client):
    matter = with_party(town, name=town.officer.name)
    for who, finds in ((town.clerk, True), (town.far_clerk, False)):
        client.force_login(who, backend="governance.organisation.visibility.PostBackend")
        page = client.get("/").content.decode()
        assert (f"/matters/{matter.pk}/acts/staff-match/" in page) is finds
