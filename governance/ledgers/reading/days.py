"""Days as ledgers write them (日期): 2024年3月5日, 2024.3.5, 24.3.5, 20240305, 3月5日, Excel serials, 上午."""
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .text import NUMERALS, chinese_number, narrow

EARLIEST_YEAR = 1990
_SERIALS = (32874, 73050)
_ZERO = date(1899, 12, 30)
# By so many days the numbers of a workbook that counts from 1904 on are behind.
LATER_1904 = 1462
_TRAIL = re.compile(
    r"(?:[上下中]午|早[上晨]|晚上?|凌晨|傍晚|[,，\s(]*(?:星期|周)[一二三四五六日天]\)?|左右|前后|许)+"
)
_CLOCK = re.compile(
    r"[T\s]*\d{1,2}\s*(?:[:：]\s*\d{1,2}(?:[:：]\d{1,2}(?:\.\d+)?)?|[时点]\s*(?:\d{1,2}分?|半|许)?)\s*$"
)
_FULL = re.compile(r"^(\d{4})\s*[-./年。、,，\\_ ]\s*(\d{1,2})\s*[-./月。、,，\\_ ]\s*(\d{1,2})\s*[日号]?\.?$")
_SHORT = re.compile(r"^'?(\d{2})\s*[-./年。、]\s*(\d{1,2})\s*[-./月。、]\s*(\d{1,2})\s*[日号]?\.?$")
_NO_YEAR = re.compile(r"^(\d{1,2})\s*[-./月。、]\s*(\d{1,2})\s*[日号]?\.?$")
_NO_DAY = re.compile(r"^(\d{4})\s*[-./年。]\s*(\d{1,2})\s*月?(?:份|[上中下]旬|初|底|末)?$")
_DAY_ONLY = re.compile(r"^(\d{1,2})[日号]?$")
_MONTH_ONLY = re.compile(r"^(\d{1,2})月(?:份|[上中下]旬|初|底|末)?$")
_FOREIGN = re.compile(r"^(\d{1,2})[-./](\d{1,2})[-./](\d{4})$")
_RANGE = re.compile(r"\s*(?:[~～—–至到、;；]|,|，|\s-\s|--)\s*")
_JOINED = re.compile(r"(?<=[日号])-?(?=\d)|-(?=\d{4}\D)|(?<=\d)-(?=\d{1,2}[./月])|\s+")
_CHINESE = re.compile(r"[〇零一二三四五六七八九十两]+")
_THIRDS = {"上旬": 1, "初": 1, "中旬": 11, "下旬": 21, "底": 21, "末": 21}


