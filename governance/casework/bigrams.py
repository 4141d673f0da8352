"""Chinese text as bigrams for a stock PostgreSQL `tsvector` (二元分词): found by index, no extension."""
import re

_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[0-9a-z]+", re.IGNORECASE)
_LONGEST = 60


def _is_chinese(run: str) -> bool:
    return ord(run[0]) >= 0x3400


def lexemes(*texts: str) -> list[str]:
    """Sorted distinct lexemes of the texts: bigrams of Chinese runs, lower-case words and digits else.

    The last character of a Chinese run stands alone too, so that a prefix query on one character finds it.
    """
    found: set[str] = set()
    for text in texts:
        for run in _RUN.findall(text or ""):
            if _is_chinese(run):
                found.update(run[i : i + 2] for i in range(len(run) - 1))
                found.add(run[-1])
            else:
                found.add(run.lower()[:_LONGEST])
    return sorted(found)


def number_lexemes(number: str) -> list[str]:
    """Ways in which people type a number `330122101-JF-2026-00042`: whole, its digits, without zeros."""
    serial = number.rsplit("-", 1)[-1]
    return sorted({number.lower().replace("-", ""), serial, serial.lstrip("0").zfill(4), *lexemes(number)})


def query(text: str) -> str:
    """A `tsquery` in text form for what a person typed, or "" when nothing in it can be searched.

    Quoted lexemes are cast, never parsed, so that no character of the input has a meaning.
    """
    parts: list[str] = []
    for run in _RUN.findall(text or ""):
        if not _is_chinese(run):
            parts.append(f"'{run.lower()[:_LONGEST]}':*")
        elif len(run) == 1:
            parts.append(f"'{run}':*")
        else:
            parts.extend(f"'{run[i : i + 2]}'" for i in range(len(run) - 1))
    return " & ".join(dict.fromkeys(parts))
