"""Workflow of a case kind as data: states, steps and guards (状态机). Pure: no model is imported here.

The same table draws the buttons, validates web, API and import, and documents itself
(`manage.py show_workflow KIND`).
"""
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from governance.organisation.registry import Refused

__all__ = ["ANY_OPEN", "ANY", "ClockStart", "Refused", "State", "Step", "Workflow", "opens_clocks"]

ANY_OPEN = ("*open*",)
ANY = ("*any*",)


@dataclass(frozen=True)
class State:
    """A state of a matter (状态). `phase` groups states for the progress bar on screen."""

    code: str
    label: Any
    is_open: bool
    phase: Any = ""


@dataclass(frozen=True)
class ClockStart:
    """One clock to start with a step: which rule, from when (default: the act's time) and until when.

    `due_on` is given only for rules whose day is agreed, `length` where a period was agreed instead;
    `subject` tells several clocks of one rule apart (the instalment's id).
    """

    code: str
    at: datetime | None = None
    due_on: date | None = None
    variant: str = ""
    subject: str = ""
    length: int | None = None


def opens_clocks(*codes: str):
    """Mark a function `(matter, acted_at) -> iterable of ClockStart` with the rule codes it may start."""

    def mark(function):
        function.codes = codes
        return function

    return mark


@dataclass(frozen=True)
class Step:
    """A transition, or an act that leaves the state as it is when `targets` is empty (环节).

    - `sources`: state codes, or ANY_OPEN, or ANY.
    - `targets`: possible target states; with more than one, `choose(matter)` names the one (or None: stay).
    - `stays_in`: sources from which the step never leads elsewhere (an entry on a closed matter).
    - `roles`: post roles over the matter, or the named roles `handler` and `reporter`.
    - `needs`: what the step requires, in words, for people and the diagram.
    - `evidence`: attachment codes of which at least one file must be there.
    - `conditions`: functions `(matter, actor)` that raise Refused; checked before anything is written. While
      one refuses, the step is not offered.
    - `guards`: the same, checked when the facts of the step are recorded; the button tells what is missing.
    - `then`: a step that follows in the same act.
    - `starts`: rule codes or functions marked by `opens_clocks`; `stops` and `moots`: rule codes;
      `moot_reason`: why what the step ends as moot is pointless, in words.
    - `outcome`: code or function `(matter) -> code | None`, written when the step is taken.
    """

    name: str
    label: Any
    sources: tuple[str, ...]
    targets: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    choose: Callable[[Any], str | None] | None = None
    stays_in: tuple[str, ...] = ()
    needs: tuple[Any, ...] = ()
    evidence: tuple[str, ...] = ()
    conditions: tuple[Callable[[Any, Any], None], ...] = ()
    guards: tuple[Callable[[Any, Any], None], ...] = ()
    then: str = ""
    starts: tuple[Any, ...] = ()
    stops: tuple[str, ...] = ()
    moots: tuple[str, ...] = ()
    moot_reason: Any = ""
    outcome: Any = None
    sentence: Any = ""
    reason_required: bool = False
    is_main: bool = False
    is_destructive: bool = False
    hidden: bool = False

    def start_codes(self) -> tuple[str, ...]:
        """Rule codes that this step may start, for checks and diagrams."""
        codes: list[str] = []
        for entry in self.starts:
            codes.extend(getattr(entry, "codes", ()) or (entry,))
        return tuple(codes)


@dataclass(frozen=True)
class Workflow:
    """The whole table of a kind. Raises ValueError at import when it contradicts itself."""

    initial: str
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    _by_state: dict[str, State] = field(init=False, repr=False, compare=False, default_factory=dict)
    _by_step: dict[str, Step] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self):
        self._by_state.update({state.code: state for state in self.states})
        self._by_step.update({step.name: step for step in self.steps})
        if self.initial not in self._by_state:
            raise ValueError(f"initial state {self.initial!r} is not declared")
        if len(self._by_step) != len(self.steps):
            raise ValueError("a step is declared twice")
        for step in self.steps:
            unknown = set(step.targets) | set(step.sources) - set(ANY_OPEN) - set(ANY)
            unknown -= set(self._by_state)
            if unknown:
                raise ValueError(f"step {step.name!r} names unknown states {sorted(unknown)}")
            if len(step.targets) > 1 and step.choose is None:
                raise ValueError(f"step {step.name!r} has several targets and no choice")

    def state(self, code: str) -> State:
        """The declared state; KeyError if there is none."""
        return self._by_state[code]

    def step(self, name: str) -> Step:
        """The declared step; Refused `step-unknown` if there is none."""
        try:
            return self._by_step[name]
        except KeyError:
            from django.utils.translation import gettext as _

            raise Refused("step-unknown", _("There is no such step.")) from None

    def has_step(self, name: str) -> bool:
        """Whether the kind declares the step."""
        return name in self._by_step

    def allows(self, step: Step, status: str) -> bool:
        """Whether the step may be taken from this state."""
        if step.sources == ANY:
            return True
        if step.sources == ANY_OPEN:
            return self._by_state[status].is_open
        return status in step.sources

    def from_state(self, status: str) -> list[Step]:
        """The steps that leave from (or may be taken in) a state, in declared order."""
        return [step for step in self.steps if self.allows(step, status)]

    def phases(self) -> list[Any]:
        """Phases in declared order, each once, for the progress bar."""
        seen: dict[str, Any] = {}
        for state in self.states:
            if state.phase:
                seen.setdefault(str(state.phase), state.phase)
        return list(seen.values())

    def open_codes(self) -> Iterable[str]:
        """Codes of the open states."""
        return [state.code for state in self.states if state.is_open]
