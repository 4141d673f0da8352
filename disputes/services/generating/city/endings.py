"""How mediation ends in a generated township (生成的调解结果)."""
from datetime import timedelta
from decimal import Decimal

from disputes.models import Agreement, Confirmation, Ending, Instalment, Referral
from governance.casework.services.stamping import TOWN

from . import words
from .aftermath import Aftermath
from .rows import Row, Rows, local

WAYS = (("court", words.COURT), ("administrative", "县自然资源局"), ("arbitration", "县劳动人事争议仲裁院"),
        ("legal_aid", "县法律援助中心"))


class Endings(Aftermath):
    """The second part of a `Story`: no agreement, or one with what is due under it."""

    # --- without agreement -------------------------------------------------------------------------

    def _decline(self) -> None:
        self._wait(0.1, 2)
        advice = "可向有管辖权的机关申请处理"
        self._ending("declined", ground=self.rng.choice(("reserved", "seized", "refused")), advice=advice)
        self._step("decline", "clerk1", data=self._ground(), personal={"advice": advice})
        self._close()

    def _fail(self, refers: bool | None = None) -> None:
        self._wait(0.2, 5)
        advice, reason = "可向人民法院起诉，或申请法律援助", "双方分歧较大，无法达成一致"
        self._ending("failed", reason=reason, advice=advice)
        self._step("fail", self.mediator, data=self._ground(), personal={"reason": reason, "advice": advice})
        if self.rng.random() < 0.7 if refers is None else refers:
            self._wait(0.2, 3)
            way, authority = self.rng.choice(WAYS)
            self.books.facts[Referral].append({
                "round": self.books.dispute.round, "way": way, "authority": authority, "referred_on": self._today(),
            })
            self._step("refer", "clerk1", data={"way": way, "shown": {"authority": authority}})
        self._close()

    def _withdraw(self) -> None:
        self._wait(0.2, 3)
        party = self.books.parties[0]
        self._ending("withdrawn", reason="双方已自行和解", asked_by_id=party["id"])
        self._step("withdraw", "clerk2", data=self._ground(), personal={"asked_by": party["name"]})
        self._close()

    def _ending(self, result, **columns) -> None:
        self.books.facts[Ending].append({
            "round": self.books.dispute.round, "result": result, "ended_on": self._today(), **columns,
        })

    def _ground(self) -> dict:
        return {"ground": self.books.facts[Ending][-1].get("ground", "")}

    # --- with agreement ----------------------------------------------------------------------------

    def _agree(self) -> None:
        self._wait(0.05, 2)
        written = self.rng.random() < 0.38
        dues = self._dues(written)
        agreement = self._agreement(written, dues)
        facts = self.books.dispute
        facts.confirmation_state = "" if agreement.concerns_status_or_title else "possible"
        facts.performance = "" if dues else "performed"
        self._step(
            "agree" if written else "agree_orally", self.mediator,
            data={"agreement": agreement.id, "shown": {"number": agreement.number}},
            personal={"terms": agreement.terms}, files=("signed_agreement",) if written else (),
        )
        self._confirm(agreement)
        for row in list(self.books.instalments.current):
            if not self._perform(row):
                return
        self._close()

    def _dues(self, written: bool) -> list[tuple]:
        """Days from now and yuan of each instalment; none if it was settled on the spot."""
        if self.rng.random() >= (0.65 if written else 0.12):
            return []
        count = self.rng.choice((1, 1, 2, 2, 3) if written else (1,))
        yuan, gap = Decimal(self.rng.randrange(5, 300) * 100), self.rng.choice((10, 15, 20, 30))
        return [(gap * number, yuan) for number in range(1, count + 1)]

    def _agreement(self, written: bool, dues) -> Row:
        books, today, pk = self.books, self._today(), self.books.new_id(Agreement)
        round_ = books.dispute.round
        total = sum((yuan for _days, yuan in dues), Decimal(0))
        terms = self.rng.choice(words.ORAL_TERMS)
        if dues:
            terms = f"被申请人向申请人支付{total}元，分{len(dues)}期付清，双方再无争议。"
        later = f"-{round_}" if round_ > 1 else ""
        for earlier in books.agreements.rows:
            earlier.columns["replaced_on"] = today
        columns = {
            "id": pk, "round": round_, "form": "written" if written else "oral",
            "number": f"{TOWN}人调协〔{local(books.columns['created_at']).year}〕{self.serial:04d}{later}号",
            "agreed_on": today, "effective_on": today, "facts": books.columns["description"], "terms": terms,
            "manner": "银行转账" if dues else "", "amount_yuan": total if dues else None,
            "concerns_status_or_title": books.columns["category"] == "marriage_family" and self.rng.random() < 0.3,
            "replaced_on": None,
        }
        books.facts[Agreement].append(columns)
        agreement = Row(columns)
        books.agreements.rows.append(agreement)
        books.instalments.current = Rows(
            self._instalment(agreement, place, today + timedelta(days=days), yuan)
            for place, (days, yuan) in enumerate(dues, start=1)
        )
        return agreement

    def _instalment(self, agreement, place, due_on, yuan):
        columns = {
            "id": self.books.new_id(Instalment), "agreement_id": agreement.id, "position": place,
            "what": f"支付第{place}期款项", "amount_yuan": yuan, "due_on": due_on, "state": "open",
            "performed_on": None, "performed_yuan": None,
        }
        self.books.facts[Instalment].append(columns)
        row = Row(columns)
        row.__dict__.update(pk=columns["id"], agreement=agreement, counted_from=None, period_days=None)
        return row

    def _confirm(self, agreement) -> None:
        """One in four waives confirmation, a few apply together; else the window lapses."""
        draw = self.rng.random()
        if self.books.dispute.confirmation_state != "possible" or draw > 0.32:
            return
        if draw > 0.06:
            self.books.facts[Confirmation].append(
                self._confirmation(agreement, court="", applied_on=None, waived_on=self._today())
            )
            self.books.dispute.confirmation_state = "waived"
            self._step("waive_confirmation", self.mediator, data={"on_day": self._today().isoformat()})
            return
        self._wait(1, 15)
        applied = self._confirmation(agreement, court=words.COURT, applied_on=self._today(), waived_on=None)
        self.books.facts[Confirmation].append(applied)
        self.books.dispute.confirmation_state = "applied"
        if agreement.form == "oral":
            agreement.columns["written_down_on"] = self._today()
        self._step("apply_confirmation", self.mediator,
                   data={"on_day": self._today().isoformat(), "shown": {"court": words.COURT}})
        self._wait(3, 14)
        result = "confirmed" if self.rng.random() < 0.93 else "refused"
        ruling = f"（{self.at.year}）浙0199民特{self.rng.randrange(1, 400)}号"
        applied.update({"decided_on": self._today(), "result": result, "ruling_number": ruling})
        self.books.dispute.confirmation_state = result
        self._step("decide_confirmation", "clerk1",
                   data={"on_day": self._today().isoformat(), "result": result, "shown": {"ruling": ruling}})

    def _confirmation(self, agreement, **columns) -> dict:
        return {"agreement_id": agreement.id, "decided_on": None, "result": "", "ruling_number": "", **columns}
