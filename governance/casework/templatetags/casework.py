"""Words and marks of matters in templates: due badge, labels, sentences, masked contact (模板标签)."""
from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance.organisation.phones import mask_phone

from .. import registry
from ..models import Grade
from ..sentences import reason_of as reason_in_words
from ..sentences import sentence as event_sentence
from ..services.sending import in_words as message_in_words
from ..services.vocabularies import term_label

register = template.Library()


@register.filter
def term(code, vocabulary):
    """The label of a code of a vocabulary, in the reader's language."""
    return term_label(vocabulary, code) if code else ""


@register.filter
def category_label(matter):
    """The label of the matter's category."""
    return term(matter.category, registry.get(matter.kind).categories.code)


@register.filter
def channel_label(matter):
    """The label of the source that the matter came from."""
    return term(matter.channel, registry.get(matter.kind).channels.code)


@register.filter
def outcome_label(matter):
    """The label of the outcome, "" while there is none."""
    return term(matter.outcome, registry.get(matter.kind).outcomes.code)


@register.filter
def state_label(matter):
    """The label of the matter's state."""
    return registry.get(matter.kind).state(matter.status).label


@register.filter
def grade_label(code):
    """The label of a grade."""
    return Grade(code).label if code else ""


@register.filter
def shown_number(matter):
    """The number as a township writes it: 富春江纠纷〔2026〕0042."""
    try:
        year, serial = matter.number.rsplit("-", 2)[-2:]
        digits = f"{int(serial):04d}"
    except ValueError:
        return matter.number
    place = matter.township.numbering_name
    return f"{place}{registry.get(matter.kind).numbering_name}〔{year}〕{digits}"


@register.filter
def place(unit):
    """Village and grid: 芝厦村 · 一网格."""
    if unit is None:
        return ""
    if unit.level == "grid" and unit.parent is not None:
        return f"{unit.parent.short_name} · {unit.short_name}"
    return unit.short_name


@register.filter
def sentence(event):
    """An event as one sentence."""
    return event_sentence(event)


@register.filter
def reason_of(event):
    """The free words beside an event."""
    return reason_in_words(event)


@register.filter
def stars(phone):
    """A phone in clear, masked: 138****2617."""
    return mask_phone(phone or "")


@register.filter
def masked_name(name):
    """周*生, for those who may know that somebody looked, not at whom."""
    name = name or ""
    return name[:1] + "*" * max(len(name) - 2, 1) + (name[-1:] if len(name) > 2 else "") if name else ""


@register.filter
def capped(count, cap=1000):
    """A count, exact up to the cap, then "1000+"."""
    return f"{cap}+" if count > cap else str(count)


@register.simple_tag
def due(instant, day=None, done=False, window=False):
    """A badge that says in words when something is due, or by how much it is late; never by colour alone.

    `day` is the last day of a clock counted in days (its instant is the midnight after it). Written here and not
    in a template of its own, because a list has fifty of them.
    """
    said = due_words(instant, day, done, window)
    if not said["state"]:
        return ""
    css = "due" if said["state"] == "plain" else f"due {said['state']}"
    machine = timezone.localtime(instant).isoformat(timespec="seconds")
    return format_html('<span class="{}"><time datetime="{}">{}</time></span>', css, machine, said["words"])


def due_words(instant, day=None, done=False, window=False, now=None) -> dict:
    """State (late, soon, plain, done) and words of a due time."""
    if instant is None:
        return {"state": "", "words": ""}
    now = now or timezone.now()
    last = day or timezone.localdate(instant - timezone.timedelta(microseconds=1))
    days = (last - timezone.localdate(now)).days
    if done:
        return {"state": "done", "words": _("Done")}
    if instant <= now:
        if window:
            return {"state": "plain", "words": _("Window closed")}
        return {"state": "late", "words": _late(now, instant, -days)}
    if days == 0:
        local = timezone.localtime(instant)
        at = date_format(local, "H:i") if local.strftime("%H:%M") != "00:00" else ""
        return {"state": "soon", "words": _("Today %(time)s") % {"time": at} if at else _("Today")}
    if days == 1:
        return {"state": "soon", "words": _("Tomorrow")}
    return {"state": "plain", "words": date_format(last, "MONTH_DAY_FORMAT") + " " + date_format(last, "D")}


def _late(now, instant, days) -> str:
    """By whole calendar days; within the same day by hours."""
    if days >= 1:
        return ngettext("%(count)s day overdue", "%(count)s days overdue", days) % {"count": days}
    hours = int((now - instant).total_seconds() // 3600)
    if hours >= 1:
        return ngettext("%(count)s hour overdue", "%(count)s hours overdue", hours) % {"count": hours}
    return _("Overdue")


@register.simple_tag
def due_day(day):
    """The badge of something due on a day."""
    midnight = timezone.datetime.combine(day + timezone.timedelta(days=1), timezone.datetime.min.time())
    instant = timezone.make_aware(midnight)
    return due(instant, day)


@register.filter
def in_words(message):
    """A message in one sentence."""
    return message_in_words(message)
