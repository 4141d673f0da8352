"""What every floor shares: refusals with permanent codes, navigation, scopes, words of changes (导航与权限登记)."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

SECTIONS = ("work", "matters", "base", "admin")


class Refused(Exception):
    """An act was refused (不予执行): a permanent kebab-case code, a message in words, what is missing."""

    def __init__(self, code, message, missing=()):
        super().__init__(code)
        self.code = code
        self.message = message
        self.missing = tuple(missing)

    def __str__(self):
        return f"{self.code}: {self.message}"


_LATER = frozenset({"store-missing", "store-full", "store-not-writable"})
_NO_RIGHT = frozenset({"not-your-right", "not-permitted", "not-your-page"})


def status_of(refusal: Refused) -> int:
    """The HTTP status of a refusal: 404 for what is not there (or not to be seen), 403 for no right, 503 for what
    works again once somebody has mended the machine, else 409.
    """
    if refusal.code in _LATER:
        return 503
    if refusal.code.endswith("-not-found"):
        return 404
    return 403 if refusal.code in _NO_RIGHT else 409


@dataclass(frozen=True)
class NavEntry:
    """One entry of the navigation (导航项); ``roles`` None means everyone who is logged in."""

    code: str
    label: str
    url_name: str
    section: str
    order: int
    roles: frozenset | None = None
    phone: bool = False


@dataclass(frozen=True)
class HelpTopic:
    """One question and its answer on the help page (使用帮助); ``roles`` None: for everybody, also before the login.

    `steps` are short sentences in their order; `url_name`: the page where it is done, which each of the roles may open.
    """

    code: str
    title: Any
    steps: tuple
    roles: frozenset | None = None
    url_name: str = ""
    order: int = 50


@dataclass(frozen=True)
class Scope:
    """What a token may be used for (令牌权限), beside what the client's posts let it see and do."""

    code: str
    label: str


@dataclass(frozen=True)
class Notice:
    """Something people are told of that is no matter (通知): the sentence, and the page that it leads to."""

    subject: str
    sentence: str
    url_name: str
    url_key: str = ""


@dataclass(frozen=True)
class WaitingSource:
    """Something that waits for a second hand on a floor above (待复核事项): ``rows(user)`` gives (text, address)."""

    code: str
    label: str
    rows: Callable


@dataclass(frozen=True)
class SetupStep:
    """A step of setting a township up (开通步骤): ``look(place)`` says what is missing, "" for nothing.

    ``url_name`` leads there; `may_stand`: what is usual may be left as it is, which the administrator says.
    """

    code: str
    label: str
    order: int
    look: Callable
    url_name: str = ""
    may_stand: bool = False


@dataclass(frozen=True)
class Gauge:
    """A figure for monitoring (监控指标): ``read()`` gives pairs of label values and value, at each scrape."""

    name: str
    help: str
    labels: tuple
    read: Callable


@dataclass(frozen=True)
class Line:
    """A line of work that a duty can be about (工作条线); the floors above hand theirs up."""

    code: str
    label: str


@dataclass(frozen=True)
class ChangeSubject:
    """What a change can be about (变更对象): `names(ids)` gives the names by id, in one query or none.

    Ids are those that changes hold, as text.
    """

    code: str
    label: Any
    names: Callable[[frozenset], Mapping]


@dataclass(frozen=True)
class Fact:
    """A fact of a change in words (变更事实): where it stands in the change, and how it reads.

    - `key`: its place in the change's data, with dots inwards; `personal.…` for what lies beside the chain.
    - `words(value)`: the value in the reader's language; or `of`: the kind of subject that it is the id of (or ids).
    - `empty`: what is said where there is none.
    """

    key: str
    words: Callable[[Any], Any] = str
    of: str = ""
    empty: Any = "—"


@dataclass(frozen=True)
class Difference:
    """A value before and after (前后对照): shown where the two differ, or where the change's `fields` name it."""

    label: Any
    before: Fact
    after: Fact
    field: str = ""


@dataclass(frozen=True)
class ChangeVerb:
    """What a change says (变更语句): a sentence over `%(subject)s` and its facts, and what differs."""

    subject: str
    verb: str
    sentence: Any
    facts: Mapping[str, Fact] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()


_ENTRIES: dict[str, NavEntry] = {}
_READY: dict[str, Callable[[], bool]] = {}
_TOPICS: dict[str, HelpTopic] = {}
_GAUGES: dict[str, Gauge] = {}
_SCOPES: dict[str, Scope] = {}
_NOTICES: dict[str, Notice] = {}
_WAITING: dict[str, WaitingSource] = {}
_STEPS: dict[str, SetupStep] = {}
_LINES: dict[str, Line] = {}
_SUBJECTS: dict[str, ChangeSubject] = {}
_VERBS: dict[tuple[str, str], ChangeVerb] = {}


def register_subject(subject: ChangeSubject) -> None:
    """Say what changes can be about; a code names one kind of subject."""
    if _SUBJECTS.get(subject.code, subject) != subject:
        raise ValueError(f"subject of changes {subject.code!r} is registered twice")
    _SUBJECTS[subject.code] = subject


