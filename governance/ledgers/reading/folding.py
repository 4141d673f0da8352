"""One thing told in several columns (多列合一): 年 · 月 · 日, or 已化解 · 化解中 · 未化解 with one tick."""
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..layout import Column, Layout, Reads
from .text import bare, is_blank, tight
from .wording import Remark
from .words import find_whole

_PARTS = ("年", "月", "日")
_NO = frozenset({"×", "✗", "X", "x", "0", "否", "无", "/", "\\", "-", "—", "N", "n", "□", "☐", "○"})
# A category is ticked in one of many columns; two words of a list may also be two plain headings.
_LEAST = {Reads.TERM: 3, Reads.CHOICE: 2}


@dataclass(frozen=True)
class Fold:
    """Columns (from 1) that together say what one column says; `words`: the heading of each."""

    code: str
    indices: tuple[int, ...]
    words: tuple[str, ...]
    is_day: bool = False

    def told(self, values: Mapping[int, object]) -> tuple[object, bool]:
        """What they say in one cell (None for nothing), and whether they contradict each other."""
        if self.is_day:
            digits = {word: re.sub(r"\D", "", tight(values.get(i))) for i, word in self._pairs()}
            return "".join(f"{digits[word]}{word}" for word in _PARTS if digits.get(word)) or None, False
        ticked = [
            word for index, word in self._pairs()
            if not is_blank(values.get(index)) and tight(values[index]) not in _NO
        ]
        return ticked[0] if ticked else None, len(ticked) > 1

    def _pairs(self):
        return zip(self.indices, self.words, strict=True)


def folds_of(pairs, layout: Layout, exact: Mapping[str, str], terms: Mapping) -> Iterator[Fold]:
    """The folds in a row of headings (text, group); `exact`: what each known heading means."""
    yield from _days(pairs, layout, exact)
    for column in layout.columns:
        if column.reads in _LEAST:
            yield from _ticks(pairs, column, exact, terms.get(column.vocabulary, {}))


def apply(folds, item) -> None:
    """Put what each fold says into the first of its columns; two ticks refuse the row."""
    for fold in folds:
        value, contradicts = fold.told(item.values)
        own = any(index in item.own for index in fold.indices)
        for index in fold.indices:
            item.values.pop(index, None)
            item.own.discard(index)
        if contradicts:
            item.troubles.append(Remark("ticked-twice", fold.code, "", {"value": "、".join(fold.words)}))
        elif value is not None:
            item.values[fold.indices[0]] = value
            if own:
                item.own.add(fold.indices[0])


def _days(pairs, layout: Layout, exact) -> Iterator[Fold]:
    primary = next((c.code for c in layout.columns if c.reads is Reads.DAY), "")
    run: list[int] = []
    for index, (text, _group) in enumerate([*pairs, ("", "")], start=1):
        if text in _PARTS and (not run or _PARTS.index(text) == _PARTS.index(pairs[run[-1] - 1][0]) + 1):
            run.append(index)
            continue
        words = tuple(pairs[i - 1][0] for i in run)
        if len(words) >= 2 and words[-1] in ("月", "日"):
            group = pairs[run[0] - 1][1]
            code = exact.get(tight(group)) or exact.get(bare(group)) if group else primary
            if code and layout.column(code).reads is Reads.DAY:
                yield Fold(code, tuple(run), words, is_day=True)
        run = [index] if text in _PARTS else []


def _ticks(pairs, column: Column, exact, labels) -> Iterator[Fold]:
    found: list[tuple[int, str, str]] = []
    for index, (text, group) in enumerate(pairs, start=1):
        code = find_whole(text, column.words, labels) if text and text not in exact else None
        over = exact.get(tight(group)) or exact.get(bare(group))
        if code and (not over or over == column.code):
            found.append((index, text, code))
    if len({code for _index, _text, code in found}) >= _LEAST[column.reads]:
        yield Fold(column.code, tuple(i for i, _t, _c in found), tuple(text for _i, text, _c in found))
