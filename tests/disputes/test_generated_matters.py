"""A generated city: its histories are those that the door leaves, its figures are there, its numbers go on."""
import json
import uuid
from collections import defaultdict
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count, Max
from django.utils import timezone

from disputes.models import Agreement, Confirmation, Ending, Instalment, Revisit, Session
from disputes.services.generating import make_matters, make_township
from governance.casework.models import Assignment, Clock, Event, Matter, MatterUserGrant, Message, NumberSeries
from governance.casework.services import door, moving, timing
from governance.casework.services.opening import open_matter
from governance.casework.services.verifying import verify_ledger
from governance.casework.visibility import Sight
from governance.organisation.models import Unit, User
from tests.support import worlds

pytestmark = pytest.mark.django_db
COUNT = 600
TOWN = "990201101"


def generate(count=COUNT, *options):
    """Run the command and return what it says."""
    out = StringIO()
    call_command("generate_matters", "--count", str(count), "--processes", "1", "--json", *options, stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture(scope="module")
def generated(request, django_db_setup, django_db_blocker):
    """One generated township, made once: what the command says."""
    with worlds.kept(request, django_db_blocker, generate) as made:
        yield made


@pytest.fixture
def city(generated, db):
    """Each test begins with the generated township."""
    return generated


def test_histories_fit_and_every_clock_can_be_computed_anew(city):
    assert verify_ledger() == (city["events"], None)
    assert Matter.objects.count() == COUNT
    wrong = [
        (clock.rule, clock.due_on, timing.due_of(clock).due_on)
        for clock in Clock.objects.all() if timing.due_of(clock).due_at != clock.due_at
    ]
    assert wrong == []
    kept = dict(Matter.objects.filter(next_due_at__isnull=False).values_list("pk", "next_due_at"))
    for matter in Matter.objects.all():
        assert door._next_due_at(matter) == kept.get(matter.pk), matter.number


def test_events_follow_one_another_and_none_lies_ahead(city):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM casework_event AS e JOIN casework_event AS before ON before.matter_id = e.matter_id"
            " AND before.seq = e.seq - 1 WHERE before.at > e.at OR e.acted_at > e.at"
        )
        assert cursor.fetchone()[0] == 0
    assert Event.objects.aggregate(last=Max("at"))["last"] <= timezone.now()


def test_numbers_have_no_gap_and_go_on_through_the_door(city):
    years = defaultdict(list)
    for number in Matter.objects.order_by("created_at", "number").values_list("number", flat=True):
        code, _kind, year, serial = number.split("-")
        assert code == TOWN
        years[int(year)].append(int(serial))
    assert len(years) >= 3
    assert all(serials == list(range(1, len(serials) + 1)) for serials in years.values())
    officer = User.objects.get(username=f"officer1.{TOWN}")
    opened = open_matter(
        kind="dispute", actor=officer, client_uuid=uuid.uuid4(), facts={},
        parties=[{"kind": "applicant", "name": "林大山"}, {"kind": "respondent", "name": "孙来福"}],
        values={"description": "院墙越界", "category": "homestead", "channel": "application",
                "unit": officer.home_unit, "reported_at": timezone.now()},
    )
    year = timezone.localdate().year
    assert int(opened.number.rsplit("-", 1)[1]) == len(years[year]) + 1
    assert NumberSeries.objects.get(prefix="JF", township_code=TOWN, year=year).last == len(years[year]) + 1


def test_an_open_matter_is_taken_up_where_the_generator_left_it(city):
    clerk = User.objects.get(username=f"clerk1.{TOWN}")
    waiting = Matter.objects.visible_to(clerk).filter(status="mediating").first()
    moved = moving.move(
        matter_id=waiting.pk, step="withdraw", actor=clerk, version=waiting.version,
        facts={"asked_by": waiting.parties.first()},
    )
    assert moved.status == "withdrawn"
    assert not Clock.objects.filter(matter=waiting, rule="dispute.mediation").live().exists()
    assert verify_ledger()[1] is None


def test_it_looks_like_years_of_a_township(city):
    states = dict(Matter.objects.values_list("is_open").annotate(Count("pk")))
    assert 0.9 < states[False] / COUNT < 1 and states[True] > 5
    assert 0 < Matter.objects.overdue(timezone.now()).count() < 0.03 * COUNT
    assert Matter.objects.order_by("reported_at").first().reported_at < timezone.now() - timedelta(days=1000)
    for model in (Agreement, Instalment, Session, Confirmation, Ending, Revisit, Assignment, Message, MatterUserGrant):
        assert model.objects.exists(), model.__name__
    assert Matter.objects.filter(other_units__isnull=False).exists()
    assert not Instalment.objects.filter(agreement__replaced_on=None, matter__dispute__performance="performed").exclude(
        state="performed"
    ).exists()
    quiet = Unit.objects.filter(code__startswith=f"{TOWN}212").values("pk")
    assert Matter.objects.filter(unit__in=quiet).count() == COUNT // 50


def test_people_see_what_their_posts_reach(city):
    def seen(login):
        return Matter.objects.visible_to(User.objects.get(username=f"{login}.{TOWN}")).count()

    assert seen("clerk1") == COUNT
    assert 0 < seen("officer1") < COUNT / 4
    expert = User.objects.get(username=f"expert.{TOWN}")
    assert seen("expert") == len(Sight.of(expert).named), "nothing by post, all by name"


def test_search_finds_what_the_door_would_have_indexed(city):
    with connection.cursor() as cursor:
        for matter in Matter.objects.order_by("pk")[:20]:
            cursor.execute("SELECT search FROM casework_matter WHERE id = %s", [matter.pk])
            before = cursor.fetchone()
            door.reindex(matter)
            cursor.execute("SELECT search FROM casework_matter WHERE id = %s", [matter.pk])
            assert cursor.fetchone() == before


def test_events_and_clocks_have_the_shape_that_the_door_gives_them(city):
    generated = shapes()
    clocks = clock_shapes()
    own = list(Matter.objects.values_list("pk", flat=True))
    make_township()
    make_matters(60)
    lived = shapes(besides=own)
    both = set(generated) & set(lived)
    assert len(both) >= 14
    assert {verb: generated[verb] for verb in both} == {verb: lived[verb] for verb in both}
    lived_clocks = clock_shapes(besides=own)
    shared = set(clocks) & set(lived_clocks)
    assert len(shared) >= 7
    assert {rule: clocks[rule] for rule in shared} == {rule: lived_clocks[rule] for rule in shared}


def shapes(besides=()):
    """Verb -> names of what its events hold (files and empty words aside)."""
    found = {}
    for event in Event.objects.exclude(matter__in=besides).select_related("personal"):
        words = set(event.personal.values) if hasattr(event, "personal") else set()
        found.setdefault(event.verb, set()).update({*event.data, *(f"words:{name}" for name in words)})
    return found


def clock_shapes(besides=()):
    """Rule -> what its clocks have in common."""
    rows = Clock.objects.exclude(matter__in=besides).values_list(
        "rule", "bearer", "is_local", "rule_version", "variant", "length"
    )
    found = defaultdict(set)
    for rule, *rest in rows.distinct():
        found[rule].add(tuple(rest))
    return found
