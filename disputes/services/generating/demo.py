"""Two years of disputes for the demo township, up to the moment of its first start (演示事项).

They are lived as those of a generated city, by the demo's own people, and written at once. Of the last weeks
some stand still, so that something is due today, something is late, and something is due this week.
"""
import itertools
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from governance.casework.calendar import SHANGHAI, WorkCalendar
from governance.casework.models import Matter, NumberSeries
from governance.casework.services.stamping import CODE, Recorder, first_uuid
from governance.organisation.models import Unit, User

from .city import papers, words
from .city.stories import Story
from .city.townships import Person, Place
from .standing import Standing, StandsStill, occasions
from .texts import REASONS, SEASON
from .township import TOWNSHIP, VILLAGES

SEED = 20260101
# From how many disputes on there is one in each state.
MOST_STATES = 120
DAYS = 730
# Who of the demo's people plays which part; villages add theirs by number.
PARTS = {
    "clerk1": "wenshu", "clerk2": "wenshu2", "mediator1": "tiaojie", "mediator2": "tiaojie2", "head": "zhenzhang",
    "leader": "fuzhenzhang", "office": "bangongshi", "expert": "sifa",
}
# How far a dispute of the last weeks has come and then stood still: waits it lives through.
REPORTED, ACCEPTED, STARTED, HEARD = 0, 1, 2, 3
# In which villages: the first, whose people are the first to be tried, has several.
UNFINISHED_IN = (0, 3, 7, 0, 1, 5, 0, 2)


class DemoCast:
    """The demo's units and people in the parts that a story names; ids are stand-ins for rows by their place."""

    def __init__(self, units: list[Unit], users: list[User]):
        places = {unit.pk: place for place, unit in enumerate(units)}
        self.ids = {Unit: list(places), User: [user.pk for user in users]}
        self._places = [Place(place, "", unit.short_name, unit.level, None) for place, unit in enumerate(units)]
        below = {unit.pk: [row for row in units if row.parent_id == unit.pk] for unit in units}
        self.town = self._places[next(n for n, unit in enumerate(units) if unit.level == "township")]
        self.villages = [self._places[places[unit.pk]] for unit in units if unit.level == "village"]
        self.grids = {
            places[unit.pk]: [self._places[places[row.pk]] for row in below[unit.pk]]
            for unit in units if unit.level == "village"
        }
        self._users = {user.username: (place, user) for place, user in enumerate(users)}

    def who(self, part: str) -> Person:
        """Whoever plays the part: `clerk1`, `officer3`, `elder3` (who mediates in the village)."""
        place, user = self._users[self._login_of(part)]
        return Person(place, part, user.name, "", 0, "")

    def _login_of(self, part: str) -> str:
        if part in PARTS:
            return PARTS[part]
        number = part.lstrip("abcdefghijklmnopqrstuvwxyz")
        login = {"officer": "cun", "elder": "shuji", "worker": "wangge"}[part.removesuffix(number)] + number
        return login if login in self._users else f"cun{number}"


class DemoStory(Story):
    """A dispute of the demo township; `patience` given, it stands still after so many waits."""

    instructed = 0.06

    def __init__(self, rng, cast, reserve, now, patience=None):
        super().__init__(rng, cast, reserve, now)
        self.stands_still = patience is not None
        # Nothing is forgotten for years: what is late is of the last weeks.
        self.patience = 99
        if self.stands_still:
            self.patience, self.instructed = patience, 0.4

    def tell(self, village, at, serial):
        """Whoever had to be told in the last days is told when the demo has been written."""
        life = super().tell(village, at, serial)
        for clock in life.clocks:
            if clock["state"] == "running" and clock["due_at"] and clock["due_at"] < self.now + timedelta(days=3):
                clock["remind_at"] = clock["started_at"]
        return life

    def _handle(self):
        if not self.stands_still:
            super()._handle()
            return
        self._accept()
        self._mediate()

    def _be_instructed(self):
        """What stands still has been noticed: the instruction is not done yet, its day is near."""
        given = self.at + timedelta(minutes=40)
        if not self.stands_still:
            super()._be_instructed()
        elif given < self.now:
            due_on = self.now.astimezone(SHANGHAI).date() + timedelta(days=self.rng.randrange(-1, 5))
            self.books.instruct(
                leader_id=self.cast.who("leader").id, assignee=self.cast.who(f"officer{self.village + 1}"), at=given,
                due_on=due_on, text=self.rng.choice(words.INSTRUCTIONS),
            )
            self.at = given

    def _perform(self, row):
        """Only the last instalment is ever defaulted on, so that no check of a later one is left behind."""
        if row is self.books.instalments.current[-1]:
            return super()._perform(row)
        self._wait_for(row.due_on, 0, 0.4)
        self._record_performance(row)
        return True

    def _session(self):
        super()._session()
        if self.rng.random() < 0.15:
            party = self.rng.choice(self.books.parties)
            self.books.look(actor_id=self.mediator.id, at=self.at, party=party, reason=self.rng.choice(REASONS))


