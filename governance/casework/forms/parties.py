"""A party's row in a form (当事人)."""
from django import forms
from django.utils.translation import gettext_lazy as _

from governance.organisation.forms.editing import EditForm
from governance.organisation.names import no_direction_marks
from governance.organisation.phones import normalise_phone

from ..models import PartyKind


def unit_choice(units) -> forms.TypedChoiceField:
    """A choice among units that were read once for all rows of a form."""
    by_key = {str(unit.pk): unit for unit in units}
    return forms.TypedChoiceField(
        label=_("Or a unit"), required=False, coerce=by_key.get, empty_value=None,
        choices=[("", "—"), *((key, unit.short_name) for key, unit in by_key.items())],
    )


class PartyForm(forms.Form):
    """One party; a row without a name, phone and unit is an empty row."""

    kind = forms.ChoiceField(label=_("Role in the matter"), required=False)
    name = forms.CharField(label=_("Name"), max_length=60, required=False, validators=[no_direction_marks])
    phone = forms.CharField(
        label=_("Phone"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    discloses_contact = forms.BooleanField(
        label=_("Agrees that address and phone stand in the agreement"), required=False
    )

    def __init__(self, *args, case_kind, position=0, units=(), **kwargs):
        super().__init__(*args, **kwargs)
        if units:
            self.fields["unit"] = unit_choice(units)
        codes = case_kind.party_kinds
        self.fields["kind"].choices = [(code, PartyKind(code).label) for code in codes]
        if codes:
            self.fields["kind"].initial = codes[min(position, len(codes) - 1)] if position < 2 else codes[0]

    def clean_phone(self):
        """The number in its one written form; a wrong one is refused with what to write."""
        typed = (self.cleaned_data["phone"] or "").strip()
        if typed and not normalise_phone(typed):
            raise forms.ValidationError(
                _("“%(phone)s” is not a telephone number. Write 11 digits of a mobile, or area code and number."),
                code="phone-invalid", params={"phone": typed},
            )
        return typed

    def clean(self):
        """A row with anything in it needs a name."""
        values = super().clean()
        named = values.get("name") or values.get("unit") or "name" in self.errors
        if not self.is_empty(values) and not named:
            self.add_error("name", forms.ValidationError(_("Give the party's name."), code="party-name-missing"))
        return values

    @staticmethod
    def is_empty(values) -> bool:
        """Whether nothing was typed into the row."""
        typed = any((values.get(key) or "").strip() for key in ("name", "phone", "address"))
        return not typed and values.get("unit") is None

    def party(self) -> dict:
        """What the act takes."""
        return {**self.cleaned_data, "kind": self.cleaned_data.get("kind") or self.fields["kind"].initial}


class PartyCorrectForm(EditForm, PartyForm):
    """Correct a party: what is left empty stays as it is; a reason is asked for."""

    field_order = ("name", "kind")
    not_stored = frozenset({"phone", "address"})

    def __init__(self, *args, party, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"] = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))
        self.initial.setdefault("name", party.name)
        self.initial.setdefault("kind", party.kind)
        self.initial.setdefault("discloses_contact", party.discloses_contact)
        for name in ("phone", "address"):
            self.fields[name].help_text = _("Leave empty to keep what is there.")
        self.remember()

    def party(self) -> dict:
        """What the act takes: what this person changed, contact data only if it was typed anew."""
        contact = {name: self.cleaned_data[name] for name in self.not_stored if self.cleaned_data.get(name)}
        return {**self.edited(), **contact}
