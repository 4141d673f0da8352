"""Clocks as the interface gives them (时限输出)."""
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from governance.organisation.serializers import PersonBrief

from .. import clocks
from ..models import Clock, Extension
from ..services import timing


class ExtensionOutput(serializers.Serializer):
    """An extension of a clock (延期)."""

    id = serializers.IntegerField(help_text=_("Id of the extension; the act `decide-extension` names it."))
    days = serializers.IntegerField(help_text=_("Days."))
    state = serializers.ChoiceField(Extension.State.choices, help_text=_("Proposed, approved or refused."))
    proposed_by = PersonBrief(help_text=_("Who proposed it."))
    decided_by = PersonBrief(allow_null=True, help_text=_("Who decided; null while nobody has."))


class ClockOutput(serializers.ModelSerializer):
    """A time limit and why it ends when it does (时限)."""

    matter = serializers.IntegerField(source="matter_id", help_text=_("Id of the matter."))
    rule = serializers.CharField(help_text=_("Permanent code of the rule."))
    rule_label = serializers.SerializerMethodField(help_text=_("The rule in words."))
    source = serializers.SerializerMethodField(help_text=_("The law and article it rests on."))
    bearer = serializers.CharField(help_text=_("Whose duty it is: `office` makes a matter overdue."))
    state = serializers.ChoiceField(Clock.State.choices, help_text=_("Whether it runs."))
    started_at = serializers.DateTimeField(help_text=_("When it began."))
    due_on = serializers.DateField(allow_null=True, help_text=_("Last day; null for limits in hours, and in a pause."))
    due_at = serializers.DateTimeField(allow_null=True, help_text=_("The instant from which it is overdue."))
    stopped_at = serializers.DateTimeField(allow_null=True, help_text=_("When it ended."))
    is_provisional = serializers.BooleanField(help_text=_("The holidays of that year are not published yet."))
    extensions = ExtensionOutput(many=True, help_text=_("Extensions proposed and decided."))
    why = serializers.SerializerMethodField(help_text=_("Why it ends on that day, in one sentence."))

    class Meta:
        model = Clock
        fields = ("id", "matter", "rule", "rule_label", "source", "bearer", "state", "started_at", "due_on", "due_at",
                  "stopped_at", "is_provisional", "extensions", "why")
        extra_kwargs = {"id": {"help_text": _("Id of the clock.")}}
        read_only_fields = fields

    def get_rule_label(self, clock) -> str:
        """The rule's own words."""
        return str(clocks.get_rule(clock.rule).label)

    def get_source(self, clock) -> str:
        """As the rule cites it."""
        return str(clocks.get_rule(clock.rule).source)

    def get_why(self, clock) -> str:
        """As the portal shows it."""
        return str(timing.why(clock))


class ClockQuery(serializers.Serializer):
    """How the list of clocks may be narrowed."""

    state = serializers.ChoiceField(
        Clock.State.choices, default="running", help_text=_("Running ones come by due time, others newest first.")
    )
    rule = serializers.CharField(required=False, max_length=60, help_text=_("Code of the rule."))
    is_overdue = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text=_("Running and overdue, or running and not yet.")
    )
