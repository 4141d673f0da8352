"""What acts answer, and which acts are offered (操作应答)."""
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from .answers import MatterState

# Acts that name a person among those whom the portal offers.
NAMING = ("assign", "task", "instruct", "grant", "recuse")


class ActDone(MatterState):
    """Where a matter stands after an act, and what the act made."""

    made = serializers.SerializerMethodField(
        help_text=_("Ids of what the act made: entry of the history, files, task, party, link, extension, permission.")
    )

    def get_made(self, matter) -> list[int]:
        """As the act returned them."""
        return self.context.get("made", [])


class ContactOutput(serializers.Serializer):
    """Contact data of a party in clear."""

    phone = serializers.CharField(help_text=_("Phone; empty if none is known."))
    address = serializers.CharField(help_text=_("Address; empty if none is known."))


class ActOutput(serializers.Serializer):
    """An act that is offered to the caller on this matter (操作)."""

    name = serializers.CharField(help_text=_("Name of the act in its address."))
    label = serializers.CharField(help_text=_("The act in words."))
    hint = serializers.CharField(help_text=_("What it brings about; empty if its name says it."))
    about = serializers.SerializerMethodField(
        help_text=_("What kind of row it is about, whose id ends its address; empty if the matter itself.")
    )
    is_versioned = serializers.SerializerMethodField(help_text=_("Whether it asks for the version that was read."))

    def get_about(self, act) -> str:
        """The model's name."""
        return act.subject._meta.model_name if act.subject else ""

    def get_is_versioned(self, act) -> bool:
        """As its form asks."""
        return getattr(act.form, "is_versioned", True)


class PeopleQuery(serializers.Serializer):
    """For which act people are looked for."""

    act = serializers.ChoiceField(NAMING, help_text=_("Name of the act."))
