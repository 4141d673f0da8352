"""What every floor shares: refusals with permanent codes, entries of the navigation, scopes (导航与权限登记)."""
from collections.abc import Callable
from dataclasses import dataclass

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


_NO_RIGHT = frozenset({"not-your-right", "not-permitted", "not-your-page"})


def status_of(refusal: Refused) -> int:
    """The HTTP status of a refusal: 404 for what is not there (or not to be seen), 403 for no right, else 409."""
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
class Scope:
    """What a token may be used for (令牌权限), beside what the client's posts let it see and do."""

    code: str
    label: str


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


_ENTRIES: dict[str, NavEntry] = {}
_GAUGES: dict[str, Gauge] = {}
_SCOPES: dict[str, Scope] = {}
_LINES: dict[str, Line] = {}


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


def register_gauge(gauge: Gauge) -> None:
    """Offer a figure for monitoring; a name stands for one."""
    _GAUGES[gauge.name] = gauge


def all_gauges() -> list[Gauge]:
    """Every figure, by its name."""
    return sorted(_GAUGES.values(), key=lambda gauge: gauge.name)


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