def all_subjects() -> list[ChangeSubject]:
    """Every kind of subject, in the order in which the apps registered them."""
    return list(_SUBJECTS.values())


def register_verbs(*verbs: ChangeVerb) -> None:
    """Give changes their sentences; one for each kind of subject and verb."""
    for verb in verbs:
        if _VERBS.get((verb.subject, verb.verb), verb) != verb:
            raise ValueError(f"the change {verb.subject}.{verb.verb} is registered twice")
        _VERBS[(verb.subject, verb.verb)] = verb


def change_verb(subject: str, verb: str) -> ChangeVerb | None:
    """The sentence of a kind of change, if an installed app gives one."""
    return _VERBS.get((subject, verb))


def register_line(line: Line) -> None:
    """Offer a line of work for duties; a code names one line."""
    if _LINES.get(line.code, line) != line:
        raise ValueError(f"line of work {line.code!r} is registered twice")
    _LINES[line.code] = line


def unregister_line(code: str) -> None:
    """Take a line of work out again."""
    _LINES.pop(code, None)


def all_lines() -> list[Line]:
    """Every line of work, in the order in which the apps registered them."""
    return list(_LINES.values())


def register_readiness(name: str, holds: Callable[[], bool]) -> None:
    """Say what else has to hold for the portal to be able to work; /readyz asks it each time."""
    _READY[name] = holds


def all_readiness() -> dict[str, Callable[[], bool]]:
    """What else /readyz asks, by its name."""
    return dict(_READY)


def register_topics(*topics: HelpTopic) -> None:
    """Put answers on the help page; a code names one."""
    for topic in topics:
        if _TOPICS.get(topic.code, topic) != topic:
            raise ValueError(f"help topic {topic.code!r} is registered twice")
        _TOPICS[topic.code] = topic


def topics_for(roles) -> list[HelpTopic]:
    """What holders of ``roles`` read, what is for everybody last."""
    held = frozenset(roles)
    seen = [topic for topic in _TOPICS.values() if topic.roles is None or topic.roles & held]
    return sorted(seen, key=lambda topic: (topic.roles is None, topic.order, topic.code))


def register_gauge(gauge: Gauge) -> None:
    """Offer a figure for monitoring; a name stands for one."""
    _GAUGES[gauge.name] = gauge


def all_gauges() -> list[Gauge]:
    """Every figure, by its name."""
    return sorted(_GAUGES.values(), key=lambda gauge: gauge.name)


def register_notice(notice: Notice) -> None:
    """Take a kind of notice in; ValueError if its subject is taken by another."""
    if _NOTICES.get(notice.subject, notice) != notice:
        raise ValueError(f"notice {notice.subject} is registered twice")
    _NOTICES[notice.subject] = notice


def all_notices() -> list[Notice]:
    """Every kind of notice of this floor."""
    return list(_NOTICES.values())


def register_waiting(source: WaitingSource) -> None:
    """Take a source in; ValueError if its code is taken by another."""
    if _WAITING.get(source.code, source) != source:
        raise ValueError(f"waiting source {source.code} is registered twice")
    _WAITING[source.code] = source


def all_waiting() -> list[WaitingSource]:
    """Every source of what waits for a second hand."""
    return list(_WAITING.values())


def register_step(step: SetupStep) -> None:
    """Take a step in; ValueError if its code is taken by another."""
    if _STEPS.get(step.code, step) != step:
        raise ValueError(f"set-up step {step.code} is registered twice")
    _STEPS[step.code] = step


def all_steps() -> list[SetupStep]:
    """Every step of setting up, in order."""
    return sorted(_STEPS.values(), key=lambda step: (step.order, step.code))


def register_scope(scope: Scope) -> None:
    """Offer a scope for tokens; a code names one scope."""
    if _SCOPES.get(scope.code, scope) != scope:
        raise ValueError(f"scope {scope.code!r} is registered twice")
    _SCOPES[scope.code] = scope


def all_scopes() -> list[Scope]:
    """Every scope, by its code."""
    return sorted(_SCOPES.values(), key=lambda scope: scope.code)


def register_entry(entry: NavEntry) -> None:
    """Put an entry into the navigation; a code names one entry."""
    if entry.section not in SECTIONS:
        raise ValueError(f"unknown navigation section {entry.section!r} of {entry.code!r}")
    if _ENTRIES.get(entry.code, entry) != entry:
        raise ValueError(f"navigation entry {entry.code!r} is registered twice")
    _ENTRIES[entry.code] = entry


def entries_for(roles) -> list[NavEntry]:
    """Return the entries that holders of ``roles`` see, by section and order."""
    held = frozenset(roles)
    seen = [entry for entry in _ENTRIES.values() if entry.roles is None or entry.roles & held]
    return sorted(seen, key=lambda entry: (SECTIONS.index(entry.section), entry.order, entry.code))
