"""Ledgers of townships that never saw the portal: whole sheets, each with what a clerk would say stands in it."""
import csv
from decimal import Decimal

import pytest
import xlwt
from openpyxl import Workbook

from governance.organisation.registry import Refused
from tests.support.factories.ledgers import VILLAGES, level_of, read, short_name_of

HEADINGS = ("序号", "村", "日期", "类型", "甲方", "乙方", "内容", "结果")
SHORT = {code: short_name_of(name, level_of(name)) for code, name in VILLAGES.items()}


def book(path, *sheets):
    """Sheets of (title, rows, merged cells)."""
    held = Workbook()
    held.remove(held.active)
    for title, rows, *merged in sheets:
        sheet = held.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for cells in merged:
            sheet.merge_cells(cells)
    held.save(path)
    return path


def understood(records):
    """Day, village, category, parties of both sides, result of every row; a row in error is its codes."""
    return [
        tuple(trouble.code for trouble in record.troubles) or (
            str(record.values["reported_on"]), SHORT[record.values["village"]], record.values["category"],
            "、".join(record.values["applicants"]), "、".join(record.values.get("respondents", ())),
            record.values.get("result"),
        ) for record in records
    ]


def codes(remarks):
    return {remark.code for remark in remarks}


def test_a_registration_form_with_sex_age_and_homes_of_both_sides(tmp_path):
    rows = [
        ["富春江镇芦茨村人民调解委员会人民调解登记表"], ["（2023年度）"],
        ["编号", "登记日期", "申请人", None, None, None, None, "被申请人", None, None, None, None, "纠纷类别",
         "纠纷简要事实", "调解结果", "调解员", "调解日期"],
        [None, None, *["姓名", "性别", "年龄", "单位或住址", "联系电话"] * 2],
        ["芦调〔2023〕1号", "2023年2月6日", "吴阿根", "男", 56, "芦茨村2组", "13805711111", "周水英", "女", 48,
         "芦茨村3组", "13805711112", "相邻关系", "屋檐滴水", "调解成功", "朱明", "2023年2月8日"],
    ]
    merged = ("A1:Q1", "A3:A4", "B3:B4", "C3:G3", "H3:L3", "M3:M4", "N3:N4", "O3:O4", "P3:P4", "Q3:Q4")
    records, reading = read(book(tmp_path / "a.xlsx", ("登记表", rows, *merged)))
    assert understood(records) == [("2023-02-06", "芦茨村", "neighbour", "吴阿根", "周水英", "agreement")]
    values = records[0].values
    assert (values["applicant_home"], values["respondent_home"]) == ("芦茨村2组", "芦茨村3组")
    assert values["respondent_phones"] == ["13805711112"]
    assert {n.data["heading"] for n in reading.notes if n.code == "column-unknown"} == {
        "申请人/性别", "申请人/年龄", "被申请人/性别", "被申请人/年龄"}


def test_petitions_and_disputes_in_one_book_with_the_village_in_the_address_only(tmp_path):
    rows = [
        ["2024年信访及矛盾纠纷登记台账"],
        ["序号", "来访时间", "来访人姓名", "家庭住址", "联系电话", "反映问题", "问题分类", "被反映人（单位）",
         "责任单位",
         "办理情况"],
        [1, "2024.1.9", "汪小毛", "孝门村3组", "13900000001", "通道堆放建材", "邻里", "汪大毛", "孝门村委会", "已办结"],
        [2, "2024.1.19", "郎有根等12人", "富春江镇石舍村", None, "流转费拖欠", "土地承包", "石舍农业合作社", None,
         "正在协调"],
        [3, "2024.1.20", "郎有根", "外地", None, "流转费拖欠", "土地承包", None, None, "正在协调"],
    ]
    records, _reading = read(book(tmp_path / "a.xlsx", ("Sheet1", rows)))
    assert understood(records) == [
        ("2024-01-09", "孝门村", "neighbour", "汪小毛", "汪大毛", "agreement"),
        ("2024-01-19", "石舍村", "land_forest", "郎有根", "石舍农业合作社", "open"), ("column-missing",),
    ]
    assert "village-from-cell" in codes(records[0].guesses)


