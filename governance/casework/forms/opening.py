"""The forms that register a matter and correct what was registered (登记、更正)."""
from django import forms
from django.utils.translation import gettext_lazy as _

from governance.organisation.filters import read_id
from governance.organisation.forms.editing import EditForm
from governance.organisation.models import Unit

from ..visibility import Sight
from .choices import name_category, openable_units, term_choices
from .fields import FilesField, MomentField, UnitField, UnitsField
from .once import TOKEN, OnceForm
from .parties import PartyForm

_MOST_ROWS = 40


class PartyRows(forms.BaseFormSet):
    """The parties of a new matter, one row each."""

    def get_form_kwargs(self, index):
        """Every row knows its place, so that the first is the applicant and the second the respondent."""
        kwargs = super().get_form_kwargs(index)
        return {**kwargs, "position": index if index is not None else 2}

    def parties(self) -> list[dict]:
        """The rows with something in them, as the act takes them."""
        return [form.party() for form in self.forms if not form.is_empty(form.cleaned_data)]


class OpenForm(OnceForm):
    """Register a matter. A kind declares its own facts in a subclass; see `facts()`.

    Rows of parties lie in `parties`; the submit button `more_parties` asks for one row more.
    """

    kernel_fields = (
        TOKEN, "not_duplicate", "category", "title", "description", "unit", "other_units", "address",
        "latitude", "longitude", "channel", "occurred_at", "reported_at", "is_confidential", "photos",
    )
    party_rows = 2
    parties_may_be_units = True
    # Where typing begins, form after form; nowhere on a phone, whose keyboard would cover the page.
    begins_at = "category"

    not_duplicate = forms.CharField(widget=forms.HiddenInput, required=False)
    latitude = forms.DecimalField(
        label=_("Latitude"), max_digits=8, decimal_places=5, widget=forms.HiddenInput, required=False
    )
    longitude = forms.DecimalField(
        label=_("Longitude"), max_digits=8, decimal_places=5, widget=forms.HiddenInput, required=False
    )
    category = forms.ChoiceField(label=_("Category"))
    description = forms.CharField(label=_("What happened"), widget=forms.Textarea(attrs={"rows": 4}))
    title = forms.CharField(
        label=_("Title"), max_length=120, required=False,
        help_text=_("Left empty, the first words of what happened become the title."),
    )
    unit = UnitField(label=_("Village or grid"), queryset=Unit.objects.none())
    address = forms.CharField(label=_("Where"), max_length=200, required=False)
    channel = forms.ChoiceField(label=_("Source"))
    occurred_at = MomentField(label=_("Happened at"), required=False)
    reported_at = MomentField(
        label=_("Received at"), required=False,
        help_text=_("Leave empty if it was received just now. On a paper form: the day written on it."),
    )
    other_units = UnitsField(
        label=_("Other villages concerned"), queryset=Unit.objects.none(), required=False,
        help_text=_("Both villages see the matter."),
    )
    is_confidential = forms.BooleanField(
        label=_("Confidential: only those named in it see it"), required=False
    )
    photos = FilesField(label=_("Photos and papers"), required=False)

    def __init__(self, data=None, files=None, *, user, kind, **kwargs):
        super().__init__(data, files, **kwargs)
        self.user, self.kind = user, kind
        name_category(self.fields["category"], kind)
        self.give_token()
        self.fields["category"].choices = term_choices(kind.categories.code, blank=_("Choose…"))
        self.fields["channel"].choices = term_choices(kind.channels.code, blank=_("Choose…"))
        self._set_units(user, kind)
        self.parties = self._rows(data)
        if data is None and self.begins_at:
            self.fields[self.begins_at].widget.attrs["autofocus"] = True

    def _set_units(self, user, kind) -> None:
        units = openable_units(user, kind)
        self.fields["unit"].queryset = units
        townships = Unit.objects.filter(pk__in=units.values("township_id").distinct().order_by())
        self.fields["other_units"].queryset = Unit.objects.filter(
            township__in=townships, level__in=["village", "community"]
        ).not_ended().in_tree_order()
        if not kind.confidential_roles:
            del self.fields["is_confidential"]

    def _rows(self, data):
        units = self._party_units() if self.parties_may_be_units else ()
        factory = forms.formset_factory(
            PartyForm, formset=PartyRows, extra=self.party_rows, max_num=_MOST_ROWS, absolute_max=_MOST_ROWS
        )
        return factory(_with_one_more(data), prefix="parties", form_kwargs={"case_kind": self.kind, "units": units})

    def _party_units(self) -> list:
        roots = set().union(*Sight.of(self.user).roles_at.values())
        rows = Unit.objects.filter(
            township__in=Unit.objects.filter(pk__in=roots).values("township_id"),
            level__in=["village", "community", "department", "township"],
        )
        return list(rows.not_ended().in_tree_order())

    def fit_to(self, draft) -> None:
        """As many rows of parties as a draft has."""
        kept = read_id(str((draft.get("parties-TOTAL_FORMS") or [""])[0])) or 0
        if kept > self.party_rows:
            self.party_rows = min(kept, _MOST_ROWS)
            self.parties = self._rows(None)

    def is_valid(self):
        """The form and every row of its parties."""
        return super().is_valid() & self.parties.is_valid()

    def values(self) -> dict:
        """The kernel's columns."""
        skipped = {TOKEN, "not_duplicate", "photos"}
        return {
            name: self.cleaned_data[name]
            for name in self.kernel_fields if name in self.cleaned_data and name not in skipped
        }

    def facts(self) -> dict:
        """What the kind's `open_facts` takes: all fields but the kernel's."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.kernel_fields}

    def party_values(self) -> list[dict]:
        """The parties, as the act takes them."""
        return self.parties.parties()

    def file_pairs(self) -> list:
        """Pairs (evidence code, uploaded file)."""
        return [("", upload) for upload in self.cleaned_data.get("photos") or ()]


class QuickReportForm(OpenForm):
    """The village officer's report: category, what happened, where, who, a photo; under a minute."""

    parties_may_be_units = False
    begins_at = ""

    def __init__(self, data=None, files=None, *, user, kind, **kwargs):
        super().__init__(data, files, user=user, kind=kind, **kwargs)
        for name in ("title", "other_units", "is_confidential", "reported_at"):
            self.fields.pop(name, None)
        self.fields["photos"].widget.attrs["accept"] = "image/*"


