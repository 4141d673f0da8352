"""Many hands at once, on real PostgreSQL with real processes."""
import os
import subprocess
import sys
import textwrap
import threading
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from governance.casework.models import Event, Matter
from governance.casework.services import moving
from governance.casework.services.verifying import verify_ledger
from governance.casework.workflow import Refused
from governance.organisation.models import User
from tests.support.factories.casework import make_town, report
from tests.support.fakes import probe_kind

OPENER = """
    import os, sys, uuid, django
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from django.db import connection, transaction
    connection.settings_dict["NAME"] = sys.argv[1]
    from tests.support import fakes
    from governance.casework import clocks, registry
    clocks.register_rules(fakes.LOOK, fakes.MEND, fakes.OBJECT)
    registry.register(fakes.PROBE)
    from governance.casework.services.opening import open_matter
    from governance.organisation.models import Unit, User
    actor, unit = User.objects.get(username="officer"), Unit.objects.get(code="330122101201")
    values = {"description": "水渠堵塞", "category": "small", "channel": "seen", "unit": unit}
    made = 0
    while made < int(sys.argv[2]):
        try:
            with transaction.atomic():
                open_matter(kind="probe", actor=actor, values=values, client_uuid=uuid.uuid4())
                if int(sys.argv[3]) and uuid.uuid4().int % 5 == 0:
                    raise LookupError
            made += 1
        except LookupError:
            pass
"""


@pytest.fixture
def busy_town(transactional_db):
    with probe_kind():
        yield make_town()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_processes_open_500_matters_without_gap_or_double(busy_town, tmp_path):
    script = tmp_path / "opener.py"
    script.write_text(textwrap.dedent(OPENER))
    environment = {**os.environ, "PYTHONPATH": str(settings.BASE_DIR)}
    shares = [63, 63, 63, 63, 62, 62, 62, 62]
    workers = [
        subprocess.Popen(
            [sys.executable, str(script), connection.settings_dict["NAME"], str(share), "1"], env=environment
        )
        for share in shares
    ]
    assert [worker.wait(timeout=240) for worker in workers] == [0] * 8
    serials = sorted(int(number[-5:]) for number in Matter.objects.values_list("number", flat=True))
    assert serials == list(range(1, 501)), "one entry in five was rolled back, and left no gap"
    assert verify_ledger() == (500, None)


def at_once(*acts):
    """Run acts in threads of their own, started together; what each returned or how it was refused."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        barrier.wait()
        try:
            results[place] = act()
        except Refused as refusal:
            results[place] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.mark.django_db(transaction=True)
def test_two_people_take_the_same_step_and_one_is_told_what_changed(busy_town):
    for _ in range(5):
        matter = report(busy_town)

        def take(actor, matter=matter):
            return moving.move(
                matter_id=matter.pk, step="look", actor=User.objects.get(pk=actor.pk), version=matter.version
            )

        results = at_once(lambda: take(busy_town.clerk), lambda: take(busy_town.mediator))  # noqa: B023
        refused = [result for result in results if isinstance(result, Refused)]
        assert len(refused) == 1 and refused[0].code == "stale"
        assert refused[0].missing, "the loser is told what changed"
        assert Event.objects.filter(matter=matter, verb="look").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_opens_one(busy_town):
    import uuid

    from governance.casework.services.opening import open_matter

    shared = uuid.uuid4()
    values = {"description": "水渠堵塞", "category": "small", "channel": "seen", "unit": busy_town.village,
              "reported_at": timezone.now()}

    def send():
        return open_matter(
            kind="probe", actor=User.objects.get(pk=busy_town.officer.pk), values=values, client_uuid=shared
        )

    results = at_once(*[send] * 6)
    assert Counter(result.pk for result in results) == {results[0].pk: 6}
    assert Matter.objects.count() == 1
