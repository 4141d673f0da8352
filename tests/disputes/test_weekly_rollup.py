"""The weekly roll-up: computed, confirmed by villages, reviewed, signed, frozen; corrections make another version."""
import os
import signal
import subprocess
import sys
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from disputes.services.generating import make_township
from governance.casework.models import Matter
from governance.casework.services import moving
from governance.casework.services.opening import open_matter
from governance.organisation.models import StandIn, Unit, User
from governance.organisation.registry import Refused
from governance.reporting import calendar
from governance.reporting.models import Rollup, RollupCell, RollupPart, RollupVersion
from governance.reporting.querysets import shown
from governance.reporting.services import rolling_up

WEEK_AGO = timedelta(days=7)


def person(name):
    return User.objects.get(username=name)


def week():
    return calendar.last_complete(calendar.WEEK, timezone.localdate())


def report(village=1, days=1, **values):
    """A dispute of a village, reported so many days after last week began."""
    officer = person(f"cun{village}")
    return open_matter(
        kind="dispute", actor=officer, client_uuid=uuid.uuid4(), parties=values.pop("parties", ()),
        values={"description": "院墙越界", "category": "wage_arrears", "channel": "grid_report",
                "unit": officer.home_unit, "reported_at": week().start + timedelta(days=days), **values},
    )


@pytest.fixture
def town(qinghe, db):
    report(1), report(1, category="neighbour"), report(2), report(3, days=-2)
    return Unit.objects.get(level="township")


def computed(town):
    return rolling_up.roll_up(township=town, period=week(), actor=person("wenshu"))


def numbers(version, code="reported", user="wenshu"):
    seen = shown(version, person(user))
    return {row.part.unit.short_name: row.figures[code].n for row in seen.rows if row.figures[code].n}


def signed(town):
    version = computed(town)
    rolling_up.review(version_id=version.pk, actor=person("wenshu"), remark="秋收后边界类增多。")
    return rolling_up.sign(version_id=version.pk, actor=person("zhenzhang"))


def test_every_village_stands_there_with_its_figures(town):
    version = computed(town)
    assert numbers(version) == {"南庄村": 2, "北庙村": 1}
    assert numbers(version, "backlog") == {"南庄村": 2, "北庙村": 1, "东岗村": 1}
    assert version.parts.filter(is_village=True).count() == 12
    seen = shown(version, person("wenshu"))
    assert seen.total.figures["reported"].n == 3
    assert seen.total.figures["reported.labour"].n == 2
    assert len(seen.missing) == 12


def test_computing_twice_makes_one(town):
    first = computed(town)
    assert computed(town).pk == first.pk
    assert rolling_up.roll_up_all()["computed"] == 1
    assert (Rollup.objects.count(), RollupVersion.objects.count()) == (1, 1)


def test_a_week_that_runs_is_not_rolled_up(town):
    with pytest.raises(Refused, match="week-not-over"):
        rolling_up.roll_up(township=town, period=week().next(), actor=person("wenshu"))


def test_from_confirmation_to_signature(town):
    version = computed(town)
    part = version.parts.get(unit__short_name="南庄村")
    rolling_up.confirm(part_id=part.pk, actor=person("cun1"), comment="两起已到户核实")
    for nobody in ("cun2", "zhenzhang", "wenshu"):
        with pytest.raises(Refused, match="part-not-found"):
            rolling_up.confirm(part_id=part.pk, actor=person(nobody))
    with pytest.raises(Refused, match="rollup-not-at-this-step"):
        rolling_up.sign(version_id=version.pk, actor=person("zhenzhang"))
    with pytest.raises(Refused, match="not-your-right"):
        rolling_up.review(version_id=version.pk, actor=person("cun1"))
    rolling_up.review(version_id=version.pk, actor=person("wenshu"))
    with pytest.raises(Refused, match="not-your-right"):
        rolling_up.sign(version_id=version.pk, actor=person("wenshu"))
    done = rolling_up.sign(version_id=version.pk, actor=person("zhenzhang"))
    assert done.is_frozen
    with pytest.raises(Refused, match="rollup-signed"):
        rolling_up.confirm(part_id=part.pk, actor=person("cun1"))
    assert [unit.short_name for unit in shown(done, person("wenshu")).missing][:2] == ["北庙村", "东岗村"]


def test_unsigned_figures_are_brought_up_to_date_and_changed_villages_confirm_again(town):
    version = computed(town)
    for village in (1, 2):
        part = version.parts.get(unit=person(f"cun{village}").home_unit)
        rolling_up.confirm(part_id=part.pk, actor=person(f"cun{village}"))
    report(1)
    again = computed(town)
    assert (again.pk, numbers(again)["南庄村"]) == (version.pk, 3)
    confirmed = again.parts.filter(confirmed_at__isnull=False).values_list("unit__short_name", flat=True)
    assert list(confirmed) == ["北庙村"]


