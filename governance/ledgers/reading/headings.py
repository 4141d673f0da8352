"""Finding the row of headings and what each column means (表头识别): by meaning, not by place."""
import re
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from ..layout import Column, Layout, Reads
from .days import year_and_month
from .folding import Fold, folds_of
from .officials import NAME_WORDS, is_number_of_official, is_of_a_party, is_official, is_plain_number, is_second_number
from .text import bare, is_blank, likeness, tight
from .wording import Remark

SEARCHED_ROWS = 40
MOST_HEADING = 24
# The column that the portal itself adds to a file that it gives back.
RETURNED = "错误原因"
LEAST_COLUMNS, LEAST_REQUIRED, LEAST_ALIKE = 3, 2, 5
# Columns that the portal does not hold (domain reference §4, §7), and such as look like them.
NOT_HELD = re.compile(
    r"身份证|公民身份|证件号|证件类型|宗教|信仰|信教|邪教|民族(?!乡|村)|政治面貌|党员|党派|稳控|重点人|重点对象|前科|刑释|犯罪记录|"
    r"吸毒|涉毒|社区矫正|健康|残疾|精神障碍|精神病|疾病|病史|血型|心理状|护照|军官证|银行卡|银行账|涉稳人|五失|刑满|服刑|传染病|艾滋"
)
_FIGURES = re.compile(r"(?:数|率|件数|次数|总数|合计|小计|占比|起数)(?:[(（].*)?$")
_TYPED = re.compile(
    r"电话|联系|手机|固话|座机|微信|籍贯|国籍|关系|学历|文化|生日|出生|邮|日期|时间|金额|人数|编号|地址|单位|职务|签字|签名|照片|附件|文号|原因|性别|年龄|率$|数$"
)
_ALIKE = 0.8
# 当事人姓名及联系电话, 村(社区)/单位: the first word says what the column is.
_COMPOUND = re.compile(r"[/、,及和与]|以及")
_PLAIN_TAIL = re.compile(r"(?:\(.*\)|姓名|名称|名单|信息|情况|基本情况|或|[A-Za-z0-9甲乙一二])+")
_STRIP = "*＊:：.。、 "
_TOLD = {"not-held": "column-not-read", "official": "column-of-official", "unknown": "column-unknown",
         "double": "column-double"}


@dataclass(frozen=True)
class Guess:
    """What a column was taken for.

    `how` is remembered, same, alike, order, folded or part (with others it says one thing), also (a further number
    of the same people), double (another says the same), not-held, official (an official's number), unknown or left-out.
    """

    index: int
    heading: str
    code: str
    how: str

    @property
    def letter(self) -> str:
        """The column's letter."""
        return get_column_letter(self.index)


@dataclass
class Heading:
    """The headings of a sheet: rows they stand in, what each column was taken for, what stood above them."""

    first_row: int
    last_row: int
    guesses: list[Guess]
    title: str = ""
    texts: frozenset = frozenset()
    score: float = 0
    folds: list[Fold] = field(default_factory=list)

    @property
    def columns(self) -> dict[int, str]:
        """Column (from 1) -> code, of those that are read; of folded ones the first."""
        return {guess.index: guess.code for guess in self.guesses if guess.code and guess.how not in ("part", "also")}

    @property
    def further(self) -> list[tuple[int, str]]:
        """Columns (from 1) whose cells add to those of another, with its code."""
        return [(guess.index, guess.code) for guess in self.guesses if guess.how == "also"]

    def ref(self, code: str, row: int) -> str:
        """The cell of a column in a row: B5."""
        index = next((index for index, held in self.columns.items() if held == code), 1)
        return f"{get_column_letter(index)}{row}"

    def notes(self, sheet) -> list[Remark]:
        """What is told about the columns."""
        found = []
        for guess in self.guesses:
            code = _TOLD.get(guess.how)
            if code is None and guess.code and guess.index in sheet.hidden_columns:
                code = "column-hidden"
            if code is not None:
                found.append(Remark(code, guess.code, f"{guess.letter}{self.last_row}",
                                    {"heading": guess.heading, "sheet": sheet.name}))
        return found


