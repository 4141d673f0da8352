"""Files of townships that went wrong once (`cases/`): each with what is right, and with its sisters."""
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from governance.ledgers import layout
from governance.ledgers.reading import Place, Reading, Surroundings, open_book
from governance.organisation.registry import Refused
from tests.support.factories.ledgers import csv_file, rows_with, surroundings, workbook

CASES = Path(__file__).parent / "cases"
TOWN = "990101101"
NAMES = ("南庄", "北庙", "东岗", "西河", "柳林", "石桥", "青山", "白塔")


def qinghe(file_name, **options) -> Surroundings:
    """清河镇 as reading knows it."""
    places = []
    for number, name in enumerate(NAMES, start=201):
        code = f"{TOWN}{number}"
        places.append(Place(code, f"{name}村村委会", f"{name}村", "village", TOWN))
        places.append(Place(f"{code}-01", f"{name}村第一网格", f"{name}村第一网格", "grid", code))
    return Surroundings(date(2026, 11, 27), Place(TOWN, "清河镇", "清河镇", "township"), tuple(places),
                        surroundings().terms, file_hint=file_name, districts=("云川县",), **options)


def understood(path, **options):
    """(records, reading) of a file of 清河镇."""
    reading = Reading(layout.get("dispute"), qinghe(path.name, **options))
    book = open_book(path, path.name)
    try:
        return list(reading.records(book)), reading
    finally:
        book.close()


def refusal(path):
    with pytest.raises(Refused) as refused:
        understood(path)
    return refused.value


def codes(remarks):
    return {(remark.code, remark.column) for remark in remarks}


def meanings(headings):
    """Heading -> (code, how) of a row of headings above one row."""
    guesses = understood_headings([list(headings), ["南庄村" if "村" in h else "x" for h in headings]])
    return {guess.heading: (guess.code, guess.how) for guess in guesses}


def understood_headings(rows):
    from governance.ledgers.reading.books import Sheet
    from governance.ledgers.reading.headings import Headings

    sheet = Sheet("台账", lambda: iter(enumerate(rows, start=1)))
    return Headings(layout.get("dispute")).find(sheet).guesses


# Numbers of officials.
def test_the_number_of_a_grid_worker_is_nobodys_party_phone():
    records, reading = understood(CASES / "phones-of-the-worker.xlsx")
    values = records[0].values
    assert values["applicant_phones"] == ["13800000001"] and not values.get("respondent_phones")
    told = [note for note in reading.notes if note.code == "column-of-official"]
    assert [(note.data["heading"], note.cell) for note in told] == [("网格员联系电话", "I1")]


BESIDE = ("村", "排查时间", "当事人姓名", "纠纷简要情况", "化解结果")


@pytest.mark.parametrize("heading", [
    "调解员电话", "责任人联系方式", "承办人手机", "包案领导电话", "网格长手机号", "填报人电话", "值班电话",
    "举报热线电话",
    "村书记电话", "驻村干部联系电话", "主办民警电话", "化解责任人 联系电话", "承办单位电话", "调委会电话",
    "接访人员电话",
    "责任领导固话", "审核人联系电话", "包保干部手机",
])
def test_numbers_of_officials_are_read_for_no_party(heading):
    assert meanings((*BESIDE, heading))[heading.replace(" ", "")] == ("", "official")
    both = meanings((*BESIDE, "联系电话", "对方当事人", heading))
    assert both[heading.replace(" ", "")] == ("", "official") and both["联系电话"][0] == "applicant_phones"


@pytest.mark.parametrize(("heading", "code"), [
    ("来电号码", "applicant_phones"), ("当事人联系人电话", "applicant_phones"), ("联系人电话", "applicant_phones"),
    ("反映人电话", "applicant_phones"), ("被反映单位电话", "respondent_phones"),
    ("申请人(单位)电话", "applicant_phones"), ("对方手机号码", "respondent_phones"),
])
def test_numbers_of_parties_still_are_theirs(heading, code):
    assert meanings((*BESIDE, heading))[heading][0] == code


def test_a_plain_phone_beside_an_official_is_the_officials():
    found = meanings((*BESIDE, "联系电话", "责任人", "电话"))
    assert found["联系电话"][0] == "applicant_phones" and found["电话"] == ("", "official")


