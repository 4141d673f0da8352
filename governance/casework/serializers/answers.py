"""Short answers: what stands after an act, which steps can be taken, which words there are (应答)."""
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class MatterState(serializers.Serializer):
    """Where a matter stands after what was just done: ids, number and state, no content."""

    id = serializers.IntegerField(help_text=_("Id of the matter."))
    number = serializers.CharField(help_text=_("Number."))
    kind = serializers.CharField(help_text=_("Code of the kind."))
    status = serializers.CharField(help_text=_("Code of the state."))
    is_open = serializers.BooleanField(help_text=_("Whether it is still worked on."))
    outcome = serializers.CharField(help_text=_("Code of the outcome; empty while there is none."))
    version = serializers.IntegerField(help_text=_("Send it back with the next step."))
    next_due_at = serializers.DateTimeField(allow_null=True, help_text=_("Earliest time limit that still runs."))
    url = serializers.SerializerMethodField(help_text=_("Address of its page on the portal, for people."))

    def get_url(self, matter) -> str:
        """For people who are logged in and may see it."""
        return f"{settings.PUBLIC_URL}/matters/{matter.pk}/"


class BlockedOutput(serializers.Serializer):
    """What stands against a step now."""

    code = serializers.CharField(help_text=_("Permanent code."))
    message = serializers.CharField(help_text=_("In words."))


class StepOutput(serializers.Serializer):
    """A step that the caller may take in this state (环节)."""

    name = serializers.CharField(source="step.name", help_text=_("Name of the step in its address."))
    label = serializers.CharField(source="step.label", help_text=_("The step in words."))
    needs = serializers.ListField(
        source="step.needs", child=serializers.CharField(), help_text=_("What it requires, in words.")
    )
    evidence = serializers.ListField(
        source="step.evidence", child=serializers.CharField(),
        help_text=_("Codes of files that must be there: sent along as `evidence_CODE`, or there already."),
    )
    reason_required = serializers.BooleanField(source="step.reason_required", help_text=_("Whether it asks a reason."))
    blocked = BlockedOutput(
        source="refusal", allow_null=True,
        help_text=_("What stands against it before its own fields are filled in; null if nothing."),
    )


class TermOutput(serializers.Serializer):
    """A word of a vocabulary."""

    code = serializers.CharField(help_text=_("Permanent code."))
    label = serializers.CharField(help_text=_("In the language of the request."))
    is_active = serializers.BooleanField(help_text=_("Whether it can be chosen for new entries."))


class VocabularyOutput(serializers.Serializer):
    """A vocabulary (词表)."""

    vocabulary = serializers.CharField(help_text=_("Code of the vocabulary."))
    terms = TermOutput(many=True, help_text=_("Its words in order."))


