"""Habits of whole sheets: headings, merged cells, footers, hidden columns, other townships' ways."""
import struct
from datetime import date, datetime

import pytest
import xlwt

from governance.ledgers.reading import Place
from governance.organisation.registry import Refused
from tests.support.factories.ledgers import HEADINGS, ROW, csv_file, read, rows_with, sample, workbook


def one(tmp_path, *changes, name="台账.xlsx", **options):
    records, reading = read(workbook(tmp_path / name, rows_with(*changes)), name, **options)
    return records, reading


def codes(remarks):
    return [remark.code for remark in remarks]


@pytest.mark.parametrize(("name", "records"), [
    ("disputes-2024-annual.xlsx", 102), ("disputes-2025-monthly.xlsx", 98), ("disputes-2016-legacy.xls", 60),
])
def test_the_samples_are_read_whole_and_nothing_else(name, records):
    found, _reading = read(sample(name))
    assert len(found) == records and not any(record.troubles for record in found)
    assert all(len(r.values["applicants"]) and len(r.values["respondents"]) for r in found)
    assert {record.values["reported_on"].year for record in found} == {int(name.split("-")[1])}


def test_title_lines_blank_rows_totals_and_signatures(tmp_path):
    body = rows_with({}, {"当事人姓名": "周大"})
    rows = [["富春江镇2024年台账"], ["填报单位：综治办", None, "填报时间：2024年12月31日"], *body[:2], [], body[2],
            ["小计", None, None, "共2件"], ["本月合计", 2], ["填报人：甲", None, "审核人：乙"], ["制表人："],
            ["备注：以上属实"]]
    records, reading = read(workbook(tmp_path / "a.xlsx", rows))
    assert [record.row for record in records] == [4, 6] and not any(r.troubles for r in records)
    assert "row-left-out" not in codes(reading.notes)


def test_two_rows_of_headings_with_merged_cells(tmp_path):
    rows = [["序号", "村", "时间", "当事人", None, None, None, "案情", "调处情况", None],
            [None, None, None, "甲方", "电话", "乙方", "电话", None, "时间", "结果"],
            [1, "芝厦村", "2024.3.5", "林大山", "13812345678", "孙来福", "13912345678", "吵架", "2024.4.1", "化解"]]

    def edit(sheet):
        for cells in ("A1:A2", "B1:B2", "C1:C2", "D1:G1", "H1:H2", "I1:J1"):
            sheet.merge_cells(cells)

    values = read(workbook(tmp_path / "a.xlsx", rows, edit=edit))[0][0].values
    assert values["settled_on"] == date(2024, 4, 1) and values["reported_on"] == date(2024, 3, 5)
    assert values["respondent_phones"] == ["13912345678"] and values["result"] == "agreement"


def test_villages_merged_downwards_and_empty_below(tmp_path):
    rows = rows_with({}, {"村(社区)": None, "当事人姓名": "周大"}, {"村(社区)": None, "当事人姓名": "周二"})
    records, _reading = read(workbook(tmp_path / "a.xlsx", rows, edit=lambda sheet: sheet.merge_cells("B2:B3")))
    assert [r.values["village"][-3:] for r in records] == ["217", "217", "217"]
    assert not records[1].guesses and codes(records[2].guesses) == ["village-from-above"]


@pytest.mark.parametrize("mark", ["同上", "〃", "″", '"'])
def test_the_same_as_above(tmp_path, mark):
    records, _reading = one(tmp_path, {}, {"村(社区)": mark, "纠纷类型": mark, "当事人姓名": "周大"})
    assert records[1].values["village"] == "330122101217" and records[1].values["category"] == "neighbour"
    assert codes(one(tmp_path, {"村(社区)": mark})[0][0].troubles) == ["ditto-without-row"]


