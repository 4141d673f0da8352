"""Where somebody may register, and what their choices are."""
from django.utils.module_loading import import_string

from governance.organisation.models import Unit

from ..services.vocabularies import term_choices, term_label
from ..visibility import Sight

__all__ = ["form_class", "may_open", "openable_units", "term_choices", "term_label"]


def openable_units(user, kind):
    """Units in which the user's posts let them register a matter of this kind, in tree order."""
    sight = Sight.of(user)
    ids = set().union(*(sight.roles_at.get(role, ()) for role in kind.open_roles))
    units = Unit.objects.not_ended().filter(pk__in=ids, township__isnull=False)
    return units.exclude(level="department").in_tree_order()


def may_open(user, kind) -> bool:
    """Whether any post of the user lets them register a matter of this kind."""
    sight = Sight.of(user)
    return any(sight.roles_at.get(role) for role in kind.open_roles)


def form_class(kind, name: str, default: type) -> type:
    """The kind's own form for a step (or `open`, `correct`), else the kernel's."""
    path = kind.forms.get(name)
    return import_string(path) if path else default


def name_category(field, kind) -> None:
    """Call the field of the category what the kind calls one of its words (纠纷类型)."""
    field.label = kind.categories.item or field.label
