"""How disputes go in a generated township (生成的纠纷经过): who reports, how it is mediated, how it ends.

Shares and delays are invented, to look like a township's years: most things settle orally within two weeks,
a third in writing with instalments, some fail, a few default and come back; a few are late.
"""
import uuid
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

from disputes.models import Dispute, Mediator, Session, committee_name
from disputes.workflow import SENT_HERE
from governance.casework.calendar import SHANGHAI

from ...registering import initiative_of
from . import contacts, words
from .books import Books
from .endings import Endings
from .rows import local, noon
from .townships import Cast

CHANNELS = (
    ("investigation", 34), ("application", 32), ("grid_report", 16), ("police_referral", 6), ("court_pre_filing", 3),
    ("court_in_case", 1), ("petition_transfer", 3), ("hotline_transfer", 3), ("superior", 2),
)
# How many are forgotten on the way: overdue until somebody looks.
FORGOTTEN = 0.002


class NotYet(Exception):
    """The day of the next step has not come: the dispute stands where it stands."""


class Story(Endings):
    """One dispute, lived from its report until now or until it is closed."""

    def __init__(self, rng: Random, cast: Cast, reserve, now: datetime):
        self.rng, self.cast, self.now = rng, cast, now
        self.books = Books(reserve, now)
        self.at = now
        self.patience = rng.randrange(1, 6) if rng.random() < FORGOTTEN else 99

    def tell(self, village: int, at: datetime, serial: int, is_overlooked: bool = False):
        """The life of a dispute that was typed at an instant, as number `serial` of its year.

        One that is overlooked waits for acceptance still.
        """
        self.patience = 0 if is_overlooked else self.patience
        self.at, self.village, self.serial = at, village, serial
        self._report()
        with suppress(NotYet):
            self._handle()
        self.books.facts[Dispute].append(vars(self.books.dispute))
        return self.books.life()

    # --- reported ----------------------------------------------------------------------------------

    def _report(self) -> None:
        rng, books = self.rng, self.books
        channel = self._channel()
        category, title, text = rng.choice(words.CASES)
        names = [contacts.name(rng) for _ in range(2)]
        place = self._place()
        facts = books.dispute
        facts.people_count = rng.choices((2, 3, 4, 6, 8, 12), (70, 12, 8, 5, 3, 2))[0]
        facts.amount_yuan = int(rng.expovariate(1 / 12)) * 1000
        facts.has_danger = rng.random() < 0.01
        facts.is_domestic_violence = category == "marriage_family" and rng.random() < 0.05
        facts.initiative = initiative_of(channel)
        received = self.at - timedelta(hours=rng.choice((0, 0, 0, 2, 20)))
        self._sent_by(channel, received)
        if rng.random() < 0.03:
            books.other_unit_ids.append(self.cast.villages[(self.village + 1) % len(self.cast.villages)].id)
        reporter = self._reporter(channel, place)
        if facts.is_domestic_violence and reporter.role != "clerk":
            books.grants.append((reporter.id, "reporter"))
        books.open(
            actor_id=reporter.id, at=self.at,
            columns={
                "title": title, "description": text.format(a=names[0], b=names[1]) + rng.choice(words.DETAILS),
                "category": category, "unit_id": place.id, "township_id": self.cast.town.id, "channel": channel,
                "address": self.cast.villages[self.village].name + rng.choice(words.PLACES),
                "is_confidential": facts.is_domestic_violence, "reported_at": received,
                "occurred_at": received - timedelta(days=rng.uniform(0.1, 6)), "created_at": self.at,
                "creator_id": reporter.id, "client_uuid": uuid.UUID(int=rng.getrandbits(128), version=4),
            },
            parties=[
                {"kind": kind, "name": name, **contacts.of(rng)}
                for kind, name in zip(("applicant", "respondent"), names, strict=True)
            ],
        )

    def _channel(self):
        return self.rng.choices(*zip(*CHANNELS, strict=True))[0]

    def _place(self):
        village = self.cast.villages[self.village]
        return self.rng.choice(self.cast.grids[village.place]) if self.rng.random() < 0.7 else village

    def _reporter(self, channel, place):
        number, draw = self.village + 1, self.rng.random()
        if channel in SENT_HERE:
            return self.cast.who("clerk1" if draw < 0.7 else "clerk2")
        if channel == "grid_report" and place == self.cast.grids[self.cast.villages[self.village].place][0]:
            return self.cast.who(f"worker{number}")
        return self.cast.who(f"officer{number}" if draw < 0.75 else "clerk1")

    # --- mediated ----------------------------------------------------------------------------------

    def _handle(self) -> None:
        way = self.rng.random()
        if way < 0.005:
            self._wait(0.05, 1)
            self._step("void", "clerk1", personal={"reason": "重复录入，作废。"})
        elif way < 0.03:
            self._decline()
        elif way < 0.045:
            self._withdraw()
        else:
            self._accept()
            self._mediate()

    def _accept(self) -> None:
        rng, facts = self.rng, self.books.dispute
        in_village = rng.random() < 0.7
        committee = self.cast.villages[self.village] if in_village else self.cast.town
        self.mediator = self.cast.who(
            f"elder{self.village + 1}" if in_village else rng.choice(("mediator1", "mediator2"))
        )
        self._wait(0.05, 1.6 if rng.random() < 0.96 else 9)
        facts.committee_id, facts.is_unopposed = committee.id, True
        self.books.accepted_at = self.at
        data = {"committee": committee.id, "shown": {"committee": committee_name(committee.name, committee.level)}}
        self._step("accept", "clerk1" if rng.random() < 0.6 else "clerk2", data=data)
        if rng.random() < self.instructed and not facts.is_domestic_violence:
            self._be_instructed()
        self._start()

    def _start(self) -> None:
        self._wait(0.05, 1.5)
        books, round_, day = self.books, self.books.dispute.round, local(self.at).date()
        books.dispute.rights_told_on = books.dispute.rights_told_on or day
        people = [self.mediator]
        if self.rng.random() < 0.006 and not books.dispute.is_domestic_violence:
            people.append(self.cast.who("expert"))
            books.grants.append((people[1].id, "mediator"))
        if books.dispute.is_domestic_violence:
            books.grants.append((self.mediator.id, "handler"))
        clerk = self.cast.who("clerk1")
        for place, person in enumerate(people):
            books.facts[Mediator].append({
                "round": round_, "user_id": person.id, "is_lead": place == 0, "is_chosen": self.rng.random() < 0.4,
                "named_on": day,
            })
        books.pass_nights(self.at)
        began = books.assign(handler=self.mediator, actor_id=clerk.id, at=self.at)
        self._step(
            "start", clerk, data={"mediators_ids": [person.id for person in people]},
            personal={"mediators": [person.name for person in people]}, begins=not began,
        )

    def _mediate(self) -> None:
        slow = self.rng.random() < 0.03
        for _ in range(self.rng.choice((1, 1, 1, 1, 2, 2, 3))):
            self._wait(0.3, 4)
            self._session()
        if slow:
            self._wait(22, 50)
        way = self.rng.random()
        if way < 0.09:
            self._fail()
        elif way < 0.12:
            self._withdraw()
        else:
            self._agree()

    def _session(self) -> None:
        books, pk = self.books, self.books.new_id(Session)
        place = "镇调解室" if self.mediator.login.startswith("mediator") else "村调解室"
        record = self.rng.choice(words.RECORDS)
        books.facts[Session].append({
            "id": pk, "round": books.dispute.round, "held_at": self.at, "place": place,
            "participants": "双方当事人、调解员", "is_joint": not books.dispute.is_domestic_violence,
            "told": "已告知权利义务", "record": record, "result": "继续协商", "recorder_id": self.mediator.id,
        })
        self._step(
            "record_session", self.mediator, data={"session": pk, "held_at": self.at.isoformat()},
            personal={"place": place, "reason": "继续协商"},
        )

    def _be_instructed(self) -> None:
        rng = self.rng
        given, assignee = self.at + timedelta(minutes=40), self.cast.who(f"officer{self.village + 1}")
        due_on = local(given).date() + timedelta(days=rng.randrange(2, 10))
        done_at = given + timedelta(days=rng.uniform(0.5, 6))
        if given > self.now:
            return
        is_done = done_at <= self.now
        self.books.instruct(
            leader_id=self.cast.who(rng.choice(("leader", "head"))).id, assignee=assignee, at=given, due_on=due_on,
            text=rng.choice(words.INSTRUCTIONS), done_at=done_at if is_done else None, word="已到场了解并配合调解。",
        )
        self.at = done_at if is_done else given

    # --- time --------------------------------------------------------------------------------------

    def _wait(self, low: float, high: float) -> None:
        """Let days go by, into working hours; NotYet when that day has not come."""
        self.patience -= 1
        later = local(self.at + timedelta(days=self.rng.uniform(low, high)))
        hour = self.rng.uniform(8.5, 11.9) if self.rng.random() < 0.55 else self.rng.uniform(14.5, 17.4)
        snapped = datetime(later.year, later.month, later.day, tzinfo=SHANGHAI) + timedelta(hours=hour)
        if snapped.weekday() >= 5 and self.rng.random() < 0.8:
            snapped += timedelta(days=7 - snapped.weekday())
        if snapped <= self.at:
            snapped = self.at + timedelta(minutes=self.rng.uniform(10, 90))
        self.at = snapped
        if self.at > self.now or self.patience < 0:
            raise NotYet

    def _wait_for(self, day, low: float, high: float) -> None:
        """Let it be noon of a day at least, and some days more."""
        self.at = max(self.at, noon(day))
        self._wait(low, high)

    def _step(self, name, actor, *, acted_at=None, data=None, personal=None, files=(), begins=True) -> None:
        person = self.cast.who(actor) if isinstance(actor, str) else actor
        self.books.take(
            name, actor_id=person.id, at=self.at, acted_at=acted_at, data=data, personal=personal, files=files,
            begins=begins,
        )
