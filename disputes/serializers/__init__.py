"""Disputes as the interface gives them (纠纷输出)."""
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from governance.casework.serializers import MatterDetail
from governance.organisation.serializers import PersonBrief, UnitBrief

from ..models import Agreement, Confirmation, Dispute, Instalment, PerformanceCheck, Session


class CheckOutput(serializers.ModelSerializer):
    """What was found when an instalment had fallen due (履行核查)."""

    checked_on = serializers.DateField(help_text=_("Day of the check."))
    found = serializers.CharField(help_text=_("`performed`, `partly`, `not_performed` or `unreachable`."))
    words = serializers.CharField(help_text=_("What was found, in words."))
    checked_by = PersonBrief(help_text=_("Who checked."))

    class Meta:
        model = PerformanceCheck
        fields = ("checked_on", "found", "words", "checked_by")


class InstalmentOutput(serializers.ModelSerializer):
    """One thing that is due under an agreement (履行期次)."""

    position = serializers.IntegerField(help_text=_("Place in the agreement."))
    due_on = serializers.DateField(help_text=_("Day on which it is due."))
    what = serializers.CharField(help_text=_("What is due."))
    amount_yuan = serializers.DecimalField(14, 2, allow_null=True, help_text=_("Amount in yuan."))
    state = serializers.CharField(help_text=_("`open`, `partly` or `performed`."))
    performed_on = serializers.DateField(allow_null=True, help_text=_("Day on which it was performed."))
    replaced_on = serializers.DateField(
        allow_null=True, help_text=_("Day from which a written change put another in its place.")
    )

    checks = CheckOutput(many=True, help_text=_("Checks of its performance, the first one first."))

    class Meta:
        model = Instalment
        fields = ("id", "position", "due_on", "what", "amount_yuan", "state", "performed_on", "replaced_on", "checks")
        extra_kwargs = {"id": {"help_text": _("Id of the instalment; the step `record_performance` names it.")}}


class AgreementOutput(serializers.ModelSerializer):
    """An agreement reached in mediation (调解协议)."""

    number = serializers.CharField(help_text=_("Number of the agreement."))
    form = serializers.CharField(help_text=_("`written` or `oral`."))
    agreed_on = serializers.DateField(help_text=_("Day of the agreement."))
    effective_on = serializers.DateField(help_text=_("Day from which it holds."))
    terms = serializers.CharField(help_text=_("What was agreed."))
    amount_yuan = serializers.DecimalField(14, 2, allow_null=True, help_text=_("Amount in yuan."))
    replaced_on = serializers.DateField(allow_null=True, help_text=_("Day from which another is in its place."))
    instalments = InstalmentOutput(many=True, help_text=_("What is due, and whether it is performed."))

    class Meta:
        model = Agreement
        fields = ("id", "number", "form", "agreed_on", "effective_on", "terms", "amount_yuan", "replaced_on",
                  "instalments")
        extra_kwargs = {"id": {"help_text": _("Id of the agreement.")}}


class SessionOutput(serializers.ModelSerializer):
    """A session or a hearing, without its record (调解场次)."""

    kind = serializers.CharField(help_text=_("`mediation`, or the hearing of one person."))
    held_at = serializers.DateTimeField(help_text=_("When it was held."))
    place = serializers.CharField(help_text=_("Where."))
    is_joint = serializers.BooleanField(help_text=_("Whether the parties sat together."))
    result = serializers.CharField(help_text=_("What came of it."))

    class Meta:
        model = Session
        fields = ("id", "kind", "held_at", "place", "is_joint", "result")
        extra_kwargs = {"id": {"help_text": _("Id of the session.")}}


class ConfirmationOutput(serializers.ModelSerializer):
    """Judicial confirmation (司法确认)."""

    court = serializers.CharField(help_text=_("The court."))
    applied_on = serializers.DateField(allow_null=True, help_text=_("Day of the joint application."))
    waived_on = serializers.DateField(allow_null=True, help_text=_("Day on which both waived it."))
    decided_on = serializers.DateField(allow_null=True, help_text=_("Day of the ruling."))
    result = serializers.CharField(help_text=_("Code of the ruling; empty if there is none."))
    ruling_number = serializers.CharField(help_text=_("Number of the ruling."))

    class Meta:
        model = Confirmation
        fields = ("court", "applied_on", "waived_on", "decided_on", "result", "ruling_number")


