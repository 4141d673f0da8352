"""Forms of mediation: acceptance, mediators, sessions, endings, revisits (调解环节表单)."""
from datetime import datetime, time

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.casework.forms import DayField, MomentField, StepForm, UnitField, term_choices
from governance.casework.services.assigning import assignable
from governance.organisation.models import Unit, User
from governance.organisation.querysets import path_ids

from ..models import committee_name


def text(label, rows=3, required=True, **kwargs):
    """A text of several lines."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), required=required, **kwargs)


class DayStepForm(StepForm):
    """A step that is dated by a day: `day_field` names it; today means now."""

    asks_time = False
    day_field = "done_on"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault(self.day_field, timezone.localdate())

    def acted_at_value(self):
        """Noon of the day, or now if it is today: a paper form knows no hour."""
        day = self.cleaned_data.get(self.day_field)
        if day is None or day == timezone.localdate():
            return None
        return timezone.make_aware(datetime.combine(day, time(12)))


class PlanMixin(forms.Form):
    """Day and place of the next session."""

    session_planned_at = MomentField(label=_("Next session on"), required=False, may_be_future=True)
    session_place = forms.CharField(label=_("Place of the session"), max_length=120, required=False)


class CommitteeField(UnitField):
    """A unit that mediates, by the name of its committee."""

    def label_from_instance(self, unit):
        """清河镇人民调解委员会."""
        return committee_name(unit.short_name, unit.level)


class CommitteeForm(StepForm):
    """Which committee takes it in, and on whose initiative."""

    committee = CommitteeField(label=_("Mediation committee"), queryset=Unit.objects.none(), empty_label=_("Choose…"))
    initiative = forms.ChoiceField(label=_("Initiative"))
    is_unopposed = forms.BooleanField(label=_("No party refuses mediation"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        near = Q(pk__in=path_ids(self.matter.unit.path)) | Q(township=self.matter.township_id, level="department")
        self.fields["committee"].queryset = Unit.objects.filter(near).not_ended().exclude(
            level__in=["district", "grid"]
        ).in_tree_order()
        self.fields["initiative"].choices = term_choices("dispute.initiative", blank=_("Choose…"))
        facts = self.matter.dispute
        self.initial.setdefault("initiative", facts.initiative)
        self.initial.setdefault("committee", facts.committee_id)


class AcceptForm(PlanMixin, CommitteeForm):
    """Accept: committee, initiative, who mediates, when."""

    handler = forms.ModelChoiceField(label=_("Mediator"), queryset=User.objects.none(), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["handler"].queryset = assignable(self.matter)
        self.initial.setdefault("handler", self.matter.handler_id)


class DeclineForm(StepForm):
    """Decline: ground and where to turn."""

    ground = forms.ChoiceField(label=_("Ground"))
    advice = text(_("Where the parties can turn"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = term_choices("dispute.declined_ground", blank=_("Choose…"))


class MediatorsForm(StepForm):
    """Who mediates; the first leads."""

    mediators = forms.ModelMultipleChoiceField(
        label=_("Mediators"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Name the mediator first.")},
    )
    is_chosen = forms.BooleanField(label=_("Chosen by the parties (otherwise: accepted by them)"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mediators"].queryset = assignable(self.matter)
        if self.matter.handler_id:
            self.initial.setdefault("mediators", [self.matter.handler_id])


class StartForm(PlanMixin, MediatorsForm):
    """Begin mediation: mediators, rights and duties told, the first session planned."""

    rights_told_on = DayField(label=_("Rights and duties told on"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        facts = self.matter.dispute
        self.initial.setdefault("rights_told_on", facts.rights_told_on)
        self.initial.setdefault("session_planned_at", facts.session_planned_at)
        self.initial.setdefault("session_place", facts.session_place)


class PlanSessionForm(StepForm):
    """Plan the next session."""

    asks_time = False
    session_planned_at = MomentField(label=_("Next session on"), may_be_future=True)
    session_place = forms.CharField(label=_("Place of the session"), max_length=120)


class SessionForm(StepForm):
    """The record of a session."""

    asks_time = False
    asks_files = True
    held_at = MomentField(label=_("Held on"))
    place = forms.CharField(label=_("Place of the session"), max_length=120)
    participants = forms.CharField(label=_("Present"), max_length=300)
    is_joint = forms.BooleanField(label=_("The parties sat together"), required=False)
    told = text(_("What the parties were told"), rows=2, required=False)
    record = text(_("Record"), rows=6)
    result = text(_("Result"), rows=2, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        facts = self.matter.dispute
        planned = facts.session_planned_at
        if planned is not None and planned <= timezone.now():
            self.initial.setdefault("held_at", timezone.localtime(planned))
        self.initial.setdefault("place", facts.session_place)
        self.initial.setdefault("is_joint", not facts.is_domestic_violence)

    def acted_at_value(self):
        """A session is dated by when it was held."""
        return self.cleaned_data.get("held_at")


class InquiryForm(StepForm):
    """The record of hearing one person."""

    asks_time = False
    held_at = MomentField(label=_("Held on"))
    place = forms.CharField(label=_("Place of the hearing"), max_length=120)
    heard = forms.CharField(label=_("Person heard"), max_length=120)
    participants = forms.CharField(label=_("Present"), max_length=300)
    record = text(_("Record"), rows=6)

    def acted_at_value(self):
        """Dated by when it was held."""
        return self.cleaned_data.get("held_at")


class RightsForm(DayStepForm):
    """The parties were told their rights and duties."""

    day_field = "rights_told_on"
    rights_told_on = DayField(label=_("Rights and duties told on"))


class FailForm(StepForm):
    """Mediation failed: reason and advice."""

    advice = text(_("What the parties were advised (arbitration, authority, court)"))


class WithdrawForm(StepForm):
    """A party withdraws."""

    asked_by = forms.ModelChoiceField(label=_("Who asked for it"), queryset=User.objects.none())
    reason = text(_("Reason"), rows=2, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["asked_by"].queryset = self.matter.parties.present()
        self.fields["asked_by"].label_from_instance = lambda party: party.name


class ReferForm(DayStepForm):
    """Refer to court, arbitration, an authority or the police."""

    way = forms.ChoiceField(label=_("Where to"))
    authority = forms.CharField(label=_("Authority"), max_length=80)
    done_on = DayField(label=_("Referred on"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = term_choices("dispute.referral", blank=_("Choose…"))


class PoliceForm(StepForm):
    """The report to the police."""

    asks_time = False
    police_told_at = MomentField(label=_("Police told at"))
    police_station = forms.CharField(label=_("Police station"), max_length=80)

    def acted_at_value(self):
        """Dated by when the police were told."""
        return self.cleaned_data.get("police_told_at")


class SenderReplyForm(DayStepForm):
    """The reply to whoever sent the dispute here."""

    sender_reply = text(_("Reply to the sender"))
    done_on = DayField(label=_("Told on"))


class RevisitForm(DayStepForm):
    """A revisit."""

    done_on = DayField(label=_("Revisited on"))
    manner = forms.ChoiceField(label=_("How"))
    party = forms.ModelChoiceField(label=_("Who was asked"), queryset=User.objects.none(), required=False)
    satisfied = forms.ChoiceField(label=_("Satisfied"))
    performance = forms.ChoiceField(label=_("Performance"), required=False)
    finding = text(_("Finding"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["manner"].choices = term_choices("dispute.revisit_manner", blank=_("Choose…"))
        self.fields["satisfied"].choices = term_choices("dispute.satisfied", blank=_("Choose…"))
        self.fields["performance"].choices = term_choices("dispute.performance", blank="—")
        self.fields["party"].queryset = self.matter.parties.present()
        self.fields["party"].label_from_instance = lambda party: party.name
