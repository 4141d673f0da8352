"""An old ledger comes in: checked, entered, entered again, changed, undone; always whole, never twice."""
from collections import Counter

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from governance.casework.models import Clock, Matter, NumberSeries, Party, StaffMatch
from governance.casework.sentences import sentence
from governance.casework.services import moving, recording
from governance.casework.services.verifying import verify_ledger
from governance.ledgers import layout
from governance.ledgers.models import ImportBatch, ImportRow
from governance.ledgers.services import importing
from governance.ledgers.services.importing.originals import path_of
from governance.organisation.registry import Refused
from tests.support import stores
from tests.support.factories.casework import make_user
from tests.support.factories.ledgers import bring_in, make_ledger_town, rows_with, sample, workbook

pytestmark = pytest.mark.django_db
FILES = {"disputes-2024-annual.xlsx": 102, "disputes-2025-monthly.xlsx": 98, "disputes-2016-legacy.xls": 60}


@pytest.fixture(autouse=True)
def files_of_their_own(settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path / "attachments"


@pytest.fixture
def town(db):
    return make_ledger_town()


def counts(batch):
    return batch.read_count, batch.new_count, batch.same_count, batch.update_count, batch.error_count


@pytest.mark.parametrize(("name", "records"), FILES.items())
def test_a_sample_ledger_goes_in_once_and_out_again(name, records, town):
    batch = bring_in(sample(name), *town)
    assert (batch.state, counts(batch)) == ("committed", (records, records, 0, 0, 0))
    assert Matter.objects.count() == records
    assert NumberSeries.objects.get().last == records, "numbers without gaps, of the year of registration"
    assert verify_ledger()[1] is None
    again = bring_in(sample(name), *town)
    assert counts(again) == (records, 0, records, 0, 0) and Matter.objects.count() == records
    importing.order_undo(batch_id=batch.pk, actor=town[1], start=False)
    assert importing.run(batch.pk) == "undone"
    assert Counter(Matter.objects.values_list("status", flat=True)) == {"voided": records}
    assert verify_ledger()[1] is None
    third = bring_in(sample(name), *town)
    assert counts(third) == (records, records, 0, 0, 0), "what was undone can come in again"


def test_ended_disputes_are_closed_with_their_outcome_and_nothing_is_overdue(town):
    bring_in(sample("disputes-2024-annual.xlsx"), *town)
    closed = Matter.objects.filter(is_open=False)
    assert all(m.outcome and m.closed_at >= m.reported_at and m.accepted_at for m in closed)
    assert Counter(Matter.objects.filter(is_open=True).values_list("status", flat=True)).keys() == {"mediating"}
    assert not Clock.objects.exists() and not Matter.objects.exclude(next_due_at=None).exists()
    first = Matter.objects.get(parties__name="曹春生", reported_at__year=2024, parties__kind="applicant")
    assert (first.outcome, first.status, first.category) == ("failed", "closed", "labour")
    assert first.referrals.get().way == "court" and first.dispute.people_count == 2
    told = [sentence(event) for event in first.events.order_by("seq")]
    assert "disputes-2024-annual.xlsx" in told[1] and "8" in told[1] and "%(" not in "".join(told)


def test_an_agreement_keeps_its_sum_and_the_ledger_its_other_words(town, tmp_path):
    headings = ("村", "时间", "纠纷类型", "双方当事人", "电话", "案情", "化解结果", "化解时间", "是否达成协议",
                "协议金额", "履行情况", "包案领导", "调解员", "备注", "等级")
    row = ["芝厦村", "2024.3.5", "合同", "林大山与孙来福", "13812345678/13912345678", "欠款", "化解", "2024.4.1", "是",
           "1.2万", "已履行", "钱镇长", "李四海", "回访两次", "黄"]
    batch = bring_in(workbook(tmp_path / "a.xlsx", [headings, row]), *town)
    assert counts(batch) == (1, 1, 0, 0, 0), ImportRow.objects.values_list("reason_code", "reason_cell")
    matter = layout.get("dispute").matters(Matter.objects.all()).get()
    agreement = matter.agreements.get()
    assert (matter.outcome, agreement.amount_yuan, matter.dispute.performance) == (
        "written_agreement", 12000, "performed")
    values = {c.code: c.value(matter) for c in layout.get("dispute").columns if c.value}
    assert values["mediators"] == "李四海" and values["leader"] == "钱镇长" and values["remark"] == "回访两次"
    assert values["applicant_phones"] == ["13812345678", "13912345678"] and values["grade"] == "yellow"
    assert values["applicants"] == ["林大山"] and values["respondents"] == ["孙来福"]


def test_rows_in_error_stay_behind_and_come_back_with_their_reason(town, tmp_path):
    rows = rows_with({}, {"村(社区)": "芝夏村", "当事人姓名": "王五一"}, {"排查时间": "明天", "当事人姓名": "王六一"})
    path = workbook(tmp_path / "三行.xlsx", rows)
    batch = bring_in(path, *town)
    assert counts(batch) == (3, 1, 0, 0, 2) and Matter.objects.count() == 1
    name, given_back = importing.result_file(batch, actor=town[1])
    sheet = load_workbook(given_back).active
    given_back.unlink()
    assert name == "三行-错误原因.xlsx" and sheet["J1"].value == "错误原因" and sheet["J2"].value is None
    assert "芝厦村" in sheet["J3"].value and "C4" in sheet["J4"].value
    row = ImportRow.objects.get(row_number=3)
    assert row.payload and "王五一" not in bytes(row.payload).decode("latin-1"), "kept, but not readable at rest"
    assert bytes(ImportRow.objects.get(row_number=2).payload) == b"", "what is entered is not kept twice"


def test_a_later_ledger_brings_the_result(town, tmp_path):
    bring_in(workbook(tmp_path / "a.xlsx", rows_with({"化解结果": "正在化解"})), *town)
    matter = Matter.objects.get()
    assert (matter.status, matter.is_open) == ("mediating", True)
    batch = bring_in(workbook(tmp_path / "b.xlsx", rows_with({"化解结果": "调解不成，引导诉讼"})), *town)
    assert counts(batch) == (1, 0, 0, 1, 0)
    matter.refresh_from_db()
    assert (matter.status, matter.outcome, Matter.objects.count()) == ("closed", "failed", 1)
    importing.order_undo(batch_id=batch.pk, actor=town[1], start=False)
    importing.run(batch.pk)
    matter.refresh_from_db()
    assert (matter.status, matter.outcome, matter.is_open, matter.closed_at) == ("mediating", "", True, None)
    assert not matter.referrals.exists() and not matter.endings.exists()
    assert matter.ledger_note.values["result"] == "open"
    again = bring_in(workbook(tmp_path / "b.xlsx", rows_with({"化解结果": "已化解"})), *town)
    assert counts(again) == (1, 0, 0, 1, 0) and Matter.objects.get().outcome == "oral_agreement"
    first = ImportBatch.objects.order_by("pk").first()
    for batch in (again, first):
        importing.order_undo(batch_id=batch.pk, actor=town[1], start=False)
        assert importing.run(batch.pk) == "undone"
    assert Matter.objects.get().status == "voided"
    assert verify_ledger()[1] is None


def test_the_same_affair_in_two_monthly_sheets_is_one_matter(town, tmp_path):
    settled = {"化解结果": "已化解"}
    path = workbook(tmp_path / "a.xlsx", rows_with({"化解结果": "正在化解"}, settled, settled))
    batch = bring_in(path, *town)
    assert counts(batch) == (3, 1, 1, 1, 0)
    assert (Matter.objects.get().status, Matter.objects.get().outcome) == ("closed", "oral_agreement")


def test_what_somebody_worked_on_is_neither_changed_nor_undone(town, tmp_path):
    batch = bring_in(workbook(tmp_path / "a.xlsx", rows_with({"化解结果": "正在化解"}, {"当事人姓名": "周大"})), *town)
    matter = Matter.objects.get(is_open=True)
    recording.note(matter_id=matter.pk, actor=town[1], text="电话联系过")
    changed = bring_in(workbook(tmp_path / "b.xlsx", rows_with({})), *town)
    assert counts(changed) == (1, 0, 0, 0, 1)
    assert ImportRow.objects.get(batch=changed).reason_code == "matter-moved-on"
    importing.order_undo(batch_id=batch.pk, actor=town[1], start=False)
    importing.run(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.kept_count) == ("undone", 1)
    assert Matter.objects.get(pk=matter.pk).status == "mediating"
    assert Matter.objects.filter(status="voided").count() == 1


def test_a_matter_of_the_portal_is_the_same_and_never_overwritten(town, tmp_path):
    bring_in(workbook(tmp_path / "a.xlsx", rows_with({"化解结果": "正在化解"})), *town)
    ImportRow.objects.all().delete()
    same = bring_in(workbook(tmp_path / "b.xlsx", rows_with({"化解结果": "正在化解"})), *town)
    assert counts(same) == (1, 0, 1, 0, 0)
    other = bring_in(workbook(tmp_path / "c.xlsx", rows_with({"化解结果": "正在化解", "纠纷类型": "合同"})), *town)
    assert counts(other) == (1, 0, 0, 0, 1)
    assert ImportRow.objects.get(batch=other).reason_code == "matter-not-changed-by-file"


def test_staff_in_a_ledger_stand_behind_the_wall(town, tmp_path):
    officer = make_user("cun", "孙来福", "village_officer", town[0], phone="13812345678")
    make_user("other", "林大山", "village_officer", town[0])
    bring_in(workbook(tmp_path / "a.xlsx", rows_with({"当事人姓名": "林大山"})), *town)
    matter = Matter.objects.get()
    assert Party.objects.get(name="林大山").user == officer, "the same phone links"
    assert not Matter.objects.visible_to(officer).exists()
    assert StaffMatch.objects.get().party.name == "孙来福", "the same name asks"
    assert matter.event_count == matter.events.count() == 3


def test_a_corrected_heading_is_remembered_for_the_township(town, tmp_path):
    headings = ("村", "日子", "种类", "谁", "情形", "咋样了")
    row = ["芝厦村", "2024-3-5", "邻里", "林大山", "吵架", "化解"]
    path = workbook(tmp_path / "a.xlsx", [headings, row])
    batch = bring_in(path, *town)
    assert (batch.state, batch.refusal_code) == ("refused", "heading-not-found")
    assert importing.refusal_words(batch)
    chosen = {"日子": "reported_on", "谁": "applicants", "情形": "description", "咋样了": "result"}
    importing.correct_mapping(batch_id=batch.pk, actor=town[1], columns=chosen)
    importing.run(batch.pk)
    batch.refresh_from_db()
    assert counts(batch) == (1, 1, 0, 0, 0)
    assert {c["heading"]: c["how"] for c in importing.columns_of(batch)}["谁"] == "remembered"
    assert counts(bring_in(path, *town)) == (1, 1, 0, 0, 0), "understood from the start now"


def test_only_clerks_of_the_township_and_only_own_rows(town, tmp_path):
    officer = make_user("cun", "周村干", "village_officer", town[0])
    other = make_user("clerk9", "孙文书", "clerk", town[0])
    path = workbook(tmp_path / "a.xlsx", rows_with({}))
    with pytest.raises(Refused) as refusal:
        bring_in(path, town[0], officer)
    assert refusal.value.code == "not-your-right"
    batch = bring_in(path, *town, commit=False)
    assert importing.rows_of(batch, town[1]).count() == 1 and importing.rows_of(batch, other).count() == 0
    assert importing.find_batch(batch.pk, other) == batch
    with pytest.raises(Refused):
        importing.find_batch(batch.pk, officer)


def test_files_and_values_are_erased_after_their_days(town, tmp_path):
    batch = bring_in(workbook(tmp_path / "a.xlsx", rows_with({"村(社区)": "无此村"})), *town)
    assert path_of(batch).exists() and bytes(ImportRow.objects.get().payload)
    assert importing.erase_old(batch.erase_on) == 1 and importing.erase_old(batch.erase_on) == 0
    assert not path_of(batch).exists() and not bytes(ImportRow.objects.get().payload)
    with pytest.raises(Refused) as refusal:
        importing.result_file(ImportBatch.objects.get(), actor=town[1])
    assert refusal.value.code == "file-erased"


def test_steps_go_on_from_where_the_ledger_stands(town, tmp_path):
    bring_in(workbook(tmp_path / "a.xlsx", rows_with({"化解结果": "正在化解"})), *town)
    matter = Matter.objects.get()
    mediator = make_user("tj", "陈调解", "mediator", town[0])
    moving.move(matter_id=matter.pk, step="change_mediators", actor=town[1], facts={"mediators": [mediator]},
                reason="接手")
    moving.move(matter_id=matter.pk, step="record_session", actor=mediator,
                facts={"place": "镇", "participants": "双方", "record": "和解"})
    moving.move(matter_id=matter.pk, step="agree_orally", actor=mediator, facts={"both_confirm": True, "terms": "互谅"})
    moving.move(matter_id=matter.pk, step="close", actor=town[1])
    assert Matter.objects.get().outcome == "oral_agreement"


def command(*arguments, capsys):
    import json

    status = 0
    try:
        call_command("import_ledger", *map(str, arguments))
    except SystemExit as end:
        status = end.code
    return status, json.loads(capsys.readouterr().out.strip().splitlines()[-1])


def test_the_command_says_in_json_what_it_understood(town, tmp_path, capsys):
    path = workbook(tmp_path / "富春江镇2024年.xlsx", rows_with({"排查时间": "3月5日"}, {"村(社区)": "芝夏村"}))
    status, told = command("dispute", path, "--township", "330122101", "--json", capsys=capsys)
    assert (status, told["read"], told["new"], told["same"], told["update"], told["error"]) == (1, 2, 1, 0, 0, 1)
    good, bad = told["rows"]
    assert (good["sheet"], good["row"], good["verdict"]) == ("Sheet1", 2, "new")
    assert good["values"]["date"] == "2024-03-05" and good["values"]["village"] == "芝厦村"
    assert good["values"]["category"] == "neighbour" and good["values"]["parties"] == ["林大山", "孙来福"]
    assert good["values"]["result"] == "agreement" and good["guesses"][0]["code"] == "year-from-file"
    assert (bad["reason"], bad["cell"]) == ("village-unknown", "B3") and "芝厦村" in bad["words"]
    assert not Matter.objects.exists() and not ImportBatch.objects.exists(), "a dry run leaves nothing"
    status, told = command("dispute", path, "--township", "330122101", "--commit", "--json", capsys=capsys)
    assert (status, told["new"], told["committed"], Matter.objects.count()) == (1, 1, True, 1)
    assert told["rows"][0]["number"] == Matter.objects.get().number


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("nothing", "x.xlsx", "--township", "330122101"), "ledger-unknown"),
        (("dispute", "x.xlsx", "--township", "99"), "township-unknown"),
        (("dispute", "nowhere.xlsx", "--township", "330122101"), "file-unreadable"),
        (("dispute", "/", "--township", "330122101"), "file-unreadable"),
        (("dispute", "x.xlsx", "--township", "330122101217"), "township-unknown"),
        (("dispute", "x.xlsx", "--township", "330122101", "--user", "nobody"), "user-unknown"),
    ],
)
def test_wrong_use_of_the_command_ends_with_two(town, arguments, code, capsys):
    status, told = command(*arguments, "--json", capsys=capsys)
    assert (status, told["error"]) == (2, code) and told["message"]
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize(("content", "code"), [
    (b"%PDF-1.4", "file-not-a-table"), (b"", "file-is-empty"), (b"PK\x03\x04 broken", "file-damaged"),
    ("今天,天气\n1,2\n".encode(), "heading-not-found"),
])
@pytest.mark.parametrize("further", [(), ("--commit",)])
def test_a_file_that_is_no_ledger_leaves_nothing_behind(town, tmp_path, settings, content, code, further, capsys):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    status, told = command("dispute", path, "--township", "330122101", "--json", *further, capsys=capsys)
    assert (status, told["error"]) == (2, code) and told["message"]
    assert not ImportBatch.objects.exists() and not Matter.objects.exists()
    assert not stores.files_in(tmp_path / "attachments")


