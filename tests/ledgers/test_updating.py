"""A later ledger changes only what it says, and shows each value before and after."""
from datetime import date

import pytest
from django.urls import reverse

from governance.casework.models import Matter
from governance.casework.services import assigning
from governance.ledgers import layout
from governance.ledgers.models import ImportRow
from governance.ledgers.services import exporting, importing
from governance.ledgers.services.importing import comparing, running
from tests.support.factories.casework import make_user
from tests.support.factories.ledgers import HEADINGS, bring_in, make_ledger_town, rows_with, sample, workbook

pytestmark = pytest.mark.django_db
FULL = (*HEADINGS, "化解时间", "备注", "等级", "协议涉及金额(元)", "履行情况", "协议书编号", "化解措施")
AT_FIRST = {
    "化解时间": "2024-03-09", "备注": "原备注", "等级": "黄", "协议涉及金额(元)": 12000, "履行情况": "已履行",
    "协议书编号": "富调〔2024〕3号", "化解结果": "达成书面协议", "化解措施": "三次上门",
}
FEWER = ("村(社区)", "当事人姓名", "对方当事人", "纠纷简要情况", "排查时间", "化解结果")


@pytest.fixture(autouse=True)
def files_of_their_own(settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path / "attachments"


@pytest.fixture
def town(db):
    return make_ledger_town()


@pytest.fixture
def full(town, tmp_path):
    """A dispute that came in with every column, and its values."""
    bring_in(workbook(tmp_path / "full.xlsx", rows_with(AT_FIRST, headings=FULL)), *town)
    return stands()


def stands() -> dict:
    """What the ledger would say of the only dispute."""
    held = layout.get("dispute")
    return comparing.held_of(held, held.matters(Matter.objects.all()).get())


def later(town, tmp_path, changes, headings=FEWER, **options):
    return bring_in(workbook(tmp_path / "later.xlsx", rows_with(changes, headings=headings)), *town, **options)


def told(batch):
    rows = importing.rows_of(batch, batch.created_by)
    return [importing.told_row(row, layout.get("dispute")) for row in rows]


def counts(batch):
    return batch.read_count, batch.new_count, batch.same_count, batch.update_count, batch.error_count


def test_a_ledger_with_fewer_columns_says_the_same(full, town, tmp_path):
    batch = later(town, tmp_path, {"化解结果": "已化解"})
    assert counts(batch) == (1, 0, 1, 0, 0)
    assert stands() == full


def test_columns_that_are_not_there_change_nothing(full, town, tmp_path):
    batch = later(town, tmp_path, {"化解结果": "达成书面协议", "备注": "新备注"}, (*FEWER, "备注"))
    assert counts(batch) == (1, 0, 0, 1, 0)
    assert stands() == full | {"remark": "新备注"}
    importing.order_undo(batch_id=batch.pk, actor=town[1], start=False)
    importing.run(batch.pk)
    assert stands() == full


def test_empty_cells_change_nothing(full, town, tmp_path):
    empty = dict.fromkeys(("纠纷类型", "化解时间", "备注", "等级", "联系电话", "履行情况"), None)
    batch = later(town, tmp_path, {**AT_FIRST, **empty, "化解措施": "四次上门"}, FULL)
    assert counts(batch) == (1, 0, 0, 1, 0)
    assert stands() == full | {"measures": "四次上门"}


def test_a_word_of_no_list_changes_no_category(full, town, tmp_path):
    batch = later(town, tmp_path, {"纠纷类型": "杂七杂八", "化解结果": "已化解"}, (*FEWER, "纠纷类型"))
    assert counts(batch) == (1, 0, 1, 0, 0) and stands() == full


def test_a_number_of_one_party_stays_with_whom_it_belongs_to(town, tmp_path):
    people = {"当事人姓名": "林大山、林小山", "联系电话": None}
    bring_in(workbook(tmp_path / "a.xlsx", rows_with({**people, "化解结果": "正在化解"})), *town)
    matter = Matter.objects.get()
    from governance.casework.services.parties import contact_of
    first, second = matter.parties.filter(kind="applicant").order_by("pk")
    assert contact_of(first)["phone"] == contact_of(second)["phone"] == ""
    bring_in(workbook(tmp_path / "b.xlsx", rows_with({**people, "联系电话": "无/13812345678",
                                                      "化解结果": "正在化解"})), *town)
    before = [contact_of(p)["phone"] for p in matter.parties.order_by("pk")]
    batch = later(town, tmp_path, {**people, "化解结果": "调解不成"})
    assert counts(batch) == (1, 0, 0, 1, 0)
    assert [contact_of(p)["phone"] for p in matter.parties.order_by("pk")] == before


def test_the_preview_shows_every_value_before_and_after(full, town, tmp_path):
    changes = {**AT_FIRST, "纠纷类型": "合同纠纷", "联系电话": "13911112222", "化解时间": "2024-03-12"}
    batch = later(town, tmp_path, changes, FULL, commit=False)
    assert counts(batch) == (1, 0, 0, 1, 0)
    assert [(one["heading"], one["before"], one["after"]) for one in told(batch)[0]["changes"]] == [
        ("纠纷类型", "neighbour", "contract"), ("联系电话", ["138****5678"], ["139****2222"]),
        ("调解时间", "2024-03-09", "2024-03-12"),
    ], "in the ledger's order; numbers that are held are no more shown than elsewhere"


def test_what_an_end_takes_with_it_is_shown_too(full, town, tmp_path):
    batch = later(town, tmp_path, {"化解结果": "正在化解"}, commit=False)
    shown = {one["code"]: (one["before"], one["after"]) for one in told(batch)[0]["changes"]}
    assert shown == {
        "result": ("written_agreement", "open"), "settled_on": ("2024-03-09", None),
        "performance": ("performed", None), "agreement_number": ("富调〔2024〕3号", None),
    }, "the sum stays: it is that of the dispute then"


def test_the_page_shows_the_values_before_and_after(full, town, tmp_path, client):
    batch = later(town, tmp_path, {**AT_FIRST, "纠纷类型": "合同纠纷"}, FULL, commit=False)
    client.force_login(town[1])
    page = client.get(reverse("ledgers:import", args=[batch.pk]), {"verdict": "update"},
                      headers={"accept-language": "zh-hans"}).content.decode()
    assert "原为" in page and "改为" in page and "<del>邻里</del>" in page
    assert "<ins>合同</ins>" in page


@pytest.mark.parametrize("group", [250, 1])
def test_a_change_within_one_file_is_shown_against_the_row_above(group, town, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "GROUP", group)
    path = workbook(tmp_path / "a.xlsx", rows_with(
        {"化解结果": "正在化解"}, {"化解结果": "已化解"}, {"化解结果": "调解不成"}))
    row, further = told(bring_in(path, *town, commit=False))[1:]
    assert [(c["before"], c["after"]) for c in further["changes"]] == [("oral_agreement", "failed")]
    assert (row["verdict"], [(c["code"], c["before"], c["after"]) for c in row["changes"]]) == (
        "update", [("settled_on", None, "2024-03-05"), ("result", "open", "oral_agreement")])


def test_the_next_month_of_one_file_with_fewer_columns_says_the_same(town, tmp_path):
    def second(sheet):
        further = sheet.parent.create_sheet("二月")
        for row in rows_with({}, headings=FEWER):
            further.append(row)

    rows = rows_with({**AT_FIRST, "化解结果": "已化解", "履行情况": None}, headings=FULL)
    batch = bring_in(workbook(tmp_path / "a.xlsx", rows, title="一月", edit=second), *town)
    assert counts(batch) == (2, 1, 1, 0, 0)
    assert stands()["amount_yuan"] == 12000 and stands()["remark"] == "原备注"


def test_an_agreement_denied_without_an_end_is_an_error(full, town, tmp_path):
    headings = (*FEWER[:-1], "是否达成协议")
    batch = later(town, tmp_path, {"是否达成协议": "否"}, headings, commit=False)
    assert counts(batch) == (1, 0, 0, 0, 1)
    assert ImportRow.objects.get(batch=batch).reason_code == "agreement-denied"
    assert stands() == full


def test_what_differs_from_a_matter_of_the_portal_is_shown(full, town, tmp_path):
    ImportRow.objects.all().delete()
    row = told(later(town, tmp_path, {"化解结果": "达成书面协议", "备注": "新"}, (*FEWER, "备注"), commit=False))[0]
    assert (row["reason"], [one["code"] for one in row["changes"]]) == ("matter-not-changed-by-file", ["remark"])


def test_whoever_stands_behind_the_wall_is_shown_nothing_of_what_is_held(full, town, tmp_path):
    other = make_user("clerk2", "钱文书", "clerk", town[0])
    matter = Matter.objects.get()
    assigning.recuse(matter_id=matter.pk, actor=town[1], user=other, reason="亲属")
    path = workbook(tmp_path / "b.xlsx", rows_with({"化解结果": "调解不成"}))
    batch = bring_in(path, town[0], other, commit=False)
    row = told(batch)[0]
    assert (row["verdict"], row["reason"], row["changes"]) == ("error", "matter-not-open-to-you", [])
    assert matter.number not in row["words"]


@pytest.mark.parametrize("name", ["disputes-2024-annual.xlsx", "disputes-2025-monthly.xlsx",
                                  "disputes-2016-legacy.xls"])
def test_a_masked_export_that_comes_in_again_is_the_same(name, town):
    batch = bring_in(sample(name), *town)
    taken = exporting.order_export(actor=town[1], order=exporting.Order(
        code="dispute", from_on=date(2010, 1, 1), to_on=date(2026, 11, 1),
    ))
    with exporting.open_export(export_id=taken.pk, actor=town[1])[1] as stream:
        again = importing.take_in(
            actor=town[1], township=town[0], kind="dispute", name="再导入.xlsx", content=stream, start=False)
    importing.run(again.pk)
    again.refresh_from_db()
    assert counts(again) == (batch.read_count, 0, batch.read_count, 0, 0), [
        one["changes"] for one in told(again) if one["changes"]]


@pytest.mark.parametrize("name", ["disputes-2024-annual.xlsx", "disputes-2025-monthly.xlsx"])
def test_what_a_matter_stands_for_is_what_it_was_entered_as(name, town):
    """Were a fact not told by `held_of`, an update of another column would drop it."""
    from disputes.models import Agreement, Dispute, Ending, LedgerNote, Referral
    from governance.ledgers.services.importing.context import Context

    bring_in(sample(name), *town)
    held = layout.get("dispute")
    row = ImportRow.objects.order_by("pk").first()
    context = Context.of(row.batch, held).for_row(row.batch, row)
    for matter in held.matters(Matter.objects.all()):
        entry = held.past(comparing.whole(held, comparing.held_of(held, matter), []), context)
        columns = ("category", "channel", "description", "address", "reported_at", "status", "outcome",
                   "accepted_at", "closed_at", "grade", "grade_rule", "handler_id")
        assert {n: getattr(entry, n) for n in columns} == {n: getattr(matter, n) for n in columns}
        for model in (Dispute, Agreement, Ending, Referral, LedgerNote):
            stored = list(model.objects.filter(matter=matter))
            told_rows = entry.facts.get(model, [])
            assert len(stored) == len(told_rows), model
            for one, columns in zip(stored, told_rows, strict=True):
                assert {name: _said(getattr(one, name)) for name in columns} == {
                    name: _said(value) for name, value in columns.items()}


def _said(value):
    """An agreement of whose performance nothing is said counts as being performed, said or not."""
    return {k: v for k, v in value.items() if (k, v) != ("performance", "open")} if isinstance(value, dict) else value