def test_a_sheet_for_each_village_and_one_that_sums_up(tmp_path):
    headings = ["序号", "排查日期", "当事人", "对方", "简要案情", "类型", "是否化解"]

    def of(*rows):
        return [["村级矛盾纠纷排查表"], headings, *rows, ["合计", len(rows)]]

    records, reading = read(book(
        tmp_path / "2022年各村排查.xlsx",
        ("芝厦村", of([1, "3月5日", "甲一民", "乙一民", "晒场占用", "邻里", "√"],
                     [2, "4月2日", "甲二民", "乙二民", "借款不还", "债务", "×"])),
        ("金家", of([1, "5月6日", "甲三民", "乙三民", "离婚财产", "婚姻", "√"])),
        ("上泗村（1件）", of([1, "6月7日", "甲四民", "乙四民", "工程款", "合同", "化解中"])),
        ("汇总表", [["村", "排查数", "化解数", "化解率"], ["芝厦村", 2, 1, "50%"]]),
    ))
    assert understood(records) == [
        ("2022-03-05", "芝厦村", "neighbour", "甲一民", "乙一民", "agreement"),
        ("2022-04-02", "芝厦村", "contract", "甲二民", "乙二民", "open_unsolved"),
        ("2022-05-06", "金家村", "marriage_family", "甲三民", "乙三民", "agreement"),
        ("2022-06-07", "上泗村", "contract", "甲四民", "乙四民", "open"),
    ]
    assert codes(reading.notes) >= {"sheet-is-summary"}


def test_a_sheet_for_each_month_with_days_only_and_months_without_any_dispute(tmp_path):
    headings = ["序号", "村别", "时间", "类别", "当事人", "联系电话", "纠纷内容", "化解情况"]
    records, reading = read(book(
        tmp_path / "2023年度.xlsx",
        ("1月", [["月报"], headings, [1, "芝厦村", "5日", "邻里", "陈一与王二", None, "吵架", "已化解"], ["小计", 1]]),
        ("2月", [["月报"], headings, [1, "芝厦村", *["无"] * 6],
                 [2, "金家村", "2月9日", "合同", "陈三与王四", None, "欠货款", "未化解"]]),
        ("3月", [["月报"], headings, [None, "芝厦村", "本月无矛盾纠纷"], ["零报告"]]),
    ))
    assert understood(records) == [
        ("2023-01-05", "芝厦村", "neighbour", "陈一", "王二", "agreement"),
        ("2023-02-09", "金家村", "contract", "陈三", "王四", "open_unsolved"),
    ]
    assert "month-from-heading" in codes(records[0].guesses)
    assert sum(n.code == "row-left-out" for n in reading.notes) == 3, "what is left out is named"


def test_headings_in_the_fifth_row_in_odd_order_and_sums_in_ten_thousands_by_the_title(tmp_path):
    rows = [
        ["附件2"], ["矛盾纠纷排查化解情况登记表"], ["填报单位：严陵村（盖章）", None, "填报时间：2021年6月30日",
         "单位：万元"],
        ["填表说明：1.纠纷类型按婚姻家庭、邻里、合同等填写；2.化解结果填已化解、化解中、未化解；3.当事人填写姓名及电话。"],
        ["化解结果", "涉案金额", "纠纷类型", "事由", "乙方", "甲方", "发生时间", "序号"],
        ["已化解", 1.5, "征地拆迁", "青苗补偿", "浙江某某建设有限公司", "陆阿福", "2021/5/6", 1],
        ["化解中", "3000元", "劳资", "拖欠木工工资", "陆老板", "李木匠", "2021/5/20", 2],
        ["注：本表每季度末报送"], ["填报人：张三　　审核人：李四　　联系电话：13800000000"],
    ]
    records, reading = read(book(tmp_path / "附件2.xlsx", ("Sheet1", rows)))
    assert understood(records) == [
        ("2021-05-06", "严陵村", "requisition", "陆阿福", "浙江某某建设有限公司", "agreement"),
        ("2021-05-20", "严陵村", "labour", "李木匠", "陆老板", "open"),
    ]
    assert [record.values["amount_yuan"] for record in records] == [Decimal(15000), Decimal(3000)]
    assert "sums-in-ten-thousands" in codes(reading.notes)