class CorrectForm(EditForm):
    """Correct facts that were entered wrong. A kind adds its own facts in a subclass; see `facts()`."""

    kernel_fields = (
        "version", "title", "description", "category", "unit", "address", "channel", "occurred_at",
        "is_confidential", "other_units", "reason",
    )

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=120)
    description = forms.CharField(label=_("What happened"), widget=forms.Textarea(attrs={"rows": 4}))
    category = forms.ChoiceField(label=_("Category"))
    unit = UnitField(label=_("Village or grid"), queryset=Unit.objects.none())
    address = forms.CharField(label=_("Where"), max_length=200, required=False)
    channel = forms.ChoiceField(label=_("Source"))
    occurred_at = MomentField(label=_("Happened at"), required=False)
    other_units = UnitsField(label=_("Other villages concerned"), queryset=Unit.objects.none(), required=False)
    is_confidential = forms.BooleanField(
        label=_("Confidential: only those named in it see it"), required=False
    )
    reason = forms.CharField(label=_("Reason of the correction"), widget=forms.Textarea(attrs={"rows": 2}))

    field_order = (
        "title", "description", "category", "unit", "address", "channel", "occurred_at", "other_units",
        "is_confidential",
    )

    def __init__(self, data=None, files=None, *, matter, user, kind, **kwargs):
        initial = {name: getattr(matter, name) for name in self.kernel_fields if hasattr(matter, name)}
        initial["unit"] = matter.unit_id
        initial["other_units"] = list(matter.other_units.values_list("unit_id", flat=True))
        super().__init__(data, files, initial={**initial, **kwargs.pop("initial", {})}, **kwargs)
        self.matter, self.user, self.kind = matter, user, kind
        name_category(self.fields["category"], kind)
        self.fields["category"].choices = term_choices(kind.categories.code, keep=matter.category)
        self.fields["channel"].choices = term_choices(kind.channels.code, keep=matter.channel)
        units = Unit.objects.filter(township=matter.township_id).exclude(level="department").in_tree_order()
        self.fields["unit"].queryset = units.not_ended() | units.filter(pk=matter.unit_id)
        self.fields["other_units"].queryset = units.filter(level__in=["village", "community"])
        if not kind.confidential_roles:
            del self.fields["is_confidential"]
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])
        self.remember()

    def values(self) -> dict:
        """The columns that this person changed."""
        values = {name: value for name, value in self.edited().items() if name in self.kernel_fields}
        if _same_minute(values.get("occurred_at"), self.matter.occurred_at):
            values["occurred_at"] = self.matter.occurred_at
        return values

    def facts(self) -> dict:
        """The kind's own facts, those that this person changed."""
        return {name: value for name, value in self.edited().items() if name not in self.kernel_fields}


def _same_minute(typed, stored) -> bool:
    """A form shows minutes only: what was not touched is not a correction."""
    if typed is None or stored is None:
        return False
    return typed.replace(second=0, microsecond=0) == stored.replace(second=0, microsecond=0)


def _with_one_more(data):
    """The posted data, with one more row of parties when the button asks for it."""
    if data is None or "more_parties" not in data:
        return data
    data = data.copy()
    rows = read_id(data.get("parties-TOTAL_FORMS")) or 0
    data["parties-TOTAL_FORMS"] = str(min(rows + 1, _MOST_ROWS))
    return data
