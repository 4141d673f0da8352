"""Taking a ledger out: who may, what stands in it, what is recorded, when the file is still given out."""
import hashlib
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from openpyxl import load_workbook

from disputes.services.generating import make_matters, make_township
from governance.casework.models import Matter, Recusal
from governance.ledgers.models import LedgerExport
from governance.ledgers.services import exporting
from governance.ledgers.services.exporting import ordering
from governance.ledgers.services.exporting.making import folder
from governance.ledgers.tasks import tidy_exports
from governance.organisation.models import Change, Post, Unit, User
from governance.organisation.registry import Refused
from governance.organisation.services.recording import verify_changes
from tests.support import worlds
from tests.support.factories.casework import make_unit, make_user, report
from tests.support.screens import open_page, send

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
PERIOD = {"from_on": TODAY - timedelta(days=400), "to_on": TODAY}
PHONE = "13812345678"
OFFICIAL = [
    "序号", "村(社区)", "排查时间", "来源", "纠纷类型", "当事人姓名", "联系电话", "对方当事人", "对方电话",
    "纠纷简要情况", "涉及人数", "等级", "包案领导", "调解员", "调解时间", "化解结果", "是否达成协议",
    "协议涉及金额(元)", "履行情况", "备注",
]


def make_lives():
    make_township()
    make_matters(30)


@pytest.fixture(scope="module")
def lives(request, django_db_setup, django_db_blocker):
    """The demo township with a few lives, made once."""
    with worlds.kept(request, django_db_blocker, make_lives):
        yield


@pytest.fixture
def township(lives, db):
    """Each test begins with these lives."""


def who(name):
    return User.objects.get(username=name)


def order(name="wenshu", code="dispute", **asked):
    return exporting.order_export(actor=who(name), order=exporting.Order(code=code, **(PERIOD | asked)))


def cells(row):
    with exporting.open_export(export_id=row.pk, actor=row.owner)[1] as stream:
        book = load_workbook(stream)
    return [[cell.value for cell in line] for line in book.worksheets[0].iter_rows()]


def body(row, heading_row=4):
    lines = cells(row)
    heads = lines[heading_row - 1]
    return [dict(zip(heads, line, strict=True)) for line in lines[heading_row:] if isinstance(line[0], int)]


def dispute(actor="cun1", **values):
    user = who(actor)

    class Town:
        officer, village = user, user.home_unit

    parties = [{"kind": "applicant", "name": "林大山", "phone": PHONE}, {"kind": "respondent", "name": "孙来福"}]
    return report(Town, kind="dispute", category="neighbour", channel="investigation",
                  parties=values.pop("parties", parties), **values)


def test_the_file_holds_exactly_what_the_list_shows(township):
    row = order()
    seen = Matter.objects.visible_to(who("wenshu")).counted().filter(kind="dispute", reported_at__date__gte=row.from_on)
    assert row.state == "ready" and row.row_count == seen.count() == len(body(row)) >= 5
    assert set(row.matter_ids) == set(seen.values_list("pk", flat=True))
    days = [line["排查时间"] for line in body(row)]
    assert days == sorted(days) and [line["序号"] for line in body(row)] == list(range(1, len(days) + 1))
    assert list(body(row)[0]) == OFFICIAL


@pytest.mark.parametrize("name", ["cun1", "tiaojie", "zhenzhang", "shuji1", "wangge1", "xinfang", "xitong", "shenji"])
def test_only_clerk_and_office_take_ledgers_out(township, client, name):
    with pytest.raises(Refused) as refusal:
        order(name)
    assert refusal.value.code == "export-not-found"
    assert open_page(client, who(name), "ledgers:export-new", "dispute").status_code == 404
    assert not LedgerExport.objects.exists()


def test_the_office_takes_it_out_but_neither_confidential_matters_nor_telephone_numbers(township):
    secret, plain = dispute(is_confidential=True), dispute()
    assert {secret.pk, plain.pk} <= set(order("wenshu").matter_ids)
    row = order("bangongshi")
    assert plain.pk in row.matter_ids and secret.pk not in row.matter_ids
    with pytest.raises(Refused) as refusal:
        order("bangongshi", shows_contacts=True, reason="核对")
    assert refusal.value.code == "reveal-not-allowed"


def test_a_post_elsewhere_gives_sight_but_no_ledger_of_that_place(township):
    far = make_unit("990101102", "远山镇", "township", Unit.objects.get(code="990101"))
    officer = make_user("yuan", "袁远", "village_officer", make_unit("990101102201", "远山村", "village", far))
    there = dispute("yuan")
    clerk = who("wenshu")
    Post.objects.create(user=clerk, unit=officer.home_unit, role="village_officer", from_on=date(2024, 1, 1))
    assert Matter.objects.visible_to(who("wenshu")).filter(pk=there.pk).exists()
    assert there.pk not in order().matter_ids