def test_ticks_in_columns_of_their_own(tmp_path):
    rows = [
        ["2024年一季度矛盾纠纷排查表"],
        ["序号", "村别", "排查时间", "当事人", None, "纠纷类型", "主要内容", "化解情况", None, None],
        [None, None, None, "姓名", "对方", None, None, "已化解", "化解中", "未化解"],
        [1, "里董村", "2024.1.3", "甲甲", "乙乙", "邻里", "挖水沟", "√"],
        [2, "里董村", "2024.1.4", "丙丙", "丁丁", "邻里", "堆柴火", None, "√"],
        [3, "里董村", "2024.1.5", "戊戊", "己己", "邻里", "养鸡场", "×", None, "是"],
        [4, "里董村", "2024.1.6", "庚庚", "辛辛", "邻里", "养鸭场", "√", None, "√"],
    ]
    merged = ("A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3", "G2:G3", "H2:J2")
    records, reading = read(book(tmp_path / "a.xlsx", ("Sheet1", rows, *merged)))
    assert understood(records) == [
        ("2024-01-03", "里董村", "neighbour", "甲甲", "乙乙", "agreement"),
        ("2024-01-04", "里董村", "neighbour", "丙丙", "丁丁", "open"),
        ("2024-01-05", "里董村", "neighbour", "戊戊", "己己", "open_unsolved"), ("ticked-twice",),
    ]
    assert records[3].troubles[0].cell == "H7"
    # The same with one row of headings, as people retype it.
    plain = [[*rows[1][:3], "姓名", "对方", *rows[1][5:7], *rows[2][7:]], *rows[3:6]]
    assert understood(read(book(tmp_path / "b.xlsx", ("Sheet1", plain)))[0]) == understood(records)[:3]
    assert not [n for n in reading.notes if n.code == "column-unknown"]


def test_categories_ticked_in_columns(tmp_path):
    rows = [
        ["序号", "村", "日期", "当事人", "内容", "婚姻家庭", "邻里", "合同", "结果"],
        [1, "金家村", "2024.1.3", "甲甲与乙乙", "吵", None, "√", None, "化解"],
        [2, "金家村", "2024.1.4", "丙丙与丁丁", "欠", None, None, 1, "化解"],
    ]
    assert [one[2] for one in understood(read(book(tmp_path / "a.xlsx", ("Sheet1", rows)))[0])] == [
        "neighbour", "contract"]


@pytest.mark.parametrize(("upper", "lower", "day", "merged"), [
    (["受理时间", None, None], ["年", "月", "日"], [2020, 3, 5], ("C2:E2",)),
    (["受理时间", None], ["月", "日"], ["3月", "5"], ("C2:D2",)),
    (["月", "日"], None, [3, 5], ()),
])
def test_year_month_and_day_in_columns_of_their_own(tmp_path, upper, lower, day, merged):
    behind = ["甲方", "乙方", "类型", "案情", "结果"]
    rows = [["2020年调解登记簿"], ["序号", "村", *upper, *behind], [1, "芝厦村", *day, "甲甲", "乙乙", "邻里", "吵",
        "化解"]]
    if lower:
        rows.insert(2, [None, None, *lower])
        letters = "ABFGHIJ" if len(day) == 3 else "ABEFGHI"
        merged += tuple(f"{letter}2:{letter}3" for letter in letters)
    assert understood(read(book(tmp_path / "a.xlsx", ("Sheet1", rows, *merged)))[0]) == [
        ("2020-03-05", "芝厦村", "neighbour", "甲甲", "乙乙", "agreement")]


def test_lines_between_the_rows_name_village_and_year(tmp_path):
    headings = ["序号", "时间", "当事人", "对方当事人", "纠纷类型", "纠纷情况", "化解结果"]
    rows = [
        ["富春江镇2023年度各村矛盾纠纷明细"], headings, ["一、芝厦村"],
        [1, "3.12", "甲甲", "乙乙", "邻里", "吵一", "已化解"], ["二、金家村（1件）"],
        [1, "2023.4.1", "丙丙", "丁丁", "合同", "吵二", "调解中"], ["石舍村2024年矛盾纠纷台账"], headings,
        [1, "5月1日", "戊戊", "己己", "合同", "吵三", "化解"],
    ]
    records, reading = read(book(tmp_path / "a.xlsx", ("Sheet1", rows)))
    assert understood(records) == [
        ("2023-03-12", "芝厦村", "neighbour", "甲甲", "乙乙", "agreement"),
        ("2023-04-01", "金家村", "contract", "丙丙", "丁丁", "open"),
        ("2024-05-01", "石舍村", "contract", "戊戊", "己己", "agreement"),
    ]
    assert "village-from-band" in codes(records[0].guesses) and "row-left-out" not in codes(reading.notes)


