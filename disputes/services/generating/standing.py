"""Disputes of the demo that stand in a state on purpose (演示：各种状态): one in each state, and one due on each day.

A state that a dispute only passes through (达成协议, which leads on in the same act) cannot be stood in.
"""
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from governance.casework.calendar import SHANGHAI, WorkCalendar
from governance.casework.models import Matter
from governance.casework.services.linking import merge
from governance.casework.services.opening import open_matter
from governance.organisation.models import User

from ...workflow import Source

# How long ago whatever has gone a way already was reported: long enough for every wait on it.
LONG_AGO = 38
# A court gives thirty days from the day on which the material was signed for, days off included.
COURT_DAYS = 30
STATES = ("declined", "withdrawn", "failed", "referred", "performing", "defaulted", "performed", "voided")


@dataclass(frozen=True)
class Standing:
    """Where a dispute stands still: in a state, or in mediation with the court's time ending on a day."""

    state: str = ""
    due_on: date | None = None


class StandsStill:
    """The way of a `Story` to where it stands; mixed into the demo's own story."""

    standing: Standing

    def _handle(self):
        getattr(self, f"_to_{self.standing.state or 'due_day'}")()

    def _channel(self):
        return Source.COURT_PRE_FILING.value if self.standing.due_on else super()._channel()

    def _sent_by(self, channel, received):
        super()._sent_by(channel, received)
        if self.standing.due_on:
            self.books.dispute.material_signed_on = self.standing.due_on - timedelta(days=COURT_DAYS)

    def _dues(self, written):
        """As the state needs it: nothing due, something that fell due, something still to come."""
        yuan = Decimal(self.rng.randrange(20, 90) * 100)
        days = {"performed": (), "defaulted": (5,), "performing": (45, 75)}.get(self.standing.state)
        return super()._dues(written) if days is None else [(after, yuan) for after in days]

    def _perform(self, row):
        if self.standing.state != "defaulted":
            return super()._perform(row)
        self.patience = 1
        self._default(row)
        return False

    def _heard(self):
        self._accept()
        self._wait(0.3, 4)
        self._session()

    def _to_due_day(self):
        self._heard()

    def _to_declined(self):
        self.patience = 1
        self._decline()

    def _to_withdrawn(self):
        self.patience = 1
        self._withdraw()

    def _to_voided(self):
        self._wait(0.05, 1)
        self._step("void", "clerk1", personal={"reason": "重复录入，作废。"})

    def _to_failed(self):
        self._heard()
        self.patience = 1
        self._fail(refers=False)

    def _to_referred(self):
        self._heard()
        self.patience = 2
        self._fail(refers=True)

    def _to_performing(self):
        self._heard()
        self.patience = 1
        self._agree()

    _to_performed = _to_defaulted = _to_performing


def occasions(now: datetime) -> list[tuple[date, Standing]]:
    """The day on which each was reported, and where it stands: late by a day, due today, due tomorrow, each state."""
    today, calendar = now.astimezone(SHANGHAI).date(), WorkCalendar()
    due = [today + timedelta(days=ahead) for ahead in (-1, 0, 1)]
    long_ago = calendar.working_day_until(today - timedelta(days=LONG_AGO))
    return [
        *((day - timedelta(days=COURT_DAYS), Standing(due_on=day)) for day in due),
        *((long_ago, Standing(state)) for state in STATES),
    ]


def merge_a_duplicate() -> None:
    """One dispute that was reported twice is merged into the first report, through the door; once only."""
    first = Matter.objects.filter(status="reported", kind="dispute").order_by("-reported_at").first()
    if first is None or Matter.objects.filter(status="merged").exists():
        return
    clerk = User.objects.get(username="wenshu")
    again = open_matter(
        kind="dispute", actor=clerk, client_uuid=uuid.uuid4(), facts={},
        parties=[{"kind": party.kind, "name": party.name} for party in first.parties.present()],
        values={
            "title": first.title, "description": first.description, "category": first.category, "unit": first.unit,
            "address": first.address, "channel": "application", "reported_at": timezone.now(),
        },
    )
    merge(matter_id=again.pk, into_id=first.pk, actor=clerk, reason="与前一件为同一纠纷，重复登记。")
