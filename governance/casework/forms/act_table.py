"""The acts that every kind has, as a table: form, right, and the one call behind it (通用操作).

Screens and the interface read the same rows, so that neither can do what the other may not.
"""
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import HiddenInput, IntegerField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .. import clocks, registry
from ..models import Assignment, Attachment, Clock, Event, Extension, MatterUserGrant, Party, RetentionHold, StaffMatch
from ..services import assigning, attaching, linking, naming, parties, recording, retaining, timing
from ..workflow import Refused
from . import acts as forms
from .choices import form_class
from .opening import CorrectForm
from .parties import PartyCorrectForm, PartyForm

_CONTACT_TEMPLATE = "casework/party_contact.html"
ANYBODY = "*"


@dataclass(frozen=True)
class Sent:
    """The form of an act, filled in: by whom, on which matter and row, by which way in (已填表单)."""

    matter: Any
    user: Any
    form: Any
    subject: Any = None
    origin: str = "web"

    def value(self, name):
        """A cleaned value; None if the form has no such field."""
        return self.form.cleaned_data.get(name)

    @property
    def how(self) -> dict:
        """Who acts, and how they came in."""
        return {"actor": self.user, "origin": self.origin}

    @property
    def where(self) -> dict:
        """The same, with the matter."""
        return {"matter_id": self.matter.pk, **self.how}

    @property
    def seen(self) -> dict:
        """The same, with the version that was seen: what every act takes that changes the matter."""
        return {**self.where, "version": self.value("version")}

    def files(self) -> list:
        """Pairs (evidence code, uploaded file)."""
        return [(self.value("evidence") or "", upload) for upload in self.value("photos") or ()]

    def party(self) -> dict:
        """The party, as the act takes it."""
        return {key: value for key, value in self.form.party().items() if key != "version"}


@dataclass(frozen=True)
class Act:
    """One act (操作): `roles(matter, kind)` names who may, `fits(subject)` whether it can be done to this row.

    `perform(sent)` calls one service; what it returns is shown by `result_template` when there is one, else the
    browser returns to the matter. `makes`: what it returns are rows that were not there before.
    """

    name: str
    label: Any
    form: Any
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
    makes: bool = False


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


def _namers(matter, kind):
    return {*kind.manage_roles, *assigning.INSTRUCTORS}


def _has_contact(party):
    return party.removed_at is None and bool(party.phone_encrypted or party.address_encrypted)


def _keepers(matter, kind):
    """Who keeps a closed matter longer."""
    return set() if matter.is_open else {*kind.manage_roles, "office"}


def _revealers(matter, kind):
    return {*kind.reveal_roles, *(("handler",) if kind.own_reveal_roles else ())}


def _is_extendable(clock):
    policy = clocks.get_rule(clock.rule).extension
    return clock.state == "running" and policy is not None and policy.is_decided


def _date_is_correctable(event):
    return event.verb == "opened" or registry.get(event.matter.kind).workflow.has_step(event.verb)


class PartyActForm(PartyForm):
    """A party, added to a matter that is there already."""

    is_versioned = True

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


class PartyCorrectActForm(PartyCorrectForm):
    """A party, corrected."""

    is_versioned = True

    def __init__(self, data=None, files=None, *, matter, user, subject, **kwargs):
        super().__init__(data, files, case_kind=registry.get(matter.kind), party=subject, **kwargs)
        _add_version(self, matter)


def correct_form(data=None, files=None, *, matter, user, subject=None, **kwargs):
    """The kind's own form of corrections, or the kernel's."""
    kind = registry.get(matter.kind)
    return form_class(kind, "correct", CorrectForm)(data, files, matter=matter, user=user, kind=kind, **kwargs)


def _add_version(form, matter) -> None:
    form.fields["version"] = IntegerField(widget=HiddenInput, initial=matter.version)


