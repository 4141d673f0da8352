"""Forms of the acts that every kind has: note, assign, instruct, correct, link, pause, extend."""
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.organisation.forms.editing import EditForm
from governance.organisation.models import SEPARATED_ROLES, Post, Unit, User

from .. import clocks, registry
from ..models import Grade, MatterLink
from ..services import assigning, recording
from .fields import DayField, FilesField, MomentField, UnitField
from .numbers import find_by_number


class ActForm(forms.Form):
    """An act on a matter; `subject` is the row that it is about (a party, a clock, an event), or None."""

    is_versioned = True

    def __init__(self, data=None, files=None, *, matter, user, subject=None, **kwargs):
        super().__init__(data, files, **kwargs)
        self.matter, self.user, self.subject = matter, user, subject
        if self.is_versioned:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=matter.version)

    def value(self, name):
        """A cleaned value."""
        return self.cleaned_data.get(name)


class PersonField(forms.ModelChoiceField):
    """A person, shown by name and home unit."""

    def label_from_instance(self, person):
        """Name, and where they belong."""
        unit = person.home_unit.short_name if person.home_unit_id else ""
        return f"{person.name}　{unit}" if unit else person.name


def _text(label, rows=3, required=True):
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), required=required)


class NoteForm(ActForm):
    """A note."""

    is_versioned = False
    text = _text(_("Note"))


class ReasonForm(ActForm):
    """An act that asks for a reason and nothing else."""

    reason = _text(_("Reason"))


class HoldForm(ActForm):
    """Keep a closed matter longer than others, until a day or until somebody releases it."""

    is_versioned = False
    reason = _text(_("Why is it still needed?"), rows=2)
    until_on = DayField(label=_("Kept until"), required=False, help_text=_("Empty: until somebody releases it."))


class ConfirmForm(ActForm):
    """An act that asks for nothing."""


class RevealForm(ActForm):
    """Look at contact data: the reason stands in the history."""

    is_versioned = False
    reason = _text(_("Why do you need it?"), rows=2)


