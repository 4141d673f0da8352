"""Forms of acts on many matters, and of the filters that people keep."""
from django import forms
from django.utils.translation import gettext_lazy as _

from governance.organisation.models import Unit, User

from ..models import Matter, SavedFilter
from ..services import assigning
from ..services.bulk import MOST
from .acts import PersonField
from .fields import DayField, UnitField
from .numbers import find_by_number
from .once import TOKEN, OnceForm


class BulkForm(OnceForm):
    """Which matters, as they were seen, and what is typed for all of them.

    `chosen` is written "id.version,id.version"; `client_uuid` makes two sendings one run.
    """

    chosen = forms.CharField(widget=forms.HiddenInput, max_length=MOST * 24, required=False)

    def __init__(self, data=None, *, user, chosen=()):
        initial = {} if data is not None else {"chosen": write_chosen(chosen)}
        super().__init__(data, initial=initial)
        self.user = user
        self.give_token()
        self.pairs = read_chosen((data or initial).get("chosen", "").split(","))
        self.matters = Matter.objects.visible_to(user).filter(pk__in=[pk for pk, _version in self.pairs])

    def facts(self) -> dict:
        """What was typed for all of them."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("chosen", TOKEN)}


class BulkAssignForm(BulkForm):
    """Make somebody handler, or a unit responsible, or both."""

    handler = PersonField(label=_("Handler"), queryset=User.objects.none(), required=False)
    responsible_unit = UnitField(label=_("Responsible unit"), queryset=Unit.objects.none(), required=False)
    text = forms.CharField(label=_("What is to be done"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    due_on = DayField(label=_("By which day"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        people, units = assigning.assignable_among(self.matters)
        self.fields["handler"].queryset = people.select_related("home_unit")
        self.fields["responsible_unit"].queryset = units

    def clean(self):
        """One of the two; a day needs somebody, and words of what is to be done."""
        values = super().clean()
        if not self.errors and not (values.get("handler") or values.get("responsible_unit")):
            self.add_error("handler", _("Choose a person or a unit."))
        if values.get("due_on") and not (values.get("handler") and values.get("text", "").strip()):
            self.add_error("due_on", _("A day needs a handler, and words of what is to be done."))
        return values


class BulkUrgeForm(BulkForm):
    """Urge the handler of each."""

    text = forms.CharField(label=_("Message to the handler"), widget=forms.Textarea(attrs={"rows": 2}), required=False)


class BulkNoteForm(BulkForm):
    """The same note in each."""

    text = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}))


class BulkLinkForm(BulkForm):
    """Link each with one matter as the same affair."""

    other = forms.CharField(
        label=_("Number of the other matter"), max_length=60,
        help_text=_("Each of those chosen is linked with it as the same affair, which counts once."),
    )

    def clean_other(self):
        """The other matter, if the user may see it."""
        other = find_by_number(self.cleaned_data["other"], self.user)
        if other is None:
            raise forms.ValidationError(_("There is no such matter."), code="matter-not-found")
        return other


class FilterNameForm(forms.Form):
    """The name of a kept filter, and the query that it stands for."""

    name = forms.CharField(label=_("Name of the filter"), max_length=SavedFilter._meta.get_field("name").max_length)
    query = forms.CharField(widget=forms.HiddenInput, max_length=1000, required=False)


def write_chosen(pairs) -> str:
    """Pairs (matter id, version seen) as one text."""
    return ",".join(f"{pk}.{version}" for pk, version in pairs)


def read_chosen(parts) -> list[tuple[int, int]]:
    """Pairs (matter id, version seen) from texts "id.version"; what is no such pair is passed over."""
    pairs = {}
    for part in parts:
        pk, _dot, version = part.partition(".")
        if pk.isdecimal() and version.isdecimal() and len(pk) < 19 and len(version) < 10:
            pairs[int(pk)] = int(version)
    return list(pairs.items())
