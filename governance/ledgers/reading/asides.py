"""Rows that hold no affair though they are filled (非数据行): column numbers, examples, 本月无纠纷, villages."""
import re

from ..layout import Layout, Reads
from .headings import Heading
from .text import NOTHING, tight

_NUMBER = re.compile(r"^[(]?(\d{1,2}|[A-Z])[)]?$")
_EXAMPLE = re.compile(r"^[(]?(?:示?例|样例|范例|例如|举例|示范|填写示例|参考)[)]?[:：]?\d?$")
_NONE = re.compile(
    r"^(?:[本当上]?[一二三四五六七八九十\d]*[月周季旬年期村]?[度份]?)?(?:零报告|(?:无|暂无|没有|未发现|未排查出?|未发生|零)"
    r"(?:新增|新的?|任何|重大|相关)*(?:矛盾|纠纷|情况|问题|事项|排查|发生|报告|上报|信访|隐患|不稳定因素|[、和])*)[。.!]?$"
)
_MOST_BAND = 40


def is_numbering(item) -> bool:
    """The numbers of the columns below their headings: 1 2 3 4, (1) (2) (3), A B C."""
    texts = [tight(item.values[index]) for index in sorted(item.own)]
    found = [_NUMBER.match(text) for text in texts]
    if len(texts) < 4 or not all(found):
        return False
    orders = [int(m[1]) if m[1].isdigit() else ord(m[1]) for m in found]
    return all(after - before == 1 for before, after in zip(orders, orders[1:], strict=False))


def is_example(item) -> bool:
    """A row that shows how to fill the ledger in."""
    first = min(item.own)
    return bool(_EXAMPLE.match(tight(item.values[first])))


def says_nothing_happened(item, heading: Heading, layout: Layout) -> bool:
    """Beside number, village, day and names of officials there is only 无, / or 本月无矛盾纠纷."""
    texts = [
        tight(item.values[index]) for index, code in heading.columns.items()
        if index in item.own and layout.column(code).reads not in (Reads.SERIAL, Reads.UNIT, Reads.PERSON)
    ]
    told = [text for text in texts if text not in NOTHING and not re.fullmatch(r"0|[\d年月日.\-/]{4,}", text)]
    return bool(texts) and all(_NONE.match(text) for text in told) and (
        bool(told) or any(text in NOTHING for text in texts)
    )


def band_of(item) -> str:
    """The text of a row that is a line of its own (一、芝厦村; 金家村2024年台账), else ""."""
    texts = [text for text in (tight(item.values[index]) for index in sorted(item.own)) if not text.isdigit()]
    return texts[0] if len(texts) == 1 and len(texts[0]) <= _MOST_BAND else ""
