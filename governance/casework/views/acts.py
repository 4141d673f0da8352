"""The acts that every kind has, as a table: form, right, and the one call behind it (通用操作)."""
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import HiddenInput, IntegerField
from django.utils.translation import gettext_lazy as _

from .. import clocks, forms, registry
from ..models import Assignment, Clock, Event, Extension, Party, StaffMatch
from ..services import assigning, attaching, linking, parties, recording, timing

_CONTACT_TEMPLATE = "casework/party_contact.html"
ANYBODY = "*"


@dataclass(frozen=True)
class Act:
    """One act (操作): `roles(matter, kind)` names who may, `fits(subject)` whether it can be done to this row.

    `perform(matter, user, form, subject)` calls one service; what it returns is shown by `result_template`
    when there is one, else the browser returns to the matter.
    """

    name: str
    label: Any
    form: type
    roles: Callable
    perform: Callable
    subject: type | None = None
    fits: Callable = lambda subject: True
    on_closed: bool = False
    result_template: str = ""
    done: Any = _("Done.")
    hint: Any = ""
    is_destructive: bool = False
    subject_path: str = "matter"
    needs_role: bool = True


def _manage(matter, kind):
    return set(kind.manage_roles)


def _manage_or_handler(matter, kind):
    return {*kind.manage_roles, "handler"}


def _reporter_at_first(matter, kind):
    return {"reporter"} if matter.status == kind.workflow.initial else set()


def _correctors(matter, kind):
    return {*kind.manage_roles, "handler", *_reporter_at_first(matter, kind)}


def _anybody(matter, kind):
    return {ANYBODY}


def _mergers(matter, kind):
    return set(kind.workflow.step(linking.MERGE).roles) if kind.workflow.has_step(linking.MERGE) else set()


def _revealers(matter, kind):
    return {*kind.reveal_roles, *(("handler",) if kind.own_reveal_roles else ())}


def _party_values(form):
    return {key: value for key, value in form.party().items() if key != "version"}


def _files(form):
    return [("", upload) for upload in form.value("photos") or ()]


def _date_is_correctable(event):
    return event.verb == "opened" or registry.get(event.matter.kind).workflow.has_step(event.verb)


class PartyActForm(forms.PartyForm):
    """A party, added to a matter that is there already."""

    def __init__(self, data=None, files=None, *, matter, user, subject=None, **kwargs):
        kind = registry.get(matter.kind)
        super().__init__(data, files, case_kind=kind, **kwargs)
        _add_version(self, matter)

    def clean(self):
        """Here an empty row is a mistake."""
        values = super().clean()
        if not values.get("name") and "name" not in self.errors:
            self.add_error("name", _("Give the party's name."))
        return values


class PartyCorrectActForm(forms.PartyCorrectForm):
    """A party, corrected."""

    def __init__(self, data=None, files=None, *, matter, user, subject, **kwargs):
        super().__init__(data, files, case_kind=registry.get(matter.kind), party=subject, **kwargs)
        _add_version(self, matter)


def correct_form(data=None, files=None, *, matter, user, subject=None, **kwargs):
    """The kind's own form of corrections, or the kernel's."""
    kind = registry.get(matter.kind)
    return forms.form_class(kind, "correct", forms.CorrectForm)(
        data, files, matter=matter, user=user, kind=kind, **kwargs
    )


def _add_version(form, matter) -> None:
    form.fields["version"] = IntegerField(widget=HiddenInput, initial=matter.version)


def _common(matter, user, form):
    """What every versioned act takes."""
    return {"matter_id": matter.pk, "actor": user, "version": form.cleaned_data.get("version")}


def _reveal(matter, user, form, subject):
    contact = parties.reveal_contact(
        matter_id=matter.pk, party_id=subject.pk, actor=user, reason=form.value("reason")
    )
    return {"party": subject, **contact}


