"""What a case app hands up to the kernel at start-up: its kind, vocabularies and screens (注册)."""
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from governance.organisation.registry import Line, register_line, unregister_line

from .workflow import Workflow


@dataclass(frozen=True)
class Term:
    """A default row of a vocabulary (词条): stable code, Chinese and English label.

    `counts_under` names the official term that a local one counts under.
    """

    code: str
    zh: str
    en: str
    counts_under: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """A vocabulary (词表). A `fixed` one cannot be extended by an administrator.

    `item`: what one of its words is called beside a field (纠纷类型), where that is not a word for all kinds.
    """

    code: str
    label: Any
    terms: tuple[Term, ...]
    fixed: bool = False
    item: Any = ""


BY_UNIT = frozenset({"unit"})
BY_RESPONSIBILITY = frozenset({"responsible"})
BY_BOTH = BY_UNIT | BY_RESPONSIBILITY


@dataclass(frozen=True)
class CorrectedDate:
    """A date that was corrected (更正日期): of which act, what it was last held to be, and what it is.

    `beside`: typed days that stand beside it in the same act, as they were and as they are to stand; a day that is
    not named there was not looked at.
    """

    event: Any
    before: datetime
    after: datetime
    beside: Mapping[str, tuple[date | None, date]] = field(default_factory=dict)


@dataclass(frozen=True)
class Retention:
    """How long what a closed matter holds of people is kept (保管期限): years after the last closing, None for good.

    `outcome` "" is the default of the kind. `source` names the rule; a township may set another length as data.
    """

    years: int | None
    source: Any
    outcome: str = ""


@dataclass(frozen=True)
class Erasure:
    """What goes from a table when a matter is anonymised (匿名化), and which words stay, having no person in them.

    `model`: app label and name; `matter`: the way from its row to the matter. Each column with words stands in one
    of the two lists: a check refuses to start otherwise.
    """

    model: str
    words: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    matter: str = "matter"


@dataclass(frozen=True)
class CaseKind:
    """A case kind (事项类别): a frozen value that names its parts.

    - `prefix`: letters in the number (`JF`); `numbering_name`: in the displayed number (纠纷).
    - `facts`: attribute of the one-to-one facts row on Matter; `facts_model`: its app label and name.
    - `reach`: role -> how its post reaches a matter (by its unit, by the responsible unit, or both);
      a role that is not named sees nothing of this kind.
    - `confidential_roles`: roles that see confidential matters of the kind by post.
    - `manage_roles`: roles that accept, assign, correct, link and propose extensions (the kind's clerks);
      `handling_roles`: roles whose holders can be made handler.
    - `open_roles`: roles that may register one; `open_facts(act, facts)`: writes the facts at opening.
    - `recorders`: step name -> `(act, facts)`, writes the facts of a step inside its transaction.
    - `forms`: step name (or `open`, `correct`) -> dotted path of the form class.
    - `bulk_steps`: steps that may be taken in many matters at once -> dotted path of their form.
    - `grade(matter)`: -> (grade code, rule code) by the kind's own rules; `regrade_after_days`: the age at
      which they raise what is still green.
    - `opening_clocks(matter)`: -> iterable of ClockStart or rule codes.
    - `detail`: `(matter, user) -> dict` for `detail_template`; its `clock_subjects` say in words what a clock's
      subject is.
    - `date_corrected(act, corrected)`: moves the fact that an act stands for with its `CorrectedDate`, refuses what
      cannot have come in that order, and returns the ids of clocks that it has set itself; `days_beside(event)`: ->
      name -> typed day that belongs to the same act and is corrected with it (the day on which an agreement takes
      effect); `day_names`: what those are called.
    - `retention`: how long it is kept, by outcome; the one with outcome "" is needed. `erases`: what goes from each
      table of the kind when that time is over.
    - `outcome_note(matter)`: -> code of the vocabulary `outcome_notes` that stands beside the outcome, or "".
    """

    code: str
    prefix: str
    label: Any
    numbering_name: str
    workflow: Workflow
    facts: str
    facts_model: str
    reach: Mapping[str, frozenset]
    open_roles: tuple[str, ...]
    categories: Vocabulary
    channels: Vocabulary
    outcomes: Vocabulary
    party_kinds: tuple[str, ...]
    open_facts: Callable[[Any, Mapping], None]
    confidential_roles: tuple[str, ...] = ()
    vocabularies: tuple[Vocabulary, ...] = ()
    recorders: Mapping[str, Callable[[Any, Mapping], None]] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)
    bulk_steps: Mapping[str, str] = field(default_factory=dict)
    grade: Callable[[Any], tuple[str, str]] | None = None
    grade_rules: Mapping[str, Any] = field(default_factory=dict)
    opening_clocks: Callable[[Any], Any] | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    detail: Callable[[Any, Any], dict] | None = None
    detail_template: str = ""
    outcome_note: Callable[[Any], str] | None = None
    outcome_notes: str = ""
    register_url: str = ""
    extra_acts: Callable[[Any, Any], list] | None = None
    manage_roles: tuple[str, ...] = ()
    handling_roles: tuple[str, ...] = ()
    reveal_roles: tuple[str, ...] = ()
    own_reveal_roles: tuple[str, ...] = ()
    # How often one person may look at contact data of the kind's parties within an hour.
    reveals_per_hour: int = 30
    correct_facts: Callable[[Any, Mapping], dict] | None = None
    date_corrected: Callable[[Any, CorrectedDate], Iterable[int]] | None = None
    days_beside: Callable[[Any], Mapping[str, date | None]] | None = None
    day_names: Mapping[str, Any] = field(default_factory=dict)
    affects_grade: Callable[[Any], bool] | None = None
    regrade_after_days: int | None = None
    retention: tuple[Retention, ...] = ()
    erases: tuple[Erasure, ...] = ()
    sentences: Mapping[str, Any] = field(default_factory=dict)

    def state(self, code: str):
        """The state of the workflow."""
        return self.workflow.state(code)


