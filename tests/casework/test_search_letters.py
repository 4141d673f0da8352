"""Every letter of a name is found, by itself too; what no text holds finds nothing rather than anything."""
import pytest
from django.core.management import call_command
from django.db import connection

from governance.casework import bigrams
from governance.casework.forms.parties import PartyForm
from governance.casework.models import Matter
from governance.casework.services import indexing, parties
from governance.casework.workflow import Refused
from governance.organisation.names import no_direction_marks
from governance.organisation.services import people, units
from tests.support.factories.casework import report

NAMES = {
    "𠮷田𪚥": ("𪚥", "𠮷", "𠮷田", "田𪚥"), "䶮小": ("䶮", "䶮小"),
    "李⺟": ("母", "李母", "李⺟"), "〇五": ("〇", "〇五"),
    "甲é": ("é", "e", "甲é"), "Müller José": ("müller", "MULLER", "jose", "josé"),
    "ئۇيغۇر پەرھات": ("ئۇ", "ئۇيغۇر", "پەرھات"), "حسين": ("حس",),
    "བཀྲ་ཤིས་དོན་གྲུབ": ("ཤིས", "དོན་གྲུབ", "བཀྲ་ཤིས"), "ᠪᠠᠲᠤ ᠮᠥᠩᠬᠡ": ("ᠪᠠᠲᠤ", "ᠮᠥᠩᠬᠡ", "ᠮᠥ"),
    "김철수": ("김", "철", "철수", "김철수"), "한소희": ("한", "희"), "ꆈꌠ": ("ꌠ", "ꆈꌠ"), "さくら": ("くら",),
    "甲😀一": ("甲😀一", "😀", "😀一"), "乙👨‍👩‍👧二": ("👨‍👩‍👧",), "\ue863小一": ("\ue863小",),
    "甲\u200b六": ("甲六",), "ＡＢ公司": ("ab", "AB公司"), "阿依古丽・艾比布力": ("阿依古丽·艾比布力", "艾比"),
}


def found(text):
    return set(Matter.objects.matching(text).values_list("pk", flat=True))


@pytest.fixture
def matters(town):
    """A matter for each name, and some that hold only their common parts."""
    made = {name: report(town, parties=[{"kind": "applicant", "name": name, "phone": ""}]).pk for name in NAMES}
    for name in ("田一", "一二", "小六"):
        report(town, parties=[{"kind": "applicant", "name": name, "phone": ""}])
    return made


def test_every_letter_of_every_name_is_found(matters):
    asked = [(name, typed) for name, queries in NAMES.items() for typed in queries]
    missed = [(name, typed) for name, typed in asked if matters[name] not in found(typed)]
    assert missed == []
    assert found("𠮷田") == {matters["𠮷田𪚥"]} and found("甲é") == {matters["甲é"]}


NOWHERE = ("😃一", "😃", "𠮸田", "\ue864小", "ئۆ", "한글", "ô", "+", "、", "\u200b", "\ud800")


@pytest.mark.parametrize("typed", NOWHERE)
def test_what_no_text_holds_finds_nothing(matters, typed):
    assert found(typed) == set()


def test_a_letter_with_a_thousand_marks_is_no_error(town):
    name = "a" + "\u0301" * 30 + "田" + "\u3099" * 9
    made = report(town, parties=[{"kind": "applicant", "name": name, "phone": ""}], description="龘" + "\u0301" * 1900)
    assert found(name) == {made.pk} and found("x" * 5000) == set()


def test_numbers_and_plain_texts_are_indexed_as_before():
    assert bigrams.lexemes("330122101-JF-2026-00042 南庄村3组") == [
        "00042", "2026", "3", "330122101", "jf", "南庄", "庄村", "村", "组"]
    assert bigrams.query("（南庄村）, 3组!") == "'南庄' & '庄村' & '3':* & '组':*"


def spoil():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casework_matter SET search = array_to_tsvector(ARRAY['old'])")


def test_an_upgrade_indexes_anew_what_was_not_found_and_leaves_the_rest(matters, monkeypatch):
    monkeypatch.setattr(indexing, "SLICE", 4)
    spoil()
    assert indexing.reindex_all(only_strange=True) == len(NAMES) - 1
    missed = {name for name, queries in NAMES.items() for typed in queries if matters[name] not in found(typed)}
    assert missed == {"䶮小"} and found("小六") == set(), "were indexed the same way before"


def test_the_index_is_written_anew_by_command_and_goes_on_where_it_stopped(matters, monkeypatch, capsys):
    monkeypatch.setattr(indexing, "SLICE", 4)
    spoil()
    half = sorted(matters.values())[9]
    call_command("reindex_search", "--after", str(half), "--json")
    assert capsys.readouterr().out.strip() == f'{{"count": {len(NAMES) + 3 - 10}}}'
    assert found("小六") and not found("水渠") & {half}
    call_command("reindex_search")
    assert all(matters[name] in found(typed) for name, queries in NAMES.items() for typed in queries)


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u202e", "\u2066", "\u061c"])
def test_direction_marks_are_refused_in_names(town, mark):
    name = f"张{mark}三"
    with pytest.raises(Refused, match="name-has-direction-marks"):
        report(town, parties=[{"kind": "applicant", "name": name, "phone": ""}])
    matter = report(town, parties=[{"kind": "applicant", "name": "张三", "phone": ""}])
    with pytest.raises(Refused, match="name-has-direction-marks"):
        parties.correct_party(matter_id=matter.pk, party_id=matter.parties.get().pk, actor=town.clerk, version=None,
                              party={"name": name}, reason="x")
    with pytest.raises(Refused, match="name-has-direction-marks"):
        people.create_user(username="zhangsan", name=name, actor=town.system_admin)
    with pytest.raises(Refused, match="name-has-direction-marks"):
        units.rename_unit(unit=town.village, name=name, actor=town.system_admin)


def test_a_form_says_at_the_field_that_a_name_holds_direction_marks(town, probe):
    form = PartyForm({"kind": "applicant", "name": "张\u202e三"}, case_kind=probe)
    assert form.errors.as_data()["name"][0].code == "name-has-direction-marks"
    no_direction_marks("乙👨‍👩‍👧二"), no_direction_marks("می‌خواهم")
