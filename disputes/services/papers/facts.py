"""The facts of a matter in the wording of its papers; what the portal does not hold is a blank."""
from django.utils import timezone

from governance.casework.services.numbering import shown_number
from governance.casework.services.parties import contact_of

from ...models import committee_name

BLANK = "＿＿＿＿＿＿"
SIDES = {"applicant": "申请人", "respondent": "被申请人", "representative": "代理人", "witness": "证人"}
_DIGITS, _UNITS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟")


class Facts:
    """What papers say of one matter. Contact data only as far as each party let it be shown."""

    def __init__(self, matter):
        self.matter, self.dispute = matter, matter.dispute
        self.people = list(matter.parties.present().select_related("unit"))
        self.agreement = matter.agreements.in_force().first()
        self.sessions = list(matter.sessions.select_related("recorder"))
        self.confirmation = matter.confirmations.last()
        self.ending = matter.endings.last()
        self.revisit = matter.revisits.select_related("visitor").last()
        self.mediators = [row.user.name for row in matter.mediators.filter(withdrawn_on=None).select_related("user")]
        self.committee = self.dispute.committee_name or committee_name(matter.township.short_name, "township")
        self.number = shown_number(
            matter.number, township_name=matter.township.numbering_name, kind_name="纠纷"
        )

    def people_in_words(self, *, contact: bool = False) -> str:
        """One line for each party; sex, age and occupation are blanks filled in by hand."""
        return "\n".join(self._person(party, contact) for party in self.people) or BLANK

    def names(self, kind: str = "") -> str:
        """Names of the parties of one side, or of all."""
        found = [party.name for party in self.people if not kind or party.kind == kind]
        return "、".join(found) or BLANK

    def instalments(self) -> str:
        """What is due, and by when."""
        if self.agreement is None:
            return BLANK
        rows = [row for row in self.agreement.instalments.all() if row.replaced_on is None]
        lines = [f"{row.position}. {day(row.due_on)}前：{row.what}{yuan_in_words(row.amount_yuan)}" for row in rows]
        return "\n".join([self.agreement.manner, *lines]).strip() or "当场履行完毕。"

    def _person(self, party, contact: bool) -> str:
        line = f"{SIDES.get(party.kind, '')}：{party.name}　性别＿＿　年龄＿＿　职业{BLANK}"
        shows = contact and party.discloses_contact and not self.dispute.is_domestic_violence
        held = self._contact_of(party) if shows else {}
        return f"{line}\n住址：{held.get('address') or BLANK * 2}　电话：{held.get('phone') or BLANK}"

    def _contact_of(self, party) -> dict:
        return contact_of(party)


def day(value) -> str:
    """2026年11月24日."""
    if value is None:
        return "　　年　月　日"
    value = timezone.localdate(value) if hasattr(value, "hour") else value
    return f"{value.year}年{value.month}月{value.day}日"


def moment(value) -> str:
    """2026年11月24日9时30分."""
    if value is None:
        return "　　年　月　日　时　分"
    local = timezone.localtime(value)
    return f"{day(value)}{local.hour}时{local.minute:02d}分"


def yuan_in_words(amount) -> str:
    """（1500元，人民币壹仟伍佰元整）; "" without an amount."""
    if amount is None:
        return ""
    whole, fen = divmod(int(round(amount * 100)), 100)
    plain = f"{whole}元" if not fen else f"{whole}.{fen:02d}元"
    parts = f"{_DIGITS[fen // 10]}角{_DIGITS[fen % 10]}分" if fen else "整"
    return f"（{plain}，人民币{_whole(whole)}元{parts}）"


def _whole(number: int) -> str:
    if number == 0:
        return "零"
    words, scales, place = "", ("", "万", "亿"), 0
    while number:
        number, group = divmod(number, 10_000)
        if group:
            gap = "零" if words and (group % 10 == 0 or not words.startswith("零")) and place and _low(words) else ""
            words = _group(group) + scales[place] + gap + words
        place += 1
    return words.strip("零")


def _low(words: str) -> bool:
    """Whether the group to the right lacks its thousands, so that a zero is spoken."""
    return "仟" not in words.split("万")[-1]


def _group(group: int) -> str:
    words, zero = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            words += ("零" if zero and words else "") + _DIGITS[digit] + _UNITS[place]
            zero = False
        else:
            zero = True
    return words