def test_villages_are_chosen_with_their_grids_and_a_village_of_another_place_is_refused(township):
    village = who("cun1").home_unit
    row = order(place_ids=(village.pk,))
    assert {line["村(社区)"] for line in body(row)} == {village.short_name}
    with pytest.raises(Refused) as refusal:
        order(place_ids=(village.parent_id,))
    assert refusal.value.code == "place-unknown"


def test_the_period_holds_its_last_day_and_what_is_wrong_is_named(township):
    late = dispute()
    assert late.pk in order(from_on=TODAY, to_on=TODAY).matter_ids
    for asked, code in (
        ({"from_on": TODAY, "to_on": TODAY - timedelta(days=1)}, "period-reversed"),
        ({"to_on": None}, "period-missing"),
        ({"from_on": date(1990, 1, 1), "to_on": date(1990, 2, 1)}, "nothing-to-export"),
    ):
        with pytest.raises(Refused) as refusal:
            order(**asked)
        assert refusal.value.code == code


def test_telephone_numbers_are_masked_unless_a_reason_is_recorded(township):
    matter = dispute()
    masked = next(line for line in body(order()) if line["当事人姓名"] == "林大山")
    assert masked["联系电话"] == "138****5678"
    with pytest.raises(Refused) as refusal:
        order(shows_contacts=True, reason=" ")
    assert refusal.value.code == "reason-missing"
    row = order(shows_contacts=True, reason="上门核实")
    assert next(line for line in body(row) if line["当事人姓名"] == "林大山")["联系电话"] == PHONE
    change = Change.objects.get(subject_type="export", subject_id=str(row.pk))
    assert change.verb == "contacts_exported" and change.personal.values == {"reason": "上门核实"}
    assert change.data["matters"] == len(row.matter_ids) and matter.pk in row.matter_ids
    assert PHONE not in str(change.data) and verify_changes() is None


def test_every_export_is_on_record_and_the_auditor_reads_it(township, client):
    row = order(shows_contacts=True, reason="上门核实")
    page = open_page(client, who("shenji"), "ledgers:export-log").content.decode()
    assert row.owner.name in page and "上门核实" in page and str(row.row_count) in page and row.title in page
    page = open_page(client, who("shenji"), "ledgers:export-matters", row.pk).content.decode()
    number = Matter.objects.get(pk=row.matter_ids[0]).number
    assert number in page and Matter.objects.get(pk=row.matter_ids[0]).title not in page
    for other in ("wenshu", "bangongshi", "xitong", "anquan"):
        assert open_page(client, who(other), "ledgers:export-log").status_code == 403


def test_the_file_goes_to_its_owner_only_and_only_while_the_wall_allows(township, client):
    row = order()
    answer = open_page(client, who("wenshu"), "ledgers:export-file", row.pk)
    assert answer.status_code == 200 and b"".join(answer.streaming_content)[:2] == b"PK"
    for other in ("wenshu2", "bangongshi", "shenji", "xitong", "cun1"):
        assert open_page(client, who(other), "ledgers:export-file", row.pk).status_code == 404
        assert open_page(client, who(other), "ledgers:export", row.pk).status_code == 404
    Recusal.objects.create(matter_id=row.matter_ids[0], user=row.owner, ground="kin", created_at=timezone.now())
    answer = open_page(client, who("wenshu"), "ledgers:export-file", row.pk)
    assert answer.status_code == 409 and "export-outdated" in answer.content.decode()


def test_a_post_that_has_ended_opens_no_file(township, client):
    row = order()
    Post.objects.filter(user=row.owner).update(to_on=TODAY - timedelta(days=1))
    assert open_page(client, who("wenshu"), "ledgers:export-file", row.pk).status_code == 404


def test_a_made_file_lies_encrypted_and_one_that_was_changed_is_not_given_out(township):
    row = order()
    path = folder() / row.path
    kept = path.read_bytes()
    with exporting.open_export(export_id=row.pk, actor=row.owner)[1] as stream:
        given = stream.read()
    assert given.startswith(b"PK") and not kept.startswith(b"PK") and given[:200] not in kept
    assert (hashlib.sha256(given).hexdigest(), len(given)) == (row.sha256, row.size_bytes)
    path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    with pytest.raises(Refused):
        exporting.open_export(export_id=row.pk, actor=row.owner)


def test_a_file_whose_days_are_over_goes_and_its_record_stays(township):
    row = order()
    path = folder() / row.path
    assert path.exists()
    LedgerExport.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Refused):
        exporting.open_export(export_id=row.pk, actor=row.owner)
    tidy_exports()
    row.refresh_from_db()
    assert (row.state, row.path) == ("expired", "") and not path.exists() and row.row_count


