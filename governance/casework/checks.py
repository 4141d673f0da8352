"""System checks: the portal refuses to start while a kind is not whole."""
from django.apps import apps
from django.core.checks import Error, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.module_loading import import_string

from governance.organisation.models import Role

from . import clocks, registry
from .services.anonymising import undeclared_words

NAMED = frozenset({"handler", "reporter"})


@register()
def kinds_are_whole(app_configs, **kwargs):
    """Every clock, role, form, recorder and template that a kind names is there."""
    return [
        Error(f"kind {kind.code}: {fault}", id=f"casework.{number}")
        for kind in registry.all_kinds()
        for number, fault in (*_clock_faults(kind), *_role_faults(kind), *_part_faults(kind))
    ]


@register()
def what_is_kept_of_people_ends(app_configs, **kwargs):
    """Every kind says how long it is kept, and of each column with words whether it goes or stays then."""
    kinds = registry.all_kinds()
    endless = [kind.code for kind in kinds if not any(one.outcome == "" for one in kind.retention)]
    return [
        *(Error(f"kind {code}: no length of keeping", id="casework.E009") for code in endless),
        *(Error(f"{column} neither goes nor stays when its matter is anonymised", id="casework.E010")
          for column in undeclared_words(kinds)),
    ]


def _clock_faults(kind):
    declared = {rule.code for rule in clocks.all_rules()}
    for step in kind.workflow.steps:
        for code in (*step.start_codes(), *step.stops, *step.moots):
            if not isinstance(code, str) or code not in declared:
                yield "E001", f"step {step.name} names the clock {code!r}, which no app declares"


def _role_faults(kind):
    known = set(Role.values)
    if not kind.reach:
        yield "E002", "no role reaches it"
    for role in (*kind.reach, *kind.open_roles, *kind.manage_roles, *kind.handling_roles, *kind.reveal_roles):
        if role not in known:
            yield "E003", f"unknown role {role!r}"
    for step in kind.workflow.steps:
        for role in step.roles:
            if role not in known | NAMED:
                yield "E003", f"step {step.name} names the unknown role {role!r}"


def _part_faults(kind):
    yield from _form_faults(kind)
    for step in kind.workflow.steps:
        for code in set(step.evidence) - set(kind.evidence):
            yield "E006", f"step {step.name} asks for the evidence {code!r}, which has no label"
    if kind.detail_template:
        try:
            get_template(kind.detail_template)
        except TemplateDoesNotExist:
            yield "E007", f"there is no template {kind.detail_template!r}"
    try:
        apps.get_model(kind.facts_model)
    except (LookupError, ValueError):
        yield "E008", f"there is no model {kind.facts_model!r}"


def _form_faults(kind):
    for step in {*kind.recorders, *kind.forms, *kind.bulk_steps} - {"open", "correct"}:
        if not kind.workflow.has_step(step):
            yield "E004", f"a form or recorder belongs to no step: {step!r}"
    for name, path in (*kind.forms.items(), *kind.bulk_steps.items()):
        try:
            import_string(path)
        except ImportError as error:
            yield "E005", f"form of {name!r}: {error}"
