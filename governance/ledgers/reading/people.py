"""Names and telephone numbers as ledgers put them into one cell (姓名与电话)."""
import re
from dataclasses import dataclass, field

from governance.organisation.phones import normalise_phone

from .text import NOTHING, narrow, tight

MOST_NAME = 60
_HARD = re.compile(r"[、，,;；/\\|\n\r\t]+|\s{3,}")
_SOFT = re.compile(r"与|和|及|跟|同|暨|&")
_SIDES = re.compile(r"诉|—+|-{1,2}|[vV][sS]\.?|对|：|:")
_ORGANISATION = re.compile(
    r"公司|厂|店|合作社|村委|委员会|小组|组$|银行|学校|医院|部$|局$|所$|中心|协会|工程队|超市|酒店|宾馆|民宿|政府|业委会|"
    r"物业|项目|农场|养殖场|企业|集团|信用社|幼儿园|饭店|工地|加油站|社区|村$|管委会|办$|站$|户$|业主|村民"
)
_PERSON = re.compile(r"^[一-龥·]{2,4}$|^[一-龥]+·[一-龥·]+$")
_PADDED = re.compile(r"^([一-龥])\s+([一-龥])$|^([一-龥])\s+([一-龥])\s+([一-龥])$")
_ETC = re.compile(
    r"(?:等人?|等?(\d+|[一二三四五六七八九十]+)(?:余)?(?:人|户|名|位)(?:村民)?|一家|夫妇|夫妻|父子|母子|兄弟|姐妹|家属)+$"
)
_LABEL = re.compile(
    r"(?P<side>被申请人|申请人|被投诉人|投诉人|被反映人|反映人|甲方?|乙方?|原告|被告|一方|另一方|对方)(?:当事人)?[:：]\s*"
)
_RESPONDING = frozenset({"被申请人", "被投诉人", "被反映人", "乙方", "乙", "被告", "另一方", "对方"})
# What registers write behind a name (男，45岁，汉族，住三组) is no further party.
_ATTRIBUTE = re.compile(
    r"^(?:男|女|男性|女性|汉|[一-龥]{1,3}族|(?:现年)?约?\d{1,3}周?岁|\d{2}|\d{4}年?(?:\d{1,2}月?)?(?:\d{1,2}日?)?出?生?|"
    r"(?:现|家|居|暂)?住(?:址|所|在|本村|[一-龥\d]).*|系.+|(?:联系)?(?:电话|方式|手机).*|身份证.*|公民身份.*|农民|村民|居民|务工|无业|"
    r"群众|本[村组社]人?|户主|职业.*|性别.*|年龄.*|地址.*)$"
)
_SEX_BEHIND = re.compile(r"^([一-龥·]{2,4})(?:男|女)(?:性)?(?:\d.*|[,，].*)?$")
# 张三（申请人）李四（被申请人）: whose side each is on; 张三（女）李四: a bracket that parts two names.
_MARKED = re.compile(r"([一-龥·]{2,12})[(](被申请人|申请人|甲方|乙方|原告|被告)[)]")
_NEXT_NAME = re.compile(r"(?<![一-龥])([一-龥]{2,3})[(][^()]{0,12}[)](?=[一-龥]{2,3}(?:[(、,;\s]|$))")
_BRACKET = re.compile(r"[(（【\[]([^)）】\]]*)[)）】\]]")
_PHONE_IN_TEXT = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)")
_PHONE_SPLIT = re.compile(r"[、，,;；/\\|\n\r\t]+|\s+|或|和|及")
_ROUNDED = re.compile(r"^\d(?:\.\d+)?[eE]\+?\d+$")


@dataclass
class Names:
    """Names in a cell: of one side, or of both where the cell names both; numbers that stood beside them."""

    names: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    by_order: bool = False