def normal(text: str) -> str:
    """A heading for comparing: without spaces, colons and stars, brackets narrow."""
    return tight(text).strip(_STRIP).lower()


class Headings:
    """Knows the headings of one ledger."""

    def __init__(self, layout: Layout, remembered=None, terms=None):
        self._layout, self._terms = layout, terms or {}
        self._remembered = {normal(key): code for key, code in (remembered or {}).items()}
        self._exact: dict[str, str] = {}
        self._ranks: dict[str, int] = {}
        self._compared: dict[str, list] = {}
        self._people = frozenset(c.code for c in layout.columns if c.reads in (Reads.NAMES, Reads.PERSON))
        for column in layout.columns:
            for rank, text in enumerate((column.heading, *column.synonyms)):
                self._exact.setdefault(normal(text), column.code)
                self._ranks.setdefault(normal(text), rank)
        for column in layout.columns:
            for text in (column.heading, *column.synonyms):
                self._exact.setdefault(bare(normal(text)), column.code)
            self._exact[normal(column.heading)] = column.code

    def find(self, sheet) -> Heading | None:
        """The headings of a sheet within its first rows, or None."""
        rows = []
        for number, values in sheet.rows():
            rows.append((number, values))
            if len(rows) >= SEARCHED_ROWS:
                break
        best = None
        for place in range(len(rows)):
            for heading in self._candidates(sheet, rows, place):
                if heading is not None and (best is None or heading.score > best.score + 0.01):
                    best = heading
        if best is not None:
            best.title = "\n".join(
                tight(value) for number, values in rows if number < best.first_row
                for value in values if isinstance(value, str) and not is_blank(value)
            )
        return best

    def again(self, number: int, values, heading: Heading) -> Heading:
        """The headings of a further table below, where they stand in another order; else those above."""
        texts = _texts(values)
        is_plain = heading.first_row == heading.last_row
        found = self._heading(number, number, [""] * len(texts), texts) if is_plain else None
        if found is None or found.columns == heading.columns:
            return heading
        found.title = heading.title
        return found

    def meaning_of(self, text: str) -> str:
        """The code of the column that a heading alone means; "" for none."""
        guesses, _score = self._assign([(tight(text), "")], [])
        return guesses[0].code if guesses else ""

    def _candidates(self, sheet, rows, place):
        number, values = rows[place]
        upper = self._widened(sheet, number, _texts(values))
        if sum(bool(text) for text in upper) >= 2:
            yield _finished(sheet, self._heading(number, number, [""] * len(upper), upper))
            if place + 1 < len(rows) and rows[place + 1][0] == number + 1:
                lower = _texts(rows[place + 1][1])
                width = max(len(upper), len(lower))
                upper, lower = _padded(upper, width), _padded(lower, width)
                groups = _spread(sheet, number, upper, lower)
                tops = [text if not low else group for text, low, group in zip(upper, lower, groups, strict=True)]
                yield _finished(sheet, self._heading(number, number + 1, tops, lower, groups))

    def _heading(self, first: int, last: int, upper, lower, groups=None) -> Heading | None:
        pairs = []
        for index, low in enumerate(lower):
            top = (groups or upper)[index] if low else ""
            text = low or upper[index]
            pairs.append((text, "" if top == text else top))
        folds = self._folds(pairs)
        guesses, score = self._assign(pairs, folds)
        codes = {guess.code for guess in guesses if guess.code}
        if not self._is_enough(codes, guesses):
            return None
        two_rows = first != last
        if two_rows and sum(1 for g in guesses if g.code and lower[g.index - 1]) < 2:
            return None
        texts = frozenset(normal(text) for text, _group in pairs if text)
        return Heading(first, last, guesses, texts=texts, score=score - 0.3 * two_rows, folds=folds)

    def _widened(self, sheet, number: int, texts: list[str]) -> list[str]:
        """A heading merged over the columns of both sides, without a second row: each of them has it."""
        for (row, left), (_bottom, right) in sheet.merges.items():
            text = texts[left - 1] if row == number and left <= len(texts) else ""
            code = self._exact.get(normal(text)) if text and right > left else None
            if code and self._layout.column(code).second:
                texts = _padded(texts, right)
                texts[left - 1:right] = [text] * (right - left + 1)
        return texts

    def _folds(self, pairs) -> list[Fold]:
        """Columns that say one thing together, unless the township has said what one of them means."""
        return [
            fold for fold in folds_of(pairs, self._layout, self._exact, self._terms)
            if not any(normal(word) in self._remembered for word in fold.words)
        ]

    def _is_enough(self, codes, guesses) -> bool:
        required = {column.code for column in self._layout.columns if column.required}
        telling = {
            column.code for column in self._layout.columns
            if column.required and column.reads in (Reads.NAMES, Reads.TEXT)
        }
        chosen = any(guess.how == "remembered" for guess in guesses)
        # A row of an affair may look like headings here and there, but hardly ever says one exactly.
        if not any(guess.how in ("same", "remembered") for guess in guesses) and len(codes) < LEAST_ALIKE:
            return False
        return bool(codes & telling) and len(codes) >= LEAST_COLUMNS and (
            chosen or len(codes & required) >= LEAST_REQUIRED
        )

    def _assign(self, pairs, folds) -> tuple[list[Guess], float]:
        """Give each column at most one meaning, and each meaning to at most one column; the best fit first."""
        taken = _settled(pairs, folds)
        used: set[str] = {fold.code for fold in folds}
        options = [
            (score, -index, code, how) for index, (text, group) in enumerate(pairs, start=1)
            if text and index not in taken and len(text) <= MOST_HEADING and not text.isdigit()
            for score, code, how in self._meanings(text, group)
        ]
        leftover = []
        for score, index, code, how in sorted(options, reverse=True):
            index = -index
            if index in taken or how == "left-out":
                taken.setdefault(index, ("", how, 0))
            elif code not in used:
                taken[index] = (code, how, score)
                used.add(code)
            else:
                leftover.append((index, code, score))
        self._give_to_others(pairs, leftover, taken, used)
        return _guesses(pairs, taken), sum(score for _code, _how, score in taken.values())

    def _give_to_others(self, pairs, leftover, taken, used) -> None:
        """A second column of the same heading is the other side's (姓名 · 电话 · 姓名 · 电话).

        A number is a further one of the same people where its heading says so, an official's beside one's name.
        """
        for index, code, score in sorted(leftover):
            other = self._layout.column(code).second
            if index in taken:
                continue
            if self._reads(code) is Reads.PHONES and (how := _whose(self._layout, pairs, index, code, taken)):
                taken[index] = ("" if how == "official" else code, how, 0 if how == "official" else score * 0.5)
            elif other and other not in used:
                taken[index] = (other, "order", score * 0.9)
                used.add(other)
            elif score > 0.85:
                taken[index] = ("", "double", 0)

    def _meanings(self, text: str, group: str):
        """Codes that a heading may mean, with how well they fit."""
        whole = normal(f"{group}/{text}") if group else normal(text)
        for form in (whole, normal(text)):
            if form in self._remembered:
                code = self._remembered[form]
                return [(2.0, code, "remembered" if code else "left-out")]
        grouped = self._in_group(text, group, whole)
        if grouped is not None:
            return grouped
        for form in (normal(text), bare(normal(text))):
            if form in self._exact:
                # Of two columns that mean the same, the one with the more official heading counts.
                return [(1.0 - 0.002 * min(self._ranks.get(form, 40), 40), self._exact[form], "same")]
        first = _COMPOUND.split(bare(normal(text)))[0]
        if first != normal(text) and first in self._exact:
            return [(0.8, self._exact[first], "alike")]
        return _by_pattern(normal(text), self._layout) or self._alike(normal(text))

    def _in_group(self, text: str, group: str, whole: str):
        """What a heading means below the cell of a group: 乙方 · 电话, 调处情况 · 时间."""
        if not group:
            return None
        if whole in self._exact:
            return [(1.1, self._exact[whole], "same")]
        over = self._exact.get(normal(group)) or self._exact.get(bare(normal(group)))
        below = self._exact.get(normal(text)) or self._exact.get(bare(normal(text)))
        for column in self._layout.columns:
            if over and column.beside == over and _is_plain(self._layout, below, column):
                return [(1.1, column.code, "same")]
            if column.group and column.code != below and _same_group(column.group, group) and _is_tail(text, column):
                return [(1.1, column.code, "same")]
        return _named_in_group(self._layout, group, over, below) if normal(text) in NAME_WORDS else None

    def _reads(self, code: str) -> Reads:
        return self._layout.column(code).reads

    def _alike(self, text: str):
        if text not in self._compared:
            self._compared[text] = _compare(text, self._exact, self._people)
        return self._compared[text]


