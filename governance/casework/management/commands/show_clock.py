"""`manage.py show_clock RULE`: when a clock ends and why, from its rule alone; no database is asked."""
import math
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from governance.casework import clocks
from governance.casework.calendar import WorkCalendar
from governance.casework.workflow import Refused
from governance.organisation.management.answering import Answer, AnsweringCommand

# Far beyond any rule, near enough for the arithmetic.
MOST_DAYS, MOST_HOURS = 36500, 87600
YEARS = range(1950, 2201)


@dataclass(frozen=True)
class Question:
    """What was asked on the command line, read and checked for its shape."""

    rule: clocks.ClockRule
    given: dict

    def answer(self) -> dict:
        """The end of the clock and the reason in words. Refused: as `clocks.due`."""
        calendar = WorkCalendar()
        due = clocks.due(self.rule, **self.given, calendar=calendar)
        return {
            "rule": self.rule.code,
            "label": str(self.rule.label),
            "due_on": due.due_on and due.due_on.isoformat(),
            "due_at": due.due_at and due.due_at.isoformat(),
            "provisional": due.provisional,
            "paused_since": due.paused_since and due.paused_since.isoformat(),
            "why": clocks.explain(self.rule, **self.given, calendar=calendar),
            "source": self.rule.source,
            "verified": self.rule.verified,
        }


class Command(AnsweringCommand):
    """Say when a clock ends and why. Exit 0: said. Exit 2: wrong use, with a stable code."""

    help = (
        "Say when a clock ends and why. Pauses are FROM/TO, TO not included: dates for clocks of days,"
        " instants for clocks of hours; FROM/ is an open one. Instants without an offset are local."
    )
    requires_system_checks = []
    needs_database = False

    def add_arguments(self, parser):
        """Take what the clock is computed from."""
        super().add_arguments(parser)
        parser.add_argument("rule", nargs="?", default="", help="code of the rule, e.g. dispute.mediation")
        parser.add_argument("--start", default="", help="the starting act, e.g. 2026-09-25T16:30+08:00")
        parser.add_argument("--due", help="the day agreed or set, for rules that have one")
        parser.add_argument("--length", help="days of a period agreed instead of a day, or a local length")
        parser.add_argument("--variant", help="class of the case, e.g. urgent")
        parser.add_argument("--hours", help="hours, for rules that have them set in each case")
        parser.add_argument("--pause", action="append", default=[], metavar="FROM/TO", help="may be repeated")
        parser.add_argument("--extend", default="0", metavar="DAYS", help="days of extension")

    def answer(self, options) -> Answer:
        """Compute the end from the rule alone."""
        data = read_question(options).answer()
        return Answer(data, [as_text(data)])


def read_question(options: dict) -> Question:
    """Read the command line. Refused: `rule-unknown start-missing day-missing date-invalid number-invalid
    pause-invalid` and what `clocks.due` refuses."""
    rule = _rule(options["rule"])
    by_instant = clocks.counts_instants(rule, options["variant"])
    given = {
        "start": _start(options["start"], by_instant),
        "variant": options["variant"] or None,
        "due_on": read_day(options["due"]) if options["due"] else None,
        "length": int(read_number(options["length"], MOST_DAYS)) if options["length"] else None,
        "hours": read_number(options["hours"], MOST_HOURS) if options["hours"] else None,
        "pauses": tuple(read_pause(text, by_instant) for text in options["pause"]),
        "extend_days": _whole_days(options["extend"]),
    }
    needs_day = rule.in_variant(options["variant"]).basis == clocks.Basis.AGREED
    if needs_day and given["due_on"] is None and given["length"] is None:
        raise Refused("day-missing", _("Give the day that was agreed or set (--due)."), missing=("due",))
    return Question(rule, given)


def read_day(text: str) -> date:
    """A day. Refused: `date-invalid date-out-of-range`."""
    try:
        return _in_calendar(date.fromisoformat(text))
    except ValueError:
        raise Refused(
            "date-invalid", _("“%(text)s” is not a day such as 2026-09-25.") % {"text": text}
        ) from None


def read_instant(text: str) -> datetime:
    """An instant. Refused: `date-invalid date-out-of-range`."""
    try:
        if len(text) > 10:
            return _in_calendar(datetime.fromisoformat(text))
    except ValueError:
        pass
    raise Refused(
        "date-invalid", _("“%(text)s” is not a day and time such as 2026-09-25T16:30+08:00.") % {"text": text}
    )


def read_number(text: str, most: float) -> float:
    """A number above zero. Refused: `number-invalid`."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number <= most:
        raise Refused(
            "number-invalid",
            _("“%(text)s” is not a number above 0 and up to %(most)s.") % {"text": text, "most": most},
        )
    return number


def read_pause(text: str, by_instant: bool) -> clocks.Pause:
    """A pause FROM/TO, or FROM/ while it is open. Refused: `pause-invalid date-invalid`."""
    begin, slash, end = text.partition("/")
    if not begin or not slash:
        raise Refused(
            "pause-invalid",
            _("“%(text)s” is not a pause: write FROM/TO, or FROM/ for an open one.") % {"text": text},
        )
    read = read_instant if by_instant else read_day
    return clocks.Pause(read(begin), read(end) if end else None)


def as_text(answer: dict) -> str:
    """The answer as lines for people."""
    lines = [f"{answer['label']} ({answer['rule']})"]
    for key, label in (
        ("due_on", _("Last day")), ("due_at", _("Overdue from")), ("paused_since", _("Paused since")),
    ):
        if answer[key]:
            lines.append(f"{label}: {answer[key]}")
    return "\n".join([*lines, answer["why"], answer["source"]])


def _in_calendar(moment):
    if moment.year not in YEARS:
        raise Refused("date-out-of-range", _("That lies outside the calendar."))
    return moment


def _rule(code: str) -> clocks.ClockRule:
    try:
        return clocks.get_rule(code)
    except KeyError:
        known = ", ".join(rule.code for rule in clocks.all_rules())
        raise Refused(
            "rule-unknown",
            _("There is no clock rule “%(code)s”. Known: %(known)s.") % {"code": code, "known": known},
        ) from None


def _start(text: str, by_instant: bool) -> date | datetime:
    if not text:
        raise Refused("start-missing", _("Say when the clock starts (--start)."), missing=("start",))
    return read_instant(text) if by_instant or len(text) > 10 else read_day(text)


def _whole_days(text: str) -> int:
    try:
        days = int(text)
    except ValueError:
        days = -1
    if not 0 <= days <= MOST_DAYS:
        raise Refused("number-invalid", _("“%(text)s” is not a number of days.") % {"text": text})
    return days
