"""What follows an agreement in a generated township: performance, default, closure, revisit (履行与回访)."""
from datetime import timedelta

from disputes.models import Default, PerformanceCheck, Revisit
from disputes.workflow import SENT_HERE

from . import words
from .rows import local

CHECK, PERFORMANCE = "dispute.performance_check", "dispute.performance"


class Aftermath:
    """The last part of a `Story`, which has `rng`, `cast`, `books`, `at`, `now` and the mediator."""

    rng: object
    cast: object
    books: object
    # The share that a leader writes an instruction on.
    instructed = 0.02

    # --- performance -------------------------------------------------------------------------------

    def _perform(self, row) -> bool:
        """Whether it was performed and the story goes on; a default ends it, for now."""
        draw = self.rng.random()
        if draw < 0.05:
            self._default(row)
            return False
        late = draw < 0.11
        early = row.due_on - timedelta(days=self.rng.choice((0, 0, 1, 3, 6)))
        self._wait_for(max(early, self._today()) if not late else row.due_on, 1.1 if late else 0.0, 4 if late else 0.4)
        self._record_performance(row)
        return True

    def _record_performance(self, row) -> None:
        day, facts = self._today(), self.books.dispute
        row.columns.update({"state": "performed", "performed_on": day, "performed_yuan": row.amount_yuan})
        self.books.stop_with_step((CHECK, str(row.id)), (PERFORMANCE, str(row.id)))
        left = self.books.instalments.outstanding()
        facts.performance = "partly" if left else "performed"
        if any(one.due_on < day for one in left):
            facts.performance = "overdue"
        self._step("record_performance", self.mediator, personal={"what": row.what},
                   data={"instalment": row.id, "on_day": day.isoformat()})

    def _default(self, row) -> None:
        """Urged and advised; half of them pay then, the others are closed as not performed."""
        self._wait_for(row.due_on, 1.1, 4)
        day, advice, urging = self._today(), "可向人民法院起诉", "电话催促两次"
        late = [one for one in self.books.instalments.outstanding() if one.due_on < day]
        self.books.facts[Default].append({
            "agreement_id": row.agreement.id, "recorded_on": day, "urged_on": day, "urging": urging,
            "advice": advice, "recorded_by_id": self.mediator.id,
        })
        due = [one for one in self.books.instalments.outstanding() if one.due_on <= day]
        self.books.stop_with_step(*((CHECK, str(one.id)) for one in due))
        self.books.dispute.performance = "overdue"
        self._step("record_default", self.mediator, data={"instalments": [one.id for one in late]},
                   personal={"what": [one.what for one in late], "advice": advice})
        if self.rng.random() < 0.5:
            self._wait(3, 25)
            self.books.dispute.way_after_default = "suit"
            self._close(after_default=True)
            if self.rng.random() >= 0.4:
                self._check(day)
                return
        for one in list(self.books.instalments.outstanding()):
            self._wait_for(one.due_on, 2, 25)
            self._record_performance(one)
        if self.books.status != "closed":
            self._close()

    def _check(self, after) -> None:
        """What falls due on the closed dispute is looked at one by one, and never paid."""
        for one in [row for row in self.books.instalments.outstanding() if row.due_on > after]:
            self._wait_for(one.due_on, 0.4, 2)
            self.books.stop_with_step((CHECK, str(one.id)))
            pk, day, finding = self.books.new_id(PerformanceCheck), self._today(), "仍未履行，已再次催促"
            self.books.facts[PerformanceCheck].append({
                "id": pk, "instalment_id": one.id, "checked_on": day, "found": "not_performed", "words": finding,
                "checked_by_id": self.mediator.id,
            })
            self._step("record_check", self.mediator, personal={"what": one.what, "finding": finding},
                       data={"instalment": one.id, "check": pk, "on_day": day.isoformat()})

    # --- closed and after --------------------------------------------------------------------------

    def _close(self, after_default=False) -> None:
        if not after_default:
            self._wait(0.1, 4)
        self._step("close", "clerk1" if self.rng.random() < 0.6 else "clerk2")
        if self.books.channel in SENT_HERE and self.books.dispute.sender_replied_on is None:
            self._reply()
        performed = self.books.status == "closed" and self.books.dispute.performance == "performed"
        if performed and self.books.outcome in ("written_agreement", "oral_agreement"):
            self._revisit()

    def _sent_by(self, channel, received) -> None:
        if channel not in SENT_HERE:
            return
        facts = self.books.dispute
        facts.sender = words.SENDERS[channel]
        facts.sender_reference = f"〔{received.year}〕第{self.rng.randrange(1, 900)}号"
        if channel.startswith("court"):
            facts.material_signed_on = local(received).date()
            facts.court_procedure = "simple" if self.rng.random() < 0.5 else "ordinary"

    def _reply(self) -> None:
        self._wait(0.1, 1.5 if self.rng.random() < 0.95 else 6)
        facts = self.books.dispute
        facts.sender_replied_on, facts.sender_reply = self._today(), "调解结果已函告。"
        self._step("record_sender_reply", "clerk1",
                   data={"on_day": self._today().isoformat(), "shown": {"sender": facts.sender}})

    def _revisit(self) -> None:
        draw = self.rng.random()
        if draw < 0.01:
            self._flare_up()
            return
        if draw < 0.03:
            self._wait(31, 45)
        else:
            self._wait(6, 25)
        pk, finding = self.books.new_id(Revisit), self.rng.choice(words.FINDINGS)
        self.books.facts[Revisit].append({
            "id": pk, "round": self.books.dispute.round, "visited_on": self._today(),
            "manner": self.rng.choice(("visit", "phone", "phone")), "finding": finding,
            "satisfied": self.rng.choice(("satisfied",) * 7 + ("neutral", "neutral", "dissatisfied", "no_answer")),
            "performance": "performed", "visitor_id": self.mediator.id,
        })
        self._step("record_revisit", self.mediator, data={"revisit": pk, "on_day": self._today().isoformat()},
                   personal={"finding": finding})

    def _flare_up(self) -> None:
        """The quarrel comes back: reopened, mediated anew, closed once more."""
        self._wait(10, 80)
        facts = self.books.dispute
        facts.round += 1
        facts.way_after_default = ""
        self._step("reopen", "clerk1", personal={"reason": "双方再次发生争执"})
        self._mediate()

    def _today(self):
        return local(self.at).date()