class NotADay(ValueError):
    """A text that is no day; `code` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Day:
    """A day that was understood; `guess` is the code of what was assumed, `year_guessed` that the year was."""

    day: date
    guess: str = ""
    year_guessed: bool = False


def read_day(value, *, year_for=None, month: int | None = None, last: bool = False, later: int = 0) -> Day:
    """The day that a cell names. NotADay: `day-unknown`, `day-impossible`, `day-ambiguous`, `day-unlikely`,
    `year-unknown`.

    `year_for(month)`: the year of a day without one, or None; `month`: that of a day which names none (5日 in the
    sheet of March); `last`: of several days take the last; `later`: days by which the file counts from a later zero.
    """
    if isinstance(value, datetime):
        return _likely(Day(value.date()))
    if isinstance(value, date):
        return _likely(Day(value))
    if isinstance(value, bool):
        raise NotADay("day-unknown")
    text = narrow(value)
    if month is not None and (match := _DAY_ONLY.match(text)):
        return _likely(Day(_date(_year(year_for, month), month, int(match[1])), "month-from-heading", True))
    if isinstance(value, int | float):
        return _likely(_of_number(value, year_for, later))
    return _likely(_of_text(text, year_for, last))


def _likely(found: Day) -> Day:
    if found.day.year < EARLIEST_YEAR:
        raise NotADay("day-unlikely")
    return found


def _of_number(value, year_for, later: int = 0) -> Day:
    if float(value).is_integer():
        digits = str(int(value))
        if len(digits) in (8, 6):
            return _of_digits(digits)
        if _SERIALS[0] <= value + later <= _SERIALS[1]:
            return Day(_ZERO + timedelta(days=int(value) + later))
        raise NotADay("day-unknown")
    if _SERIALS[0] <= value + later <= _SERIALS[1]:
        return Day(_ZERO + timedelta(days=int(value) + later))
    text = repr(float(value))
    if _NO_YEAR.match(text):
        found = _of_text(text, year_for, False)
        tens = int(text.split(".")[1])
        lost = len(text.split(".")[1]) == 1 and tens in (1, 2, 3)
        return Day(found.day, "day-may-have-lost-zero" if lost else found.guess, found.year_guessed)
    if _NO_DAY.match(text):
        return _of_text(text, year_for, False)
    raise NotADay("day-unknown")


def _of_digits(digits: str) -> Day:
    if len(digits) == 8:
        return Day(_date(int(digits[:4]), int(digits[4:6]), int(digits[6:])))
    if digits[:2] in ("19", "20") and 1 <= int(digits[4:]) <= 12 and int(digits[:4]) >= EARLIEST_YEAR:
        short_is_day = 1 <= int(digits[2:4]) <= 12 and 1 <= int(digits[4:]) <= 31
        if short_is_day and int(digits[:2]) != 20:
            raise NotADay("day-ambiguous")
        return Day(_date(int(digits[:4]), int(digits[4:]), 1), "day-assumed")
    return Day(_date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:])))


def _of_text(text: str, year_for, last: bool) -> Day:
    text = _CLOCK.sub("", _TRAIL.sub("", text)).strip().strip("'’‘`\"")
    if re.search(r"[月年]", text):
        text = _CHINESE.sub(_arabic, text)
    if re.fullmatch(r"\d+(?:\.0+)?", text):
        return _of_number(int(float(text)), year_for)
    found = _one(text, year_for)
    if found is not None:
        return found
    parts = [part for part in _RANGE.split(text) if part]
    if len(parts) < 2:
        parts = [part for part in _JOINED.split(text) if part]
    if len(parts) >= 2:
        return _one_of_several(parts, year_for, last)
    raise NotADay("day-unknown")


def _one_of_several(parts: list[str], year_for, last: bool) -> Day:
    first = _one(parts[0], year_for)
    if first is None:
        raise NotADay("day-unknown")
    if not last:
        return Day(first.day, "first-of-several-days", first.year_guessed)
    final = parts[-1]
    if re.fullmatch(r"\d{1,2}[日号]?", final):
        final = f"{first.day.month}月{final.rstrip('日号')}日"
    found = _one(final, lambda month: first.day.year + (month < first.day.month))
    if found is None:
        raise NotADay("day-unknown")
    return Day(found.day, "first-of-several-days", first.year_guessed)


def _one(text: str, year_for) -> Day | None:
    if match := _FULL.match(text):
        return Day(_date(*map(int, match.groups())))
    if match := _SHORT.match(text):
        year, month, day = map(int, match.groups())
        return Day(_date(2000 + year, month, day))
    if match := _NO_YEAR.match(text):
        month, day = map(int, match.groups())
        return Day(_date(_year(year_for, month), month, day), year_guessed=True)
    if match := _FOREIGN.match(text):
        return _foreign(*map(int, match.groups()))
    if match := _NO_DAY.match(text):
        return Day(_date(int(match[1]), int(match[2]), _third(text)), "day-assumed")
    if match := _MONTH_ONLY.match(text):
        month = int(match[1])
        return Day(_date(_year(year_for, month), month, _third(text)), "day-assumed", True)
    return None


def _year(year_for, month: int) -> int:
    if not 1 <= month <= 12:
        raise NotADay("day-impossible")
    year = year_for(month) if year_for is not None else None
    if year is None:
        raise NotADay("year-unknown")
    return year


def _foreign(one: int, other: int, year: int) -> Day:
    """05/03/2024: only one order makes a day, or it cannot be known."""
    if one != other and one <= 12 and other <= 12:
        raise NotADay("day-ambiguous")
    month, day = (one, other) if one <= 12 else (other, one)
    return Day(_date(year, month, day))


def _third(text: str) -> int:
    return next((day for word, day in _THIRDS.items() if text.endswith(word)), 1)


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NotADay("day-impossible") from error


def _arabic(match: re.Match) -> str:
    text = match[0]
    if len(text) > 2 and set(text) <= set(NUMERALS):
        return "".join(str(NUMERALS[char]) for char in text)
    number = chinese_number(text)
    return text if number is None else str(number)


_TITLE_YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\s*(?:年|[-./](?=\d)|(?!\d))|([二〇零一九]{2}[〇零一二三四五六七八九]{2})年"
)
# 2023-2024年度, 2023年至2024年: which of them a day without a year is of nobody can know.
_TWO_YEARS = re.compile(r"(?<!\d)((?:19|20)\d{2})年?度?\s*[-~～—–至到、和及/]+\s*((?:19|20)\d{2})(?!\d)")
_YEAR_AND_MONTH = re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(?!\d)")
_TITLE_MONTH = re.compile(r"(?<!\d)(\d{1,2})\s*月|([一二三四五六七八九十]{1,2})月")


def year_and_month(text: str) -> tuple[int | None, int | None]:
    """Year and month that a title, a sheet's or a file's name gives."""
    text = narrow(text)
    year = month = None
    if match := _YEAR_AND_MONTH.search(text):
        return int(match[1]), int(match[2])
    if (match := _TWO_YEARS.search(text)) and match[1] != match[2]:
        return None, None
    if match := _TITLE_YEAR.search(text):
        year = int(match[1]) if match[1] else int(_arabic(re.match(r".+", match[2])))
        text = text[match.end():]
    if match := _TITLE_MONTH.search(text):
        month = int(match[1]) if match[1] else chinese_number(match[2])
    elif match := re.match(r"^[-./]?(\d{1,2})(?!\d)", text) if year else None:
        month = int(match[1])
    return (year if year and 1990 <= year <= 2100 else None), (month if month and 1 <= month <= 12 else None)
