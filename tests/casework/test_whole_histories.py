"""Histories written at once by COPY are the same that the write door leaves behind."""
import uuid
from datetime import timedelta

from django.utils import timezone

from governance.casework.models import Clock, Matter, NumberSeries
from governance.casework.services import moving
from governance.casework.services.copying import Act, Copier, Life
from governance.casework.services.stamping import CODE, Recorder, stand_in
from governance.casework.services.verifying import verify_ledger
from governance.organisation.models import Unit, User
from tests.support.factories.casework import report


def life(unit_id, township_id, code, user_id):
    begin = timezone.now() - timedelta(days=30)
    seen = begin + timedelta(days=1)
    return Life(
        prefix="PB", township_code=code,
        matter={
            "kind": "probe", "title": "水渠堵塞", "description": "村口水渠\n堵塞\t三天", "address": "村东",
            "category": "small", "channel": "seen", "unit_id": unit_id, "township_id": township_id,
            "status": "looking", "is_open": True,
            "reported_at": begin, "accepted_at": seen, "created_at": begin, "last_moved_at": seen,
            "creator_id": user_id, "client_uuid": uuid.uuid4(),
        },
        acts=[
            Act("opened", begin, begin, user_id, {"unit": unit_id}),
            Act("look", seen, seen, user_id, {"before": "reported", "after": "looking"}, {"reason": "堵了\\两处"}),
        ],
        clocks=[{"rule": "probe.mend", "bearer": "office", "state": "running", "started_at": seen, "started_event": 1,
                 "due_at": seen + timedelta(days=30)}],
        parties=[{"kind": "applicant", "name": "林国栋"}],
    )


def test_copied_histories_fit_and_go_on_through_the_door(town):
    first = report(town)
    copier = Copier(seed=1)
    copier.add(life(town.village.pk, town.township.pk, town.township.code, town.officer.pk) for _ in range(3))
    copier.close()
    assert verify_ledger() == (7, None)
    numbers = list(Matter.objects.order_by("number").values_list("number", flat=True))
    assert numbers[0] == first.number and [n[-1] for n in numbers] == list("1234")
    copied = Matter.objects.order_by("number").last()
    moving.move(matter_id=copied.pk, step="mend", actor=town.clerk, version=copied.version)
    assert Clock.objects.get(matter=copied, rule="probe.mend").state == "stopped"
    assert report(town).number.endswith("-00005"), "the series goes on without a gap"
    assert verify_ledger()[1] is None
    assert copied in Matter.objects.visible_to(town.clerk).matching("国栋")


def test_one_townships_histories_are_pressed_into_others(town):
    recorder = Recorder(seed=1)
    recorder.add(life(stand_in(Unit, 1), stand_in(Unit, 0), CODE, stand_in(User, 0)) for _ in range(4))
    for township, village, officer in (
        (town.township, town.village, town.officer), (town.far_township, town.far_village, town.far_officer),
    ):
        recorder.press(township.code, township.short_name, {Unit: [township.pk, village.pk], User: [officer.pk]})
    assert verify_ledger() == (16, None)
    assert Matter.objects.visible_to(town.far_clerk).count() == 4
    assert NumberSeries.objects.filter(last=4).count() == 2
    assert Matter.objects.visible_to(town.far_clerk).matching(town.far_township.code).count() == 4