def _whose(layout: Layout, pairs, index: int, code: str, taken) -> str:
    """Whose a second column of numbers is: also (of the same people), official, or "" for neither."""
    text, group = pairs[index - 1]
    before = taken.get(index - 1, ("",))[0]
    if is_plain_number(text) and not group and before and layout.column(before).reads is Reads.PERSON:
        return "official"
    is_next = before == code and pairs[index - 2][0] != text
    return "also" if is_second_number(text) or is_of_a_party(text) or is_next else ""


def _named_in_group(layout: Layout, group: str, over: str | None, below: str | None):
    """Whose name 姓名 is below a group: a side's, or that of somebody who handles affairs, who is no party."""
    whose = layout.column(over).reads if over else None
    if whose is Reads.PERSON or whose is Reads.NAMES and (below is None or layout.column(below).reads is Reads.NAMES):
        return [(1.1, over, "same")]
    return [] if is_official(bare(normal(group))) else None


def _is_plain(layout: Layout, below: str | None, column: Column) -> bool:
    """Whether a heading is the plain word (电话) that a group makes one side's, not already that of a side."""
    return bool(below) and layout.column(below).reads is column.reads and (
        below == column.code or bool(layout.column(below).second)
    )


def _settled(pairs, folds) -> dict[int, tuple[str, str, float]]:
    """Columns whose meaning needs no comparing: folded ones, the portal's own, and those that it does not hold."""
    taken = {
        index: (fold.code, "part" if index != fold.indices[0] else "folded", 0.7)
        for fold in folds for index in fold.indices
    }
    for index, (text, group) in enumerate(pairs, start=1):
        if index in taken or not text or len(text) > MOST_HEADING or text.isdigit():
            continue
        if text == RETURNED:
            taken[index] = ("", "left-out", 0)
        elif NOT_HELD.search(text) or NOT_HELD.search(group):
            taken[index] = ("", "not-held", 0)
        elif is_number_of_official(bare(normal(text)), bare(normal(group))):
            taken[index] = ("", "official", 0)
    return taken