def test_in_the_group_of_an_official_neither_name_nor_number_is_a_partys():
    rows = [["村", "排查时间", "当事人", None, "纠纷简要情况", "责任人", None, "网格员", None, "化解结果"],
            [None, None, "姓名", "电话", None, "姓名", "电话", "姓名", "联系方式", None],
            ["南庄村", "2026-3-5", "甲一", "13800000001", "吵架", "干部一", "13900000001", "网二", "1390", "化解"]]
    found = {guess.heading: (guess.code, guess.how) for guess in understood_headings(rows)}
    assert found["当事人/姓名"][0] == "applicants" and found["当事人/电话"][0] == "applicant_phones"
    assert found["责任人/姓名"][0] == "mediators" and found["责任人/电话"] == ("", "official")
    assert not found["网格员/姓名"][0] and found["网格员/联系方式"] == ("", "official")


# Several numbers of one person.
def test_the_landline_of_the_main_party_is_the_applicants_second_phone():
    records, reading = understood(CASES / "landline-of-the-main-party.xlsx")
    values = records[0].values
    assert values["applicants"] == ["甲一"] and not values.get("respondents")
    assert values["applicant_phones"] == ["13800000001", "0571-87654321"]
    assert (values["village"], values["grid"]) == (f"{TOWN}201", f"{TOWN}201-01")
    assert (values["category"], values["people_count"]) == ("neighbour", 2)
    assert values["description"] == "因院墙滴水发生争吵" and str(values["reported_on"]) == "2026-03-05"
    assert ("column-of-official", "*承办人手机") in {(n.code, n.data.get("heading")) for n in reading.notes}


@pytest.mark.parametrize(("first", "second"), [
    ("当事人手机", "当事人固定电话"), ("联系电话", "固话"), ("手机", "备用电话"), ("申请人电话", "申请人座机"),
])
def test_a_second_number_of_the_same_person_goes_to_the_first(first, second, tmp_path):
    rows = [[*BESIDE, first, second, "对方当事人"],
            ["南庄村", "2026-3-5", "甲一", "吵架", "已化解", "13800000001", "0571-87654321", "乙一"],
            ["南庄村", "2026-3-6", "甲二", "吵架", "已化解", None, "0571-87654322", "乙一"]]
    records, _reading = understood(workbook(tmp_path / "a.xlsx", rows))
    assert [r.values.get("applicant_phones") for r in records] == [["13800000001", "0571-87654321"], ["0571-87654322"]]
    assert [r.values.get("respondent_phones") for r in records] == [None, None]


@pytest.mark.parametrize(
    "heading", ["当事人固话", "当事人微信", "当事人籍贯", "当事人关系", "当事人学历", "主要当事人国籍"])
def test_what_is_told_about_a_party_is_not_another_partys_name(heading):
    found = meanings((*BESIDE, heading))[heading][0]
    assert found not in ("applicants", "respondents")


# CSV.
@pytest.mark.parametrize("rows", [1, 4000])
@pytest.mark.parametrize("closed_later", [False, True])
def test_an_unclosed_quotation_mark_is_told_with_its_line(rows, closed_later, tmp_path):
    text = (CASES / "unclosed-quote.csv").read_text("utf-8-sig")
    more = "".join(f"{n},南庄村,2026-03-07,邻里纠纷,甲{n},,己{n},因宅基争吵,2026-03-09,已化解,\n" for n in range(rows))
    last = '9,南庄村,2026-03-07,邻里纠纷,甲九,,己九,"因宅基争吵",2026-03-09,已化解,\n' if closed_later else ""
    path = tmp_path / "a.csv"
    path.write_text(text + more + last, "utf-8")
    refused = refusal(path)
    assert (refused.code, refused.data) == ("quote-unclosed", {"line": 3}) and "3" in str(refused.message)


def test_quoted_cells_of_several_lines_and_odd_quotes_are_read_as_before(tmp_path):
    told = "甲,乙,丙,丁,戊,己,庚,辛\n一,二,三,四,五,六,七,八,九,十"
    rows = rows_with({"纠纷简要情况": told}, {"纠纷简要情况": '称"老三"欠款'})
    rows = [[str(cell).replace("芝厦", "南庄") for cell in row] for row in rows]
    records, _reading = understood(csv_file(tmp_path / "a.csv", rows))
    assert [r.values["description"] for r in records] == [told, '称"老三"欠款']
    path = tmp_path / "b.csv"
    path.write_text("村,排查时间,当事人,纠纷情况,结果\n南庄村,2026-3-5,甲一,5\" 水管漏水,已化解\n", "utf-8")
    assert understood(path)[0][0].values["description"] == '5" 水管漏水'


def test_a_cell_beyond_all_measure_is_told_with_its_line(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"村,排查时间,当事人,纠纷情况,结果\n南庄村,2026-3-5,甲一,{'吵' * 140_000},已化解\n", "utf-8")
    refused = refusal(path)
    assert (refused.code, refused.data) == ("line-too-long", {"line": 2})