def test_one_affair_over_several_rows(tmp_path):
    rows = rows_with({}, {"序号": None, "村(社区)": None, "排查时间": None, "当事人姓名": "周大",
                          "联系电话": "13912345678", "对方当事人": None, "纠纷简要情况": None,
                          "纠纷类型": None, "化解结果": None})

    def edit(sheet):
        for column in "ABCDGHI":
            sheet.merge_cells(f"{column}2:{column}3")

    records, _reading = read(workbook(tmp_path / "a.xlsx", rows, edit=edit))
    assert len(records) == 1 and records[0].values["applicants"] == ["林大山", "周大"]
    assert records[0].values["applicant_phones"] == ["13812345678", "13912345678"]


def test_a_heading_repeated_on_the_next_page(tmp_path):
    rows = rows_with({}, {"当事人姓名": "周大"})
    assert len(read(workbook(tmp_path / "a.xlsx", [*rows[:2], rows[0], rows[2]]))[0]) == 2


def test_the_year_comes_from_title_sheet_or_file(tmp_path):
    rows = rows_with({"排查时间": "3月5日"})
    for name, title, sheet, guess in (("a.xlsx", "2023年台账", "S", "title"), ("a.xlsx", None, "2023年", "sheet"),
                                      ("2023年.xlsx", None, "S", "file")):
        record = read(workbook(tmp_path / "x.xlsx", [[title], *rows], title=sheet), name)[0][0]
        assert record.values["reported_on"] == date(2023, 3, 5)
        assert codes(record.guesses) == [f"year-from-{guess}"] and record.guesses[0].cell.startswith("C")
    assert codes(read(workbook(tmp_path / "a.xlsx", rows))[0][0].troubles) == ["year-unknown"]


def test_decembers_affair_in_januarys_sheet_is_of_the_year_before(tmp_path):
    rows = [["富春江镇2025年1月份台账"], *rows_with({"排查时间": "12月28日"})]
    assert read(workbook(tmp_path / "a.xlsx", rows))[0][0].values["reported_on"] == date(2024, 12, 28)


def test_a_hidden_column_is_read_and_named(tmp_path):
    def edit(sheet):
        sheet.column_dimensions["F"].hidden = True

    records, reading = read(workbook(tmp_path / "a.xlsx", rows_with({}), edit=edit))
    assert records[0].values["applicant_phones"] == ["13812345678"] and "column-hidden" in codes(reading.notes)


@pytest.mark.parametrize("heading", [
    "身份证号", "身份证号码", "宗教信仰", "民族", "政治面貌", "稳控措施", "稳控责任人", "是否重点人员", "前科",
    "健康状况", "残疾情况",
])
def test_what_the_portal_does_not_hold_is_not_read_in_and_said(tmp_path, heading):
    rows = [[*HEADINGS, heading], [*ROW.values(), "某某"]]
    records, reading = read(workbook(tmp_path / "a.xlsx", rows))
    assert "某某" not in str(records[0].values)
    assert [(n.code, n.data["heading"]) for n in reading.notes if n.code == "column-not-read"] == [
        ("column-not-read", heading)]


def test_an_identity_card_number_in_a_text_is_taken_out(tmp_path):
    number = "330122198001011234"
    records, _reading = one(tmp_path, {"纠纷简要情况": f"林某{number}与邻居争吵", "当事人姓名": f"林大山({number})"})
    assert records[0].values["description"] == "林某与邻居争吵" and records[0].values["applicants"] == ["林大山"]
    assert codes(records[0].guesses).count("id-number-removed") == 2


def test_summary_hidden_and_empty_sheets_are_named_and_left_out(tmp_path):
    def edit(sheet):
        book = sheet.parent
        for row in (["村", "排查数", "化解数", "化解率"], ["芝厦村", 3, 2, "67%"]):
            (book["汇总"] if "汇总" in book.sheetnames else book.create_sheet("汇总")).append(row)
        book.create_sheet("空")
        hidden = book.create_sheet("旧")
        for row in rows_with({}):
            hidden.append(row)
        hidden.sheet_state = "hidden"

    records, reading = read(workbook(tmp_path / "a.xlsx", rows_with({}), edit=edit))
    assert len(records) == 1
    assert {"sheet-is-summary", "sheet-is-empty", "sheet-is-hidden"} <= set(codes(reading.notes))