def test_a_commit_of_which_no_row_is_right_says_so_and_leaves_nothing_behind(town, tmp_path, capsys):
    path = workbook(tmp_path / "a.xlsx", rows_with({"排查时间": "去年12月"}))
    status, told = command("dispute", path, "--township", "330122101", "--commit", "--json", capsys=capsys)
    assert (status, told["committed"], told["batch"], told["error"]) == (1, True, None, 1)
    assert told["rows"][0]["cell"] == "C2" and "去年12月" in told["rows"][0]["words"]
    assert not ImportBatch.objects.exists()


def test_the_command_in_words_names_the_rows_in_error(town, tmp_path, capsys):
    path = workbook(tmp_path / "a.xlsx", rows_with({}, {"村(社区)": "芝夏村"}))
    with pytest.raises(SystemExit) as end:
        call_command("import_ledger", "dispute", str(path), "--township", "330122101")
    said = capsys.readouterr().out
    assert end.value.code == 1 and "Sheet1!3" in said and "芝厦村" in said and "--commit" in said


def test_rare_characters_of_a_ledger_are_found_and_direction_marks_are_an_error_of_the_row(town, tmp_path):
    rows = rows_with({"当事人姓名": "𠮷田𪚥"}, {"当事人姓名": "甲\u202e二", "纠纷简要情况": "院墙"})
    batch = bring_in(workbook(tmp_path / "rare.xlsx", rows), *town)
    assert counts(batch) == (2, 1, 0, 0, 1) and Matter.objects.matching("𪚥").count() == 1
    assert batch.rows.get(verdict="error").reason_code == "names-have-direction-marks"
