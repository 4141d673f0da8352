"""What the interface says of units and people (接口输出)."""
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ..models import Unit, UnitLevel


class Brief(serializers.Serializer):
    """A row named by its id."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("read_only", True)
        super().__init__(*args, **kwargs)


class UnitBrief(Brief):
    """A unit in a few words."""

    id = serializers.IntegerField(help_text=_("Id of the unit."))
    code = serializers.CharField(help_text=_("Official code of the division, or the code that the district gave."))
    name = serializers.CharField(source="short_name", help_text=_("Short name."))


class PersonBrief(Brief):
    """A member of staff in a few words."""

    id = serializers.IntegerField(help_text=_("Id of the person."))
    name = serializers.CharField(help_text=_("Full name, or the name of the client that acted."))


class UnitOutput(serializers.ModelSerializer):
    """A unit of the tree: district, township, village or community, grid, member department (单位)."""

    code = serializers.CharField(help_text=_("Official code of the division, or the code that the district gave."))
    name = serializers.CharField(help_text=_("Official name."))
    short_name = serializers.CharField(help_text=_("Short name."))
    level = serializers.ChoiceField(UnitLevel.choices, help_text=_("Level in the tree."))
    parent = serializers.IntegerField(source="parent_id", allow_null=True, help_text=_("Id of the unit above."))
    township = serializers.IntegerField(
        source="township_id", allow_null=True, help_text=_("Id of the township in which it lies.")
    )
    valid_from = serializers.DateField(help_text=_("First day on which the unit exists."))
    valid_to = serializers.DateField(allow_null=True, help_text=_("Last day; null while it goes on."))
    merged_into = serializers.IntegerField(
        source="merged_into_id", allow_null=True, help_text=_("Id of the unit that it was merged into.")
    )

    class Meta:
        model = Unit
        fields = ("id", "code", "name", "short_name", "level", "parent", "township", "valid_from", "valid_to",
                  "merged_into")
        extra_kwargs = {"id": {"help_text": _("Id of the unit.")}}
        read_only_fields = fields


class UnitQuery(serializers.Serializer):
    """How the list of units may be narrowed."""

    level = serializers.ChoiceField(UnitLevel.choices, required=False, help_text=_("Level in the tree."))
    under = serializers.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, help_text=_("Id of a unit: it and everything below it.")
    )
    code = serializers.CharField(required=False, max_length=32, help_text=_("The exact code."))


class RefusalOutput(serializers.Serializer):
    """Why something was not done (不予执行)."""

    code = serializers.CharField(help_text=_("Permanent code in kebab-case; programs decide by it."))
    message = serializers.CharField(help_text=_("The reason in words, in the language of the request."))
    missing = serializers.ListField(
        child=serializers.CharField(),
        help_text=_("Names of what is missing; with `stale`: what changed meanwhile, in sentences."),
    )


class InvalidOutput(RefusalOutput):
    """Input that does not hold."""

    errors = serializers.DictField(help_text=_("Field name to a list of messages; nested for rows of parties."))
