"""Generating where something is already: other townships, several processes, a real township's portal left alone."""
import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Count

from governance.casework.models import Matter
from governance.casework.services.verifying import verify_ledger
from governance.organisation.models import Unit, User
from tests.disputes.test_generated_matters import TOWN, generate
from tests.support.factories.casework import make_town

pytestmark = pytest.mark.django_db


def refused(*options):
    """The code with which the command refuses, and its exit code."""
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("generate_matters", "--json", *options, stdout=out)
    return json.loads(out.getvalue())["error"], ended.value.code


def test_a_second_run_adds_other_townships():
    first, second = generate(40), generate(40)
    assert (first["townships"], second["townships"]) == ([TOWN], ["990201102"])
    assert verify_ledger() == (first["events"] + second["events"], None)


@pytest.mark.django_db(transaction=True)
def test_two_processes_make_whole_townships():
    made = generate(150, "--township-size", "40", "--processes", "2")
    assert len(made["townships"]) == 4
    sizes = Matter.objects.values_list("township__code").annotate(Count("pk")).order_by("township__code")
    assert [size for _code, size in sizes] == [40, 40, 40, 30]
    assert verify_ledger() == (made["events"], None)


def test_a_real_townships_portal_is_left_alone():
    make_town()
    assert refused("--count", "10") == ("real-portal", 2)
    assert not Matter.objects.exists() and not Unit.objects.filter(code__startswith="99").exists()


def test_no_demo_with_known_passwords_comes_beside_a_real_township():
    make_town()
    with pytest.raises(SystemExit) as ended:
        call_command("generate_demo", accounts=True, stdout=StringIO(), stderr=StringIO())
    assert ended.value.code == 2
    assert not User.objects.filter(username="wenshu").exists()
    assert not Unit.objects.filter(code__startswith="99").exists()


def test_a_demo_that_took_in_a_real_county_starts_again():
    call_command("generate_demo", accounts=True, stdout=StringIO())
    make_town()
    out = StringIO()
    call_command("generate_demo", accounts=True, stdout=out)
    assert "wenshu" in out.getvalue()


def test_a_portal_without_the_demo_is_left_alone(settings):
    settings.DEMO = False
    assert refused("--count", "10") == ("real-portal", 2)


def test_told_so_it_goes_beside_the_real_township_and_nobody_can_log_in():
    town = make_town()
    generate(20, "--on-real-portal")
    assert Matter.objects.filter(township=town.township).count() == 0
    assert set(User.objects.filter(username__endswith=TOWN).values_list("password", flat=True)) == {"!"}
    assert not Matter.objects.visible_to(town.clerk).exists()


def test_wrong_use_is_told_by_a_code():
    assert refused("--count", "0") == ("number-not-positive", 2)
