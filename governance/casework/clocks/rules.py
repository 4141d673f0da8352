"""What a clock rule is (时限规则), and the register of all rules."""
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from governance.organisation.registry import Refused

LOCAL = _("the township's own default")


class Bearer(StrEnum):
    """Who owes what the clock runs for (时限承担者).

    Only office clocks escalate, make a matter overdue and count in figures of timeliness.
    """

    OFFICE = "office"
    PARTY = "party"
    WINDOW = "window"
    EXTERNAL = "external"


class Basis(StrEnum):
    """In what a length is counted (计算单位); AGREED has a day instead of a length."""

    DAYS = "days"
    MONTHS = "months"
    WORKING_DAYS = "working_days"
    HOURS = "hours"
    MINUTES = "minutes"
    WORKING_HOURS = "working_hours"
    AGREED = "agreed"


class Roll(StrEnum):
    """What a last day that is a day off means (期间届满日): it stays, or the next working day ends it."""

    NONE = "none"
    FORWARD = "forward"


@dataclass(frozen=True)
class ExtensionPolicy:
    """Who may extend a clock (延期), how often and how long; None: as often or as long as they agree.

    `requires`: codes of what has to be recorded, such as `consent-both-parties`, `told-before-end`, `reason`.
    """

    max_times: int | None
    max_days: int | None
    approver: str
    requires: tuple[str, ...] = ("reason",)
    before_end: bool = True

    @property
    def is_decided(self) -> bool:
        """Whether it is proposed and decided; a day that parties agreed is changed by their own writing only."""
        return "written-change" not in self.requires

    @property
    def total_days(self) -> int | None:
        """The most that all extensions together may add; None: no cap."""
        if self.max_times is None or self.max_days is None:
            return None
        return self.max_times * self.max_days


@dataclass(frozen=True)
class PausePolicy:
    """On what ground a clock may be paused (中止), and the code of the paper that shows it."""

    ground: Any
    evidence: str


@dataclass(frozen=True)
class Variant:
    """A class of cases with a length of its own (分档); None: as the rule says."""

    code: str
    label: Any
    length: int | None = None
    basis: Basis | None = None
    max_days: int | None = None


@dataclass(frozen=True)
class ClockRule:
    """A clock rule (时限规则): what starts and stops it, its length, and the article it rests on.

    - `kind`: first part of the code. `bearer`: who owes it. `starts`, `stops`: in words.
    - `length` in units of `basis`; None where a variant, an agreed day or the single case gives it.
    - `roll`: of the last day; `period_roll`: of a period agreed instead of a day.
    - `source`: as in the domain reference; `article`: what the explanation cites. `verified`: the text was
      read (True), is to be checked before the portal goes live (False), or there is none (None: local).
    - `is_local`: the length is the township's own, data that an override row changes.
    - `urgent`: its reminders keep no office hours. `ladder`: days before the end at which it is announced.
    - `max_days`: an agreed day may not lie further from the start, unless a variant lifts it.
    """

    code: str
    kind: str = ""
    label: Any = ""
    bearer: Bearer = Bearer.OFFICE
    basis: Basis = Basis.DAYS
    length: int | None = None
    roll: Roll = Roll.NONE
    starts: Any = ""
    stops: Any = ""
    extension: ExtensionPolicy | None = None
    pause: PausePolicy | None = None
    source: str = ""
    article: Any = LOCAL
    verified: bool | None = None
    is_local: bool = False
    survives_closing: bool = False
    urgent: bool = False
    variants: tuple[Variant, ...] = ()
    version: int = 1
    ladder: tuple[int, ...] = (3, 1, 0)
    max_days: int | None = None
    period_roll: Roll = Roll.NONE

    def __post_init__(self):
        kind = self.code.partition(".")[0]
        if self.kind not in ("", kind):
            raise ValueError(f"rule {self.code} is of kind {kind}, not {self.kind}")
        object.__setattr__(self, "kind", kind)

    def in_variant(self, code: str | None) -> "ClockRule":
        """The rule with the length and counting of one variant. Refused: `variant-unknown`."""
        if not code:
            return self
        found = next((variant for variant in self.variants if variant.code == code), None)
        if found is None:
            known = ", ".join(variant.code for variant in self.variants) or "—"
            raise Refused(
                "variant-unknown",
                gettext("%(rule)s has no class “%(code)s”; it has: %(known)s.")
                % {"rule": self.code, "code": code, "known": known},
            )
        return replace(
            self, length=found.length or self.length, basis=found.basis or self.basis, max_days=found.max_days
        )


def article_of(law: str, number: str = ""):
    """An article as the explanation cites it; the law keeps its own title in every language."""
    if not number:
        return format_lazy(_("the provisions of {law}"), law=law)
    return format_lazy(_("{law} art. {number}"), law=law, number=number)


_RULES: dict[str, ClockRule] = {}


def register_rules(*rules: ClockRule) -> None:
    """Take rules in. ValueError if another rule holds the code already."""
    for rule in rules:
        if _RULES.setdefault(rule.code, rule) != rule:
            raise ValueError(f"clock rule {rule.code} is registered twice")


def get_rule(code: str) -> ClockRule:
    """The rule with this code; KeyError if no installed app registers it."""
    return _RULES[code]


def all_rules() -> list[ClockRule]:
    """All rules, by code."""
    return [_RULES[code] for code in sorted(_RULES)]