ACTS = {
    act.name: act
    for act in (
        Act("note", _("Add a note"), forms.NoteForm, _anybody,
            lambda m, u, f, s: recording.note(matter_id=m.pk, actor=u, text=f.value("text")), on_closed=True),
        Act("attach", _("Add files"), forms.AttachForm, _anybody,
            lambda m, u, f, s: attaching.attach(matter_id=m.pk, actor=u, files=_files(f)), on_closed=True),
        Act("assign", _("Assign"), forms.AssignForm, lambda m, k: {*k.manage_roles, "unit_head", "liaison"},
            lambda m, u, f, s: assigning.assign(
                **_common(m, u, f), handler=f.value("handler"), responsible_unit=f.value("responsible_unit"),
                text=f.value("text"), due_on=f.value("due_on")),
            done=_("Assigned; whoever is named has been told.")),
        Act("instruct", _("Write an instruction"), forms.InstructForm, lambda m, k: set(assigning.INSTRUCTORS),
            lambda m, u, f, s: assigning.instruct(
                matter_id=m.pk, actor=u, assignee=f.value("assignee"), text=f.value("text"), due_on=f.value("due_on")),
            on_closed=True, done=_("The instruction has been sent.")),
        Act("task", _("Give a task"), forms.TaskForm,
            lambda m, k: {*k.manage_roles, "unit_head", "liaison", "handler"},
            lambda m, u, f, s: assigning.give_task(
                matter_id=m.pk, actor=u, assignee=f.value("assignee"), text=f.value("text"), due_on=f.value("due_on")),
            on_closed=True, done=_("The task has been given.")),
        Act("finish", _("Report as done"), forms.FinishForm, _anybody,
            lambda m, u, f, s: assigning.finish_assignment(assignment_id=s.pk, actor=u, text=f.value("text")),
            subject=Assignment, fits=lambda s: s.done_at is None, on_closed=True, needs_role=False,
            done=_("Reported as done; whoever gave it has been told.")),
        Act("urge", _("Urge"), forms.UrgeForm, lambda m, k: {*assigning.INSTRUCTORS, *k.manage_roles},
            lambda m, u, f, s: assigning.urge(matter_id=m.pk, actor=u, text=f.value("text")),
            done=_("The handler has been urged.")),
        Act("correct", _("Correct facts"), correct_form,
            lambda m, k: {*k.manage_roles, *_reporter_at_first(m, k)},
            lambda m, u, f, s: recording.correct_facts(
                **_common(m, u, f), values=f.values(), facts=f.facts(), reason=f.cleaned_data["reason"]),
            hint=_("What stood there before stays in the history."), done=_("Corrected.")),
        Act("correct-date", _("Correct the date"), forms.DateCorrectForm, _manage_or_handler,
            lambda m, u, f, s: recording.correct_date(
                event_id=s.pk, actor=u, version=f.value("version"), acted_at=f.value("acted_at"),
                reason=f.value("reason")),
            subject=Event, fits=_date_is_correctable, on_closed=True,
            hint=_("Time limits that rest on this date are computed anew."), done=_("Corrected.")),
        Act("grade", _("Change the grade"), forms.GradeForm, _manage_or_handler,
            lambda m, u, f, s: recording.set_grade(
                **_common(m, u, f), grade=f.value("grade"), reason=f.value("reason"))),
        Act("add-party", _("Add a party"), PartyActForm, _correctors,
            lambda m, u, f, s: parties.add_party(**_common(m, u, f), party=_party_values(f))),
        Act("correct-party", _("Correct the party"), PartyCorrectActForm, _correctors,
            lambda m, u, f, s: parties.correct_party(
                **_common(m, u, f), party_id=s.pk, party=_party_values(f), reason=f.cleaned_data["reason"]),
            subject=Party, fits=lambda s: s.removed_at is None),
        Act("remove-party", _("Remove the party"), forms.ReasonForm, _correctors,
            lambda m, u, f, s: parties.remove_party(**_common(m, u, f), party_id=s.pk, reason=f.value("reason")),
            subject=Party, fits=lambda s: s.removed_at is None, is_destructive=True,
            hint=_("The history keeps that the party was there.")),
        Act("reveal", _("Show contact data"), forms.RevealForm, _revealers, _reveal,
            subject=Party, fits=lambda s: s.removed_at is None, on_closed=True, result_template=_CONTACT_TEMPLATE,
            hint=_("It is recorded who looked, when and why.")),
        Act("staff-match", _("Answer the question"), forms.StaffMatchForm, _correctors,
            lambda m, u, f, s: parties.answer_staff_match(match_id=s.pk, actor=u, same=f.value("same") == "yes"),
            subject=StaffMatch, subject_path="party__matter", fits=lambda s: s.answer == "open", on_closed=True),
        Act("recuse", _("Step aside"), forms.RecuseForm, _anybody,
            lambda m, u, f, s: assigning.recuse(
                matter_id=m.pk, actor=u, user=f.value("person"), reason=f.value("reason")),
            is_destructive=True, needs_role=False,
            hint=_("Whoever steps aside sees nothing of this matter from then on."),
            done=_("Recorded.")),
        Act("link", _("Link"), forms.LinkForm, _anybody,
            lambda m, u, f, s: linking.link(
                matter_id=m.pk, other_id=f.value("other").pk, actor=u, relation=f.value("relation")),
            on_closed=True),
        Act("merge", _("Merge into another"), forms.MergeForm, _mergers,
            lambda m, u, f, s: linking.merge(
                **_common(m, u, f), into_id=f.value("other").pk, reason=f.value("reason")),
            is_destructive=True,
            hint=_("This matter closes and keeps its number; it counts nowhere. The other one goes on.")),
        Act("pause", _("Pause"), forms.PauseForm, _manage_or_handler,
            lambda m, u, f, s: timing.pause_clock(
                **_common(m, u, f), clock_id=s.pk, reason=f.value("reason"), started_at=f.value("started_at"),
                files=_files(f)),
            subject=Clock, on_closed=True,
            fits=lambda s: s.state == "running" and clocks.get_rule(s.rule).pause is not None),
        Act("resume", _("Resume"), forms.ResumeForm, _manage_or_handler,
            lambda m, u, f, s: timing.resume_clock(
                **_common(m, u, f), clock_id=s.pk, ended_at=f.value("ended_at")),
            subject=Clock, on_closed=True, fits=lambda s: s.state == "paused"),
        Act("extend", _("Propose an extension"), forms.ExtendForm, _manage_or_handler,
            lambda m, u, f, s: timing.propose_extension(
                **_common(m, u, f), clock_id=s.pk, days=f.value("days"), reason=f.value("reason"),
                consents=f.value("consents") or (), files=_files(f)),
            subject=Clock, on_closed=True,
            fits=lambda s: s.state == "running" and clocks.get_rule(s.rule).extension is not None),
        Act("decide-extension", _("Decide on the extension"), forms.DecideExtensionForm,
            lambda m, k: {"unit_head", "leader"},
            lambda m, u, f, s: timing.decide_extension(
                **_common(m, u, f), extension_id=s.pk, approve=f.value("approve") == "yes",
                reason=f.value("reason")),
            subject=Extension, subject_path="clock__matter", on_closed=True, fits=lambda s: s.state == "proposed"),
    )
}


def may(act: Act, matter, kind, roles) -> bool:
    """Whether the act is offered to somebody in these roles; the door decides again when it is done."""
    if not matter.is_open and not act.on_closed:
        return False
    if act.name == "grade" and kind.grade is None:
        return False
    wanted = act.roles(matter, kind)
    if ANYBODY in wanted:
        return bool(roles) or not act.needs_role
    return bool(wanted & set(roles))


def subject_of(act: Act, matter, pk):
    """The row that the act is about, if it belongs to this matter and the act fits it; else None."""
    if act.subject is None or pk is None:
        return None
    row = act.subject.objects.filter(**{act.subject_path: matter}, pk=pk).first()
    return row if row is not None and act.fits(row) else None
