"""Forms of the organisation: shape of input only."""
from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from ..models import SEPARATED_ROLES, Post, Responsibility, Role, Unit, UnitLevel, User, line_choices
from ..names import no_direction_marks
from ..visibility import Area
from .days import within_calendar
from .editing import EditForm


class DayField(forms.DateField):
    """A day of a year that is meant."""

    default_validators = [within_calendar]


class DayInput(forms.DateInput):
    """A day, as browsers pick it."""

    input_type = "date"

    def __init__(self, **kwargs):
        # With a last year of four digits a browser goes on to the month by itself while a date is typed.
        super().__init__(format="%Y-%m-%d", attrs={"max": "9999-12-31"}, **kwargs)


def units(actor, **filters):
    """Units of the actor's area that go on, also those that close on a later day, in tree order."""
    return Unit.objects.filter(Area.of(actor).within(), **filters).not_ended().in_tree_order()


def people(actor):
    """People of the actor's area to whom something can be given, but not to themselves."""
    return Area.of(actor).people().active().people().exclude(pk=actor.pk).by_name()


def closes_on(unit) -> str:
    """Until when a unit goes on, in words."""
    return _("closes on %(day)s") % {"day": date_format(unit.valid_to, "DATE_FORMAT")}


class UnitChoice(forms.ModelChoiceField):
    """A unit by short name and code."""

    def label_from_instance(self, unit):
        """The name, set in by its depth, and until when it goes on if that is known."""
        until = "" if unit.valid_to is None else f"（{closes_on(unit)}）"
        return f"{'　' * unit.depth}{unit.short_name} {unit.code}{until}"


class ProfileForm(EditForm, forms.ModelForm):
    """One's own phone, e-mail and language."""

    class Meta:
        model = User
        fields = ("phone", "email", "language")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.remember()


class UserForm(EditForm):
    """A person."""

    username = forms.CharField(label=_("Login name"), max_length=64)
    name = forms.CharField(label=_("Full name"), max_length=60, validators=[no_direction_marks])
    phone = forms.CharField(label=_("Phone"), max_length=24, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    home_unit = UnitChoice(label=_("Home unit"), queryset=Unit.objects.none(), required=False)

    def __init__(self, *args, actor, person=None, **kwargs):
        if person is not None:
            kwargs["initial"] = {name: getattr(person, name) for name in ("username", "name", "phone", "email")}
            kwargs["initial"]["home_unit"] = person.home_unit_id
        super().__init__(*args, **kwargs)
        self.fields["home_unit"].queryset = units(actor)
        self.fields["home_unit"].required = not Area.of(actor).has_top
        if person is not None:
            del self.fields["username"]
            self.remember()


class PostForm(forms.Form):
    """A post of a person."""

    unit = UnitChoice(label=_("Unit"), queryset=Unit.objects.none())
    role = forms.ChoiceField(label=_("Role"), choices=[("", _("Choose…")), *Role.choices])
    title = forms.CharField(label=_("Job title"), max_length=60, required=False)
    from_on = DayField(label=_("From"), widget=DayInput(), initial=timezone.localdate)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units(actor)


class EndForm(forms.Form):
    """The last day of something."""

    to_on = DayField(label=_("Last day"), widget=DayInput(), initial=timezone.localdate)


class ConfirmForm(forms.Form):
    """Nothing to fill in: what is about to be done is said above the button."""


class HandOverForm(forms.Form):
    """Who takes a post over, and from when."""

    user = forms.ModelChoiceField(label=_("Successor"), queryset=User.objects.none())
    from_on = DayField(label=_("From"), widget=DayInput(), initial=timezone.localdate)
    title = forms.CharField(
        label=_("Job title"), max_length=60, required=False, help_text=_("Empty: as it was.")
    )

    def __init__(self, *args, actor, holder, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people(actor).exclude(pk=holder.pk)


class MergeForm(EndForm):
    """Into which unit of the same level and parent another is merged."""

    into = UnitChoice(label=_("Into which unit"), queryset=Unit.objects.none())
    field_order = ("into", "to_on")

    def __init__(self, *args, actor, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = units(actor, level=unit.level, parent=unit.parent_id).exclude(pk=unit.pk)


class StandInForm(forms.Form):
    """Who stands in for a post, from when to when, and why."""

    user = forms.ModelChoiceField(label=_("Stand-in"), queryset=User.objects.none())
    from_on = DayField(label=_("From"), widget=DayInput(), initial=timezone.localdate)
    to_on = DayField(label=_("Last day"), widget=DayInput())
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args, actor, holder, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people(actor).exclude(pk=holder.pk)


class UnitForm(forms.Form):
    """A new unit."""

    code = forms.CharField(label=_("Code"), max_length=32)
    name = forms.CharField(label=_("Name of the unit"), max_length=100, validators=[no_direction_marks])
    level = forms.ChoiceField(label=_("Level"), choices=[("", _("Choose…")), *UnitLevel.choices])
    parent = UnitChoice(label=_("Parent unit"), queryset=Unit.objects.none(), required=False)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = units(actor)
        self.fields["parent"].required = not Area.of(actor).covers_all()


class RenameForm(EditForm):
    """Another name of a unit."""

    name = forms.CharField(label=_("Name of the unit"), max_length=100, validators=[no_direction_marks])
    short_name = forms.CharField(
        label=_("Short name"), max_length=100, required=False, validators=[no_direction_marks]
    )

    def __init__(self, data, *, unit):
        super().__init__(data, initial={"name": unit.name, "short_name": unit.short_name})
        self.remember()


class DutyForm(forms.Form):
    """Who answers for a line of work where."""

    line = forms.ChoiceField(label=_("Line of work"))
    unit = UnitChoice(label=_("Unit"), queryset=Unit.objects.none())
    post = forms.ModelChoiceField(label=_("Post"), queryset=Post.objects.none())
    responsibility = forms.ChoiceField(
        label=_("Responsibility"), choices=[("", _("Choose…")), *Responsibility.choices]
    )

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = [("", _("Choose…")), *line_choices()]
        self.fields["unit"].queryset = units(actor)
        posts = Post.objects.on(timezone.localdate()).filter(Area.of(actor).within("unit"))
        posts = posts.exclude(role__in=SEPARATED_ROLES).select_related("user", "unit").order_by("unit__code")
        self.fields["post"].queryset = posts
        self.fields["post"].label_from_instance = lambda post: (
            f"{post.unit.short_name} {post.get_role_display()} {post.user.name}"
        )


class FileForm(forms.Form):
    """A file to be taken in."""

    file = forms.FileField(label=_("File"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}))
    commit = forms.BooleanField(label=_("Write it (otherwise only a trial run)"), required=False)
