"""The demo township: believable, the same each time, relative to the day of its first start (演示镇)."""
import time
import uuid
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from disputes.models import Agreement, Revisit
from disputes.services.generating import make_matters, make_township
from disputes.services.generating.standing import STATES
from disputes.workflow import WORKFLOW
from governance.casework.calendar import SHANGHAI
from governance.casework.models import Assignment, Clock, Event, Matter, NumberSeries, Reminder
from governance.casework.sentences import sentence
from governance.casework.services import moving, timing
from governance.casework.services.opening import open_matter
from governance.casework.services.verifying import verify_ledger
from governance.organisation.models import Duty, Unit, User

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=SHANGHAI)


def who(name):
    return User.objects.get(username=name)


def registered(**values):
    officer = who("cun1")
    return open_matter(
        kind="dispute", actor=officer, client_uuid=uuid.uuid4(),
        parties=[{"kind": "applicant", "name": "林大山"}, {"kind": "respondent", "name": "孙来福"}],
        values={"description": "院墙越界", "category": "homestead", "channel": "application",
                "unit": officer.home_unit, **values},
    )


@pytest.fixture
def township(db):
    make_township()


def test_it_is_filled_within_seconds_and_only_once(township):
    began = time.monotonic()
    assert make_matters() == 300
    assert time.monotonic() - began < 30, "on a busy machine; alone it takes two"
    assert make_matters() == 0 and Matter.objects.count() == 300
    assert verify_ledger()[1] is None


def test_it_is_spread_over_two_years_with_seasons_and_typed_when_it_happened(township):
    make_matters(now=NOON)
    typed = list(Matter.objects.values_list("created_at", flat=True))
    assert max(typed) <= NOON and (NOON - min(typed)).days > 600
    months = Counter(at.astimezone(SHANGHAI).month for at in typed)
    assert months[1] + months[12] > months[3] + months[4], "more before Spring Festival"
    events = Event.objects.select_related("matter")
    assert not events.filter(at__gt=NOON).exists() and not events.filter(at__lt=min(typed)).exists()
    assert Matter.objects.filter(is_open=False).count() > 200


@pytest.mark.parametrize("now", [NOON, NOON + timedelta(days=4), NOON + timedelta(days=85)], ids=str)
def test_on_any_day_something_is_late_and_something_due_within_the_week(township, now):
    make_matters(now=now)
    running = Clock.objects.filter(state="running", bearer="office", matter__is_open=True)
    assert 3 <= running.filter(due_at__lt=now).count() <= 30
    midnight = (now + timedelta(days=1)).replace(hour=0)
    assert running.filter(due_at__gte=now, due_at__lt=midnight + timedelta(days=7)).count() >= 5
    if now == NOON:
        assert running.filter(due_at=midnight).count() >= 1, "due today, a working day"


@pytest.mark.parametrize(
    "day", ["2026-11-24", "2026-11-28", "2026-12-31", "2027-02-17", "2026-09-30", "2026-10-01", "2027-03-29"],
)
def test_whatever_the_day_of_the_first_start_something_is_late_due_today_and_tomorrow_in_every_state(township, day):
    now = datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=SHANGHAI)
    make_matters(now=now)
    running = Clock.objects.filter(state="running", bearer="office", matter__is_open=True)
    midnight = (now + timedelta(days=1)).replace(hour=0)
    for due_at in (midnight, midnight + timedelta(days=1)):
        assert running.filter(due_at=due_at).exists(), due_at
    assert running.filter(due_at__lt=now).exists()
    passed_through = {"agreed"}
    assert set(Matter.objects.values_list("status", flat=True)) == {
        state.code for state in WORKFLOW.states
    } - passed_through - {"merged"}, "merging is done by the command, today"
    assert verify_ledger()[1] is None
    wrong = [c.rule for c in Clock.objects.filter(matter__status__in=STATES) if timing.due_of(c).due_at != c.due_at]
    assert wrong == []


def test_every_desk_has_something_on_it(township, client):
    call_command("generate_demo", verbosity=0)
    filled = {
        "wenshu": "casework:inbox", "tiaojie": "casework:inbox", "cun1": "casework:inbox", "shuji1": "casework:inbox",
        "zhenzhang": "casework:inbox", "bangongshi": "casework:stuck", "shenji": "casework:reveal-log",
    }
    for username, page in filled.items():
        client.force_login(who(username))
        text = client.get(reverse(page)).content.decode()
        assert "〔20" in text or "99010" in text, (username, page)
    assert Matter.objects.filter(status="merged", duplicate_of__isnull=False).count() == 1
    assert Agreement.objects.count() > 50 and Revisit.objects.count() > 50
    assert Assignment.objects.filter(done_at=None).exists()
    assert Reminder.objects.exists(), "owed at once, told in office hours"
    assert set(Duty.objects.values_list("responsibility", flat=True)) == {
        "first", "direct", "scope", "lead", "assist", "village_leader"
    }
    for event in Event.objects.for_timeline():
        assert "%(" not in sentence(event)


def test_what_somebody_registered_meanwhile_keeps_its_number(township):
    first = registered()
    assert first.number.endswith("-00001")
    made = make_matters(40)
    first.refresh_from_db()
    last = registered()
    town = Unit.objects.get(code="990101101")
    for year in {first.created_at.astimezone(SHANGHAI).year, timezone.localdate().year - 1}:
        serials = sorted(int(number[-5:]) for number in Matter.objects.filter(number__contains=f"-{year}-")
                         .values_list("number", flat=True))
        assert serials == list(range(1, len(serials) + 1)), "no gap, no double"
        assert NumberSeries.objects.get(township_code=town.code, year=year).last == len(serials)
    assert Matter.objects.count() == made + 2 and last.number > first.number


def test_it_goes_on_through_the_door(township):
    make_matters(now=timezone.now())
    matter = Matter.objects.filter(status="reported").first()
    moving.move(
        matter_id=matter.pk, step="accept", actor=who("wenshu"),
        facts={"committee": matter.township, "initiative": "applied"},
    )
    assert verify_ledger()[1] is None
