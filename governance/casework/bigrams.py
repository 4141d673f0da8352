"""Text as lexemes for a stock PostgreSQL `tsvector` (二元分词): found by index, no extension.

Every letter of every script is indexed: characters that are written without spaces (Chinese, beyond the basic plane
too, kana, Hangul, Yi, and whatever is no letter at all: emoji, private ones) as pairs, those of other scripts
(Latin with accents, Uyghur, Tibetan, Mongolian, digits) as words. Only spaces, punctuation and signs of arithmetic
and money part them and stand for nothing. Words and queries are brought to one form first (NFKC, small letters,
without invisible format characters and variation selectors).
"""
import re
import unicodedata

_LONGEST = 60
# A base and its marks; PostgreSQL takes 2,046 bytes for a lexeme.
_LONGEST_CLUSTER = 8

# What is written without spaces between words, among the letters.
_DENSE = re.compile(
    "[々〆〇〡-〩ぁ-ヿㄅ-ㄯ\u1100-\u11ff\u3130-\u318fㆠ-ㇿ\u3400-\u9fff"
    "\ua000-\ua4cf\uac00-\ud7ff\uf900-\ufaff\U00016fe0-\U00018cff\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)
_PARTED = re.compile("D[DM]*|W[WM]*")
_CLUSTER = re.compile("DM*")
_TATWEEL = "\u0640"


class _Classes(dict):
    """The class of each character, as met: D dense, W word, M mark, - parts, x invisible."""

    def __missing__(self, code: int) -> str:
        self[code] = found = self._of(chr(code))
        return found

    @staticmethod
    def _of(char: str) -> str:
        category = unicodedata.category(char)
        if category == "Cf" or char == _TATWEEL or 0xFE00 <= ord(char) <= 0xFE0F or 0xE0100 <= ord(char) <= 0xE01EF \
                or 0x180B <= ord(char) <= 0x180F:
            return "x"
        if category[0] == "M":
            return "M"
        if category[0] in "PZ" or category in ("Cc", "Cs", "Sm", "Sc", "Sk"):
            return "-"
        return "W" if category[0] in "LN" and not _DENSE.match(char) else "D"


_CLASSES = _Classes()


def normalised(text: str) -> str:
    """The one form in which texts and queries are compared."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text or "").casefold())
    classes = text.translate(_CLASSES)
    if "x" in classes:
        text = "".join(char for char, kind in zip(text, classes, strict=True) if kind != "x")
    return text


def _runs(text: str):
    """Of each run of a text: whether it is dense, and its word or its characters, each with its marks."""
    text = normalised(text)
    classes = text.translate(_CLASSES)
    for found in _PARTED.finditer(classes):
        start, end = found.span()
        if classes[start] == "W":
            yield False, text[start:end][:_LONGEST]
        elif classes.find("M", start, end) < 0:
            yield True, text[start:end]
        else:
            places = (part.span() for part in _CLUSTER.finditer(classes, start, end))
            yield True, [text[first:last][:_LONGEST_CLUSTER] for first, last in places]


def _pairs(run) -> list[str]:
    if isinstance(run, str):
        return [run[place : place + 2] for place in range(len(run) - 1)]
    return [first + second for first, second in zip(run, run[1:], strict=False)]


def lexemes(*texts: str) -> list[str]:
    """Sorted distinct lexemes of the texts: pairs of dense runs, words and digits else.

    The last character of a dense run stands alone too, so that a prefix query on one character finds it.
    A word with accents is found without them too.
    """
    found: set[str] = set()
    for text in texts:
        for dense, run in _runs(text):
            if dense:
                found.update(_pairs(run))
                found.add(run[-1])
            else:
                found.update((run, _plain(run)))
    return sorted(found)


def _plain(word: str) -> str:
    """A Latin word without its accents; the marks of other scripts are letters and stay."""
    if word.isascii() or word[0] > "\u024f" and not "\u1e00" <= word[0] <= "\u1eff":
        return word
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


def number_lexemes(number: str) -> list[str]:
    """Ways in which people type a number `330122101-JF-2026-00042`: whole, its digits, without zeros."""
    serial = number.rsplit("-", 1)[-1]
    return sorted({number.lower().replace("-", ""), serial, serial.lstrip("0").zfill(4), *lexemes(number)})


def query(text: str) -> str:
    """A `tsquery` in text form for what a person typed, or "" when nothing in it can be searched.

    Quoted lexemes are cast, never parsed, so that no character of the input has a meaning.
    """
    parts: list[str] = []
    for dense, run in _runs(text):
        if not dense:
            parts.append(f"'{run}':*")
        elif len(run) == 1:
            parts.append(f"'{run[0]}':*")
        else:
            parts.extend(f"'{pair}'" for pair in _pairs(run))
    return " & ".join(dict.fromkeys(parts))
