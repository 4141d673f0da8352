"""Registering a dispute, and correcting what was registered (纠纷登记)."""
from django import forms
from django.utils.translation import gettext_lazy as _

from governance.casework.forms import CorrectForm, DayField, OpenForm, term_choices


class FactsMixin(forms.Form):
    """The facts that a dispute adds to every matter."""

    people_count = forms.IntegerField(label=_("People concerned"), min_value=1, max_value=100_000, required=False)
    amount_yuan = forms.DecimalField(
        label=_("Amount at stake (yuan)"), min_value=0, max_digits=14, decimal_places=2, required=False
    )
    has_danger = forms.BooleanField(label=_("Danger of violence"), required=False)
    has_major_hazard = forms.BooleanField(label=_("A major hazard"), required=False)
    is_domestic_violence = forms.BooleanField(
        label=_("Domestic violence"), required=False,
        help_text=_("The matter becomes confidential; the sides are not brought together without need."),
    )
    initiative = forms.ChoiceField(label=_("Initiative"), required=False)
    application = forms.CharField(
        label=_("What is applied for"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )
    sender = forms.CharField(label=_("Sent by"), max_length=80, required=False)
    sender_reference = forms.CharField(label=_("Number of the letter"), max_length=60, required=False)
    material_signed_on = DayField(label=_("Material of the court signed for on"), required=False)
    court_procedure = forms.ChoiceField(label=_("Court procedure"), required=False)

    def add_choices(self) -> None:
        """Words of the vocabularies."""
        self.fields["initiative"].choices = term_choices("dispute.initiative", blank=_("by the source"))
        self.fields["court_procedure"].choices = term_choices("dispute.procedure", blank="—")


class DisputeOpenForm(FactsMixin, OpenForm):
    """The clerk's registration of a dispute, also from yesterday's paper form."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_choices()


class DisputeCorrectForm(FactsMixin, CorrectForm):
    """Correct the facts of a dispute."""

    def __init__(self, *args, matter, **kwargs):
        initial = {name: getattr(matter.dispute, name) for name in FactsMixin.base_fields}
        super().__init__(*args, matter=matter, initial=initial, **kwargs)
        self.add_choices()
