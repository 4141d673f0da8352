"""The books of one dispute while it is lived (案卷): what door, clocks and nightly tasks would have written.

States, clocks and outcomes follow the dispute's own workflow table, so that a change of the table changes
what is generated; only who does what and when is invented (see `stories`).
"""
from collections import defaultdict
from datetime import timedelta

from disputes.workflow import WORKFLOW
from disputes.workflow.effects import opening_clocks
from governance.casework import clocks
from governance.casework.models import Assignment, Attachment, Clock, Party
from governance.casework.services.copying import Act, Life
from governance.casework.services.stamping import CODE
from governance.casework.workflow import ClockStart

from .nights import Nights
from .papers import PLACEHOLDER
from .rows import Agreements, Instalments, due_of, new_facts, next_reminder

_LIVE = ("running", "paused")


class Books(Nights):
    """One dispute in memory; workflow functions read it as they read a Matter. `life` closes the books."""

    def __init__(self, reserve, now):
        self.reserve, self.now = reserve, now
        self.status, self.outcome, self.channel = WORKFLOW.initial, "", ""
        self.reported_at = self.accepted_at = self.closed_at = self.first_closed_at = self.last_moved_at = None
        self.grade = self.grade_rule = ""
        self.handler_id = None
        self.dispute, self.agreements, self.instalments = new_facts(), Agreements(), Instalments()
        self.columns: dict = {}
        self.acts: list[Act] = []
        self.clocks: list[dict] = []
        self.parties: list[dict] = []
        self.files: list[dict] = []
        self.messages: list[dict] = []
        self.assignments: list[dict] = []
        self.grants: list[tuple[int, str]] = []
        self.other_unit_ids: list[int] = []
        self.facts = defaultdict(list)
        self._stops: list[tuple[str, str]] = []
        self._window_open = False

    # --- what the story calls ----------------------------------------------------------------------

    def new_id(self, model) -> int:
        """An id for a row that events or other rows refer to."""
        return self.reserve(model, 1)[0]

    def open(self, *, actor_id, at, columns, parties) -> None:
        """Register it; `at` is when it was typed, `columns["reported_at"]` when it was received."""
        self.columns, self.channel = columns, columns["channel"]
        self.reported_at, self.last_moved_at = columns["reported_at"], at
        self.parties = [{"id": self.new_id(Party), **party} for party in parties]
        data = {"channel": self.channel, "category": columns["category"], "unit": columns["unit_id"], "files": []}
        self._event("opened", at, actor_id, data, acted_at=self.reported_at)
        for start in opening_clocks(self):
            self._start(start, 0)
        self._regrade(at)

    def take(self, name, *, actor_id, at, acted_at=None, data=None, personal=None, files=(), begins=True) -> None:
        """Take a step of the workflow, as `moving.take` does, after the nights that lie before it.

        `begins` is False when another event of the same act came before.
        """
        self.pass_nights(at)
        step, before, was_open = WORKFLOW.step(name), self.status, self.is_open
        acted_at = acted_at or at
        target = (step.choose(self) if step.choose else next(iter(step.targets), None)) or before
        outcome = step.outcome(self) if callable(step.outcome) else step.outcome
        self.outcome = self.outcome if outcome is None else outcome
        attached = [self._file(code, actor_id, at) for code in files]
        data = {"before": before, "after": target, "files": attached, **(data or {})}
        place = self._event(name, at, actor_id, data, personal, acted_at=acted_at, changes=begins)
        self._enter(target, was_open, at, acted_at)
        self._apply_clocks(step, place, acted_at, was_open)
        self._tell_reporter(place, actor_id, at, was_open)
        if step.then:
            left = {"shown": {"count": str(len(self.instalments.outstanding()))}}
            self.take(step.then, actor_id=actor_id, at=at, acted_at=acted_at, data=left, begins=False)
        self._regrade(at)

    def assign(self, *, handler, actor_id, at) -> bool:
        """Make somebody handler, as `assigning.set_handler` does; whether that began the act."""
        if self.handler_id == handler.id:
            return False
        data = {"handler": handler.id, "before": self.handler_id}
        self.handler_id = handler.id
        place = self._event("assigned", at, actor_id, data, {"handler": handler.name})
        if handler.id != actor_id:
            self.tell(handler.id, "assigned", place, at)
        return True

    def instruct(self, *, leader_id, assignee, text, at, due_on, done_at=None, word="") -> None:
        """A leader's written instruction, done by a day if it was."""
        self.pass_nights(at)
        pk = self.new_id(Assignment)
        data = {"assignee": assignee.id, "due_on": due_on.isoformat()}
        place = self._event(
            "instructed", at, leader_id, data, {"assignee": assignee.name, "text": text}, changes=False
        )
        self.tell(assignee.id, "instructed", place, at, pk)
        self.assignments.append({
            "id": pk, "kind": "instruction", "assignee_id": assignee.id, "given_by_id": leader_id, "text": text,
            "due_on": due_on, "given_at": at, "done_at": done_at, "event": place,
        })
        if done_at is not None:
            self.pass_nights(done_at)
            done = self._event("task_done", done_at, assignee.id, {"assignment": pk}, {"text": word}, changes=False)
            self.tell(leader_id, "task_done", done, done_at, pk)

    def look(self, *, actor_id, at, party, reason) -> None:
        """Somebody looks at a party's contact data, with a reason."""
        personal = {"name": party["name"], "reason": reason}
        self._event("contact_revealed", at, actor_id, {"party": party["id"]}, personal, changes=False)

    def tell(self, recipient_id, subject, place, at, assignment_id=None) -> None:
        """A message in the portal; what is older than two days has been read."""
        read_at = at + timedelta(hours=5) if at < self.now - timedelta(days=2) else None
        self.messages.append({
            "recipient_id": recipient_id, "subject": subject, "event": place, "created_at": at, "send_after": at,
            "sent_at": at, "read_at": read_at, "assignment_id": assignment_id,
        })

    def stop_with_step(self, *pairs) -> None:
        """Clocks (rule, subject) that the next step stops."""
        self._stops += pairs

    def life(self) -> Life:
        """The whole, as rows to be copied."""
        self.pass_nights(self.now)
        for clock in self.clocks:
            if clock["state"] == "running":
                clock["remind_at"] = next_reminder(clocks.get_rule(clock["rule"]), clock, self.now)
        office = [c["due_at"] for c in self.clocks if c["state"] == "running" and c["bearer"] == "office"]
        matter = {
            **self.columns, "kind": "dispute", "status": self.status, "is_open": self.is_open,
            "outcome": self.outcome, "handler_id": self.handler_id, "accepted_at": self.accepted_at,
            "closed_at": self.closed_at, "first_closed_at": self.first_closed_at, "grade": self.grade,
            "grade_rule": self.grade_rule, "last_moved_at": self.last_moved_at,
            "next_due_at": min((due for due in office if due is not None), default=None),
        }
        return Life(
            matter=matter, prefix="JF", township_code=CODE, acts=self.acts, clocks=self.clocks,
            parties=self.parties, other_unit_ids=self.other_unit_ids, grants=self.grants,
            assignments=self.assignments, files=self.files, messages=self.messages, facts=dict(self.facts),
        )

    @property
    def is_open(self) -> bool:
        """Whether its state is an open one."""
        return WORKFLOW.state(self.status).is_open

    # --- what follows by itself --------------------------------------------------------------------

    def _event(self, verb, at, actor_id, data=None, personal=None, *, acted_at=None, changes=True) -> int:
        """Write an event; its place among the acts."""
        words = {key: value for key, value in (personal or {}).items() if value not in ("", None)}
        self.acts.append(Act(verb, at, acted_at or at, actor_id, data or {}, words, changes))
        return len(self.acts) - 1

    def _enter(self, target, was_open, at, acted_at) -> None:
        self.status, self.last_moved_at = target, at
        if was_open and not self.is_open:
            self.closed_at, self.first_closed_at = acted_at, self.first_closed_at or acted_at
        elif not was_open and self.is_open:
            self.closed_at = None

    def _apply_clocks(self, step, place, acted_at, was_open) -> None:
        ends = [("stopped", code, None) for code in step.stops] + [("moot", code, None) for code in step.moots]
        ends += [("stopped", code, subject) for code, subject in self._stops]
        self._stops = []
        if was_open and not self.is_open:
            mortal = {c["rule"] for c in self.clocks if not clocks.get_rule(c["rule"]).survives_closing}
            ends += [("moot", code, None) for code in mortal]
        for state, code, subject in ends:
            self._end(state, place, acted_at, code, subject)
        for entry in step.starts:
            for start in entry(self, acted_at) if callable(entry) else [ClockStart(entry)]:
                self._start(start, place)

    def _start(self, start: ClockStart, place: int) -> None:
        if any(c["rule"] == start.code and c["subject"] == start.subject and c["state"] in _LIVE for c in self.clocks):
            return
        rule, at = clocks.get_rule(start.code), start.at or self.acts[place].acted_at
        due = due_of(rule, at, start.length, start.due_on)
        self._window_open |= rule.bearer == clocks.Bearer.WINDOW
        self.clocks.append({
            "id": self.new_id(Clock), "rule": rule.code, "rule_version": rule.version, "subject": start.subject,
            "bearer": rule.bearer.value, "is_local": rule.is_local, "length": start.length,
            "agreed_on": start.due_on, "state": "running", "started_at": at, "started_event": place,
            "due_on": due.due_on, "due_at": due.due_at, "is_provisional": due.provisional,
        })

    def _end(self, state, place, at, code, subject=None) -> None:
        for clock in self.clocks:
            if clock["rule"] == code and clock["state"] in _LIVE and subject in (None, clock["subject"]):
                clock.update({"state": state, "stopped_at": at, "stopped_event": place})

    def _file(self, code, actor_id, at) -> int:
        """A file in the matter; every one of them is the same placeholder on the disk (see `papers`)."""
        pk = self.new_id(Attachment)
        self.files.append({
            "id": pk, "evidence": code, **PLACEHOLDER, "uploaded_by_id": actor_id, "uploaded_at": at,
            "event": len(self.acts),
        })
        return pk

    def _tell_reporter(self, place, actor_id, at, was_open) -> None:
        if was_open != self.is_open and self.columns["creator_id"] != actor_id:
            self.tell(self.columns["creator_id"], "reopened" if self.is_open else "closed", place, at)
