"""The days off of a year (节假日安排): entered from the State Council's document, and what rests on them moved."""
import time
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance.organisation.services.recording import record_change
from governance.organisation.visibility import Area

from ..calendar import WORKING_HOURS, Arrangement, WorkCalendar, hours_in_words, legal_holidays
from ..models import HolidayArrangement, WorkingHours
from ..workflow import Refused

# Read anew by each process once a minute; what a process computed meanwhile is provisional and computed anew.
_FRESH_SECONDS = 60
_held: list[tuple[float, tuple[Arrangement, ...], tuple]] = []


def working_calendar() -> WorkCalendar:
    """The calendar with the arrangements and the working hours that were entered."""
    if not _held or time.monotonic() - _held[0][0] > _FRESH_SECONDS:
        entered = tuple(row.value for row in HolidayArrangement.objects.all())
        _held[:] = [(time.monotonic(), entered, working_hours())]
    return WorkCalendar(_held[0][2], arrangements=_held[0][1])


def working_hours() -> tuple:
    """The hours in force: those that were entered, else the usual ones (one query)."""
    row = WorkingHours.objects.first()
    return row.spans if row else WORKING_HOURS


@transaction.atomic
def set_working_hours(*, actor, morning_opens, morning_closes, afternoon_opens, afternoon_closes) -> WorkingHours:
    """Set the working hours of the whole portal; what runs already keeps its end.

    Refused: `not-permitted`, `hours-out-of-order` (an opening comes before its closing, the morning first).
    """
    if not Area.of(actor).covers_all():
        message = _("Working hours hold for the whole portal: who administers all of it sets them.")
        raise Refused("not-permitted", message)
    if not morning_opens < morning_closes <= afternoon_opens < afternoon_closes:
        raise Refused("hours-out-of-order", _("The morning comes first, and each opening before its closing."),
                      missing=("morning_closes",))
    before = working_hours()
    row = WorkingHours.objects.select_for_update().first() or WorkingHours()
    row.morning_opens, row.morning_closes = morning_opens, morning_closes
    row.afternoon_opens, row.afternoon_closes = afternoon_opens, afternoon_closes
    row.entered_by, row.entered_at = actor, timezone.now()
    row.save()
    record_change(
        subject_type="working_hours", subject_id="portal", verb="set", actor=actor,
        data={"before": hours_in_words(before), "hours": hours_in_words(row.spans)},
    )
    forget()
    transaction.on_commit(forget)
    return row


def forget() -> None:
    """Read the arrangements anew."""
    _held.clear()


@transaction.atomic
def enter_arrangement(*, actor, year: int, source: str, issued_on: date, days_off, workdays) -> HolidayArrangement:
    """Enter or correct the arrangement of a year; `apply_arrangements` then moves what rests on it.

    Whoever administers the whole portal does it, for it holds everywhere. Refused: `not-permitted`,
    `source-missing`, `issued-in-the-future`, `days-outside-year`, `day-off-and-worked`, `workday-in-the-week`,
    `legal-holiday-missing`.
    """
    if not Area.of(actor).covers_all():
        raise Refused("not-permitted", _("Days off hold for the whole portal: who administers all of it enters them."))
    given = Arrangement(year, frozenset(days_off), frozenset(workdays))
    _check(given, source, issued_on)
    row = HolidayArrangement.objects.select_for_update().filter(year=year).first()
    before = _as_data(row) if row else None
    row = row or HolidayArrangement(year=year)
    row.source, row.issued_on, row.applied_at = source.strip(), issued_on, None
    row.days_off, row.workdays = sorted(given.days_off), sorted(given.workdays)
    row.entered_by, row.entered_at = actor, timezone.now()
    row.save()
    record_change(
        subject_type="holidays", subject_id=str(year), verb="corrected" if before else "entered", actor=actor,
        data={**_as_data(row), "before": before},
    )
    forget()
    transaction.on_commit(forget)
    return row


def apply_arrangements(now=None) -> int:
    """Move the ends that rest on arrangements entered since the last time; returns how many moved."""
    from . import timing

    moved = 0
    for row in HolidayArrangement.objects.filter(applied_at=None).order_by("year"):
        forget()
        moved += timing.recompute_by_calendar(since=row.value.first_day)
        HolidayArrangement.objects.filter(pk=row.pk, entered_at=row.entered_at).update(applied_at=timezone.now())
    return moved


def _check(given: Arrangement, source: str, issued_on: date) -> None:
    if not source.strip():
        raise Refused("source-missing", _("Name the document."), missing=("source",))
    if issued_on > timezone.localdate():
        raise Refused("issued-in-the-future", _("This lies in the future."), missing=("issued_on",))
    allowed = (date(given.year - 1, 12, 20), date(given.year, 12, 31))
    for name, days in (("days_off", given.days_off), ("workdays", given.workdays)):
        outside = sorted(day for day in days if not allowed[0] <= day <= allowed[1])
        if outside:
            raise Refused("days-outside-year", _("Not days of that year: %(days)s") % {"days": _listed(outside)},
                          (name,))
    if both := given.days_off & given.workdays:
        raise Refused("day-off-and-worked", _("Days off and worked at once: %(days)s") % {"days": _listed(both)},
                      ("workdays",))
    if weekdays := [day for day in given.workdays if day.weekday() < 5]:
        raise Refused("workday-in-the-week", _("Not a Saturday or Sunday: %(days)s") % {"days": _listed(weekdays)},
                      ("workdays",))
    if missing := legal_holidays(given.year) - given.days_off:
        raise Refused("legal-holiday-missing", _("Legal holidays that are missing: %(days)s")
                      % {"days": _listed(missing)}, ("days_off",))


def _listed(days) -> str:
    return "、".join(date_format(day, "DATE_FORMAT") for day in sorted(days))


def _as_data(row) -> dict:
    return {
        "source": row.source, "issued_on": row.issued_on.isoformat(),
        "days_off": [day.isoformat() for day in row.days_off], "workdays": [day.isoformat() for day in row.workdays],
    }
