"""Why a clock ends on its day, in words (时限说明): every station of the count, then the article."""
from datetime import date, datetime

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .counting import INSTANTS, Trace, trace
from .rules import LOCAL, Basis, Bearer, ClockRule

# The articles of the Civil Code (民法典) that the counting itself rests on.
COUNTING_ARTICLES = {Basis.DAYS: "201", Basis.MONTHS: "202"}


def explain(
    rule: ClockRule, *, start, length=None, variant=None, due_on=None, hours=None, pauses=(), extend_days=0,
    calendar,
) -> str:
    """Say in the reader's language why the clock ends when `due` says. Refused: as `due`."""
    done = trace(
        rule, start=start, length=length, variant=variant, due_on=due_on, hours=hours, pauses=pauses,
        extend_days=extend_days, calendar=calendar,
    )
    parts = [_counted(done, calendar), *_moved(done)]
    if done.paused_since is not None:
        since = show(done.paused_since)
        parts.append(_("Paused since %(since)s; the end moves by as long as the pause lasts.") % {"since": since})
    elif done.end is not None:
        parts += _ended(done, calendar)
    parts.append(_("Basis: %(article)s.") % {"article": _article(done.rule)})
    text = parts[0]
    for part in parts[1:]:
        text = _("%(text)s %(next)s") % {"text": text, "next": part}
    return text


def show(moment: date | datetime) -> str:
    """A day with its weekday, and the time if it is an instant."""
    day = _("%(year)d-%(month)02d-%(day)02d (%(weekday)s)") % {
        "year": moment.year, "month": moment.month, "day": moment.day, "weekday": WEEKDAYS[moment.weekday()],
    }
    if not isinstance(moment, datetime):
        return day
    return _("%(day)s %(time)s") % {"day": day, "time": f"{moment:%H:%M}"}


def _counted(done: Trace, calendar) -> str:
    """The first station: from which act, how long, until when."""
    rule = done.rule
    words = {"act": rule.starts, "start": show(done.start)}
    if done.first is None:
        return _("Started by: %(act)s, on %(start)s. The day is not yet set.") % words
    words |= {"end": show(done.first), "length": f"{done.length or 0:g}"}
    if rule.basis == Basis.AGREED:
        return _agreed(done, words)
    if rule.basis == Basis.MONTHS:
        return _months(done, words)
    if rule.basis == Basis.WORKING_DAYS:
        return _working_days(done, words, calendar)
    if rule.basis == Basis.WORKING_HOURS:
        words["opening"] = show(calendar.next_opening(done.start))
        return _(
            "Started by: %(act)s, at %(start)s. Working time counts from %(opening)s;"
            " %(length)s working hours end at %(end)s."
        ) % words
    if rule.basis == Basis.HOURS:
        return _(
            "Started by: %(act)s, at %(start)s. %(length)s hours round the clock end at %(end)s."
        ) % words
    if rule.basis == Basis.MINUTES:
        return _("Started by: %(act)s, at %(start)s. %(length)s minutes end at %(end)s.") % words
    return _("Started by: %(act)s, on %(start)s (day 0). Day %(length)s is %(end)s.") % words


def _agreed(done: Trace, words: dict) -> str:
    if done.length is None:
        return _("Started by: %(act)s, on %(start)s. The day set is %(end)s.") % words
    return _(
        "Started by: %(act)s, on %(start)s (day 0). Day %(length)s of the period set is %(end)s."
    ) % words


def _months(done: Trace, words: dict) -> str:
    if done.first.day == done.start.day:
        return _(
            "Started by: %(act)s, on %(start)s. %(length)s month(s) end on the same day number: %(end)s."
        ) % words
    return _(
        "Started by: %(act)s, on %(start)s. After %(length)s month(s) there is no such day number;"
        " the last day of the month ends it: %(end)s."
    ) % words


def _working_days(done: Trace, words: dict, calendar) -> str:
    text = _(
        "Started by: %(act)s, on %(start)s. Working day 1 is %(first)s; working day %(length)s is %(end)s."
    ) % {**words, "first": show(calendar.add_working_days(done.start, 1))}
    off = (done.first - done.start).days - int(done.length)
    if not off:
        return text
    skipped = ngettext(
        "%(count)d day off in between is not counted.", "%(count)d days off in between are not counted.", off
    ) % {"count": off}
    return _("%(text)s %(next)s") % {"text": text, "next": skipped}


def _moved(done: Trace) -> list[str]:
    """What pauses and an extension did to the end."""
    parts = [_one_pause(done.rule, shift) for shift in done.shifts]
    if done.extend_days and done.extended is not None:
        parts.append(
            _("Extended by %(days)d days from the end without extension, to %(to)s.")
            % {"days": done.extend_days, "to": show(done.extended)}
        )
    return parts


def _one_pause(rule: ClockRule, shift) -> str:
    words = {"start": show(shift.start), "end": show(shift.end), "amount": shift.amount, "to": show(shift.to)}
    if rule.basis == Basis.WORKING_DAYS:
        return _(
            "Paused from %(start)s, resumed on %(end)s: %(amount)d working days; the end moves to %(to)s."
        ) % words
    if rule.basis == Basis.WORKING_HOURS:
        return _(
            "Paused from %(start)s, resumed at %(end)s: %(amount)d working minutes; the end moves to %(to)s."
        ) % words
    if rule.basis in INSTANTS:
        return _(
            "Paused from %(start)s, resumed at %(end)s: %(amount)d minutes; the end moves to %(to)s."
        ) % words
    return _("Paused from %(start)s, resumed on %(end)s: %(amount)d days; the end moves to %(to)s.") % words


def _ended(done: Trace, calendar) -> list[str]:
    """How it ends: rolled or not, at 24:00 or at the instant, provisional or not."""
    if done.rule.basis in INSTANTS:
        parts = [_("Overdue from %(end)s.") % {"end": show(done.end)}]
    else:
        parts = [*_day_off(done, calendar), _("It ends at 24:00 of %(end)s.") % {"end": show(done.end)}]
    if done.provisional:
        parts.append(
            _("Provisional: the days off of %(year)d are not yet published.") % {"year": done.end.year}
        )
    return parts


def _day_off(done: Trace, calendar) -> list[str]:
    """What a last day that is a day off means, to whoever bears the clock."""
    if done.end != done.extended:
        return [
            _("%(day)s is a day off, so it ends on the next working day (民法典 art. 203).")
            % {"day": show(done.extended)}
        ]
    if calendar.is_working_day(done.end):
        return []
    if done.rule.bearer != Bearer.OFFICE:
        return [_("That is a day off; the day stays.")]
    return [
        _("That is a day off; a duty of the office is not put off for it. Last working day before: %(day)s.")
        % {"day": show(calendar.working_day_until(done.end))}
    ]


def _article(rule: ClockRule) -> str:
    """The article of the rule, and the one that the counting rests on."""
    number = COUNTING_ARTICLES.get(rule.basis)
    if number is None or rule.article is LOCAL:
        return str(rule.article)
    return _("%(article)s; counted by 民法典 art. %(number)s") % {"article": rule.article, "number": number}
