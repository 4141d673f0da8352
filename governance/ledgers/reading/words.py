"""Free words and the codes they mean (用语识别): categories, sources, results."""
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from ..layout import Word
from .text import bare, likeness, tight

_TAIL = re.compile(r"(?:矛盾纠纷|纠纷|争议|矛盾|案件|问题|事件|类型|类)+$")
_NUMBERED = re.compile(r"^(?:[(（]?[0-9一二三四五六七八九十]+[)）、.．]|[①-⑳])")
_TICKED = re.compile(r"[☑√■✓✔]\s*([^☑√■✓✔□☐\s]+)")
_ALIKE = 0.67


@dataclass(frozen=True)
class Meaning:
    """A code, and whether only a part of the text led to it."""

    code: str
    by_part: bool = False


def trimmed(text: str) -> str:
    """The text without numbering and without 纠纷, 争议, 类 at its end."""
    text = _NUMBERED.sub("", bare(text))
    return _TAIL.sub("", text) or text


def ticked(text: str) -> str:
    """In a cell of boxes (□邻里 ☑合同) what is ticked, else the text."""
    if re.search(r"[□☐]", text):
        found = _TICKED.findall(text)
        return found[0] if found else ""
    return text


def find_term(text: str, labels: Mapping[str, str], words: tuple[Word, ...]) -> Meaning | None:
    """The term that a text means: by label or free word, else by the longest of them within it, else by likeness."""
    text = ticked(tight(text))
    whole, form = tight(text), trimmed(text)
    known = _known(tuple(labels.items()), words)
    for candidate in (whole, bare(whole), form):
        if candidate in known:
            return Meaning(known[candidate])
    inside = [word for word in known if len(word) >= 2 and word in form]
    if inside:
        return Meaning(known[max(inside, key=lambda word: (len(word), -form.index(word)))], True)
    around = {known[word] for word in known if len(form) >= 2 and form in word}
    if len(around) == 1:
        return Meaning(around.pop(), True)
    alike = max(known, key=lambda word: likeness(form, word), default="")
    return Meaning(known[alike], True) if alike and likeness(form, alike) >= _ALIKE else None


@lru_cache(maxsize=64)
def _known(labels: tuple, words: tuple[Word, ...]) -> dict[str, str]:
    """Every way of writing -> code; labels win over free words."""
    in_use = dict(labels)
    known = {trimmed(m): w.code for w in words if w.code in in_use or not in_use for m in w.means}
    known.update({tight(m): w.code for w in words if w.code in in_use or not in_use for m in w.means})
    known.update({trimmed(label): code for code, label in labels})
    known.update({tight(label): code for code, label in labels})
    known.update({code: code for code in in_use})
    return known


def find_choice(text: str, words: tuple[Word, ...]) -> Meaning | None:
    """The word that a text means: exactly, else by the first in order of which something stands in the text.

    Meanings of one character count only when they are all of the text, as do those that begin with `=`.
    """
    text = ticked(tight(text)).strip("。.!！;；")
    forms = (text, bare(text))
    for word in words:
        if any(form in _ways(word) for form in forms):
            return Meaning(word.code)
    for word in words:
        if any(len(m) > 1 and not m.startswith("=") and m in text for m in word.means):
            return Meaning(word.code, True)
    return None


@lru_cache(maxsize=512)
def _ways(word: Word) -> frozenset[str]:
    """All that a word may be written as, whole."""
    return frozenset({tight(word.shown), word.code, *(tight(meaning.lstrip("=")) for meaning in word.means)} - {""})
