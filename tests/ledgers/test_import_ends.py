"""Every import comes to an end: by a fault it is told of, by whoever cancels it, never by waiting for ever."""
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from governance.casework.models import Matter
from governance.ledgers import layout
from governance.ledgers.models import ImportBatch, ImportRow, PlaceMapping
from governance.ledgers.services import importing
from governance.ledgers.services.importing import running
from governance.organisation.registry import Refused
from tests.support.factories.casework import make_user
from tests.support.factories.ledgers import bring_in, make_ledger_town, rows_with, workbook

pytestmark = pytest.mark.django_db
SECRET = "林大山"


@pytest.fixture(autouse=True)
def files_of_their_own(settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path / "attachments"


@pytest.fixture
def town(db):
    return make_ledger_town()


@pytest.fixture
def with_layout():
    """The ledger of disputes with a fault in one of its own parts."""
    held = layout.get("dispute")

    def change(**parts):
        layout.unregister("dispute")
        return layout.register(replace(layout._layouts.get("dispute", held), **parts))

    yield change
    layout.unregister("dispute")
    layout.register(held)


def ledger(tmp_path, count=1):
    people = [{"当事人姓名": f"林{chr(0x4E00 + n)}", "序号": n} for n in range(count)]
    return workbook(tmp_path / "a.xlsx", rows_with(*people))


def failing(*_arguments):
    raise ZeroDivisionError(SECRET)


def test_a_fault_while_checking_ends_the_batch_with_a_word(town, tmp_path, with_layout, caplog):
    with_layout(check=failing)
    batch = bring_in(ledger(tmp_path), *town)
    assert (batch.state, batch.refusal_code) == ("refused", "import-failed")
    assert importing.refusal_words(batch) and not importing.resume_stalled(batch.created_at + timedelta(1))
    assert "ZeroDivisionError" in caplog.text and SECRET not in caplog.text, "where, never what was typed"


def test_a_fault_while_entering_stops_the_batch_and_it_goes_on_afterwards(town, tmp_path, with_layout, monkeypatch):
    monkeypatch.setattr(running, "GROUP", 2)
    sound = layout.get("dispute").past
    entered = []

    def past(values, context):
        entered.append(values)
        return failing() if len(entered) > 4 else sound(values, context)

    with_layout(past=past)
    batch = bring_in(ledger(tmp_path, 9), *town)
    assert (batch.state, batch.refusal_code, batch.done_count, Matter.objects.count()) == (
        "stopped", "import-failed", 4, 4)
    with_layout(past=sound)
    importing.order_commit(batch_id=batch.pk, actor=town[1], start=False)
    assert importing.run(batch.pk) == "committed"
    batch.refresh_from_db()
    assert (batch.refusal_code, batch.done_count, Matter.objects.count()) == ("", 9, 9)


def test_what_stopped_can_be_undone(town, tmp_path, with_layout, monkeypatch):
    monkeypatch.setattr(running, "GROUP", 2)
    sound, entered = layout.get("dispute").past, []
    with_layout(past=lambda values, context: (
        entered.append(1), failing() if len(entered) > 2 else sound(values, context))[1])
    batch = bring_in(ledger(tmp_path, 5), *town)
    assert batch.state == "stopped"
    importing.order_undo(batch_id=batch.pk, actor=town[1], start=False)
    assert importing.run(batch.pk) == "undone"
    assert set(Matter.objects.values_list("status", flat=True)) == {"voided"}
    with pytest.raises(Refused):
        importing.order_commit(batch_id=batch.pk, actor=town[1])


def test_a_run_whose_workers_die_again_and_again_is_not_begun_for_ever(town, tmp_path):
    batch = bring_in(ledger(tmp_path), *town, read=False)
    ImportBatch.objects.filter(pk=batch.pk).update(state="reading", try_count=running.MOST_TRIES)
    assert importing.run(batch.pk) == "refused"
    batch.refresh_from_db()
    assert batch.refusal_code == "import-failed"
    importing.order_reading(batch_id=batch.pk, actor=town[1])
    assert importing.run(batch.pk) == "checked", "who asks again gets it tried again"


def test_a_batch_is_cancelled_while_it_is_checked_and_its_worker_writes_nothing_more(town, tmp_path, with_layout):
    sound = layout.get("dispute").check
    batch = bring_in(ledger(tmp_path), *town, read=False)

    def cancelled_meanwhile(values, given):
        importing.cancel(batch_id=batch.pk, actor=town[1])
        return sound(values, given)

    with_layout(check=cancelled_meanwhile)
    importing.order_reading(batch_id=batch.pk, actor=town[1])
    assert importing.run(batch.pk) == "refused"
    batch.refresh_from_db()
    assert (batch.refusal_code, batch.read_count, batch.state_label) == ("import-cancelled", 0, "已取消")
    assert not ImportRow.objects.filter(batch=batch).exists()
    with pytest.raises(Refused) as refused:
        importing.cancel(batch_id=batch.pk, actor=town[1])
    assert refused.value.code == "import-not-running"


def test_a_batch_is_cancelled_from_its_page(town, tmp_path, client):
    batch = bring_in(ledger(tmp_path), *town, read=False)
    importing.order_reading(batch_id=batch.pk, actor=town[1])
    client.force_login(town[1])
    page = reverse("ledgers:import", args=[batch.pk])
    cancel = reverse("ledgers:import-cancel", args=[batch.pk])
    assert cancel in client.get(page).content.decode()
    assert client.post(cancel).headers["Location"] == page
    told = client.get(page).content.decode()
    assert "导入已取消" in told and reverse("ledgers:import-again", args=[batch.pk]) in told
    client.post(reverse("ledgers:import-again", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.state == "reading"
    client.force_login(make_user("cun", "周村干", "village_officer", town[0]))
    assert client.post(cancel).status_code == 404


def test_the_page_of_an_import_says_when_it_stands(town, tmp_path, client):
    batch = bring_in(ledger(tmp_path), *town, read=False)
    importing.order_reading(batch_id=batch.pk, actor=town[1])
    client.force_login(town[1])
    page = reverse("ledgers:import", args=[batch.pk])

    def told(**headers):
        return client.get(page, headers=headers).content.decode()

    assert "没有进展" not in told() and "可以离开本页" in told()
    ImportBatch.objects.filter(pk=batch.pk).update(beat_at=timezone.now() - timedelta(minutes=2))
    for words in (told(), told(**{"HX-Request": "true"})):
        assert "没有进展" in words and "后台尚未开始处理" in words and "系统管理员" in words
    ImportBatch.objects.filter(pk=batch.pk).update(try_count=1)
    assert "几分钟内自动继续" in told()
    importing.run(batch.pk)
    assert "没有进展" not in told()


def test_an_unclosed_quotation_mark_ends_a_batch_with_its_line(town, tmp_path):
    path = tmp_path / "a.csv"
    rows = "".join(f"{n},芝厦村,2026-03-07,邻里纠纷,甲{n},,己{n},因宅基争吵,已化解\n" for n in range(4000))
    heading = "序号,村(社区),排查时间,纠纷类型,当事人姓名,联系电话,对方当事人,纠纷简要情况,化解结果\n"
    path.write_text(f'{heading}1,芝厦村,2026-03-05,邻里纠纷,甲,,乙,"吵架,已化解\n{rows}', "utf-8")
    batch = bring_in(path, *town)
    assert (batch.state, batch.refusal_code) == ("refused", "quote-unclosed")
    assert "第 2 行" in importing.refusal_words(batch)


def test_a_village_said_once_is_understood_from_then_on(town, tmp_path, client):
    path = workbook(tmp_path / "a.xlsx", rows_with({"村(社区)": "老石大队"}, {"村(社区)": "芝厦"}))
    batch = bring_in(path, *town, commit=False)
    assert batch.places == [{"text": "老石大队", "code": "", "count": 1},
                            {"text": "芝厦", "code": "330122101217", "count": 1}]
    client.force_login(town[1])
    address = reverse("ledgers:import-places", args=[batch.pk])
    assert address in client.get(reverse("ledgers:import", args=[batch.pk])).content.decode()
    page = client.get(address).content.decode()
    assert page.index("老石大队") < page.index("芝厦（")
    answer = client.post(address, {"place_0": "330122101227", "place_1": "330122101217"})
    assert answer.status_code == 302
    assert list(PlaceMapping.objects.values_list("text", "unit__code")) == [("老石大队", "330122101227")]
    assert importing.run(batch.pk) == "checked"
    again = bring_in(path, *town)
    assert (again.error_count, again.new_count) == (0, 2)
    assert Matter.objects.filter(unit__code="330122101227").count() == 1
    assert client.post(address, {"place_0": "330122101227"}).status_code in (302, 409), "entered meanwhile or not"
    assert client.post(address, {"place_0": "990101101201"}).status_code == 422, "no village of another township"


def test_a_strict_workbook_is_given_back_with_its_reasons(town):
    batch = bring_in(Path(__file__).parent / "cases" / "strict-ooxml.xlsx", *town)
    assert (batch.state, batch.error_count) == ("checked", 2)
    _name, given_back = importing.result_file(batch, actor=town[1])
    assert "南庄村" in load_workbook(given_back).active["L3"].value
    given_back.unlink()


def test_values_of_villages_are_erased_with_the_file(town, tmp_path):
    batch = bring_in(workbook(tmp_path / "a.xlsx", rows_with({"村(社区)": "老石大队"})), *town)
    assert batch.places
    importing.erase_old(batch.erase_on)
    batch.refresh_from_db()
    assert batch.places == []
