"""What stands in the cells of townships that never saw the portal: results, kinds, days, names, places."""
from datetime import date, datetime

import pytest

from disputes.ledger import words
from governance.ledgers.reading.days import NotADay, read_day, year_and_month
from governance.ledgers.reading.people import read_names
from governance.ledgers.reading.text import without_id_numbers
from governance.ledgers.reading.words import find_choice, find_term
from tests.support.factories.ledgers import VILLAGES, read, rows_with, short_name_of, surroundings, workbook

CATEGORIES = surroundings().terms["dispute.category"]


@pytest.mark.parametrize(("code", "sentences"), [
    ("agreement", (
        "双方各退一步，和好如初", "调解成功并履行完毕", "已劝解，双方和好", "停访息诉", "成功", "双方自行和解", "Y",
        "调解完成",
        "调结", "当场化解", "基本化解", "已经达成一致", "道歉并赔偿500元", "已调解", "已化解，跟踪回访",
        "已化解，持续跟进履行", "达成协议，已向法院申请司法确认", "经村干部调解，双方达成谅解",
        "调解成功，赔偿款分期支付",
    )),
    ("written_agreement", ("已于2024年4月1日签订协议书,一次性赔偿3000元", "调解成功，签订协议书", "达成书面调解协议")),
    ("oral_agreement", ("已化解（口头）", "未签订协议，口头和解", "未达成书面协议，已口头和解")),
    ("open", (
        "正在协商", "持续关注", "分步化解中", "等待调解", "需进一步调解", "暂缓", "部分化解", "尚在处理", "已上报镇里",
        "移交司法所", "已达成初步意向", "约谈双方",
    )),
    ("open_unsolved", (
        "暂未化解", "当事人不同意调解", "拒绝调解", "搁置", "多次调解未达成一致", "化解难度大", "一方不愿调解", "N",
        "双方未能达成一致意见", "没有解决", "分歧较大", "未完全化解",
    )),
    ("failed", ("不成", "调解无果", "未调成", "已调解，未成功", "协议后一方反悔")),
    ("referred_court", ("经多次调解未果，已向法院起诉", "建议走司法程序", "已引导至法院诉讼解决")),
    ("referred_police", ("转派出所处理",)), ("withdrawn", ("撤诉", "当事人撤回申请")),
])
def test_results_in_whole_sentences(code, sentences):
    assert {sentence: find_choice(sentence, words.RESULTS).code for sentence in sentences} == dict.fromkeys(
        sentences, code)


@pytest.mark.parametrize("written", ["待定", "见附件", "下周再说", "3"])
def test_a_result_that_says_nothing_is_not_guessed(written):
    assert find_choice(written, words.RESULTS) is None


@pytest.mark.parametrize(("written", "table", "code"), [
    ("未签订书面协议", words.YES_NO, "no"), ("未全部履行", words.PERFORMANCE, "partly"),
    ("对方不履行", words.PERFORMANCE, "overdue"), ("尚未履行", words.PERFORMANCE, "open"),
])
def test_a_negation_turns_a_word_round(written, table, code):
    assert find_choice(written, table).code == code


@pytest.mark.parametrize(("code", "written"), [
    ("contract", ("借款", "民间借贷", "工程款", "买卖合同")), ("damages", ("打架斗殴", "人身损害赔偿", "财产损失")),
    ("marriage_family", ("家暴", "1 婚姻家庭", "婚姻家庭类", "家庭邻里", "赡养老人", "抚养权", "遗产", "同居")),
    ("land_forest", ("土地权属", "林木", "坟地", "水利灌溉")), ("homestead", ("宅基地边界", "房屋、宅基地纠纷")),
    ("neighbour", ("下水道堵塞", "邻里（相邻）", "③邻里纠纷", "邻里、宅基地")), ("other", ("其他（停车）", "其它")),
    ("requisition", ("征地补偿", "拆迁安置")), ("consumer", ("退货", "消费维权")), ("traffic", ("交通肇事",)),
    ("wage_arrears", ("农民工讨薪", "欠薪")), ("environment", ("噪声扰民",)), ("property_service", ("物业费",)),
])
def test_kinds_of_disputes_in_their_words(code, written):
    assert {w: find_term(w, CATEGORIES, words.CATEGORIES).code for w in written} == dict.fromkeys(written, code)