@pytest.mark.parametrize("numbers", [list(range(1, 9)), [f"（{n}）" for n in range(1, 9)], list("ABCDEFGH")])
def test_numbers_of_columns_and_an_example_are_no_affairs(tmp_path, numbers):
    rows = [HEADINGS, numbers, ["例", "某某村", "2024-01-01", "邻里", "张三", "李四", "因…争吵", "已化解"],
            [1, "芝厦村", "2024.2.2", "邻里", "甲甲", "乙乙", "吵", "化解"]]
    records, reading = read(book(tmp_path / "a.xlsx", ("Sheet1", rows)))
    assert [record.row for record in records] == [4] and not records[0].troubles
    assert [n.data["row"] for n in reading.notes if n.code == "row-left-out"] == [3]


def test_of_two_columns_that_tell_the_result_the_plain_yes_or_no_counts(tmp_path):
    rows = [
        [*HEADINGS[:-1], "化解情况", "是否化解", "化解时间"],
        [1, "金家村", "2024.1.3", "邻里", "甲甲", "乙乙", "吵", "当面沟通，赔偿医药费500元", "是", "2024.1.9"],
        [2, "金家村", "2024.1.4", "邻里", "丙丙", "丁丁", "吵", "双方说法不一", "否", None],
        [3, "金家村", "2024.1.5", "邻里", "戊戊", "己己", "吵", None, None, "2024.1.9"],
    ]
    records, _reading = read(book(tmp_path / "a.xlsx", ("Sheet1", rows)))
    assert [one[-1] for one in understood(records)] == ["agreement", "open_unsolved", "result-missing"]
    assert records[0].values["measures"] == "当面沟通，赔偿医药费500元"


def test_of_several_days_the_most_official_heading_counts_and_the_others_are_named(tmp_path):
    rows = [["序号", "发生时间", "村", "排查时间", "受理时间", "类型", "当事人", "联系电话", "对方", "联系电话",
        "内容", "结果"],
            [1, "2023.12.28", "金家村", "2024.1.3", "2024.1.5", "邻里", "甲甲", "13800000001", "乙乙", "13800000002",
             "吵",
             "化解"]]
    records, reading = read(book(tmp_path / "a.xlsx", ("Sheet1", rows)))
    assert understood(records)[0][0] == "2024-01-03" and records[0].values["respondent_phones"] == ["13800000002"]
    assert [n.data["heading"] for n in reading.notes if n.code == "column-double"] == ["发生时间", "受理时间"]


def test_headings_that_say_more_than_one_thing(tmp_path):
    rows = [["序号", "村（社区）/单位", "排查出矛盾纠纷时间（年/月/日）", "纠纷类型（下拉选择）",
        "当事人姓名及联系电话",
             "矛盾纠纷简要情况及诉求", "化解情况（已化解/未化解）", "包村领导", "化解责任人及电话", "涉及金额（万元）"],
            [1, "金家村", "2024/1/3", "邻里纠纷", "甲甲13800000001、乙乙13800000002", "吵", "已化解", "王镇长",
             "李村长",
             "0.5"]]
    records, reading = read(book(tmp_path / "a.xlsx", ("Sheet1", rows)))
    assert understood(records) == [("2024-01-03", "金家村", "neighbour", "甲甲", "乙乙", "agreement")]
    assert records[0].values["amount_yuan"] == 5000 and records[0].values["leader"] == "王镇长"
    assert "column-unknown" not in codes(reading.notes)


def test_a_heading_merged_over_both_sides(tmp_path):
    rows = [["2024年"], ["序号", "村", "日期", "当事人", None, "类型", "内容", "结果"],
            [1, "金家村", "1月3日", "甲甲", "乙乙", "邻里", "吵", "化解"]]
    records, _reading = read(book(tmp_path / "a.xlsx", ("Sheet1", rows, "D2:E2", "A1:H1")))
    assert understood(records) == [("2024-01-03", "金家村", "neighbour", "甲甲", "乙乙", "agreement")]