class AttachForm(ActForm):
    """Add files."""

    is_versioned = False
    photos = FilesField(label=_("Photos and papers"))
    evidence = forms.ChoiceField(label=_("What it proves"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        codes = registry.get(self.matter.kind).evidence
        self.fields["evidence"].choices = [("", "—"), *codes.items()]
        if not codes:
            del self.fields["evidence"]


class AssignForm(ActForm):
    """Make somebody handler, or a unit responsible."""

    handler = PersonField(label=_("Handler"), queryset=User.objects.none(), required=False)
    responsible_unit = UnitField(label=_("Responsible unit"), queryset=Unit.objects.none(), required=False)
    text = _text(_("What is to be done"), required=False)
    due_on = DayField(label=_("By which day"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["handler"].queryset = assigning.assignable(self.matter).select_related("home_unit")
        self.fields["responsible_unit"].queryset = Unit.objects.filter(
            township=self.matter.township_id, level__in=["department", "village", "community", "township"],
        ).not_ended().in_tree_order()


class TaskForm(ActForm):
    """A task for a person, with a day."""

    is_versioned = False
    assignee = PersonField(label=_("For whom"), queryset=User.objects.none())
    text = _text(_("What is to be done"))
    due_on = DayField(label=_("By which day"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = _others_near(self.matter, self.user)
        self.initial.setdefault("assignee", self.matter.handler_id)


class InstructForm(TaskForm):
    """A leader's written instruction (批示)."""

    text = _text(_("Instruction"))


class GrantForm(ActForm):
    """Let a member of staff read the matter."""

    is_versioned = False
    person = PersonField(label=_("Who may read it"), queryset=User.objects.none())
    reason = _text(_("Reason"), rows=2)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = _others_near(self.matter, self.user)


def _others_near(matter, user):
    """People of the township, and whoever could handle the matter; nobody who only administers, no program."""
    near = User.objects.active().people().filter(home_unit__township=matter.township_id)
    people = near | assigning.assignable(matter).order_by()
    administers = Post.objects.on(timezone.localdate()).filter(role__in=SEPARATED_ROLES).values("user_id")
    people = people.exclude(pk=user.pk).exclude(pk__in=administers)
    return people.distinct().select_related("home_unit").order_by("name_key", "pk")


class FinishForm(ActForm):
    """Report a task as done."""

    is_versioned = False
    text = _text(_("What was done"))


class UrgeForm(ActForm):
    """Urge the handler."""

    is_versioned = False
    text = _text(_("Message to the handler"), rows=2, required=False)


class DateCorrectForm(EditForm, ActForm):
    """Correct the date of an act, and the typed days that stand beside it."""

    acted_at = MomentField(label=_("Right date"))
    reason = _text(_("Reason"), rows=2)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kind = registry.get(self.matter.kind)
        self.initial.setdefault("acted_at", timezone.localtime(recording.date_of(self.subject)))
        self._beside = kind.days_beside(self.subject) if kind.days_beside is not None else {}
        for name, day in self._beside.items():
            self.fields[name] = DayField(label=kind.day_names[name], initial=day, required=False)
        self.order_fields(["acted_at", *self._beside, "reason"])
        self.remember()

    def beside(self) -> dict:
        """The days beside the date that this person changed, by name."""
        return {name: day for name, day in self.edited().items() if name in self._beside}


class GradeForm(ActForm):
    """Set the colour by hand."""

    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices, widget=forms.RadioSelect)
    reason = _text(_("Reason"), rows=2)


class OtherMatterForm(ActForm):
    """Names another matter by its number, in either form."""

    other = forms.CharField(label=_("Number of the other matter"), max_length=60)

    def clean_other(self):
        """The other matter, if the user may see it."""
        other = find_by_number(self.cleaned_data["other"], self.user)
        if other is None:
            raise ValidationError(_("There is no such matter."), code="matter-not-found")
        if other.pk == self.matter.pk:
            raise ValidationError(_("This is the same matter."), code="same-matter")
        return other


class LinkForm(OtherMatterForm):
    """Link with another matter."""

    is_versioned = False
    relation = forms.ChoiceField(label=_("Relation"), choices=MatterLink.Relation.choices, widget=forms.RadioSelect)


class MergeForm(OtherMatterForm):
    """Merge into another matter of the kind."""

    reason = _text(_("Reason"), rows=2)


class PauseForm(ActForm):
    """Pause a clock, with the paper that it rests on."""

    started_at = MomentField(label=_("Paused from"), required=False)
    reason = _text(_("Reason"), rows=2)
    photos = FilesField(label=_("The paper that it rests on"))


class ResumeForm(ActForm):
    """Let a clock run again."""

    ended_at = MomentField(label=_("Runs again from"), required=False)


class ExtendForm(ActForm):
    """Propose an extension."""

    days = forms.IntegerField(label=_("Days"), min_value=1)
    reason = _text(_("Reason"), rows=2)
    photos = FilesField(label=_("Evidence"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        policy = clocks.get_rule(self.subject.rule).extension
        wanted = [code for code in policy.requires if "consent" in code] if policy else []
        if policy and policy.max_days:
            self.fields["days"].max_value = policy.max_days
            self.fields["days"].help_text = _("At most %(days)s days.") % {"days": policy.max_days}
        if wanted:
            self.fields["consents"] = forms.MultipleChoiceField(
                label=_("Consent recorded"), choices=[(code, _(code)) for code in wanted], required=False,
                widget=forms.CheckboxSelectMultiple,
            )


class DecideExtensionForm(ActForm):
    """Approve or refuse a proposed extension."""

    approve = forms.ChoiceField(
        label=_("Decision"), choices=[("yes", _("Approve")), ("no", _("Refuse"))], widget=forms.RadioSelect
    )
    reason = _text(_("Reason"), rows=2, required=False)


class StaffMatchForm(ActForm):
    """Is the party the member of staff of the same name?"""

    is_versioned = False
    same = forms.ChoiceField(
        label=_("Is it the same person?"),
        choices=[("no", _("No, somebody else of the same name")), ("yes", _("Yes, the same person"))],
        widget=forms.RadioSelect,
    )


class RecuseForm(ActForm):
    """Step aside, or have somebody step aside."""

    is_versioned = False
    person = PersonField(label=_("Who steps aside"), queryset=User.objects.none())
    reason = _text(_("Reason"), rows=2)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ids = [self.user.pk, *assigning.assignable(self.matter).values_list("pk", flat=True)]
        self.fields["person"].queryset = User.objects.filter(pk__in=ids).select_related("home_unit").by_name()
        self.initial.setdefault("person", self.user.pk)