@dataclass(frozen=True)
class MessageKind:
    """What a message without a matter says, and where it leads (消息类别).

    `sentence`: lazy text over the message's `data`; `url_name`: an address that takes `data[url_key]`,
    or nothing when `url_key` is empty. Messages carry codes, counts and links, never content.
    """

    subject: str
    sentence: Any
    url_name: str = "casework:inbox"
    url_key: str = ""


@dataclass(frozen=True)
class InboxItem:
    """Something beside matters that waits for somebody (其他待办): what, where, and until when."""

    text: str
    url: str
    due_at: Any = None


@dataclass(frozen=True)
class InboxSource:
    """What an app puts into the inbox (待办来源): `read(user, now)` gives items in at most two queries."""

    code: str
    read: Callable[[Any, Any], list[InboxItem]]


_kinds: dict[str, CaseKind] = {}
_messages: dict[str, MessageKind] = {}
_sources: dict[str, InboxSource] = {}


def register(kind: CaseKind) -> CaseKind:
    """Take a kind in. ValueError if another kind holds its code or prefix."""
    for other in _kinds.values():
        if other.code != kind.code and other.prefix == kind.prefix:
            raise ValueError(f"prefix {kind.prefix} is taken by {other.code}")
    if kind.code in _kinds and _kinds[kind.code] is not kind:
        raise ValueError(f"kind {kind.code} is registered twice")
    _kinds[kind.code] = kind
    register_line(Line(kind.code, kind.label))
    return kind


def unregister(code: str) -> None:
    """Take a kind out again (the kernel's own tests use it for their fake kind)."""
    _kinds.pop(code, None)
    unregister_line(code)


def get(code: str) -> CaseKind:
    """The kind with this code; KeyError if no installed app registers it."""
    return _kinds[code]


def all_kinds() -> list[CaseKind]:
    """All kinds in the order in which the apps registered them."""
    return list(_kinds.values())


def register_message(message: MessageKind) -> MessageKind:
    """Take a kind of message in; ValueError if its subject is taken by another."""
    if _messages.get(message.subject, message) != message:
        raise ValueError(f"message {message.subject} is registered twice")
    _messages[message.subject] = message
    return message


def message_kind(subject: str) -> MessageKind | None:
    """The kind of message with this subject, if one is registered."""
    return _messages.get(subject)


def register_inbox(source: InboxSource) -> None:
    """Take a source of the inbox in; ValueError if its code is taken by another."""
    if _sources.get(source.code, source) != source:
        raise ValueError(f"inbox source {source.code} is registered twice")
    _sources[source.code] = source


def inbox_sources() -> list[InboxSource]:
    """All sources in the order in which the apps registered them."""
    return list(_sources.values())
