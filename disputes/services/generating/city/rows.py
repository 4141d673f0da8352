"""Rows of one dispute in memory, read by the workflow's own functions as they read the tables (内存中的行)."""
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import SimpleNamespace

from governance.casework import clocks
from governance.casework.calendar import SHANGHAI, WorkCalendar

CALENDAR = WorkCalendar()
_dues: dict[tuple, clocks.Due] = {}


@dataclass
class Row:
    """A row that others refer to by id."""

    columns: dict

    def __getattr__(self, name):
        try:
            return self.__dict__["columns"][name]
        except KeyError:
            raise AttributeError(name) from None


class Rows(list):
    """The few questions that guards and clock effects ask of a relation."""

    def get(self):
        """The last one."""
        return self[-1]

    def select_related(self, *_names):
        """All is in memory already."""
        return self

    def exists(self) -> bool:
        """Whether there is any."""
        return bool(self)

    def filter(self, *, due_on__lt):
        """Those due before a day."""
        return Rows(row for row in self if row.due_on < due_on__lt)


@dataclass
class Agreements:
    """The agreements of a dispute; the last is in force."""

    rows: Rows = field(default_factory=Rows)

    def in_force(self) -> Rows:
        """Not replaced by a later one."""
        return Rows(self.rows[-1:])


@dataclass
class Instalments:
    """What is due under the agreement in force."""

    current: Rows = field(default_factory=Rows)

    def outstanding(self) -> Rows:
        """Current ones that are not performed."""
        return Rows(row for row in self.current if row.state != "performed")


def new_facts() -> SimpleNamespace:
    """The columns of a dispute before anything is known."""
    return SimpleNamespace(
        round=1, committee_id=None, initiative="", is_unopposed=False, mediation_kind="people", application="",
        people_count=None, amount_yuan=None, has_danger=False, has_major_hazard=False, is_domestic_violence=False,
        is_on_the_spot=False, sender="", sender_reference="", material_signed_on=None, court_procedure="",
        sender_replied_on=None, sender_reply="", rights_told_on=None, session_planned_at=None, session_place="",
        police_told_at=None, police_station="", performance="", confirmation_state="", way_after_default="",
        dossier_number="",
    )


def local(instant: datetime) -> datetime:
    """The instant on the township's clock."""
    return instant.astimezone(SHANGHAI)


def noon(day: date) -> datetime:
    """Twelve o'clock of a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)


def night_after(instant: datetime) -> datetime:
    """When the nightly tasks next run: at twenty past three."""
    night = local(instant).replace(hour=3, minute=20, second=0, microsecond=0)
    return night if night > instant else night + timedelta(days=1)


def due_of(rule: clocks.ClockRule, at: datetime, length, due_on) -> clocks.Due:
    """When a clock of disputes ends; they all count days, so that a day is computed once for all."""
    key = (rule.code, local(at).date(), length, due_on)
    if key not in _dues:
        _dues[key] = clocks.due(rule, start=local(at), length=length, due_on=due_on, calendar=CALENDAR)
    return _dues[key]


def next_reminder(rule, clock: dict, now: datetime) -> datetime | None:
    """The next moment of a running clock's ladder, as if all before it had been paid."""
    if clock["due_at"] is None:
        return None
    moments = clocks.reminder_moments(
        rule, start=local(clock["started_at"]), due_on=clock["due_on"], due_at=clock["due_at"], calendar=CALENDAR
    )
    return min((moment.at for moment in moments if moment.at > now), default=None)