def is_summary(sheet) -> bool:
    """Whether a sheet without headings of this ledger sums up others."""
    figures = 0
    for place, (_number, values) in enumerate(sheet.rows()):
        texts = [tight(value) for value in values if isinstance(value, str)]
        figures = max(figures, sum(bool(_FIGURES.search(text)) for text in texts))
        if place > 10:
            break
    return figures >= 2 or bool(re.search(r"汇总|统计|合计|总表|封面|说明|目录", sheet.name))


def repeats(values, heading: Heading) -> bool:
    """Whether a row below says the headings again (a new page)."""
    texts = {normal(value) for value in values if isinstance(value, str) and len(value) <= MOST_HEADING}
    return len(texts & heading.texts) >= LEAST_COLUMNS


def _guesses(pairs, taken) -> list[Guess]:
    found = []
    for index, (text, group) in enumerate(pairs, start=1):
        if text and (len(text) <= MOST_HEADING or index in taken):
            code, how, _score = taken.get(index, ("", "unknown", 0))
            found.append(Guess(index, f"{group}/{text}" if group else text, code, how))
    return found


def _finished(sheet, heading: Heading | None) -> Heading | None:
    """Headings that are merged further down are not whole yet: a candidate that takes the next row in goes before."""
    if heading is not None:
        rows = range(heading.first_row, heading.last_row + 1)
        if any(row in rows and bottom > heading.last_row for (row, _left), (bottom, _right) in sheet.merges.items()):
            heading.score -= 1
    return heading


