"""What one cell can hold: several names, two numbers, about twenty people, 1.2万, free words."""
from decimal import Decimal

import pytest

from disputes.ledger import words
from governance.ledgers.reading.amounts import read_count, read_yuan
from governance.ledgers.reading.people import read_names, read_phones
from governance.ledgers.reading.words import find_choice, find_term
from tests.support.factories.ledgers import surroundings

CATEGORIES = surroundings().terms["dispute.category"]


@pytest.mark.parametrize(("written", "names", "others"), [
    ("彭大勇与曾秀英", ["彭大勇"], ["曾秀英"]), ("彭大勇和曾秀英", ["彭大勇"], ["曾秀英"]),
    ("彭大勇诉曾秀英", ["彭大勇"], ["曾秀英"]), ("甲方：彭大勇 乙方：曾秀英", ["彭大勇"], ["曾秀英"]),
    ("申请人:彭大勇;被申请人:曾秀英、李四", ["彭大勇"], ["曾秀英", "李四"]), ("彭大勇、李四与曾秀英", ["彭大勇",
    "李四"], ["曾秀英"]),
    ("彭大勇、曾秀英", ["彭大勇"], ["曾秀英"]), ("彭大勇/曾秀英", ["彭大勇"], ["曾秀英"]), ("彭大勇", ["彭大勇"], []),
    ("彭大勇与和谐物业公司", ["彭大勇"], ["和谐物业公司"]), ("彭大勇\n曾秀英", ["彭大勇"], ["曾秀英"]),
])
def test_both_sides_in_one_cell(written, names, others):
    found = read_names(written, both_sides=True)
    assert (found.names, found.others) == (names, others)


@pytest.mark.parametrize(("written", "names"), [
    ("谢春生、董文斌", ["谢春生", "董文斌"]), ("谢春生，董文斌", ["谢春生", "董文斌"]), ("谢春生 董文斌", ["谢春生",
    "董文斌"]),
    ("谢春生和董文斌", ["谢春生", "董文斌"]), ("李　四", ["李四"]), ("王 小 明", ["王小明"]), ("张三等5人", ["张三"]),
    ("张三（女）、李四(已故)", ["张三", "李四"]), ("和平村委会", ["和平村委会"]), ("/", []), ("无", []),
])
def test_names_of_one_side(written, names):
    assert read_names(written, both_sides=False).names == names


def test_a_number_beside_a_name_is_the_names_number():
    found = read_names("张三13812345678", both_sides=False)
    assert (found.names, found.phones) == (["张三"], ["13812345678"])


@pytest.mark.parametrize(("written", "phones", "strange"), [
    (13812345678.0, ["13812345678"], []), ("13812345678/13912345678", ["13812345678", "13912345678"], []),
    ("13812345678、0571-64653333", ["13812345678", "0571-64653333"], []), ("138 1234 5678", ["13812345678"], []),
    ("13812345678\n13912345678", ["13812345678", "13912345678"], []), ("张三：13812345678", ["13812345678"], []),
    ("无", [], []), ("/", [], []), ("1381234567", [], ["1381234567"]), ("1.38E+10", [], ["1.38E+10"]),
])
def test_telephone_numbers(written, phones, strange):
    assert read_phones(written) == (phones, strange)


@pytest.mark.parametrize(("written", "count", "is_guess"), [
    (5, 5, False), (5.0, 5, False), ("5人", 5, False), ("约20人", 20, True), ("20余人", 20, True), ("三人", 3, False),
    ("2户6人", 6, False), ("3-5人", 5, True), ("/", None, False), ("十二", 12, False),
])
def test_how_many_people(written, count, is_guess):
    assert read_count(written) == (count, is_guess)


@pytest.mark.parametrize(("written", "yuan", "is_guess"), [
    (3000, 3000, False), ("3000元", 3000, False), ("1.2万", 12000, False), ("1.2万元", 12000, False),
    ("￥3,000.50", Decimal("3000.50"), False), ("约3万余元", 30000, True), ("三千元", 3000, False),
    ("壹万贰仟元整", 12000, False), ("/", None, False), ("无", None, False),
])
def test_sums(written, yuan, is_guess):
    assert read_yuan(written) == (yuan, is_guess)


def test_a_heading_in_ten_thousands():
    assert read_yuan(1.2, times=10_000)[0] == 12000 and read_yuan("1.2万元", times=10_000)[0] == 12000


@pytest.mark.parametrize("written", ["三千到五千", "按月付", "3000元/月"])
def test_what_is_no_sum(written):
    with pytest.raises(ValueError):
        read_yuan(written)


@pytest.mark.parametrize(("written", "code"), [
    ("化解", "agreement"), ("已化解", "agreement"), ("调解成功", "agreement"), ("达成协议", "agreement"), ("是",
    "agreement"),
    ("经调解双方握手言和", "agreement"), ("正在化解", "open"), ("调解中", "open"), ("未化解", "open_unsolved"),
    ("无法化解", "open_unsolved"), ("未能化解", "open_unsolved"), ("未调解成功", "open_unsolved"), ("否",
    "open_unsolved"),
    ("尚在调解", "open"), ("引导诉讼", "referred_court"), ("调解不成，引导诉讼", "referred_court"),
    ("调解不成,建议走法律途径", "referred_court"), ("调解不成", "failed"), ("调解失败", "failed"), ("移送派出所",
    "referred_police"),
    ("当事人撤回", "withdrawn"), ("不予受理", "declined"), ("达成书面协议", "written_agreement"), ("口头协议",
    "oral_agreement"),
])
def test_results_in_free_words(written, code):
    assert find_choice(written, words.RESULTS).code == code


def test_a_result_of_no_list_is_not_guessed():
    assert find_choice("下周再说", words.RESULTS) is None


@pytest.mark.parametrize(("written", "code", "by_part"), [
    ("邻里", "neighbour", False), ("邻里纠纷", "neighbour", False), ("1.邻里纠纷", "neighbour", False),
    ("山林土地纠纷", "land_forest", False), ("农村宅基地纠纷", "homestead", True), ("婚姻家庭矛盾", "marriage_family",
    False),
    ("□邻里 ☑合同", "contract", False), ("劳资纠纷", "labour", False), ("道路交通事故损害赔偿纠纷", "traffic", True),
])
def test_categories_in_free_words(written, code, by_part):
    found = find_term(written, CATEGORIES, words.CATEGORIES)
    assert (found.code, found.by_part) == (code, by_part)


def test_a_category_of_no_list():
    assert find_term("外星来客", CATEGORIES, words.CATEGORIES) is None
