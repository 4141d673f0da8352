"""Events as sentences (经过的文字): rendered at display from code and stored facts, in the reader's language."""
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import clocks, registry

GRADES = (("red", gettext_lazy("Red")), ("yellow", gettext_lazy("Yellow")), ("green", gettext_lazy("Green")))
COLUMNS = {
    "title": gettext_lazy("title"), "description": gettext_lazy("what happened"),
    "category": gettext_lazy("category"), "unit": gettext_lazy("village or grid"), "address": gettext_lazy("where"),
    "channel": gettext_lazy("source"), "occurred_at": gettext_lazy("occurred"),
    "is_confidential": gettext_lazy("confidentiality"), "other_units": gettext_lazy("other places"),
}

KERNEL = {
    "opened": gettext_lazy("Registered as %(number)s"),
    "imported": gettext_lazy("Taken over from the ledger “%(file)s”, sheet “%(sheet)s”, row %(row)s"),
    "import_changed": gettext_lazy("Brought up to date from the ledger “%(file)s”, sheet “%(sheet)s”, row %(row)s"),
    "import_undone": gettext_lazy("The import of the ledger “%(file)s” was undone"),
    "noted": gettext_lazy("Noted: %(text)s"),
    "corrected": gettext_lazy("Corrected: %(fields)s"),
    "date_corrected": gettext_lazy("Date of “%(step)s” corrected from %(before)s to %(after)s"),
    "day_corrected": gettext_lazy("“%(day_name)s” of “%(step)s” corrected from %(before)s to %(after)s"),
    "attached": gettext_lazy("Attached %(files)s"),
    "file_removed": gettext_lazy("Removed the file %(files)s"),
    "read_granted": gettext_lazy("Opened to %(user)s for reading"),
    "read_withdrawn": gettext_lazy("No longer open to %(user)s for reading"),
    "assigned": gettext_lazy("Assigned to %(handler)s"),
    "unit_assigned": gettext_lazy("Made %(unit)s responsible"),
    "instructed": gettext_lazy("Instruction to %(assignee)s, by %(due)s: %(text)s"),
    "task_given": gettext_lazy("Task for %(assignee)s, by %(due)s: %(text)s"),
    "task_done": gettext_lazy("Task done: %(text)s"),
    "urged": gettext_lazy("Urged %(handler)s: %(text)s"),
    "linked": gettext_lazy("Linked with %(other)s"),
    "merged_in": gettext_lazy("%(other)s was merged into this matter"),
    "party_added": gettext_lazy("Party added: %(name)s"),
    "party_removed": gettext_lazy("Party removed: %(name)s"),
    "party_corrected": gettext_lazy("Party corrected: %(name)s"),
    "contact_revealed": gettext_lazy("Looked at the contact data of %(name)s: %(reason)s"),
    "staff_matched": gettext_lazy("%(name)s is a member of staff and sees nothing of this matter from now on"),
    "staff_cleared": gettext_lazy("%(name)s is not the member of staff of the same name"),
    "unit_added": gettext_lazy("%(unit)s is concerned too"),
    "handler_released": gettext_lazy("%(user)s no longer handles it"),
    "recused": gettext_lazy("%(user)s steps aside"),
    "clock_paused": gettext_lazy("Clock paused: %(clock)s"),
    "clock_resumed": gettext_lazy("Clock resumed: %(clock)s"),
    "extension_proposed": gettext_lazy("Extension proposed: %(clock)s, %(days)s days"),
    "extension_approved": gettext_lazy("Extension approved: %(clock)s, %(days)s days"),
    "extension_refused": gettext_lazy("Extension refused: %(clock)s"),
    "grade_raised": gettext_lazy("Grade raised to %(grade)s"),
    "grade_lowered": gettext_lazy("Grade lowered to %(grade)s"),
    "reminded": gettext_lazy("Reminded %(recipients)s: %(clock)s"),
    "calendar_recomputed": gettext_lazy("Due date recomputed with the published calendar: %(clock)s"),
    "calendar_moved": gettext_lazy("By the arrangement of days off %(clock)s ends on %(after)s, not on %(before)s"),
    "window_lapsed": gettext_lazy("Lapsed by itself: %(clock)s"),
    "hold_set": gettext_lazy("Kept longer than others"),
    "hold_released": gettext_lazy("No longer kept longer than others"),
    "anonymised": gettext_lazy("After %(years)s years of keeping, all that it held of people was erased"),
    "personal_data_given": gettext_lazy("%(name)s was told what is held on them"),
    "contact_erased": gettext_lazy("Contact data of %(name)s erased on request"),
    "handed_over": gettext_lazy("Handed over from %(before)s to %(after)s"),
}


