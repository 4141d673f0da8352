"""Mediation on the spot: one form for every step, each with its own date (当场调解)."""
from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from governance.casework.forms import DayField, FilesField, MomentField

from ..workflow import AgreementForm
from .agreement import AgreementMixin
from .mediation import CommitteeForm, MediatorsForm, text

_FORMS = [(AgreementForm.ORAL.value, _("Oral agreement")), (AgreementForm.WRITTEN.value, _("Written agreement"))]
_GROUPS = (
    (_("Acceptance"), ("committee", "initiative", "is_unopposed", "accepted_at")),
    (_("Mediator, rights and duties"), ("mediators", "is_chosen", "rights_told_on")),
    (_("Session"), ("held_at", "place", "participants", "record", "result")),
    (_("Agreement"), (
        "form", "both_confirm", "evidence_signed_agreement", "agreed_on", "terms", "manner", "facts_text",
        "disputed_points", "responsibility", "amount_yuan", "copies", "concerns_status_or_title",
    )),
)


class OnTheSpotForm(AgreementMixin, MediatorsForm, CommitteeForm):
    """Acceptance, mediator, session and agreement in one; what is due may follow."""

    body_template = "disputes/_on_the_spot_form.html"
    accepted_at = MomentField(label=_("Accepted at"))
    rights_told_on = DayField(label=_("Rights and duties told on"))
    held_at = MomentField(label=_("Held on"))
    place = forms.CharField(label=_("Place of the session"), max_length=120)
    participants = forms.CharField(label=_("Present"), max_length=300)
    record = text(_("Record"), rows=4)
    result = text(_("Result"), rows=2, required=False)
    form = forms.ChoiceField(label=_("Form of the agreement"), choices=_FORMS, widget=forms.RadioSelect)
    both_confirm = forms.BooleanField(label=_("Both parties confirm it"), required=False)
    copies = forms.IntegerField(label=_("Copies"), min_value=3, initial=3)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        evidence = self.kind.evidence["signed_agreement"]
        self._add("evidence_signed_agreement", FilesField(
            label=evidence, required=False, help_text=gettext("Only for a written agreement."),
        ))
        now = timezone.localtime()
        self.initial.setdefault("accepted_at", max(now.replace(second=0), self.matter.reported_at))
        self.initial.setdefault("rights_told_on", now.date())
        self.initial.setdefault("place", self.matter.address)
        names = self.matter.parties.present().values_list("name", flat=True)
        self.initial.setdefault("participants", "、".join(names))
        self.initial.setdefault("mediators", [self.user.pk])

    def groups(self) -> list:
        """(legend, fields) of each step, for the template."""
        return [(legend, [self[name] for name in names]) for legend, names in _GROUPS]
