"""What the kernel adds to the set-up checklist (开通清单): working hours, local lengths, days off."""
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from .. import clocks
from ..calendar import WORKING_HOURS, hours_in_words, published_until
from ..models import HolidayArrangement, LocalLength, WorkingHours


def working_hours(place) -> str:
    """The usual hours, as long as nobody has entered others."""
    if WorkingHours.objects.exists():
        return ""
    hours = hours_in_words(WORKING_HOURS)
    return _("Reminders and limits in working hours go by %(hours)s.") % {"hours": hours}


def local_lengths(place) -> str:
    """Lengths of one's own, or the usual ones, to be looked at."""
    if LocalLength.objects.filter(place.area.within("township")).exists():
        return ""
    count = sum(rule.is_local for rule in clocks.all_rules())
    return _("%(count)s time limits may be set by the township itself; the usual lengths hold so far.") % {
        "count": count}


def days_off(place) -> str:
    """The days off of this year, and from November of the next."""
    today = timezone.localdate()
    years = [today.year, *([today.year + 1] if today.month >= 11 else [])]
    entered = set(HolidayArrangement.objects.filter(year__in=years).values_list("year", flat=True))
    unknown = [str(year) for year in years if year not in entered and date(year, 12, 31) > published_until()]
    return _("Not known yet: the days off of %(years)s.") % {"years": "、".join(unknown)} if unknown else ""
