"""What stands in the cells of townships that never saw the portal: results, kinds, days, names, places."""
from datetime import date, datetime

import pytest

from disputes.ledger import words
from governance.ledgers import layout
from governance.ledgers.reading.days import NotADay, read_day, year_and_month
from governance.ledgers.reading.headings import Headings
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


HEADINGS = [
    ("village",
     "村（居） 村/社区 所在村社区 村级 所属村（居） 行政村名称 村居名称 所属行政村 发生村社 村（社区）名 "
     "事发村 辖区村 村民委员会 所属网格村 地区 报送村 乡镇村 村、社区"),
    ("reported_on",
     "登记时间 受理时间 排查发现时间 发现时间 发生日期 申请调解时间 纠纷受理时间 纠纷登记日期 "
     "矛盾发生时间 摸排时间 收到时间 受案时间 接待时间 上报日期 调解申请日期 接警时间 月日 案发时间 "
     "调处受理时间"),
    ("channel", "来源 案件来源 纠纷来源 发现渠道 受理来源 来源渠道 事件来源 问题来源"),
    ("category",
     "纠纷类型 矛盾纠纷类别 矛盾种类 案件性质 纠纷性质 调解类型 事件类型 矛盾纠纷种类 纠纷类别（性质） "
     "所属类型 问题性质"),
    ("applicants",
     "当事人 当事人（甲方） 甲方当事人姓名 申请人（甲方） 当事人A 矛盾双方 双方姓名 当事人名称 "
     "纠纷当事人姓名 申请人姓名或名称 申请人基本情况 矛盾当事人 当事人基本情况 投诉人姓名 诉求人 "
     "纠纷双方姓名 涉及当事人 甲方（申请人）姓名 双方当事人姓名 当事人情况 上访人 反映人姓名"),
    ("respondents",
     "当事人（乙方） 乙方当事人姓名 被申请人（乙方） 当事人B 被投诉单位 被申请人姓名或名称 "
     "被申请人基本情况 相对方姓名 乙方（被申请人） 被诉求人 对方名称 被反映人姓名"),
    ("applicant_phones",
     "联系电话 当事人联系电话 申请人联系电话 甲方联系电话 电话（手机） 联系方式（电话） 手机号 当事人手机 "
     "联系人及电话 信访人电话"),
    ("respondent_phones", "被申请人联系电话 乙方联系电话 对方联系人电话 对方手机号"),
    ("description",
     "纠纷简要情况 主要矛盾 矛盾纠纷简况 案件简介 纠纷主要内容 简要内容 事件描述 纠纷起因 矛盾纠纷概况 "
     "主要纠纷事实 简要情况说明 基本事实 矛盾简述 事情经过 案件简况 主要问题 纠纷具体内容 简要经过 "
     "矛盾焦点 具体事项 问题简述 事件简述 矛盾纠纷主要情况"),
    ("people_count", "涉及人数 涉及人员数 参与人数 涉及（人） 人数（人） 当事人数"),
    ("grade", "风险等级 矛盾等级 等级（红黄绿） 预警级别 紧急程度 难易程度"),
    ("leader", "包案领导 包案县领导 包保责任领导 包案镇领导 责任领导 领导包案"),
    ("mediators",
     "调解员 主调人 调解人姓名 化解责任人 首席调解员 承办人员 调处责任人 包案责任人 调解员签名 主持调解人 "
     "具体责任人 化解人"),
    ("settled_on",
     "化解时间 调处完成时间 化解日期 结束时间 办结日期 调解完成时间 调解结束时间 结案日期 化解完成时间 "
     "签订协议时间 调解成功日期 协议签订日期 调结时间"),
    ("result",
     "化解结果 是否化解 化解否 是否成功 完成情况 处理情况及结果 化解程度 调处结果（是否化解） "
     "是否调解成功 最终结果 结果（√） 办理进度 调解结果（成功/不成功） 化解情况（是/否） 矛盾化解情况 "
     "纠纷处理结果 调处进展情况 目前化解情况 是否已办结 是否调结 当前进展"),
    ("has_agreement", "是否达成协议 协议书 有无协议 是否签协议 是否制作协议书 达成协议情况"),
    ("amount_yuan", "涉及金额 涉案标的 金额（元） 赔偿款 涉及金额（万元） 标的金额 协议标的额 补偿金额 赔付金额"),
    ("performance", "履行情况 是否履行到位 协议履行情况 履行结果 是否已履行"),
    ("remark", "备注"),
    ("measures", "化解措施 采取的措施 工作措施及进展 调解经过 调处过程 调解意见 下一步措施 拟采取措施"),
    ("address", "发生地点 纠纷地点 事发地 具体位置"),
    ("applicant_home", "住址 家庭住址 现居住地 户籍地址 详细住址"),
    ("deadline_on", "化解时限 完成期限 拟化解时间 计划化解时间 预计化解时间 整改期限"),
    ("responsible", "责任单位 主办单位 承办部门 牵头部门 包案单位 责任部门"),
    ("committee", "调解组织 调委会名称 调解机构 受理部门"),
    ("revisited_on", "回访时间 回访日期"),
]


@pytest.mark.parametrize(("code", "headings"), HEADINGS)
def test_headings_that_no_list_names(code, headings):
    finder = Headings(layout.get("dispute"))
    found = {text: finder.meaning_of(text) for text in headings.split()}
    assert found == dict.fromkeys(headings.split(), code)


@pytest.mark.parametrize("heading", [
    "性别", "年龄", "职业", "文化程度", "是否归档", "照片", "填报人", "录入人", "审核人", "单位负责人", "工作单位",
    "村干部",
    "网格员姓名", "是否稳定", "履行期限", "责任人电话",
])
def test_headings_that_are_not_guessed(heading):
    assert Headings(layout.get("dispute")).meaning_of(heading) == ""


def test_a_ledger_of_which_hardly_a_heading_is_known(tmp_path):
    rows = [["村级", "发现时间", "矛盾双方", "事情经过", "矛盾种类", "最终结果", "结束时间"],
            ["芝厦村", "2024.3.5", "甲大（申请人）乙大（被申请人）", "因地界问题", "邻里", "已化解", "2024年3月"],
            ["金家村", "2024.3.6", "甲二（男）乙二", "因地界问题", "邻里", "未化解", "未化解"]]
    records, _reading = read(workbook(tmp_path / "a.xlsx", rows))
    assert not [trouble for record in records for trouble in record.troubles]
    first, second = (record.values for record in records)
    assert (first["applicants"], first["respondents"]) == (["甲大"], ["乙大"])
    assert (second["applicants"], second["respondents"]) == (["甲二"], ["乙二"])
    assert first["settled_on"] == date(2024, 3, 5), "not before it was reported"
    assert second["result"] == "open_unsolved" and "settled_on" not in second
    assert "word-left-out" in {guess.code for guess in records[1].guesses}