class _Gaps(dict):
    """Values of a sentence; what was erased shows as such."""

    def __missing__(self, key):
        return _("(erased)")


def _values(event) -> _Gaps:
    values = _Gaps(event.data.get("shown", {}))
    for key, words in _IN_WORDS.items():
        if key in event.data:
            values[words[0]] = words[1](event.data[key])
    if "other" in event.data and not getattr(event, "other_is_seen", False):
        # Its number is told only to whoever sees it too; see `querysets.show_others`.
        values["other"] = _("another matter")
    personal = getattr(event, "personal", None)
    if personal is not None and personal.erased_at is None:
        values.update(personal.values)
    return values


def _day(stored: str | None) -> str:
    return date_format(date.fromisoformat(stored), "DATE_FORMAT") if stored else _("no day set")


def _moment(stored: str) -> str:
    return date_format(timezone.localtime(datetime.fromisoformat(stored)), "DATETIME_FORMAT")


# Stored fact -> (name in the sentence, how it is put in words in the reader's language).
_IN_WORDS = {
    "rule": ("clock", lambda code: clocks.get_rule(code).label),
    "days": ("days", str),
    "years": ("years", str),
    "due_on": ("due", _day),
    "from_at": ("before", _moment),
    "to_at": ("after", _moment),
    "from_on": ("before", _day),
    "to_on": ("after", _day),
    "day_name": ("day_name", lambda name: _day_label(name)),
    "on_day": ("on", _day),
    "told_on": ("told", _day),
    "told_at": ("told", _moment),
    "held_at": ("held", _moment),
    "planned_at": ("planned", _moment),
    "verb": ("step", lambda verb: _verb_label(verb)),
    "grade": ("grade", lambda code: dict(GRADES)[code]),
    "columns": ("fields", lambda names: [COLUMNS.get(name, name) for name in names]),
}


def _joined(values: _Gaps) -> _Gaps:
    for key, value in values.items():
        if isinstance(value, list):
            values[key] = "、".join(str(part) for part in value)
    return values


def sentence(event) -> str:
    """One sentence for one event; the step's own words if the kind gives any."""
    template = KERNEL.get(event.verb)
    if template is None:
        kind = registry.get(event.matter.kind)
        template = kind.sentences.get(event.verb)
        if template is None and kind.workflow.has_step(event.verb):
            step = kind.workflow.step(event.verb)
            template = step.sentence or step.label
    return str(template or event.verb) % _joined(_values(event))


def reason_of(event) -> str:
    """The free words beside the sentence (reason, what was said), or ""."""
    personal = getattr(event, "personal", None)
    if personal is None or personal.erased_at is not None:
        return ""
    return personal.values.get("reason", "")


def _day_label(name: str):
    """What a typed day is called that stands beside the date of an act."""
    return next((kind.day_names[name] for kind in registry.all_kinds() if name in kind.day_names), name)


def _verb_label(verb: str):
    """What an act is called where it is spoken of; steps of kinds are found among all kinds."""
    if verb == "opened":
        return _("registration")
    for kind in registry.all_kinds():
        if kind.workflow.has_step(verb):
            return kind.workflow.step(verb).label
    return verb