def test_a_ledger_of_two_years_gives_no_year_and_one_without_results_says_so(tmp_path):
    rows = [["2023-2024年度矛盾纠纷台账"], HEADINGS[:-1], [1, "金家村", "1月3日", "邻里", "甲甲", "乙乙", "吵"],
            [2, "金家村", "2023年11月3日", "邻里", "丙丙", "丁丁", "吵"]]
    records, reading = read(book(tmp_path / "a.xlsx", ("Sheet1", rows)))
    assert understood(records) == [
        ("year-unknown",), ("2023-11-03", "金家村", "neighbour", "丙丙", "丁丁", None)]
    assert {n.data.get("why") for n in reading.notes} >= {"result-column-absent"}


def test_hidden_rows_are_read_and_counted(tmp_path):
    path = tmp_path / "a.xlsx"
    held = Workbook()
    for row in (HEADINGS, [1, "金家村", "2024.1.3", "邻里", "甲甲", "乙乙", "吵", "化解"],
                [2, "金家村", "2024.1.4", "邻里", "丙丙", "丁丁", "吵", "化解"]):
        held.active.append(row)
    held.active.row_dimensions[3].hidden = True
    held.save(path)
    records, reading = read(path)
    assert len(records) == 2 and [n.data["count"] for n in reading.notes if n.code == "rows-hidden"] == [1]


def test_signatures_and_totals_in_every_place_are_no_affairs(tmp_path):
    rows = [["2024年"], HEADINGS, [1, "金家村", "1月3日", "邻里", "甲甲", "乙乙", "吵", "化解"], [],
            ["村书记（签字）：", None, None, "年　月　日"], ["填表人：张三", None, "联系电话：13800000000"],
             ["（盖章）"],
            ["本表一式两份，村、镇各一份"], ["总 计", 1], ["1月合计", None, 1], [None, "共计：", "1件"],
            ["合计1件，化解1件，化解率100%"], ["说明", None, "化解率=化解数/排查数"], [*[None] * 7, "单位负责人：王五"]]
    records, _reading = read(book(tmp_path / "a.xlsx", ("Sheet1", rows)))
    assert understood(records) == [("2024-01-03", "金家村", "neighbour", "甲甲", "乙乙", "agreement")]


@pytest.mark.parametrize(("encoding", "mark"), [
    ("gb18030", ","), ("utf-8-sig", ","), ("gb18030", "\t"), ("utf-8", ";"), ("utf-16", "\t"),
])
def test_text_files_with_commas_and_line_ends_in_their_cells(tmp_path, encoding, mark):
    rows = [["2024年台账", *[""] * 7], HEADINGS,
            ["1", "金家村", '="2024-03-05"', "邻里", "甲甲", "乙乙",
             "因为，所以，然后，于是，后来，结果，吵架，报警，谅解",
             "已化解"], ["2", "金家村", "2024.3.6", "邻里", "丙丙", "丁丁", "第一行\n第二行", "化解"], ["合计", "2"]]
    path = tmp_path / "a.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=mark).writerows(rows)
    assert understood(read(path)[0]) == [
        ("2024-03-05", "金家村", "neighbour", "甲甲", "乙乙", "agreement"),
        ("2024-03-06", "金家村", "neighbour", "丙丙", "丁丁", "agreement"),
    ]


def test_an_old_workbook_with_merged_villages_and_a_hidden_row(tmp_path):
    held = xlwt.Workbook()
    sheet = held.add_sheet("二〇一九年")
    sheet.write_merge(0, 0, 0, 7, "富春江镇矛盾纠纷台账")
    sheet.write_merge(2, 3, 1, 1, "俞赵")
    rows = [["序号", None, "受理日期", "案由", "申请人", "被申请人", "纠纷概况", "办理结果"],
            [1, None, "3.5", "邻里", "甲甲", "乙乙", "事情", "已化解"],
            [2, None, "4.6", "债务", "丙丙", "丁丁", "事情", "调解不成，已起诉"]]
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value)
    sheet.write(1, 1, "村居")
    sheet.row(3).hidden = True
    held.save(str(tmp_path / "a.xls"))
    records, reading = read(tmp_path / "a.xls")
    assert understood(records) == [
        ("2019-03-05", "俞赵村", "neighbour", "甲甲", "乙乙", "agreement"),
        ("2019-04-06", "俞赵村", "contract", "丙丙", "丁丁", "referred_court"),
    ]
    assert "rows-hidden" in codes(reading.notes)


