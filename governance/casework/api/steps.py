"""One address for each step of a kind, described with its own fields (环节接口)."""
from django.urls import path
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers

from governance.organisation.api.schema import WRITE_ERRORS

from .. import forms, registry
from .acts import correct_path
from .entering import CONFLICT, IF_MATCH, STATE, TakeStep, key_parameter
from .inputs import VERSION, example_of, input_serializer


def step_paths(kind_code: str, *, tag: str, scopes: tuple[str, str], special=None) -> list:
    """Addresses `<id>/steps/<step>/` of every step that people may take, and `<id>/acts/correct/`.

    `scopes`: for reading and writing. `special`: step name -> (names left out, fields instead, how values become
    the form's), for forms whose rows are better sent as a list.
    """
    kind = registry.get(kind_code)
    paths = [correct_path(kind, tag=tag, scopes=scopes)]
    for step in kind.workflow.steps:
        if step.hidden:
            continue
        view = _view_of(kind, step, scopes, (special or {}).get(step.name, ((), {}, None)), tag)
        paths.append(path(f"<int:pk>/steps/{step.name}/", view.as_view(), name=f"step-{step.name}"))
    return paths


def _view_of(kind, step, scopes, special, tag) -> type:
    without, instead, to_form = special
    form_class = forms.form_class(kind, step.name, forms.StepForm)
    name = "".join(part.capitalize() for part in (kind.code, *step.name.split("_")))
    input_class = input_serializer(
        f"{name}Input", form_class, without=without, extra={**_common(kind, step, form_class), **instead}
    )
    members = {
        "__doc__": f"The step `{step.name}`.", "kind_code": kind.code, "step_name": step.name,
        "input_class": input_class, "scope": scopes[0], "write_scope": scopes[1],
    }
    if to_form is not None:
        members["to_form"] = staticmethod(to_form)

    def post(self, request, pk):
        return TakeStep.post(self, request, pk)

    members["post"] = extend_schema(
        tags=[tag], summary=step.label, operation_id=f"{kind.code}_{step.name}", request=input_class,
        description=_described(step), parameters=[key_parameter(required=False), IF_MATCH],
        responses={200: STATE, **WRITE_ERRORS, **CONFLICT},
        examples=[OpenApiExample("shortest", request_only=True, value=example_of(input_class))],
    )(post)
    return type(f"{name}Step", (TakeStep,), members)


def _describe(step) -> str:
    """What a step does and requires, in words."""
    states = ", ".join(step.sources).replace("*", "")
    lines = [gettext("From the states: %(states)s.") % {"states": states}]
    if step.targets:
        lines.append(gettext("To: %(states)s.") % {"states": ", ".join(step.targets)})
    return "\n".join([*lines, "", *(f"- {need}" for need in step.needs)])


# Made when it is read, in the reader's language.
_described = lazy(_describe, str)


def _common(kind, step, form_class) -> dict:
    """What every step asks beside its own fields, as the form adds it."""
    fields = {"version": VERSION}
    if step.reason_required and "reason" not in form_class.base_fields:
        fields["reason"] = serializers.CharField(max_length=20_000, help_text=_("The reason."))
    for code in step.evidence:
        label = kind.evidence.get(code, code)
        fields[f"evidence_{code}"] = _files(format_lazy("{sent} {label}", sent=_("Files (multipart):"), label=label))
    if form_class.asks_files:
        fields["files"] = _files(_("Further files (multipart)."))
    if form_class.asks_time:
        fields["acted_at"] = serializers.DateTimeField(
            required=False, allow_null=True, help_text=_("When it was done; left out if it is done now.")
        )
    return fields


def _files(help_text):
    return serializers.ListField(child=serializers.FileField(), required=False, help_text=help_text)