def test_a_large_one_is_made_by_the_worker_and_one_that_was_lost_is_found_again(
    township, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(ordering, "AT_ONCE", 3)
    with django_capture_on_commit_callbacks() as left:
        row = order()
    assert row.state == "waiting" and len(left) == 1 and not row.path
    assert tidy_exports() == 0, "what was ordered just now is on its way"
    with django_capture_on_commit_callbacks(execute=True):
        sent = order()
    sent.refresh_from_db()
    assert sent.state == "ready", "the worker was asked"
    LedgerExport.objects.filter(pk=row.pk).update(ordered_at=timezone.now() - timedelta(hours=1))
    assert tidy_exports() == 1 and tidy_exports() == 0
    row.refresh_from_db()
    assert row.state == "ready" and not exporting.make_export(export_id=row.pk), "delivered twice, made once"
    assert Change.objects.filter(subject_type="export", subject_id=str(row.pk)).count() == 1


def test_a_right_lost_while_it_waits_makes_no_file(township, monkeypatch):
    monkeypatch.setattr(ordering, "AT_ONCE", 0)
    row = order()
    Post.objects.filter(user=row.owner).update(to_on=TODAY - timedelta(days=1))
    assert not exporting.make_export(export_id=row.pk)
    row.refresh_from_db()
    assert (row.state, row.refusal_code, row.path) == ("failed", "export-not-found", "")


def test_columns_on_demand_stand_behind_the_official_ones(township):
    lines = body(order(columns=("number", "grid", "address")))
    assert list(lines[0])[-3:] == ["编号", "网格", "发生地"]
    assert Matter.objects.filter(number=lines[0]["编号"]).exists()


def test_the_title_says_the_period_and_the_head_who_files_it(township):
    whole = order(from_on=date(TODAY.year, 1, 1), to_on=TODAY)
    assert whole.title.endswith(f"{TODAY.year}年矛盾纠纷排查化解台账")
    lines = cells(whole)
    assert lines[1][0].startswith("填报单位：") and whole.mark in lines[2][0] and whole.owner.name in lines[2][0]
    assert lines[-1][0] == f"填报人：{whole.owner.name}"
    named = {
        (date(2025, 1, 1), date(2025, 12, 31)): "2025年", (date(2026, 2, 1), date(2026, 2, 28)): "2026年2月",
        (date(2026, 7, 1), date(2026, 9, 30)): "2026年第三季度", (date(2026, 2, 1), date(2026, 4, 30)): "",
        (date(2025, 12, 1), date(2026, 1, 31)): "",
    }
    for (first, last), words in named.items():
        assert ordering._period_in_words(first, last) == words


def test_agreements_are_taken_out_with_what_was_performed(township):
    row = order(code="agreements")
    lines = body(row)
    held = {m.pk for m in Matter.objects.filter(agreements__replaced_on=None, agreements__isnull=False)}
    assert set(row.matter_ids) <= held and lines
    assert any(line["履行情况"] == "已履行" and line["实际履行日期"] for line in lines)
    assert all(line["履行期限"] for line in lines if line["期次"])


@pytest.mark.parametrize("code", ["users", "units"])
def test_people_and_units_are_taken_out_and_read_again_unchanged(township, client, code):
    make_user("lisan", "离散")
    row = order("xitong", code=code, from_on=None, to_on=None)
    with exporting.open_export(export_id=row.pk, actor=row.owner)[1] as stream:
        content = stream.read()
    client.force_login(who("xitong"), backend="governance.organisation.visibility.PostBackend")
    before = User.objects.count(), Unit.objects.count(), Change.objects.exclude(subject_type="export").count()
    answer = client.post(
        f"/organisation/{code}/import/", {"file": SimpleUploadedFile("名单.xlsx", content), "commit": "on"}
    )
    found = answer.context["report"]
    assert (found.read, found.same, found.error) == (row.row_count, row.row_count, 0), found.rows
    assert before == (
        User.objects.count(), Unit.objects.count(), Change.objects.exclude(subject_type="export").count()
    )


@pytest.mark.parametrize("name", ["wenshu", "bangongshi", "anquan", "shenji"])
def test_people_and_units_are_for_the_system_administrator(township, name):
    for code in ("users", "units"):
        with pytest.raises(Refused):
            order(name, code=code)


def test_the_screens_keep_what_was_typed_and_ask_a_constant_number_of_questions(
    township, client, django_assert_max_num_queries
):
    days = {"from_on": PERIOD["from_on"].isoformat(), "to_on": TODAY.isoformat()}
    answer = send(client, who("wenshu"), "ledgers:export-new", "dispute", shows_contacts="on", reason="", **days)
    assert answer.status_code == 422 and "id_reason" in answer.content.decode()
    answer = send(client, who("wenshu"), "ledgers:export-new", "dispute", from_on="2026-02-30")
    assert answer.status_code == 422
    for _number in range(3):
        answer = send(client, who("wenshu"), "ledgers:export-new", "dispute", places=[who("cun1").home_unit_id],
                      **days)
        assert answer.status_code == 302
    client.force_login(who("wenshu"))
    for address in ("/ledgers/exports/", "/ledgers/exports/new/dispute/", answer.url):
        with django_assert_max_num_queries(15):
            assert client.get(address).status_code == 200
    assert "hx-get" not in client.get(answer.url, headers={"HX-Request": "true"}).content.decode()


def test_rows_cost_a_constant_number_of_questions(township, django_assert_max_num_queries):
    with django_assert_max_num_queries(45), transaction.atomic():
        order()