@pytest.mark.parametrize(("written", "guess", "code"), [
    ("芝厦村", None, "217"), ("芝厦村村委会", None, "217"), ("富春江镇芝厦村", None, "217"),
    ("芝厦", "village-by-suffix", "217"),
    ("芝厦村村", "village-by-suffix", "217"), ("芝厦社区", "village-by-suffix", "217"),
    ("芝厦村三组", "village-by-part", "217"),
    ("大庄村", "village-by-part", "215"), ("旧埠村", "village-merged", "217"),
])
def test_villages_by_name_suffix_and_part(tmp_path, written, guess, code):
    old = Place("330122101299", "旧埠村村委会", "旧埠村", "village", "330122101", merged_into="330122101217")
    record = one(tmp_path, {"村(社区)": written}, more=[old])[0][0]
    assert record.values["village"] == f"330122101{code}" and codes(record.guesses) == ([guess] if guess else [])


def test_an_unknown_village_names_the_nearest(tmp_path):
    trouble = one(tmp_path, {"村(社区)": "芝夏村"})[0][0].troubles[0]
    assert (trouble.code, trouble.cell) == ("village-unknown", "B2") and "芝厦村" in trouble.data["nearest"]


def test_two_villages_in_one_cell(tmp_path):
    values = one(tmp_path, {"村(社区)": "芝厦村、金家村"})[0][0].values
    assert (values["village"], values["other_villages"]) == ("330122101217", ["330122101219"])


def test_a_villages_own_ledger_without_a_column_for_it(tmp_path):
    headings = [h for h in HEADINGS if h != "村(社区)"]
    rows = [["芝厦村2024年矛盾纠纷台账"], *rows_with({}, headings=headings)]
    record = read(workbook(tmp_path / "a.xlsx", rows))[0][0]
    assert record.values["village"] == "330122101217" and codes(record.guesses) == ["village-from-title"]


@pytest.mark.parametrize(("change", "code", "cell"), [
    ({"排查时间": "明天"}, "day-unknown", "C2"), ({"排查时间": "2099-01-01"}, "day-in-the-future", "C2"),
    ({"排查时间": None}, "day-missing", "C2"), ({"当事人姓名": None, "对方当事人": None}, "parties-missing", "E2"),
    ({"纠纷简要情况": None}, "description-missing", "H2"), ({"化解结果": "下周再说"}, "word-unknown", "I2"),
    ({"排查时间": "#REF!"}, "cell-has-error", "C2"),
])
def test_each_trouble_names_its_cell(tmp_path, change, code, cell):
    trouble = one(tmp_path, change)[0][0].troubles[0]
    assert (trouble.code, trouble.cell) == (code, cell)


def test_formulas_are_named_and_their_values_taken(tmp_path):
    path = workbook(tmp_path / "a.xlsx", rows_with({"联系电话": "=1+1"}))
    assert codes(read(path)[0][0].troubles) == ["formula-without-value"]


def test_formulas_of_an_old_binary_file_are_named_with_their_cells(tmp_path):
    book = xlwt.Workbook()
    for name in ("一月", "二月"):
        sheet = book.add_sheet(name)
        for column, (heading, value) in enumerate({**ROW, "涉及人数": xlwt.Formula("2+3"), "备注": "无公式"}.items()):
            sheet.write(0, column, heading)
            sheet.write(1, column, value)
        # Enough rows for the formula to stand far behind in the file's stream.
        for row in range(2, 400):
            for column, (heading, value) in enumerate(ROW.items()):
                sheet.write(row, column, row if heading == "序号" else f"第{row}起" if "简要" in heading else value)
    sheet.write(400, 9, xlwt.Formula("J2*2"))
    sheet.write(400, 7, "最后一起")
    book.save(str(tmp_path / "a.xls"))
    cells = [("一月", "J2"), ("二月", "J2"), ("二月", "J401")]
    records, _reading = read(tmp_path / "a.xls")
    assert [(r.sheet, t.cell) for r in records for t in r.troubles if t.code == "formula-without-value"] == cells
    stored = with_values(tmp_path / "a.xls", 5.0)
    records, _reading = read(stored)
    assert [(r.sheet, g.cell) for r in records for g in r.guesses if g.code == "formula"] == cells
    assert {r.values.get("people_count") for r in records} == {5, None}


