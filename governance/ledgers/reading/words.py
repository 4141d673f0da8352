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
_LISTED = re.compile(r"[、,;/]|以及|(?<=.{2})[和及与](?=.{2})")
# Before a word they turn it round: 未签订协议, 不愿和解, 没有全部履行.
_NEGATION = re.compile(r"[未没不无难][^,。;，；、]{0,2}$")
_NEGATIVE = "未没不无难否拒"


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
    """The term that a text means: by label or free word, else by the longest of them within it, else by likeness.

    Of several terms in a list (邻里、宅基地) the first counts.
    """
    text = ticked(tight(text))
    known = _known(tuple(labels.items()), words)
    if code := _exactly(text, known):
        return Meaning(code)
    for part in _LISTED.split(text):
        if code := _exactly(part, known) if part != text else None:
            return Meaning(code, True)
    return _loosely(trimmed(text), known)


def _exactly(text: str, known: Mapping[str, str]) -> str | None:
    return next((known[form] for form in (text, bare(text), trimmed(text)) if form in known), None)


def _loosely(form: str, known: Mapping[str, str]) -> Meaning | None:
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

    Meanings of one character count only when they are all of the text, as do those that begin with `=`; none
    counts behind a negation, unless it is one itself.
    """
    text = ticked(tight(text)).strip("。.!！;；")
    if whole := _whole(text, words):
        return Meaning(whole)
    for word in words:
        if word.pattern and re.search(word.pattern, text):
            return Meaning(word.code, True)
    # What stands in brackets counts before it is left out: 已化解（口头）.
    if whole := _whole(bare(text), words):
        return Meaning(whole)
    for word in words:
        if any(len(m) > 1 and not m.startswith("=") and _says(text, m) for m in word.means):
            return Meaning(word.code, True)
    return None


def find_whole(text: str, words: tuple[Word, ...], labels: Mapping[str, str]) -> str | None:
    """The code of which a text is a whole way of writing, of two signs at least."""
    if len(text) < 2:
        return None
    if labels:
        return _exactly(text, _known(tuple(labels.items()), words))
    return _whole(bare(text), words)


def _whole(text: str, words: tuple[Word, ...]) -> str | None:
    return next((word.code for word in words if text in _ways(word)), None)


def _says(text: str, meaning: str) -> bool:
    place = text.find(meaning)
    while place >= 0:
        if meaning[0] in _NEGATIVE or not _NEGATION.search(text[:place]):
            return True
        place = text.find(meaning, place + 1)
    return False


@lru_cache(maxsize=512)
def _ways(word: Word) -> frozenset[str]:
    """All that a word may be written as, whole."""
    return frozenset({tight(word.shown), word.code, *(tight(meaning.lstrip("=")) for meaning in word.means)} - {""})
