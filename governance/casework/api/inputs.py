"""Input serializers made of the forms of the screens: the interface takes what the form takes (接口输入).

Types and names are checked here, so that they can be described; the form then holds every rule of input, and the
act behind it every rule of the work. A field of a form becomes: a moment or a day in ISO form, the id of a row,
a list of ids, a code of a vocabulary, a text.
"""
from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from governance.organisation.api.parsers import read_json
from governance.organisation.names import no_direction_marks

from ..forms import FilesField
from ..models import PartyKind

MOST_ID = 2**63 - 1
_SKIPPED = {"client_uuid"}


class Rows(serializers.ListField):
    """A list of objects; in a multipart form its text is JSON."""

    def get_value(self, dictionary):
        """The list, read from text where a form carries it."""
        value = dictionary.get(self.field_name, serializers.empty)
        if isinstance(value, str):
            try:
                return read_json(value)
            except ValueError:
                return value
        return value


class Ids(serializers.ListField):
    """A list of ids; a multipart form repeats the name."""

    child = serializers.IntegerField(min_value=1, max_value=MOST_ID)

    def get_value(self, dictionary):
        """The list, from JSON or from repeated names."""
        if hasattr(dictionary, "getlist"):
            return dictionary.getlist(self.field_name) or serializers.empty
        return dictionary.get(self.field_name, serializers.empty)


class PartyInput(serializers.Serializer):
    """A party of a new matter."""

    kind = serializers.ChoiceField(PartyKind.choices, help_text=_("Role in the matter."))
    name = serializers.CharField(
        required=False, allow_blank=True, max_length=60, validators=[no_direction_marks],
        help_text=_("Name, unless a unit."),
    )
    phone = serializers.CharField(
        required=False, allow_blank=True, max_length=30, help_text=_("Phone, if it is known.")
    )
    address = serializers.CharField(required=False, allow_blank=True, max_length=200, help_text=_("Address."))
    unit = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST_ID, help_text=_("Id of a unit that is the party.")
    )
    discloses_contact = serializers.BooleanField(
        required=False, default=False, help_text=_("Agrees that address and phone stand in the agreement.")
    )


VERSION = serializers.IntegerField(
    min_value=0, max_value=2**31 - 1, required=False,
    help_text=_("Version of the matter that the caller read; needed here or as `If-Match`."),
)


def input_serializer(
    name: str, form_class: type, *, without=(), extra=None, is_partial=False
) -> type[serializers.Serializer]:
    """A serializer class with one field for each field of the form; `extra` adds to them or takes their place.

    `is_partial`: nothing but a reason has to be sent, what is left out stays as it is.
    """
    fields = {}
    for field_name, field in form_class.base_fields.items():
        if field_name not in _SKIPPED and field_name not in without:
            fields[field_name] = _field_of(field, is_optional=is_partial and field_name != "reason")
    return type(name, (serializers.Serializer,), {"__doc__": form_class.__doc__, **fields, **(extra or {})})


def example_of(input_class) -> dict:
    """The version and the required fields, each with a believable value."""
    example = {}
    for name, field in input_class().fields.items():
        if field.required or name == "version":
            example[name] = next((value for known, value in _EXAMPLES if isinstance(field, known)), "…")
    return example


def form_data(values: dict) -> QueryDict:
    """Checked values as a browser would send them."""
    data = QueryDict(mutable=True)
    for name, value in values.items():
        if isinstance(value, (list, tuple)):
            data.setlist(name, [_text(one) for one in value])
        elif value is True:
            data[name] = "on"
        elif value not in (None, False):
            data[name] = _text(value)
    return data


def party_rows(parties) -> dict:
    """Rows of parties as a browser would send them."""
    values = {"parties-TOTAL_FORMS": str(len(parties)), "parties-INITIAL_FORMS": "0"}
    for place, party in enumerate(parties):
        values.update({f"parties-{place}-{name}": value for name, value in party.items()})
    return values


def _text(value) -> str:
    if hasattr(value, "tzinfo"):
        return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M:%S")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _field_of(field: forms.Field, *, is_optional=False) -> serializers.Field:
    common = {"required": field.required and not is_optional, "help_text": field.help_text or field.label or ""}
    if field.help_text and field.label:
        common["help_text"] = format_lazy("{label} · {help}", label=field.label, help=field.help_text)
    for form_type, make in _MAKERS:
        if isinstance(field, form_type):
            return make(field, common)
    return _characters(field, common)


def _characters(field, common):
    more = {"max_length": field.max_length} if getattr(field, "max_length", None) else {"max_length": 20_000}
    return serializers.CharField(allow_blank=not field.required, **more, **common)


def _bounded(field, common):
    bounds = {name: value for name in ("min_value", "max_value") if (value := getattr(field, name, None)) is not None}
    bounds.setdefault("max_value", 2**31 - 1)
    return serializers.IntegerField(allow_null=not field.required, **bounds, **common)


def _decimal(field, common):
    return serializers.DecimalField(
        field.max_digits, field.decimal_places, min_value=field.min_value, allow_null=not field.required, **common
    )


class _Moment(serializers.DateTimeField):
    """A moment; one that no other time zone can name is none."""

    def to_internal_value(self, value):
        """The instant, or the error of a moment that cannot be read."""
        try:
            return super().to_internal_value(value)
        except OverflowError:
            self.fail("invalid", format="YYYY-MM-DDThh:mm[:ss][+HH:MM]")


def _nullable(serializer_field):
    return lambda field, common: serializer_field(allow_null=not field.required, **common)


def _row_id(field, common):
    return serializers.IntegerField(min_value=1, max_value=MOST_ID, allow_null=not field.required, **common)


def _code(field, common):
    return serializers.CharField(max_length=40, allow_blank=not field.required, **common)


def _files(field, common):
    return serializers.ListField(child=serializers.FileField(), **common)


_EXAMPLES = (
    (serializers.DateTimeField, "2026-11-24T09:30:00+08:00"), (serializers.DateField, "2026-11-24"),
    (serializers.IntegerField, 3), (serializers.DecimalField, "1500.00"), (serializers.BooleanField, True),
    (Ids, [12]),
)
# The first type that fits; subclasses stand before what they inherit from.
_MAKERS = (
    (FilesField, _files),
    (forms.ModelMultipleChoiceField, lambda field, common: Ids(**common)),
    (forms.ModelChoiceField, _row_id),
    (forms.DateTimeField, _nullable(_Moment)),
    (forms.DateField, _nullable(serializers.DateField)),
    (forms.BooleanField, lambda field, common: serializers.BooleanField(**common)),
    (forms.DecimalField, _decimal),
    (forms.IntegerField, _bounded),
    (forms.ChoiceField, _code),
)