def test_nobody_confirms_figures_that_they_did_not_see(town):
    version = computed(town)
    part = version.parts.get(unit__short_name="南庄村")
    with pytest.raises(Refused, match="rollup-recomputed"):
        rolling_up.confirm(part_id=part.pk, actor=person("cun1"), mark="2020-01-01T00:00:00+00:00")


def test_a_correction_makes_version_two_and_version_one_stays(town, client):
    first = signed(town)
    before = {cell.pk: (cell.rows, cell.total_rows) for cell in RollupCell.objects.all()}
    matter = Matter.objects.filter(unit__short_name="北庙村").get()
    moving.move(matter_id=matter.pk, step="void", actor=person("wenshu"), version=matter.version, reason="重复登记")
    second = computed(town)
    assert (second.number, second.state) == (2, "computed")
    assert {c.pk: (c.rows, c.total_rows) for c in RollupCell.objects.filter(part__version=first)} == before
    assert numbers(second) == {"南庄村": 2}
    client.force_login(person("wenshu"))
    page = client.get(reverse("reporting:rollup", args=[second.rollup_id]))
    changes = {(c["row"].part.unit.short_name, c["metric"].code): (c["before"], c["after"])
               for c in page.context["changes"]}
    assert changes[("北庙村", "reported")] == ("1", "0")
    assert not any(village == "南庄村" for village, _code in changes)
    assert rolling_up.roll_up_all()["corrected"] == 0


def test_every_missed_week_is_computed_not_only_the_last(town):
    first = week().previous().previous().previous()
    rolling_up.roll_up(township=town, period=first, actor=person("wenshu"))
    assert rolling_up.roll_up_all()["computed"] == 3
    assert list(Rollup.objects.order_by("first_on").values_list("first_on", flat=True)) == [
        first.first + WEEK_AGO * weeks for weeks in range(4)]
    assert rolling_up.roll_up_all()["computed"] == 1, "and once"


def test_mondays_run_finds_late_corrections_of_signed_weeks(town):
    first = signed(town)
    report(2)
    assert rolling_up.roll_up_all(day=timezone.localdate() + WEEK_AGO, now=timezone.now() + WEEK_AGO)["corrected"] == 1
    assert first.rollup.versions.first().number == 2


@pytest.mark.parametrize("name", ["wenshu", "zhenzhang", "bangongshi", "tiaojie", "tiaojie2", "cun1", "shuji1"])
def test_each_cell_opens_exactly_what_it_counts(town, client, name):
    walled = person("tiaojie2")
    report(1, is_confidential=True)
    report(1, parties=[{"kind": "applicant", "name": "何来福", "phone": ""},
                       {"kind": "respondent", "name": walled.name, "phone": walled.phone}])
    version = computed(town)
    user = person(name)
    client.force_login(user)
    seen = shown(version, user)
    for row in [*seen.rows, *([seen.total] if seen.total else [])]:
        for code in ("reported", "reported.labour", "backlog", "settle_rate", "cohort_settle_rate"):
            figure = row.figures[code]
            for letter, count in (("n", figure.n), ("N", figure.total)):
                if count is None:
                    continue
                part = {"part": row.part.pk} if row.part else {}
                page = client.get(reverse("reporting:cell", args=[version.pk, code, letter]), part)
                assert len(page.context["matters"]) == page.context["count"] == count, (code, letter)
    if name == "wenshu":
        assert seen.rows[0].figures["reported"].n == 4
    if name == "tiaojie2":
        assert seen.rows[0].figures["reported"].n == 2
    if name in ("cun1", "shuji1"):
        assert [row.part.unit.short_name for row in seen.rows] == ["南庄村"]
        assert seen.total is None
        other = version.parts.get(unit__short_name="北庙村").pk
        cell = reverse("reporting:cell", args=[version.pk, "reported", "n"])
        assert client.get(cell, {"part": other}).status_code == 404
        assert client.get(cell).status_code == 404


