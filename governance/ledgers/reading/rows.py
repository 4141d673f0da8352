"""Which rows of a sheet hold an affair (数据行识别): blank ones, totals, signatures and repeated headings do not."""
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..layout import Layout, Reads
from . import asides, folding
from .books import Sheet
from .headings import Heading, repeats
from .text import is_blank, tight

_FOOTER = re.compile(
    r"^(?:[本当上]?[日周旬月季年页村社镇]?[度份]?(?:小计|合计|总计|共计|累计)|.{0,12}(?:小计|合计|总计)|"
    r"填报人|填表人|审核人?|制表人?|统计人|复核人|负责人|分管领导|主要领导|单位负责人|经办人|联系人|联系电话|填报单位|填报时间|填报日期|"
    r"报送单位|报送时间|上报单位|上报时间|制表单位|制表时间|日期|盖章|签字|签名|单位[(（]?盖?章|备注|说明|注|附注|填表说明|主任|书记|站长|所长)"
    r"\s*(?:[:：(（].*)?$"
)
_SIGNED = re.compile(r"(?:填报人|填表人|审核人|制表人|统计人|负责人|单位负责人|经办人)\s*[:：]")
_ALONE = frozenset({"小计", "合计", "总计", "共计", "累计"})
_SEARCHED = 4


@dataclass
class Item:
    """A row as it was walked over. `values`: column from 1 -> value, merged cells filled in.

    `passed`: rows gone by since the item before; `row_count`: rows that make this one affair; `band`: the text of a
    line that stands above further rows; `heading`: the headings under which it stands.
    """

    number: int
    values: dict
    heading: Heading
    is_record: bool = True
    left_out: bool = False
    passed: int = 1
    row_count: int = 1
    own: set = field(default_factory=set)
    band: str = ""
    troubles: list = field(default_factory=list)


def is_empty(sheet: Sheet) -> bool:
    """Whether no cell holds anything."""
    return not any(not is_blank(value) for _number, values in sheet.rows() for value in values)


def walk(sheet: Sheet, heading: Heading, layout: Layout, again=None) -> Iterator[Item]:
    """The rows below the headings; rows of one affair (its number merged over them) come as one item.

    `again(number, values, heading)`: the headings from a row on that says headings again.
    """
    filler = _Filler(sheet)
    waiting: Item | None = None
    passed = 0
    for number, cells in sheet.rows():
        passed += 1
        values, own = filler.fill(number, cells)
        if number <= heading.last_row or not own:
            continue
        if again is not None and repeats(cells, heading):
            heading = again(number, cells, heading)
        item = Item(number, values, heading=heading, own=own)
        folding.apply(heading.folds, item)
        if waiting is not None and _continues(item, waiting, heading, layout, filler):
            _join(waiting, item, heading, layout)
            continue
        if waiting is not None:
            yield waiting
        item.passed, passed = passed, 0
        _judge(item, cells, heading, layout)
        waiting = item
    if waiting is not None:
        waiting.passed += passed
        yield waiting


class _Filler:
    """Gives the cells below the first of a merged column its value."""

    def __init__(self, sheet: Sheet):
        self._starts = {}
        for (row, column), (bottom, _right) in sheet.merges.items():
            if bottom > row:
                self._starts.setdefault(row, {})[column] = bottom
        self._active: dict[int, tuple[int, object]] = {}
        self.covered: set[int] = set()

    def fill(self, number: int, cells) -> tuple[dict, set]:
        """Values by column, and the columns whose value is the row's own."""
        values = {index: value for index, value in enumerate(cells, start=1) if not is_blank(value)}
        own = set(values)
        self.covered = set()
        for column, (bottom, value) in list(self._active.items()):
            if number > bottom:
                del self._active[column]
            else:
                self.covered.add(column)
                if column not in values and value is not None:
                    values[column] = value
        for column, bottom in self._starts.pop(number, {}).items():
            self._active[column] = (bottom, values.get(column))
        return values, own


def _continues(item: Item, waiting: Item, heading: Heading, layout: Layout, filler: _Filler) -> bool:
    """Whether the row belongs to the affair above: the cells of its number, or of what happened, are one with it."""
    if not waiting.is_record:
        return False
    for index, code in heading.columns.items():
        column = layout.column(code)
        whole = column.reads is Reads.SERIAL or column.required and column.reads is Reads.TEXT
        if whole and index in filler.covered and index not in item.own:
            return True
    return False


def _join(first: Item, item: Item, heading: Heading, layout: Layout) -> None:
    """Names and numbers of a further row go to those of the first; other cells only where that has none."""
    first.row_count += 1
    for index, code in heading.columns.items():
        if index not in item.own:
            continue
        held, further = first.values.get(index), item.values[index]
        if is_blank(held):
            first.values[index] = further
        elif layout.column(code).reads in (Reads.NAMES, Reads.PHONES) and tight(held) != tight(further):
            first.values[index] = f"{tight(held)}、{tight(further)}"


def _judge(item: Item, cells, heading: Heading, layout: Layout) -> None:
    """Whether a row holds an affair; what is neither affair, total, signature nor heading is named as left out."""
    telling = [
        layout.column(code) for index, code in heading.columns.items()
        if index in item.own and layout.column(code).reads is not Reads.SERIAL
    ]
    says_who_or_what = any(c.required and c.reads in (Reads.NAMES, Reads.TEXT) for c in telling)
    if _is_footer(item, says_who_or_what) or repeats(cells, heading) or asides.is_numbering(item):
        item.is_record = False
    elif asides.is_example(item) or asides.says_nothing_happened(item, heading, layout):
        item.is_record, item.left_out = False, True
    elif not (says_who_or_what or len(telling) >= 2):
        item.is_record, item.band = False, asides.band_of(item)
        item.left_out = bool(telling) or any(not _is_number(item.values[index]) for index in item.own)


def _is_footer(item: Item, says_who_or_what: bool) -> bool:
    first = [tight(item.values[index]) for index in sorted(item.own)][:_SEARCHED]
    if _ALONE & set(first) or any(_SIGNED.match(text) for text in first[:2]):
        return True
    return not says_who_or_what and any(_FOOTER.match(text) for text in first) or \
        len(first) == 1 and bool(_FOOTER.match(first[0]))


def _is_number(value) -> bool:
    return isinstance(value, int | float) or tight(value).replace(".", "").isdigit()