class StandingStory(StandsStill, DemoStory):
    """A dispute that stands in a state, or whose time ends on a day."""

    def __init__(self, rng, cast, reserve, now, standing: Standing):
        super().__init__(rng, cast, reserve, now, patience=99)
        self.standing, self.instructed = standing, 0


@transaction.atomic
def make_matters(count: int = 300, now: datetime | None = None) -> int:
    """Write the disputes, all or none; returns how many. A second run writes nothing.

    Whoever registers something meanwhile waits a moment for the number: the series is locked from the start.
    """
    if Matter.objects.filter(client_uuid=first_uuid(TOWNSHIP)).exists():
        return 0
    now, rng, recorder = now or timezone.now(), Random(SEED), Recorder(SEED)
    papers.write_placeholder()
    town = Unit.objects.get(code=TOWNSHIP)
    units = list(Unit.objects.filter(path__startswith=town.path).in_tree_order())
    cast = DemoCast(units, list(User.objects.filter(posts__unit__in=units).distinct().order_by("pk")))
    serials = _hold_numbers(recorder, now)
    lives, unfinished = [], itertools.cycle(UNFINISHED_IN)
    for at, stage in sorted(_occasions(rng, count, now), key=lambda pair: pair[0]):
        year = at.astimezone(SHANGHAI).year
        serials[year] += 1
        village = rng.randrange(len(VILLAGES)) if stage is None else next(unfinished)
        story = StandingStory if isinstance(stage, Standing) else DemoStory
        lives.append(story(rng, cast, recorder.reserve, now, stage).tell(village, at, serials[year]))
    recorder.add(lives)
    recorder.press(TOWNSHIP, town.numbering_name, cast.ids)
    return len(lives)


def _hold_numbers(recorder: Recorder, now) -> dict[int, int]:
    """Lock the series of every year that is written in, and go on after what stands there."""
    years = range(now.year - DAYS // 365 - 1, now.year + 2)
    rows = [NumberSeries(prefix="JF", township_code=TOWNSHIP, year=year, last=0) for year in years]
    NumberSeries.objects.bulk_create(rows, ignore_conflicts=True)
    held = NumberSeries.objects.select_for_update().filter(prefix="JF", township_code=TOWNSHIP, year__in=years)
    last = {row.year: row.last for row in held}
    recorder.series.update({("JF", CODE, year): serial for year, serial in last.items()})
    return last


def _occasions(rng: Random, count: int, now) -> list[tuple[datetime, int | Standing | None]]:
    """When each dispute was typed, and where it stands still: None for one that goes its way.

    A small demo has none of those that stand in a state on purpose.
    """
    still = _standing_still(rng, now)[: count // 4]
    if count >= MOST_STATES:
        still += [(_hour(rng, _midnight(day)), standing) for day, standing in occasions(now)]
    found = [(min(at, now - timedelta(minutes=20)), stage) for at, stage in still]
    while len(found) < count:
        at = _hour(rng, now - timedelta(days=rng.uniform(1, DAYS)))
        if rng.random() < SEASON[at.month]:
            found.append((at, None))
    return found


def _standing_still(rng: Random, now) -> list[tuple[datetime, int]]:
    """Disputes of the last weeks by what is due of them: today, too late, within the week."""
    calendar, today = WorkCalendar(), now.astimezone(SHANGHAI).date()
    working = [day for day in (today - timedelta(days=back) for back in range(40)) if calendar.is_working_day(day)]
    month = [today - timedelta(days=back) for back in (31, 31, 30, 33, 29, 28, 27, 26)]
    days = [
        (working[3], REPORTED), (month[0], HEARD), (working[5], STARTED), (working[1], REPORTED),
        (working[6], REPORTED), (month[3], HEARD), (working[8], STARTED), (working[2], REPORTED),
        (today, REPORTED), (month[2], HEARD), (working[4], STARTED), (working[3], REPORTED), (month[4], HEARD),
        (working[2], ACCEPTED), (today, REPORTED), (month[5], HEARD), (working[3], STARTED), (month[6], HEARD),
        (working[1], ACCEPTED), (month[7], HEARD), (month[1], HEARD),
    ]
    return [(_hour(rng, _midnight(day)), stage) for day, stage in days]


def _midnight(day) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def _hour(rng: Random, at) -> datetime:
    """The same day between eight in the morning and noon."""
    return at.astimezone(SHANGHAI).replace(hour=0, minute=0) + timedelta(hours=rng.uniform(8, 12))