def test_full_width_commas_in_sentences_part_no_cells():
    records, _reading = understood(CASES / "full-width-commas.csv")
    assert [(r.values["applicants"], r.values["result"]) for r in records] == [
        (["甲一"], "agreement"), (["甲二"], "agreement"), (["甲三"], "agreement")]


@pytest.mark.parametrize("mark", [",", "，", ";", "\t", "|"])
def test_the_separator_is_that_of_the_heading(mark, tmp_path):
    other = "，" if mark != "，" else ","
    heading = ["村", "排查时间", "当事人", "纠纷情况", "结果"]
    rows = [["清河镇台账"], heading, *(
        ["南庄村", f"2026-3-{n}", "甲一", other.join("吵骂闹争斗打"), "已化解"] for n in range(1, 9))]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(mark.join(row) for row in rows), "utf-8")
    assert len(understood(path)[0]) == 8


# Web tables, strict workbooks, days of 1904, escapes, pictures.
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("begins", ["", "\r\n <!-- 导出 -->", "<meta charset='x'>", "MIME-Version: 1.0\r\n"])
def test_a_web_table_called_xls_is_told_to_be_saved_as_a_workbook(encoding, begins, tmp_path):
    text = (CASES / "html-with-bom.xls").read_text("utf-8-sig")
    path = tmp_path / "a.xls"
    path.write_bytes((begins + text).encode(encoding))
    refused = refusal(path)
    assert refused.code == "file-is-web-page" and ".xlsx" in str(refused.message)


def test_a_strict_workbook_is_read():
    records, _reading = understood(CASES / "strict-ooxml.xlsx")
    assert [(r.values["village"], r.values["applicants"]) for r in records] == [
        (f"{TOWN}201", ["甲一"]), (f"{TOWN}202", ["丙二"])]


def test_days_of_a_workbook_of_1904_are_of_its_own_counting():
    records, _reading = understood(CASES / "date-1904-general.xlsx")
    assert [(str(r.values["reported_on"]), str(r.values["settled_on"])) for r in records] == [
        ("2026-03-05", "2026-03-09")]


@pytest.mark.parametrize("title", ["清河镇2026年台账", "台账"])
def test_a_year_that_fits_neither_title_nor_neighbours_is_remarked_on(title, tmp_path):
    days = ["2026-3-1", "2026-3-2", "2026-3-3", "2022-3-4", "2026-3-5", "2025-12-30"]
    rows = [[title], list(BESIDE), *(["南庄村", day, f"甲{n}", "吵架", "正在化解"] for n, day in enumerate(days))]
    records, _reading = understood(workbook(tmp_path / "a.xlsx", rows))
    remarked = [("year-contradicts", "reported_on") in codes(r.guesses) for r in records]
    assert remarked == [False, False, False, True, False, False]


def test_escaped_signs_are_decoded(tmp_path):
    records, _reading = understood(CASES / "x000d.xlsx")
    assert [r.values["description"].split() for r in records][1] == ["甲", "乙"]
    rows = rows_with({"村(社区)": "南庄村", "纠纷简要情况": "甲_x0000_乙_xD83D__xDE00_丙_xD83D_丁_x005F_x000D_戊"})
    records, _reading = understood(workbook(tmp_path / "a.xlsx", rows))
    assert records[0].values["description"] == "甲乙😀丙丁_x000D_戊"


def test_a_picture_in_a_cell_is_no_text(tmp_path):
    records, _reading = understood(CASES / "wps-cell-picture.xlsx")
    assert not records[0].values.get("remark") and ("picture-left-out", "remark") in codes(records[0].guesses)
    for picture in ('=DISPIMG("ID_1",1)', '=_xlfn.DISPIMG("ID_1",1)', "＝DISPIMG(“ID_1”,1)", '=IMAGE("http://x/y.png")'):
        book = Workbook()
        for row in rows_with({"村(社区)": "南庄村", "当事人姓名": picture}):
            book.active.append(row)
        book.active["E2"].data_type = "s"
        book.save(tmp_path / "a.xlsx")
        records, _reading = understood(tmp_path / "a.xlsx")
        assert [(t.code, t.cell) for t in records[0].troubles] == [("cell-is-picture", "E2")]


# Villages of others.
def test_a_village_of_another_township_is_not_filed_under_ours():
    records, _reading = understood(CASES / "address-in-another-township.xlsx")
    assert [[(t.code, t.data.get("name")) for t in r.troubles] for r in records] == [
        [("village-elsewhere", "永兴镇")], [("village-elsewhere", "石笋乡")], []]
    assert records[2].values["village"] == f"{TOWN}207"