ACTS = {
    act.name: act
    for act in (
        Act("note", _("Add a note"), forms.NoteForm, _anybody,
            lambda s: recording.note(**s.where, text=s.value("text")), on_closed=True, makes=True),
        Act("attach", _("Add files"), forms.AttachForm, _anybody,
            lambda s: attaching.attach(**s.where, files=s.files()), on_closed=True, makes=True),
        Act("remove-file", _("Remove the file"), forms.ReasonForm, _correctors,
            lambda s: attaching.remove_file(**s.seen, attachment_id=s.subject.pk, reason=s.value("reason")),
            subject=Attachment, fits=lambda row: row.removed_at is None, on_closed=True, is_destructive=True,
            hint=_("The history keeps that the file was there, who removed it and why.")),
        Act("assign", _("Assign"), forms.AssignForm, lambda m, k: {*k.manage_roles, "unit_head", "liaison"},
            lambda s: assigning.assign(
                **s.seen, handler=s.value("handler"), responsible_unit=s.value("responsible_unit"),
                text=s.value("text"), due_on=s.value("due_on")),
            done=_("Assigned; whoever is named has been told.")),
        Act("instruct", _("Write an instruction"), forms.InstructForm, lambda m, k: set(assigning.INSTRUCTORS),
            lambda s: assigning.instruct(
                **s.where, assignee=s.value("assignee"), text=s.value("text"), due_on=s.value("due_on")),
            on_closed=True, makes=True, done=_("The instruction has been sent.")),
        Act("task", _("Give a task"), forms.TaskForm,
            lambda m, k: {*k.manage_roles, "unit_head", "liaison", "handler"},
            lambda s: assigning.give_task(
                **s.where, assignee=s.value("assignee"), text=s.value("text"), due_on=s.value("due_on")),
            on_closed=True, makes=True, done=_("The task has been given.")),
        Act("finish", _("Report as done"), forms.FinishForm, _anybody,
            lambda s: assigning.finish_assignment(**s.how, assignment_id=s.subject.pk, text=s.value("text")),
            subject=Assignment, fits=lambda row: row.done_at is None, on_closed=True, needs_role=False,
            done=_("Reported as done; whoever gave it has been told.")),
        Act("urge", _("Urge"), forms.UrgeForm, lambda m, k: {*assigning.INSTRUCTORS, *k.manage_roles},
            lambda s: assigning.urge(**s.where, text=s.value("text")), done=_("The handler has been urged.")),
        Act("correct", _("Correct facts"), correct_form,
            lambda m, k: {*k.manage_roles, *_reporter_at_first(m, k)},
            lambda s: recording.correct_facts(
                **s.seen, values=s.form.values(), facts=s.form.facts(), reason=s.value("reason")),
            hint=_("What stood there before stays in the history."), done=_("Corrected.")),
        Act("correct-date", _("Correct the date"), forms.DateCorrectForm, _manage_or_handler,
            lambda s: recording.correct_date(
                **s.how, event_id=s.subject.pk, version=s.value("version"), acted_at=s.form.edited().get("acted_at"),
                beside=s.form.beside(), reason=s.value("reason")),
            subject=Event, fits=_date_is_correctable, on_closed=True,
            hint=_("Time limits that rest on this date are computed anew."), done=_("Corrected.")),
        Act("grade", _("Change the grade"), forms.GradeForm, _manage_or_handler,
            lambda s: recording.set_grade(**s.seen, grade=s.value("grade"), reason=s.value("reason"))),
        Act("add-party", _("Add a party"), PartyActForm, _correctors,
            lambda s: parties.add_party(**s.seen, party=s.party()), makes=True),
        Act("correct-party", _("Correct the party"), PartyCorrectActForm, _correctors,
            lambda s: parties.correct_party(
                **s.seen, party_id=s.subject.pk, party=s.party(), reason=s.value("reason")),
            subject=Party, fits=lambda row: row.removed_at is None),
        Act("remove-party", _("Remove the party"), forms.ReasonForm, _correctors,
            lambda s: parties.remove_party(**s.seen, party_id=s.subject.pk, reason=s.value("reason")),
            subject=Party, fits=lambda row: row.removed_at is None, is_destructive=True,
            hint=_("The history keeps that the party was there.")),
        Act("reveal", _("Show contact data"), forms.RevealForm, _revealers,
            lambda s: {"party": s.subject, **parties.reveal_contact(
                **s.where, party_id=s.subject.pk, reason=s.value("reason"))},
            subject=Party, fits=lambda row: row.removed_at is None, on_closed=True,
            result_template=_CONTACT_TEMPLATE, hint=_("It is recorded who looked, when and why.")),
        Act("erase-contact", _("Erase contact data"), forms.ReasonForm,
            lambda m, k: set() if m.is_open else set(k.manage_roles),
            lambda s: parties.erase_contact(**s.where, party_id=s.subject.pk, reason=s.value("reason")),
            subject=Party, fits=_has_contact,
            on_closed=True, is_destructive=True,
            hint=_("On the person's request. It cannot be taken back; the name and the outcome stay.")),
        Act("hold", _("Keep longer"), forms.HoldForm, _keepers,
            lambda s: retaining.hold(**s.where, reason=s.value("reason"), until_on=s.value("until_on")),
            on_closed=True, makes=True,
            hint=_("For a lawsuit or an inspection: what it holds of people is not erased until then.")),
        Act("release", _("Keep no longer than others"), forms.ReasonForm, _keepers,
            lambda s: retaining.release(**s.where, reason=s.value("reason")),
            subject=RetentionHold, fits=lambda row: row.released_at is None, on_closed=True),
        Act("staff-match", _("Answer the question"), forms.StaffMatchForm, _correctors,
            lambda s: parties.answer_staff_match(
                **s.how, match_id=s.subject.pk, same=s.value("same") == "yes"),
            subject=StaffMatch, subject_path="party__matter", fits=lambda row: row.answer == "open", on_closed=True),
        Act("grant", _("Let somebody read it"), forms.GrantForm, _namers,
            lambda s: naming.let_read(**s.where, person=s.value("person"), reason=s.value("reason")),
            on_closed=True, makes=True, hint=_("That person sees this matter from then on, and can do nothing in it."),
            done=_("Done; that person has been told.")),
        Act("withdraw", _("Let them read it no longer"), forms.ReasonForm, _namers,
            lambda s: naming.take_back(**s.seen, grant_id=s.subject.pk, reason=s.value("reason")),
            subject=MatterUserGrant, subject_path="content_object", fits=lambda row: row.ground == naming.GROUND,
            on_closed=True, is_destructive=True),
        Act("recuse", _("Step aside"), forms.RecuseForm, _anybody,
            lambda s: assigning.recuse(**s.where, user=s.value("person"), reason=s.value("reason")),
            is_destructive=True, needs_role=False,
            hint=_("Whoever steps aside sees nothing of this matter from then on."),
            done=_("Recorded.")),
        Act("link", _("Link"), forms.LinkForm, _anybody,
            lambda s: linking.link(**s.where, other_id=s.value("other").pk, relation=s.value("relation")),
            on_closed=True, makes=True),
        Act("merge", _("Merge into another"), forms.MergeForm, _mergers,
            lambda s: linking.merge(**s.seen, into_id=s.value("other").pk, reason=s.value("reason")),
            is_destructive=True,
            hint=_("This matter closes and keeps its number; it counts nowhere. The other one goes on.")),
        Act("pause", _("Pause"), forms.PauseForm, _manage_or_handler,
            lambda s: timing.pause_clock(
                **s.seen, clock_id=s.subject.pk, reason=s.value("reason"), started_at=s.value("started_at"),
                files=s.files()),
            subject=Clock, on_closed=True,
            fits=lambda row: row.state == "running" and clocks.get_rule(row.rule).pause is not None),
        Act("resume", _("Resume"), forms.ResumeForm, _manage_or_handler,
            lambda s: timing.resume_clock(**s.seen, clock_id=s.subject.pk, ended_at=s.value("ended_at")),
            subject=Clock, on_closed=True, fits=lambda row: row.state == "paused"),
        Act("extend", _("Propose an extension"), forms.ExtendForm, _manage_or_handler,
            lambda s: timing.propose_extension(
                **s.seen, clock_id=s.subject.pk, days=s.value("days"), reason=s.value("reason"),
                consents=s.value("consents") or (), files=s.files()),
            subject=Clock, on_closed=True, makes=True,
            fits=_is_extendable),
        Act("decide-extension", _("Decide on the extension"), forms.DecideExtensionForm,
            lambda m, k: {"unit_head", "leader"},
            lambda s: timing.decide_extension(
                **s.seen, extension_id=s.subject.pk, approve=s.value("approve") == "yes", reason=s.value("reason")),
            subject=Extension, subject_path="clock__matter", on_closed=True, fits=lambda row: row.state == "proposed"),
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


def require_offered(act: Act, matter, kind, roles) -> None:
    """Refused `matter-closed` or `not-your-right` unless the act is offered."""
    if not matter.is_open and not act.on_closed:
        raise parties.closed()
    if not may(act, matter, kind, roles):
        raise Refused("not-your-right", gettext("Your posts do not give you the right to do this here."))
