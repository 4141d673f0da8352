"""Events as sentences (经过的文字): rendered at display from code and stored facts, in the reader's language."""
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import registry

KERNEL = {
    "opened": gettext_lazy("Registered as %(number)s"),
    "noted": gettext_lazy("Noted: %(text)s"),
    "corrected": gettext_lazy("Corrected: %(fields)s"),
    "date_corrected": gettext_lazy("Date of “%(step)s” corrected from %(before)s to %(after)s"),
    "attached": gettext_lazy("Attached %(files)s"),
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
    "staff_matched": gettext_lazy("Checked whether %(name)s is a member of staff: %(answer)s"),
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
    "handed_over": gettext_lazy("Handed over from %(before)s to %(after)s"),
}


class _Gaps(dict):
    """Values of a sentence; what was erased shows as such."""

    def __missing__(self, key):
        return _("(erased)")


def _values(event) -> _Gaps:
    values = _Gaps(event.data.get("shown", {}))
    personal = getattr(event, "personal", None)
    if personal is not None and personal.erased_at is None:
        values.update(personal.values)
    return values


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
