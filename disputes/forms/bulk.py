"""Forms of steps that are taken in many disputes at once (批量办理表单)."""
from django import forms
from django.utils.translation import gettext_lazy as _

from governance.casework.forms import term_choices
from governance.casework.forms.acts import PersonField
from governance.casework.forms.bulk import BulkForm
from governance.casework.services.assigning import assignable_among
from governance.organisation.models import User

from ..workflow import CommitteeOf


class BulkAcceptForm(BulkForm):
    """Accept each: by which committee, on whose initiative, who mediates."""

    committee_of = forms.ChoiceField(
        label=_("Mediation committee"), widget=forms.RadioSelect,
        choices=[
            (CommitteeOf.VILLAGE.value, _("The committee of the village in which each lies")),
            (CommitteeOf.TOWNSHIP.value, _("The township’s committee")),
        ],
    )
    initiative = forms.ChoiceField(
        label=_("Initiative"), required=False, help_text=_("Left as it is, each keeps what was registered.")
    )
    is_unopposed = forms.BooleanField(
        label=_("No party refuses mediation"), required=False,
        help_text=_("Own initiative needs it (People's Mediation Law art. 17); tick it only if it holds for all."),
    )
    handler = PersonField(label=_("Mediator"), queryset=User.objects.none(), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        people, _units = assignable_among(self.matters)
        self.fields["handler"].queryset = people.select_related("home_unit")
        self.fields["initiative"].choices = term_choices("dispute.initiative", blank=_("As registered"))
