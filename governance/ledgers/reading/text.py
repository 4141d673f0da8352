"""Plain comparing forms of what stands in cells (文字规整)."""
import re
import unicodedata
from difflib import SequenceMatcher

_SPACES = re.compile(r"\s+")
_BRACKETS = re.compile(r"[(\[{【〔〈<][^)\]}】〕〉>]*[)\]}】〕〉>]")
NUMERALS = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬", "一二三四五六七八九十百千万")
_UNITS = {"十": 10, "百": 100, "千": 1000}
# Same-as-above marks in any writing.
DITTO = frozenset({"同上", "′′", "〃", "″", '"', "''", "“", "”", "〞", "同前", "上同", "’’", "″″", "同上行",
                   "同上。", "...同上"})
NOTHING = frozenset({"/", "//", "\\", "-", "--", "—", "——", "无", "暂无", "没有", "不详", "空", "不明", "未知",
                     "未提供",
                     "None", "N/A", "n/a", "#", "、", ".", "0元", "拒绝提供", "不便提供", "无电话"})
ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "########"})
# Of eighteen signs, with or without blanks between their parts, or of fifteen as before 2000.
ID_NUMBER = re.compile(
    r"(?:(?:居民|公民)?身份(?:证件?|号码)?(?:号码?|件号)?[:：]?\s*)?(?:"
    r"(?<![0-9])[1-9]\d{5}[ -]?(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[0-9Xx](?![0-9Xx])"
    r"|(?<![0-9])[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?![0-9Xx]))"
)


def narrow(value) -> str:
    """Text with full-width signs made narrow and no space at its ends; whole floats without their `.0`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return unicodedata.normalize("NFKC", str(value)).replace("\u200b", "").replace("\ufeff", "").strip()


def tight(value) -> str:
    """The same without any space."""
    return _SPACES.sub("", narrow(value))


def bare(value) -> str:
    """The same without brackets and what is in them."""
    text = tight(value)
    return _BRACKETS.sub("", text) or text


def is_blank(value) -> bool:
    """Whether a cell holds nothing."""
    return value is None or (isinstance(value, str) and not tight(value))


def likeness(one: str, other: str) -> float:
    """0 to 1: how alike two texts are."""
    return SequenceMatcher(None, one, other).ratio()


def chinese_number(text: str) -> int | None:
    """The number of 二十三, 三千五百, 壹万贰仟; None if it is none."""
    text = text.translate(_FORMAL)
    if not text:
        return None
    if set(text) <= set(NUMERALS):
        return int("".join(str(NUMERALS[char]) for char in text))
    total = section = digit = 0
    for char in text:
        if char in NUMERALS:
            digit = NUMERALS[char]
        elif char in _UNITS:
            section, digit = section + (digit or 1) * _UNITS[char], 0
        elif char == "万":
            total, section, digit = total + (section + digit or 1) * 10_000, 0, 0
        else:
            return None
    return total + section + digit


def without_id_numbers(text: str) -> tuple[str, bool]:
    """The text with identity-card numbers taken out, and whether there were any."""
    cleaned = ID_NUMBER.sub("", text)
    return cleaned, cleaned != text
