"""Commands answer in words and as JSON, with exit status 0, 1 or 2 and codes that stay (命令)."""
import json
from io import StringIO

import pytest
from django.core.management import call_command

from governance.organisation.models import PostProposal, Unit, User
from tests.support.factories.casework import make_town, report
from tests.support.fakes import probe_kind
from tests.support.portals import ROOT

pytestmark = pytest.mark.django_db

HEADINGS = "区划代码,名称,上级代码\n"
COUNTY = HEADINGS + "340101101201,南庄村村委会,340101101\n340101,云川县,\n340101101,清溪镇,340101\n"
PEOPLE = "姓名,登录名,手机,单位代码或名称,角色,职务,任职日期\n"
DIVISIONS = ROOT.parent / "shared/data/divisions-330122.csv"


def ask(*arguments):
    """The JSON answer and the exit status."""
    out, status = StringIO(), 0
    try:
        call_command(*arguments, "--json", stdout=out)
    except SystemExit as ended:
        status = ended.code
    return json.loads(out.getvalue()), status


@pytest.fixture(autouse=True)
def chinese_terminal(monkeypatch):
    """The language is the terminal's."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")


@pytest.fixture
def file(tmp_path):
    """Write a file: ``file("名单.csv", text)`` returns its path."""
    def write(name, text):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)
    return write


def test_divisions_in_any_order_and_a_second_run_changes_nothing(file):
    path = file("区划.csv", COUNTY)
    first, status = ask("import_divisions", path)
    assert (first, status) == ({"read": 3, "new": 3, "same": 0, "changed": 0, "error": 0, "rows": []}, 0)
    village = Unit.objects.get(code="340101101201")
    assert (village.short_name, village.level, village.township.name) == ("南庄村", "village", "清溪镇")
    second, status = ask("import_divisions", path)
    assert (second["same"], second["new"], status) == (3, 0, 0)
    third, status = ask("import_divisions", file("区划.csv", COUNTY.replace("清溪镇", "清溪街道")))
    assert (third["changed"], third["rows"][0]["row"], status) == (1, 4, 0)


@pytest.mark.parametrize(
    ("rows", "row", "said"),
    [
        ("340109101,无上级镇,340109\n", 2, "340109"),
        ("340101,云川县,\n340101,云川区,\n", 3, "340101"),
        ("34010X,云川县,\n", 2, ""),
        ("340101,云川县,\n340101101201,直属村村委会,340101\n", 3, ""),
    ],
)
def test_one_wrong_division_and_nothing_is_written(file, rows, row, said):
    answer, status = ask("import_divisions", file("区划.csv", HEADINGS + rows))
    wrong = [told for told in answer["rows"] if told["verdict"] == "error"]
    assert (status, [told["row"] for told in wrong]) == (1, [row])
    assert said in wrong[0]["reason"] and any(char >= "\u4e00" for char in wrong[0]["reason"])
    assert not Unit.objects.exists()


@pytest.mark.parametrize("command", ["import_divisions", "import_users"])
@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        (None, "", "file-unreadable"), ("a.csv", "天气,心情\n晴,好\n", "headings-missing"),
        ("a.xlsx", b"MZ\x90\0", "file-not-a-table"), ("a.csv", b"\0\1\2", "file-not-a-table"),
        ("a.csv", "", "headings-missing"),
    ],
)
def test_wrong_files_have_a_stable_code(file, command, name, content, code):
    answer, status = ask(command, file(name, content) if name else "/nowhere/名单.csv")
    assert (answer["error"], status) == (code, 2)
    assert answer["message"]


def test_people_are_tried_first_and_taken_in_with_codes_afterwards(file):
    make_town()
    rows = PEOPLE + "何新人,xinren,13911112222,横山村,村干部,委员,2026年1月5日\n"
    before = User.objects.count()
    answer, status = ask("import_users", file("名单.csv", rows))
    assert (answer["new"], answer["codes"], status, User.objects.count()) == (1, [], 0, before)
    answer, status = ask("import_users", file("名单.csv", rows), "--commit")
    ((name, username, unit, code),) = answer["codes"]
    assert (name, username, unit, status) == ("何新人", "xinren", "横山村", 0)
    person = User.objects.get(username="xinren")
    assert person.check_password(code) and person.must_change_password
    assert PostProposal.objects.get(user=person).from_on.isoformat() == "2026-01-05"


@pytest.mark.parametrize(
    "row",
    ["何新人,xinren,,无此村,村干部,,", "何新人,xinren,,横山村,村长,,", "何新人,xinren,,横山村,村干部,,2026-02-30",
     "何新人,xinren,12345,横山村,村干部,,", ",xinren,,横山村,村干部,,"],
)
def test_a_wrong_person_is_named_with_the_row_and_the_good_ones_go_in(file, row):
    make_town()
    rows = PEOPLE + "王好人,haoren,,横山村,村干部,,\n" + row + "\n"
    answer, status = ask("import_users", file("名单.csv", rows), "--commit")
    assert (answer["new"], answer["error"], status) == (1, 1, 1)
    (wrong,) = (told for told in answer["rows"] if told["verdict"] == "error")
    assert wrong["row"] == 3 and wrong["reason"]
    assert not User.objects.filter(username="xinren").exists()


def test_columns_about_what_is_not_held_are_refused(file):
    answer, status = ask("import_users", file("名单.csv", "姓名,登录名,单位,角色,政治面貌\n"))
    assert (answer["error"], status) == ("column-not-held", 2)


def test_the_history_is_verified_in_words_and_as_json(capsys):
    with probe_kind():
        report(make_town())
        answer, status = ask("verify_ledger")
        assert (answer["fits"], answer["misfit"], status) == (True, None, 0) and answer["events"] > 0
        call_command("verify_ledger")
        assert "全部相符" in capsys.readouterr().out


def test_a_workflow_is_shown_and_an_unknown_kind_has_a_code():
    with probe_kind():
        answer, status = ask("show_workflow", "probe")
        assert status == 0 and {"reported", "closed"} <= {state["code"] for state in answer["states"]}
        assert "look" in {step["name"] for step in answer["steps"]}
    answer, status = ask("show_workflow", "weather")
    assert (answer["error"], status) == ("kind-unknown", 2)


def county(tmp_path):
    """The official divisions that lie beside the checkout, or as many made up."""
    if DIVISIONS.exists():
        return DIVISIONS
    towns = [f"3301221{number:02d}" for number in range(1, 9)]
    villages = [f"{towns[number % 8]}{201 + number // 8}" for number in range(224)]
    lines = ["区划代码,名称,上级代码", "330122,桐庐县,", *(f"{town},第{town[-2:]}镇,330122" for town in towns)]
    lines += [f"{village},第{village[-3:]}村村委会,{village[:9]}" for village in villages]
    made = tmp_path / "county.csv"
    made.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return made


def test_the_divisions_of_a_whole_county(tmp_path):
    answer, status = ask("import_divisions", str(county(tmp_path)))
    assert (answer["read"], answer["new"], status) == (233, 233, 0)