def with_values(path, value: float):
    """The file as Excel would have saved it: with what its formulas last gave (xlwt stores no values)."""
    content, place = bytearray(path.read_bytes()), 512
    while place + 4 <= len(content):
        code, length = struct.unpack_from("<HH", content, place)
        if code == 0x0006:
            struct.pack_into("<d", content, place + 10, value)
        place += 4 + length
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_every_encoding(tmp_path, encoding):
    records, _reading = read(csv_file(tmp_path / "台账.csv", rows_with({}), encoding))
    assert records[0].values["applicants"] == ["林大山"] and not records[0].troubles


def test_an_old_binary_file_with_dates_and_numbers(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("2023年")
    dated = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for column, (heading, value) in enumerate(ROW.items()):
        sheet.write(2, column + 1, heading)
        value = datetime(2023, 3, 5) if heading == "排查时间" else 13812345678 if heading == "联系电话" else value
        sheet.write(3, column + 1, value, dated if heading == "排查时间" else xlwt.Style.default_style)
    book.save(str(tmp_path / "a.xls"))
    values = read(tmp_path / "a.xls")[0][0].values
    assert values["reported_on"] == date(2023, 3, 5) and values["applicant_phones"] == ["13812345678"]


OTHERS = {
    "a mediation register": (
        ["案号", "受理时间", "案由", "申请人", "申请人电话", "被申请人", "被申请人电话", "纠纷简况", "承办人",
         "结案时间", "结案方式"],
        ["2023-1", "2023年5月6日", "相邻关系", "王大", "13812345678", "李二", "0571-64653333", "通行受阻", "张三",
         "2023年5月20日", "达成书面协议"], "written_agreement", "neighbour"),
    "a patrol list": (
        ["编 号", "所属村社", "上报日期", "矛盾类型", "涉事双方", "主要事由", "风险等级", "化解进展", "责任人"],
        [1, "金家", "2023/5/6", "劳资", "王大、李二", "工资未付", "黄色", "处理中", "张三"], "open", "labour"),
    "shouting headings": (
        ["序号*", "村（社区）名称：", "纠纷 发生 时间", "纠纷性质", "一方当事人", "另一方当事人", "主要案情",
         "是否化解"],
        [1, "茆坪行政村", "23.5.6", "土地", "王大", "李二", "争地界", "√"], "agreement", "land_forest"),
}


@pytest.mark.parametrize("which", OTHERS)
def test_other_townships_ledgers(tmp_path, which):
    headings, row, result, category = OTHERS[which]
    title = ["芝厦村人民调解登记簿" if "村" not in "".join(headings) else "台账"]
    records, reading = read(workbook(tmp_path / "a.xlsx", [title, [], headings, row]))
    values = records[0].values
    assert not records[0].troubles, codes(records[0].troubles)
    assert (values["reported_on"], values["result"], values["category"]) == (date(2023, 5, 6), result, category)
    assert values["applicants"] == ["王大"] and values["respondents"] == ["李二"] and values["village"]


def test_a_file_without_headings_says_what_to_do(tmp_path):
    with pytest.raises(Refused) as refusal:
        read(workbook(tmp_path / "a.xlsx", [["今天", "天气"], [1, 2]]))
    assert refusal.value.code == "heading-not-found" and str(refusal.value.message)