class DisputeFacts(serializers.ModelSerializer):
    """What a dispute adds to its matter (纠纷要素)."""

    round = serializers.IntegerField(help_text=_("How often mediation began."))
    committee = UnitBrief(allow_null=True, help_text=_("The mediation committee."))
    initiative = serializers.CharField(help_text=_("Code of the initiative."))
    people_count = serializers.IntegerField(allow_null=True, help_text=_("People concerned."))
    amount_yuan = serializers.DecimalField(14, 2, allow_null=True, help_text=_("Amount at stake in yuan."))
    has_danger = serializers.BooleanField(help_text=_("Danger of violence."))
    has_major_hazard = serializers.BooleanField(help_text=_("A major hazard."))
    is_domestic_violence = serializers.BooleanField(help_text=_("Domestic violence: the matter is confidential."))
    sender = serializers.CharField(help_text=_("Who sent it here."))
    sender_reference = serializers.CharField(help_text=_("Number of the sender's letter."))
    session_planned_at = serializers.DateTimeField(allow_null=True, help_text=_("When the next session is planned."))
    performance = serializers.CharField(help_text=_("Code: how far the agreement is performed."))
    confirmation_state = serializers.CharField(help_text=_("Code: where judicial confirmation stands."))
    way_after_default = serializers.CharField(help_text=_("Code: which way the creditor went after a default."))

    class Meta:
        model = Dispute
        fields = ("round", "committee", "initiative", "people_count", "amount_yuan", "has_danger", "has_major_hazard",
                  "is_domestic_violence", "sender", "sender_reference", "session_planned_at", "performance",
                  "confirmation_state", "way_after_default")


class DisputeDetail(MatterDetail):
    """A dispute as a whole (矛盾纠纷): the matter, its facts, sessions and agreements."""

    dispute = serializers.SerializerMethodField(help_text=_("What a dispute adds; null for its mere reporter."))
    mediators = serializers.SerializerMethodField(help_text=_("Who mediates; the first leads."))
    sessions = serializers.SerializerMethodField(help_text=_("Sessions and hearings, without their records."))
    agreements = serializers.SerializerMethodField(help_text=_("Agreements, the latest first."))
    confirmation = serializers.SerializerMethodField(help_text=_("Judicial confirmation; null if there is none."))

    class Meta(MatterDetail.Meta):
        fields = (*MatterDetail.Meta.fields, "dispute", "mediators", "sessions", "agreements", "confirmation")
        read_only_fields = fields

    def _rows(self, serializer, rows):
        return [] if self.context.get("is_reporter_only") else serializer(rows, many=True).data

    def get_dispute(self, matter) -> DisputeFacts:
        """One query."""
        return None if self.context.get("is_reporter_only") else DisputeFacts(matter.dispute).data

    def get_mediators(self, matter) -> PersonBrief(many=True):
        """One query."""
        rows = matter.mediators.filter(withdrawn_on=None).select_related("user")
        return self._rows(PersonBrief, [row.user for row in rows])

    def get_sessions(self, matter) -> SessionOutput(many=True):
        """One query."""
        return self._rows(SessionOutput, matter.sessions.all())

    def get_agreements(self, matter) -> AgreementOutput(many=True):
        """Three queries."""
        rows = matter.agreements.order_by("-id").prefetch_related(
            "instalments", Prefetch("instalments__checks", PerformanceCheck.objects.select_related("checked_by"))
        )
        return self._rows(AgreementOutput, rows)

    def get_confirmation(self, matter) -> ConfirmationOutput:
        """One query."""
        row = None if self.context.get("is_reporter_only") else matter.confirmations.last()
        return None if row is None else ConfirmationOutput(row).data
