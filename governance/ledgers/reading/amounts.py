"""Numbers of people and sums of money as ledgers write them (人数与金额)."""
import re
from decimal import Decimal, InvalidOperation

from .text import NOTHING, chinese_number, narrow, tight

_PEOPLE = re.compile(r"(\d+|[一二三四五六七八九十百两]+)(余|多|来|几)?(?:人|名|个|口|位)")
_ABOUT = re.compile(r"约|大约|近|余|多|左右|几|以上|来")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_RANGE = re.compile(r"(\d+)\s*[-~～—至到]\s*(\d+)")
_YUAN = re.compile(
    r"^(?:约|共计?|合计|计|人民币|RMB|[¥￥]|赔偿|补偿|支付)*\s*([\d,，.]+)\s*(亿|万|千|百)?\s*(?:余|多)?\s*"
    r"(?:元整?|块钱?|人民币|元人民币)?(?:左右|以上)?整?$"
)
_CHINESE_YUAN = re.compile(
    r"^(?:约|共计?|人民币)*([壹贰叁肆伍陆柒捌玖拾佰仟萬零一二三四五六七八九十百千万两〇]+)(?:余|多)?[元圆](?:整|正)?$"
)
_TIMES = {"亿": 100_000_000, "万": 10_000, "千": 1_000, "百": 100, None: 1}


def read_count(value) -> tuple[int | None, bool]:
    """How many people, and whether it is a guess. ValueError if it is no number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value < 0 or value > 100_000 or int(value) != value:
            raise ValueError
        return int(value), False
    text = tight(value)
    if text in NOTHING:
        return None, False
    about = bool(_ABOUT.search(text))
    if span := _RANGE.search(text):
        return int(span[2]), True
    if people := _PEOPLE.findall(text):
        return sum(_plain(number) for number, _rest in people), about or len(people) > 1
    if re.fullmatch(r"(?:约|共)?\d+", text):
        return int(_NUMBER.search(text)[0]), about
    number = chinese_number(text)
    if number is None:
        raise ValueError
    return number, about


def _plain(text: str) -> int:
    return int(text) if text.isdigit() else chinese_number(text) or 0


def read_yuan(value, *, times: int = 1) -> tuple[Decimal | None, bool]:
    """A sum in yuan and whether it is a guess; `times`: 10,000 under a heading in 万元. ValueError if it is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _checked(Decimal(str(value)) * times), False
    text = tight(value)
    if text in NOTHING:
        return None, False
    about = bool(re.search(r"约|余|多|左右|以上", text))
    if match := _YUAN.match(text):
        unit = match[2]
        # 1.2万 stays 1.2万 under a heading in 万元.
        factor = _TIMES[unit] if unit or narrow(value).endswith(("元", "块")) else times
        try:
            return _checked(Decimal(re.sub(r"[,，]", "", match[1])) * factor), about
        except InvalidOperation as error:
            raise ValueError from error
    if match := _CHINESE_YUAN.match(text):
        number = chinese_number(match[1])
        if number is not None:
            return _checked(Decimal(number)), about
    raise ValueError


def _checked(sum_: Decimal) -> Decimal:
    if not 0 <= sum_ < Decimal(10) ** 12:
        raise ValueError
    return sum_.quantize(Decimal("0.01"))
