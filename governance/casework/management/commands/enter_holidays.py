"""`manage.py enter_holidays YEAR`: enter a year's days off from the State Council's document."""
from datetime import date

from django.utils.translation import gettext as _

from governance.casework.calendar import read_days
from governance.casework.services.arranging import apply_arrangements, enter_arrangement
from governance.casework.workflow import Refused
from governance.organisation.management.answering import Answer, AnsweringCommand


class Command(AnsweringCommand):
    """Enter or correct the arrangement of a year and move the time limits that rest on it."""

    help = (
        "Enter a year's days off before the portal knows them. Days are written 2027-01-01 or 2027-02-05..2027-02-12,"
        " several separated by commas. Time limits whose end moves are computed anew, and who handles them is told."
    )

    def add_arguments(self, parser):
        """The document and its days."""
        super().add_arguments(parser)
        parser.add_argument("year", type=int)
        parser.add_argument("--source", required=True, help="name and number of the document")
        parser.add_argument("--issued", required=True, metavar="DAY", help="day of the document, e.g. 2026-11-10")
        parser.add_argument("--off", required=True, metavar="DAYS", help="all days off, weekends among them")
        parser.add_argument("--worked", default="", metavar="DAYS", help="Saturdays and Sundays that are worked")

    def answer(self, options) -> Answer:
        """What was entered, and how many ends moved."""
        row = enter_arrangement(
            actor=None, year=options["year"], source=options["source"], issued_on=_day(options["issued"]),
            days_off=_days(options["off"]), workdays=_days(options["worked"]),
        )
        moved = apply_arrangements()
        data = {"year": row.year, "days_off": len(row.days_off), "worked": len(row.workdays), "moved": moved}
        said = _("%(year)d: %(days_off)d days off, %(worked)d worked weekend days; %(moved)d time limits moved.")
        return Answer(data, [said % data])


def _days(text: str):
    try:
        return read_days(text)
    except ValueError as problem:
        raise Refused("day-unreadable", _("“%(value)s” is no day. Write 2027-01-01, or 2027-02-05..2027-02-12.")
                      % {"value": str(problem)[:40]}) from problem


def _day(text: str) -> date:
    days = _days(text)
    if len(days) != 1:
        raise Refused("day-unreadable", _("Give one day."))
    return next(iter(days))