def _by_pattern(text: str, layout: Layout) -> list[tuple[float, str, str]]:
    return [(0.75, c.code, "alike") for c in layout.columns if c.pattern and re.search(c.pattern, text)]


def _compare(text: str, exact: dict[str, str], people: frozenset) -> list[tuple[float, str, str]]:
    best: dict[str, float] = {}
    for known, code in exact.items():
        score = 0 if code in people and _tells_about(text, known) else _fit(text, known)
        if score > best.get(code, 0):
            best[code] = score
    return [(score, code, "alike") for code, score in best.items()]


def _tells_about(text: str, known: str) -> bool:
    """Whether a heading says something of somebody (当事人国籍) rather than who it is: what it is stands at its end."""
    tail = text.partition(known)[2] if known in text else ""
    return bool(tail) and not _PLAIN_TAIL.fullmatch(tail)


def _fit(text: str, known: str) -> float:
    """How well a heading fits a known one that it is not: 0 for not at all, below 0.8 otherwise."""
    shorter, longer = sorted((text, known), key=len)
    contained = len(shorter) >= 3 and shorter in longer
    # No two texts of such lengths, or with so few signs in common, can be alike enough: spares the comparing.
    most = 2 * min(len(shorter), len(set(text) & set(known)) + 1) / (len(text) + len(known))
    if not contained and most < _ALIKE or _TYPED.findall(text) != _TYPED.findall(known):
        return 0
    if contained:
        return 0.6 + 0.15 * len(shorter) / len(longer)
    score = likeness(text, known)
    return 0.6 * score if score >= _ALIKE else 0


def _texts(values) -> list[str]:
    return [tight(value) if isinstance(value, str) else "" if value is None else tight(value) for value in values]


def _padded(texts: list[str], width: int) -> list[str]:
    return texts + [""] * (width - len(texts))


def _spread(sheet, number: int, upper, lower) -> list[str]:
    """The cell above each column: merged sideways, or, in files without merged cells, the nearest to the left."""
    groups, last = [], ""
    merged = bool(sheet.merges)
    reach = 0
    for index, (top, low) in enumerate(zip(upper, lower, strict=True), start=1):
        if top:
            bottom, right = sheet.merges.get((number, index), (number, index))
            last, reach = top, right if merged else len(upper)
        groups.append(last if low and (top or index <= reach) else top)
    return groups


def _same_group(one: str, other: str) -> bool:
    one, other = bare(one), bare(other)
    return one == other or likeness(one, other) >= 0.5 or bool(re.search(r"调[处解]|化解", other)) and "调处" in one


def _is_tail(text: str, column: Column) -> bool:
    """时间 of 化解时间, 结果 of 化解结果: a heading that its group makes plain."""
    text = normal(text)
    return len(text) >= 2 and any(
        normal(known).endswith(text) for known in (column.heading, *column.synonyms)
    )


def hints(sheet_name: str, title: str, file_name: str) -> list[tuple[str, int | None, int | None]]:
    """(where, year, month) that title, sheet's name and file's name give, in the order in which they count."""
    found = [
        ("title", *year_and_month(title.split("\n")[0] if title else "")), ("sheet", *year_and_month(sheet_name)),
        ("file", *year_and_month(file_name)), ("title", *year_and_month(title)),
    ]
    return [hint for hint in found if hint[1] or hint[2]]
