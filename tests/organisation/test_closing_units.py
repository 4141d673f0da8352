"""A unit that closes on a later day goes on until the end of that day, and not a day longer."""
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from governance.casework import registry
from governance.casework.forms.choices import openable_units
from governance.organisation.models import Change, Post, Unit, UnitLevel
from governance.organisation.registry import Refused
from governance.organisation.services.units import close_unit, create_unit, merge_units, rename_unit
from tests.support.factories.casework import make_town, report
from tests.support.fakes import probe_kind

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
AHEAD = TODAY + timedelta(days=7)


@pytest.fixture
def town(db):
    with probe_kind():
        town = make_town()
        Post.objects.filter(unit__in=[town.village, town.grid]).update(to_on=AHEAD)
        close_unit(unit=town.grid, on=AHEAD, actor=town.system_admin)
        close_unit(unit=town.village, on=AHEAD, actor=town.system_admin)
        yield town


def fresh(unit):
    return Unit.objects.get(pk=unit.pk)


def on(monkeypatch, day):
    """Let it be noon of a day."""
    noon = timezone.make_aware(datetime(day.year, day.month, day.day, 12))
    monkeypatch.setattr(timezone, "now", lambda: noon)


def test_until_its_last_day_matters_are_opened_and_it_is_offered(town, monkeypatch, client):
    for day in (TODAY, AHEAD):
        on(monkeypatch, day)
        village = fresh(town.village)
        assert not village.is_closed and report(town, unit=village, title=str(day)).pk
        assert village in openable_units(town.officer, registry.get("probe"))


def test_after_its_last_day_nothing_is_opened_in_it(town, monkeypatch):
    Post.objects.filter(unit=town.village).update(to_on=None)
    on(monkeypatch, AHEAD + timedelta(days=1))
    village = fresh(town.village)
    assert village.is_closed and village not in openable_units(town.officer, registry.get("probe"))
    with pytest.raises(Refused) as refusal:
        report(town, unit=village)
    assert refusal.value.code == "unit-closed"


def test_it_is_renamed_and_given_another_last_day_until_then(town, monkeypatch):
    assert rename_unit(unit=town.village, name="芝厦新村村委会", actor=town.system_admin).short_name == "芝厦新村"
    later = AHEAD + timedelta(days=3)
    with pytest.raises(Refused) as refusal:
        close_unit(unit=town.village, on=TODAY, actor=town.system_admin)
    assert refusal.value.code == "unit-has-units", "its grid goes on for longer"
    assert close_unit(unit=town.village, on=later, actor=town.system_admin).valid_to == later
    assert Change.objects.filter(verb="closed", subject_id=town.village.pk).count() == 2
    on(monkeypatch, later + timedelta(days=1))
    for act in (
        lambda: rename_unit(unit=town.village, name="x", actor=town.system_admin),
        lambda: close_unit(unit=town.village, on=later + timedelta(days=9), actor=town.system_admin),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "unit-closed"


def test_nothing_is_put_under_or_merged_into_what_is_about_to_close(town):
    for act in (
        lambda: create_unit(code="330122101201-09", name="九网格", level=UnitLevel.GRID, parent=fresh(town.village),
                            actor=town.system_admin),
        lambda: merge_units(units=[town.other_village], into=town.village, on=TODAY, actor=town.system_admin),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "unit-closed" and str(AHEAD.year) in str(refusal.value.message)
    merge_units(units=[town.village], into=town.other_village, on=TODAY, actor=town.system_admin)
    assert fresh(town.grid).parent == town.other_village, "a grid that goes on goes over, also one that closes later"


def test_the_pages_say_when_it_closes(town, client, monkeypatch):
    client.force_login(town.system_admin, backend="governance.organisation.visibility.PostBackend")
    page = client.get("/organisation/units/?q=330122101201").content.decode()
    words = f"将于{AHEAD.year}年{AHEAD.month}月{AHEAD.day}日撤销"
    assert words in page and "已撤销" not in page and f"/organisation/units/{town.village.pk}/close/" in page
    assert words in client.get("/organisation/units/new/").content.decode()
    on(monkeypatch, AHEAD + timedelta(days=1))
    client.force_login(town.system_admin, backend="governance.organisation.visibility.PostBackend")
    page = client.get("/organisation/units/?q=330122101201").content.decode()
    assert "已撤销" in page and words not in page and f"/organisation/units/{town.village.pk}/close/" not in page