@pytest.mark.parametrize("written", [
    "2024.3.5", "20240305", 20240305, 45356, "45356", datetime(2024, 3, 5), "2024-3-5 14:30", "2024年3月5日上午9时",
    "二〇二四年三月五日", "2024年3月5日（星期二）", "２０２４．３．５", "24/3/5", "2024 3 5", "2024年3月5",
    "2024年 3 月 5 日", "2024年3月5号", "’24.3.5", "2024,3,5", "2024-03-05T00:00:00", "2024.03.05-2024.03.08",
])
def test_one_day_in_twenty_hands(written):
    assert read_day(written).day == date(2024, 3, 5)


@pytest.mark.parametrize("written", [
    "去年12月", "2024年", "明天", "2024.13.1", "2024.2.30", "农历正月初五", "0305", "5日", "三月初五",
])
def test_what_is_no_day_is_refused(written):
    with pytest.raises(NotADay):
        read_day(written, year_for=lambda month: 2024)


def test_a_day_alone_is_of_the_month_of_its_sheet_and_two_years_are_none():
    found = read_day("5日", year_for=lambda month: 2023, month=2)
    assert (found.day, found.guess, found.year_guessed) == (date(2023, 2, 5), "month-from-heading", True)
    assert year_and_month("2023-2024年度台账") == year_and_month("2023年至2024年台账") == (None, None)
    assert year_and_month("2024年1-3月台账")[0] == 2024


@pytest.mark.parametrize(("written", "names", "others"), [
    ("甲方：张三丰、李四娘（夫妻）\n乙方：王五洲 13812345678", ["张三丰", "李四娘"], ["王五洲"]),
    ("张三丰（13800000001）与李四光（13800000002）", ["张三丰"], ["李四光"]),
    ("申请人：张三丰，男，45岁，住横山村3组；被申请人：李四光，女，1970年3月生", ["张三丰"], ["李四光"]),
    ("张三丰诉李四光、王二小", ["张三丰"], ["李四光", "王二小"]), ("张三丰夫妻与邻居李四光", ["张三丰"], ["李四光"]),
    ("张三丰 男 45岁", ["张三丰"], []), ("村民", ["村民"], []),
])
def test_parties_with_all_that_registers_write_behind_them(written, names, others):
    found = read_names(written, both_sides=True)
    assert (found.names, found.others) == (names, others)


@pytest.mark.parametrize(("written", "left"), [
    ("张三（身份证330122198001011234）", "张三()"), ("李四33012219800101123X", "李四"),
    ("张五 身份证号码:330122800101123", "张五 "), ("证件330122 19800101 1234", "证件"),
    ("电话13812345678，账号6222021234567890123", "电话13812345678，账号6222021234567890123"),
])
def test_identity_card_numbers_of_either_length_are_taken_out(written, left):
    assert without_id_numbers(written)[0].replace("（", "(").replace("）", ")") == left


@pytest.mark.parametrize(("written", "village"), [
    ("桐庐县富春江镇渡济村", "渡济村"), ("渡济村1组", "渡济村"), ("渡济 村", "渡济村"), ("渡济村（2件）", "渡济村"),
    ("茆坪", "茆坪村"), ("黄坡岭", "黄坡岭社区"), ("芝夏村", None), ("七里垅村", None), ("某某村", None),
])
def test_villages_as_people_write_them(tmp_path, written, village):
    record = read(workbook(tmp_path / "a.xlsx", rows_with({"村(社区)": written})))[0][0]
    if village is None:
        assert [trouble.code for trouble in record.troubles] == ["village-unknown"]
    else:
        assert short_name_of(VILLAGES[record.values["village"]], "village") == village or village.endswith("社区")


def test_cells_with_wide_digits_blanks_and_line_ends(tmp_path):
    headings = ["序\n号", "所 属\n村居", "排查\n时间", "纠纷\n类型", "当事人\n姓名", "联系\n电话", "对方\n当事人",
        "简要\n情况",
                "化解\n结果"]
    row = ["１", "茆 坪 村\n", "３月１５日", "婚姻\n家庭", "张　三\n赵六", "１３８１２３４５６７８\n13912345678",
        "李　　四",
           "夫妻\n争吵", "已　化　解"]
    values = read(workbook(tmp_path / "a.xlsx", [["２０２３年度台账"], headings, row]))[0][0].values
    assert values["reported_on"] == date(2023, 3, 15) and values["village"] == "330122101226"
    assert values["applicants"] == ["张三", "赵六"] and values["respondents"] == ["李四"]
    assert values["applicant_phones"] == ["13812345678", "13912345678"]
    assert (values["category"], values["result"]) == ("marriage_family", "agreement")
