"""A township is set up step by step: the list says what is missing, and whoever waits for a post reads for whom."""
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from governance.organisation.models import Change, Duty, Post, PostProposal, User
from governance.organisation.sentences import tell
from governance.organisation.services import beginning, setting_up
from governance.organisation.services.importing import users_list_template
from tests.support.factories.casework import make_town, make_user
from tests.support.fakes import probe_kind

from .attacks import day, enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    with probe_kind():
        yield make_town()


def missing(actor):
    """What is missing, by step."""
    return {row.step.code: row.missing for row in setting_up.checklist(actor) if not row.is_done}


def test_the_list_of_an_empty_portal_leads_from_step_to_step(client):
    with probe_kind():
        unit = beginning.top_unit(code="341523", name="舒城县")
        beginning.appoint_first_administrators(unit=unit, chosen={
            "system_admin": ("xitong", "张系统"), "security_admin": ("anquan", "李安全"),
            "auditor": ("shenji", "王审计")})
        User.objects.update(must_change_password=False)
        admin, guard = User.objects.get(username="xitong"), User.objects.get(username="anquan")
        assert set(missing(admin)) >= {"divisions", "people", "posts", "duties", "hours", "lengths"}
        answer = enter(client, admin).get("/", follow=True)
        assert answer.redirect_chain == [("/organisation/setup/", 302)], "it is the administrator's home"
        page = answer.content.decode()
        assert "/organisation/units/import/" in page and "还没有乡镇" in page
        rows = "区划代码,名称,上级代码\n341523101,城关镇,341523\n341523101201,东门村村委会,341523101\n"
        client.post("/organisation/units/import/", {
            "file": SimpleUploadedFile("区划.csv", rows.encode()), "commit": "on"})
        assert "divisions" not in missing(admin)
        rows = "姓名,登录名,单位,角色\n赵书,zhaoshu,东门村,村干部\n钱镇长,qianzhen,城关镇,镇领导\n"
        client.post("/organisation/users/import/", {
            "file": SimpleUploadedFile("名单.csv", rows.encode()), "commit": "on"})
        assert "people" not in missing(admin) and "2" in missing(admin)["posts"]
        chosen = list(PostProposal.objects.values_list("pk", flat=True))
        enter(client, guard).post("/organisation/proposals/", {"proposal": chosen})
        assert "posts" not in missing(admin) and "城关镇" in missing(admin)["duties"]
        leader = Post.objects.get(role="leader")
        Duty.objects.create(line="all", unit=leader.unit, post=leader, responsibility="first", from_on=day())
        assert "duties" not in missing(admin)


def test_what_is_usual_may_stay_as_it_is_and_that_is_on_record(town, client):
    assert "hours" in missing(town.system_admin)
    enter(client, town.system_admin)
    assert client.post("/organisation/setup/hours/stand/").status_code == 302
    assert client.post("/organisation/setup/duties/stand/").status_code == 404, "a duty cannot be done without"
    assert "hours" not in missing(town.system_admin)
    (change,) = tell(Change.objects.filter(subject_type="setup").for_list())
    assert "let_stand" not in change.sentence and "hours" not in change.sentence
    assert enter(client, town.security_admin).get("/organisation/setup/").status_code == 403


def test_the_list_costs_the_same_with_more_people(town, client, django_assert_max_num_queries):
    enter(client, town.system_admin)
    for number in range(30):
        make_user(f"more{number}", f"何{number}", "village_officer" if number % 2 else "", town.village)
    with django_assert_max_num_queries(15):
        assert client.get("/organisation/setup/").status_code == 200


def test_whoever_has_no_post_reads_on_the_home_page_for_whom_the_appointment_waits(town, client):
    new = make_user("xinren", "何新人", unit=town.village)
    page = enter(client, new).get("/").content.decode()
    assert "没有任职" in page and "蒋安全" in page and 'id="urgent"' not in page
    PostProposal.objects.create(user=new, unit=town.village, role="village_officer", from_on=day(),
                                proposed_by=town.system_admin)
    page = client.get("/").content.decode()
    assert "芝厦村" in page and "村干部" in page and "蒋安全" in page
    Post.objects.create(user=new, unit=town.village, role="village_officer", from_on=day())
    assert 'id="urgent"' in enter(client, new).get("/").content.decode()


def test_many_appointments_are_confirmed_at_once_each_with_its_own_verdict(town, client):
    people = [make_user(f"xin{number}", f"何{number}", unit=town.village) for number in range(3)]
    held = make_user("jiu", "何旧", "system_admin", town.village)
    rows = [PostProposal.objects.create(user=user, unit=town.village, role="village_officer", from_on=day(),
                                        proposed_by=town.system_admin) for user in (*people, held)]
    page = enter(client, town.security_admin).get("/organisation/proposals/").content.decode()
    assert all(user.name in page for user in (*people, held))
    answer = client.post("/organisation/proposals/", {"proposal": [row.pk for row in rows[1:]] + ["x", "²", "9" * 30]})
    verdicts = {one.proposal.user.username: one.reason for one in answer.context["verdicts"]}
    assert set(verdicts) == {"xin1", "xin2", "jiu"} and verdicts["xin1"] == verdicts["xin2"] == ""
    assert "互不兼任" in verdicts["jiu"] and "互不兼任" in answer.content.decode()
    assert people[1].posts.get().role == "village_officer" and not people[0].posts.exists()
    assert set(PostProposal.objects.values_list("user__username", flat=True)) == {"xin0", "jiu"}
    client.post(f"/organisation/proposals/{rows[3].pk}/decline/")
    assert not PostProposal.objects.filter(user=held).exists()
    assert enter(client, town.system_admin).get("/organisation/proposals/").status_code == 403


def test_the_template_of_the_users_list_is_read_by_the_import(town, client):
    answer = enter(client, town.system_admin).get("/organisation/users/import/template/")
    assert answer["Content-Type"].endswith("sheet") and "attachment" in answer["Content-Disposition"]
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["用户名单", "单位", "角色", "说明"]
    assert ("330122101201", "芝厦村") in set(book["单位"].iter_rows(values_only=True))
    typed = ("何新人", "xinren", "13900000000", "芝厦村", "村干部", "委员", "2026-01-05")
    for column, value in enumerate(typed, start=1):
        book["用户名单"].cell(2, column, value)
    filled = io.BytesIO()
    book.save(filled)
    answer = client.post("/organisation/users/import/", {"file": SimpleUploadedFile("名单.xlsx", filled.getvalue())})
    assert [row["verdict"] for row in answer.context["report"].rows] == ["new"]
    assert users_list_template(None), "the console has it too"