@pytest.mark.parametrize(("address", "village"), [
    ("永兴街道青山村", None), ("永安县青山村", None), ("云川县青山村", "207"), ("云川县清河镇青山村3号", "207"),
    ("集镇旁青山村", "207"),
    ("本镇青山村", "207"), ("从永兴镇来的青山村村民", None), ("浙江省某市云川县清河镇青山村", "207"),
    ("青山村永兴镇路口", "207"),
    ("新区社区青山村", "207"), ("某市永安区青山村", None),
])
def test_the_township_before_a_village_says_whose_it_is(address, village, tmp_path):
    rows = [["序号", "当事人", "发生地", "纠纷情况", "排查时间", "结果"],
            [1, "甲一", address, "吵架", "2026-3-5", "已化解"]]
    record = understood(workbook(tmp_path / "a.xlsx", rows))[0][0]
    assert record.values.get("village") == (f"{TOWN}{village}" if village else None)
    assert bool(record.troubles) == (village is None)


def test_where_it_happened_counts_before_where_a_party_lives(tmp_path):
    rows = [["序号", "当事人", "住址", "发生地", "纠纷情况", "排查时间", "结果"],
            [1, "甲一", "永兴镇白塔村", "青山村口", "吵架", "2026-3-5", "已化解"]]
    assert understood(workbook(tmp_path / "a.xlsx", rows))[0][0].values["village"] == f"{TOWN}207"


def test_what_a_township_said_of_a_villages_name_is_remembered(tmp_path):
    rows = rows_with({"村(社区)": "老石大队"}, {"村(社区)": "石桥"})
    path = workbook(tmp_path / "a.xlsx", rows)
    records, reading = understood(path)
    assert [t.code for t in records[0].troubles] == ["village-unknown"]
    assert records[1].values["village"] == f"{TOWN}206"
    assert reading.places == {"老石大队": ("", 1), "石桥": (f"{TOWN}206", 1)}, "not, or only roughly, understood"
    records, _reading = understood(path, remembered_places={"老石大队": f"{TOWN}208", "石桥": f"{TOWN}207"})
    assert [r.values["village"] for r in records] == [f"{TOWN}208", f"{TOWN}207"]
    assert ("village-remembered", "village") in codes(records[0].guesses)


# Headings.
@pytest.mark.parametrize(("heading", "code"), [
    ("反映人数", "people_count"), ("反应群体人数", "people_count"), ("反映群体人数", "people_count"),
    ("事件类型", "category"), ("事件类型（大类/子类）", "category"), ("*事件类型（子类）", "category"),
    ("事件名称", "description"), ("事件简述", "description"), ("发生网格", "grid"),
])
def test_headings_of_the_citys_own_system_are_known(heading, code):
    beside = [h for h in ("村", "排查时间", "当事人姓名", "案情", "化解结果") if code != "description" or h != "案情"]
    found = meanings((*beside, heading))
    assert next(c for h, (c, how) in found.items() if h == heading.replace("（", "(").replace("）", ")")) == code, found


def test_the_finer_of_two_categories_counts(tmp_path):
    rows = [["村", "排查时间", "当事人", "案情", "结果", "事件类型（大类）", "事件类型（子类）"],
            ["南庄村", "2026-3-5", "甲一", "吵架", "已化解", "矛盾劝解", "邻里纠纷"]]
    assert understood(workbook(tmp_path / "a.xlsx", rows))[0][0].values["category"] == "neighbour"


@pytest.mark.parametrize("heading", [
    "身份证号", "公民身份号码", "宗教信仰", "民族", "政治面貌", "是否党员", "重点人员类别", "是否信教",
    "前科情况", "护照号", "银行卡号",
    "当事人民族", "当事人身份证号码", "涉稳人员", "刑满释放人员", "是否精神病人",
])
def test_what_the_portal_does_not_hold_is_never_read_whatever_a_township_said(heading):
    from governance.ledgers.reading.books import Sheet
    from governance.ledgers.reading.headings import Headings

    rows = [[*BESIDE, heading], ["南庄村", "2026-3-5", "甲一", "吵架", "已化解", "x"]]
    finder = Headings(layout.get("dispute"), remembered={heading: "remark"})
    guess = finder.find(Sheet("台账", lambda: iter(enumerate(rows, start=1)))).guesses[-1]
    assert (guess.code, guess.how) == ("", "not-held")
