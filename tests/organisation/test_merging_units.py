"""A village is merged into its neighbour: its work, people and history go over, and nothing is lost or leaked."""
from datetime import timedelta

import pytest
from django.utils import timezone

from governance.casework.models import Matter
from governance.casework.visibility import Sight, walled_user_ids
from governance.organisation.models import Change, Duty, Post, StandIn, Unit, User
from governance.organisation.registry import Refused
from governance.organisation.services.recording import verify_changes
from governance.organisation.services.units import merge_units
from tests.support.factories.casework import make_town, report
from tests.support.fakes import probe_kind

pytestmark = pytest.mark.django_db
YESTERDAY = timezone.localdate() - timedelta(days=1)


@pytest.fixture
def town(db):
    with probe_kind():
        yield make_town()


def fresh(user):
    return User.objects.get(pk=user.pk)


def seen_by(user):
    return set(Matter.objects.visible_to(fresh(user)).values_list("pk", flat=True))


def merge(client, town, **typed):
    client.force_login(fresh(town.system_admin), backend="governance.organisation.visibility.PostBackend")
    address = f"/organisation/units/{town.village.pk}/merge/"
    page = client.get(address)
    assert page.status_code == 200
    assert [unit.pk for unit in page.context["form"].fields["into"].queryset] == [town.other_village.pk]
    return client.post(address, {"into": town.other_village.pk, "to_on": YESTERDAY, **typed})


def test_matters_of_the_merged_village_are_reached_by_the_successors_people(town, client):
    old, in_grid = report(town), report(town, unit=town.grid, title="网格里的事")
    assert seen_by(town.other_officer) == set()
    assert merge(client, town).status_code == 302
    assert seen_by(town.other_officer) == {old.pk, in_grid.pk} == seen_by(town.officer)
    assert seen_by(town.far_officer) == set()
    old.refresh_from_db()
    assert old.unit == town.village and old.number.startswith("330122101-")
    page = client.get("/organisation/units/?q=330122101201").content.decode()
    assert "已并入横山村" in page
    change = Change.objects.get(verb="merged")
    assert change.actor == town.system_admin and change.data["into"] == town.other_village.pk
    assert verify_changes() is None


def test_posts_stand_ins_duties_and_homes_go_over_on_the_next_day(town, client):
    post, leader = town.officer.posts.get(), town.leader.posts.get()
    today, begin = timezone.localdate(), timezone.localdate() - timedelta(days=30)
    StandIn.objects.create(post=post, user=town.far_officer, from_on=begin, to_on=today, reason="休假")
    for holder, what in ((leader, "village_leader"), (post, "direct")):
        Duty.objects.create(line="all", unit=town.village, post=holder, responsibility=what, from_on=begin)
    merge(client, town)
    successor = Post.objects.get(user=town.officer, unit=town.other_village)
    post.refresh_from_db()
    assert (post.to_on, successor.from_on, successor.to_on) == (YESTERDAY, today, None)
    assert [(row.from_on, row.to_on) for row in successor.stand_ins.all()] == [(today, today)]
    assert fresh(town.officer).home_unit == town.other_village
    going_on = Duty.objects.filter(unit=town.other_village).on(today)
    assert {(duty.post, duty.responsibility) for duty in going_on} == {
        (leader, "village_leader"), (successor, "direct")
    }
    assert not Duty.objects.filter(unit=town.village).on(today).exists()
    assert Unit.objects.get(pk=town.grid.pk).parent == town.other_village


def test_the_wall_of_a_unit_that_is_a_party_stands_after_the_merger(town, client):
    sides = [{"kind": "applicant", "name": "林大山"}, {"kind": "respondent", "name": "", "unit": town.village}]
    matter = report(town, unit=town.grid, actor=town.grid_worker, parties=sides)
    assert matter.pk not in seen_by(town.head)
    merge(client, town)
    assert town.head.posts.on(timezone.localdate()).get().unit == town.other_village
    assert matter.pk not in seen_by(town.head) and matter.pk in Sight.of(fresh(town.head)).walled
    assert walled_user_ids(matter.pk, [town.head.pk]) == {town.head.pk}


def test_only_like_units_are_merged_and_only_by_the_system_administrator(town, client):
    answer = merge(client, town, into=town.far_village.pk)
    assert answer.status_code == 422 and Unit.objects.get(pk=town.village.pk).valid_to is None
    assert merge(client, town, to_on="1999-01-01").status_code == 422
    with pytest.raises(Refused) as refusal:
        merge_units(units=[town.village], into=town.other_village, on=YESTERDAY, actor=fresh(town.clerk))
    assert refusal.value.code == "not-permitted"
    client.force_login(fresh(town.security_admin), backend="governance.organisation.visibility.PostBackend")
    assert client.get(f"/organisation/units/{town.village.pk}/merge/").status_code == 403


def test_units_are_not_merged_on_a_day_that_lies_ahead(town, client):
    today = timezone.localdate()
    assert merge(client, town, to_on=today + timedelta(days=1)).status_code == 422
    with pytest.raises(Refused) as refusal:
        merge_units(
            units=[town.village], into=town.other_village, on=today + timedelta(days=1), actor=fresh(town.system_admin)
        )
    assert refusal.value.code == "unit-merge-ahead"
    untouched = Unit.objects.get(pk=town.village.pk)
    assert untouched.valid_to is None and untouched.parent_id == town.village.parent_id
    assert town.head.posts.on(today + timedelta(days=1)).get().unit == town.village
    merge(client, town, to_on=today)
    assert Unit.objects.get(pk=town.village.pk).merged_into == town.other_village