def test_nobody_stands_by_figures_that_they_do_not_see_in_full(town, client):
    """Village, township and leader alike; a stand-in signs, and the page says why without telling which matter."""
    leader, today = person("zhenzhang"), timezone.localdate()
    report(2, parties=[{"kind": "respondent", "name": leader.name, "phone": leader.phone}])
    officer = person("cun1")
    report(1, parties=[{"kind": "respondent", "name": officer.name, "phone": officer.phone}])
    version = computed(town)
    page = reverse("reporting:rollup", args=[version.rollup_id])
    with pytest.raises(Refused) as refusal:
        rolling_up.confirm(part_id=version.parts.get(unit=officer.home_unit).pk, actor=person("cun1"))
    assert refusal.value.code == "rollup-not-seen-whole"
    rolling_up.confirm(part_id=version.parts.get(unit__short_name="北庙村").pk, actor=person("cun2"))
    rolling_up.review(version_id=version.pk, actor=person("wenshu"))
    with pytest.raises(Refused) as refusal:
        rolling_up.sign(version_id=version.pk, actor=person("zhenzhang"))
    assert refusal.value.code == "rollup-not-seen-whole"
    client.force_login(person("zhenzhang"))
    shown_page = client.get(page).content.decode()
    assert str(rolling_up.NOT_WHOLE) in shown_page and "-JF-" not in shown_page and 'id="sign"' not in shown_page
    deputy = person("bangongshi")
    StandIn.objects.create(post=leader.posts.get(role="leader"), user=deputy, from_on=today, to_on=today, reason="回避")
    client.force_login(person("bangongshi"))
    assert 'id="sign"' in client.get(page).content.decode()
    assert rolling_up.sign(version_id=version.pk, actor=person("bangongshi")).is_frozen


def test_pages_are_within_their_budget(town, client, django_assert_max_num_queries):
    version = signed(town)
    for name in ("wenshu", "cun1", "zhenzhang"):
        client.force_login(person(name))
        for address in (
            reverse("reporting:rollups"), reverse("reporting:rollup", args=[version.rollup_id]),
            reverse("reporting:cell", args=[version.pk, "reported", "n"]) + (
                f"?part={version.parts.get(unit__short_name='南庄村').pk}"),
            reverse("reporting:tables"), reverse("reporting:tables") + "?table=mediation&period=2026",
            reverse("reporting:glossary"),
        ):
            client.get(address)
            with django_assert_max_num_queries(16):
                assert client.get(address).status_code == 200, address


def test_word_and_excel_hold_the_form(town, client):
    version = signed(town)
    client.force_login(person("wenshu"))
    from docx import Document
    from openpyxl import load_workbook

    for form in ("docx", "xlsx"):
        answer = client.get(reverse("reporting:rollup-file", args=[version.rollup_id, form]))
        path = f"/tmp/rollup-{uuid.uuid4()}.{form}"
        with open(path, "wb") as file:
            file.write(b"".join(answer.streaming_content))
        if form == "xlsx":
            sheet = load_workbook(path).active
            heads = {cell.value for row in sheet.iter_rows(min_row=3, max_row=4) for cell in row}
            lines = {row[0].value: row for row in sheet.iter_rows(min_row=5)}
            assert lines["南庄村"][2].value == 2
            assert lines["合计"][2].value == 3
        else:
            table = Document(path).tables[0]
            heads = {cell.text for row in table.rows[:2] for cell in row.cells}
        os.unlink(path)
        wanted = {"单位", "排查次数", "新增", "受理", "化解", "化解率", "正在化解", "未化解", "劳动争议",
                  "村级化解", "镇级化解", "上报", "备注"}
        assert wanted <= heads


KILLED = """
import os, signal, sys
from tests import settings
import django
django.setup()
from governance.reporting.services import rolling_up
from governance.reporting.models import RollupCell
write = RollupCell.objects.bulk_create
def cut_off(rows, *args, **more):
    write(rows[: len(rows) // 2])
    os.kill(os.getpid(), signal.SIGKILL)
RollupCell.objects.bulk_create = cut_off
rolling_up.roll_up_all()
"""


@pytest.mark.django_db(transaction=True)
def test_a_roll_up_cut_off_by_kill_9_exists_once_afterwards(transactional_db):
    from governance.casework.apps import _seed_after_migrate

    _seed_after_migrate()
    make_township()
    report(1), report(2)
    database = connection.settings_dict
    script = KILLED.replace("django.setup()", (
        f"settings.DATABASES['default']['NAME'] = {database['NAME']!r}\ndjango.setup()"
    ))
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    dead = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, timeout=120)
    assert dead.returncode == -signal.SIGKILL, dead.stderr
    assert (Rollup.objects.count(), RollupPart.objects.count(), RollupCell.objects.count()) == (0, 0, 0)
    rolling_up.roll_up_all()
    rolling_up.roll_up_all()
    assert (Rollup.objects.count(), RollupVersion.objects.count()) == (1, 1)
    assert numbers(RollupVersion.objects.get()) == {"南庄村": 1, "北庙村": 1}
    with transaction.atomic():
        assert RollupPart.objects.count() == 13