def read_names(value, *, both_sides: bool) -> Names:
    """The names in a cell; with `both_sides` the cell may hold complainer and respondent (彭大勇与曾秀英).

    Empty when it holds none. ValueError when it does not look like names.
    """
    text = narrow(value)
    if text in NOTHING:
        return Names()
    text = _MARKED.sub(r"\n\2:\1\n", text)
    text = _NEXT_NAME.sub(r"\1、", text)
    found = Names(phones=_PHONE_IN_TEXT.findall(text))
    text = _PHONE_IN_TEXT.sub("", _BRACKET.sub(_inside, text))
    if labelled := _by_labels(text):
        found.names, found.others = labelled
    elif both_sides and (sides := _by_sides(text)):
        found.names, found.others = sides
    else:
        found.names = _split(text)
        if both_sides and len(found.names) > 1:
            found.names, found.others, found.by_order = found.names[:1], found.names[1:], True
    if any(re.search(r"\d{5,}", name) for name in found.names + found.others):
        raise ValueError("names-unclear")
    return found


def _inside(match: re.Match) -> str:
    """What stands in brackets is no name (女, 业主, 已故); a separator keeps the names apart."""
    return "" if not _HARD.search(match[1]) else "、"


def _by_labels(text: str):
    marks = list(_LABEL.finditer(text))
    if not marks:
        return None
    sides: tuple[list[str], list[str]] = ([], [])
    for place, mark in enumerate(marks):
        end = marks[place + 1].start() if place + 1 < len(marks) else len(text)
        sides[mark["side"] in _RESPONDING].extend(_split(text[mark.end():end]))
    return sides


def _by_sides(text: str):
    """Two sides by 诉, a dash or vs; or by 与 and 和 when exactly two names, or lists of names, stand around it."""
    for mark in (*_SIDES.finditer(text), *_SOFT.finditer(text)):
        left, right = _split(text[:mark.start()]), _split(text[mark.end():])
        if left and right and all(_is_name(name) for name in left + right):
            return left, right
    return None


def _split(text: str) -> list[str]:
    names, parts = [], [part for part in _HARD.split(text) if tight(part)]
    for part in [part for part in parts if not _ATTRIBUTE.match(tight(part))] or parts:
        names.extend(_split_softly(part))
    cleaned = [_clean(name) for name in names]
    return list(dict.fromkeys(name for name in cleaned if name and name not in NOTHING))


def _split_softly(part: str) -> list[str]:
    part = part.strip()
    if padded := _PADDED.match(part):
        return ["".join(char for char in padded.groups() if char)]
    words = [word for word in part.split() if not _ATTRIBUTE.match(word)] or [part]
    part = " ".join(words)
    if len(words) > 1 and all(len(word) > 1 for word in words):
        return [name for word in words for name in _split_softly(word)]
    part = tight(part)
    pieces = [piece for piece in _SOFT.split(part) if piece]
    if len(pieces) > 1 and all(_is_name(_clean(piece)) for piece in pieces):
        return pieces
    return [part]


def _clean(name: str) -> str:
    name = re.sub(r"^邻居(?=[一-龥]{2,4}$)", "", tight(name).strip(".。:：\"'*-—()"))
    if behind := _SEX_BEHIND.match(name):
        name = behind[1]
    shorter = _ETC.sub("", name)
    name = shorter if len(shorter) >= 2 else name
    return name[:MOST_NAME]


def _is_name(text: str) -> bool:
    text = tight(text)
    return bool(_PERSON.match(text)) or bool(_ORGANISATION.search(text)) and len(text) >= 3


def read_phones(value) -> tuple[list[str], list[str]]:
    """Telephone numbers in a cell, and what stood there and is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(int(value))
    text = narrow(value)
    if text in NOTHING:
        return [], []
    whole = normalise_phone(text)
    if whole:
        return [whole], []
    found, strange = [], []
    for part in _PHONE_SPLIT.split(_BRACKET.sub(_numbers_inside, text)):
        part = part.strip("()（）:：.。'\"")
        part = part[:-2] if part.endswith(".0") else part
        if not part or part in NOTHING:
            continue
        phone = "" if _ROUNDED.match(part) else normalise_phone(re.sub(r"^[一-龥]+[:：]?|[一-龥]+$", "", part))
        if phone:
            found.append(phone)
        elif not re.fullmatch(r"[一-龥]{2,6}[:：]?", part):
            strange.append(part)
    return list(dict.fromkeys(found)), strange


def _numbers_inside(match: re.Match) -> str:
    return f" {match[1]} " if re.search(r"\d{7}", match[1]) else f"{match[0]}" if match[1].isdigit() else " "