def test_a_form_for_one_affair_is_no_ledger(tmp_path):
    rows = [["人民调解申请书"], ["申请人", "张三", "性别", "男"], ["住址", "金家村", "电话", "13800000000"],
            ["被申请人", "李四", "性别", "女"], ["纠纷事由", "吵架"], ["调解结果", "化解"]]
    with pytest.raises(Refused) as refusal:
        read(book(tmp_path / "a.xlsx", ("Sheet1", rows)))
    assert refusal.value.code == "heading-not-found"


def test_three_rows_of_headings(tmp_path):
    rows = [["2024年矛盾纠纷台账"], ["基本情况", *[None] * 6, "化解情况", None, None],
            ["序号", "所属村", "登记时间", "当事人", None, "类别", "简要案情", "化解时间", "化解结果", "责任人"],
            [None, None, None, "甲方", "乙方"],
            ["一", "芝厦村/3组", "2024.3.5", "甲大", "乙大", "邻里", "吵", "2024.3.6", "已化解", "张三"],
            ["二", "330122101219", "2024.3.5", "甲二", "乙二", "邻里", "吵", None, "化解中", "张三"]]
    merged = ("A1:J1", "A2:G2", "H2:J2", "D3:E3", *(f"{letter}3:{letter}4" for letter in "ABCFGHIJ"))
    assert understood(read(book(tmp_path / "a.xlsx", ("Sheet1", rows, *merged)))[0]) == [
        ("2024-03-05", "芝厦村", "neighbour", "甲大", "乙大", "agreement"),
        ("2024-03-05", "金家村", "neighbour", "甲二", "乙二", "open")]


def test_a_second_table_below_with_its_columns_in_another_order(tmp_path):
    rows = [["2024年已化解"], HEADINGS, [1, "芝厦村", "3.15", "邻里", "甲大", "乙大", "吵", "已化解"], [],
        ["2023年未化解"],
            ["序号", "日期", "村", "乙方", "甲方", "类型", "内容", "结果"],
            [1, "3.16", "金家村", "乙二", "甲二", "合同", "欠", "未化解"]]
    assert understood(read(book(tmp_path / "a.xlsx", ("Sheet1", rows)))[0]) == [
        ("2024-03-15", "芝厦村", "neighbour", "甲大", "乙大", "agreement"),
        ("2023-03-16", "金家村", "contract", "甲二", "乙二", "open_unsolved")]


def test_hotline_orders_among_disputes_and_bare_numbers_as_days_of_a_month(tmp_path):
    rows = [["12345热线及矛盾纠纷台账（2024年5月）"],
            ["序号", "工单编号", "来电时间", "诉求人", "联系电话", "所属村（社区）", "诉求内容", "问题分类",
             "办理时限", "办结时间",
             "办理结果", "满意度"],
            [1, "TL001", "2024-05-02 08:12:33", "王女士", "138****1234", "黄坡岭", "小区噪音", "噪声", "2024-05-09",
             "2024-05-06", "已办结", "满意"],
            [2, "TL002", 3, "匿名", None, "大洋坪社区", "邻居漏水", "邻里", "2024-05-10", None, "办理中", None]]
    assert understood(read(book(tmp_path / "a.xlsx", ("5月", rows)))[0]) == [
        ("2024-05-02", "黄坡岭社区", "environment", "王女士", "", "agreement"),
        ("2024-05-03", "大洋坪社区", "neighbour", "匿名", "", "open")]


@pytest.mark.parametrize(("sheet", "written"), [("2024.3", "7"), ("2024年3月", 7), ("202403", "3月7日"), ("三月",
    "7日")])
def test_year_and_month_by_the_sheets_name(tmp_path, sheet, written):
    rows = [HEADINGS, [1, "金家村", written, "邻里", "甲大", "乙大", "吵", "化解"]]
    path = book(tmp_path / "2024年.xlsx", (sheet, rows))
    assert understood(read(path)[0])[0][0] == "2024-03-07"
