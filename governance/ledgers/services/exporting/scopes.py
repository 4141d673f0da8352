"""What somebody may take out, and from which places (导出范围)."""
from django.db.models import Q
from django.utils.translation import gettext as _

from governance.casework import registry as kinds
from governance.casework.visibility import Sight
from governance.organisation.models import Unit, UnitLevel
from governance.organisation.registry import Refused

from ... import layout
from ...registry import Export, Scope, declared_exports
from .ledgers import as_export

ALWAYS_THERE = ("office",)


def all_exports() -> list[Export]:
    """The ledgers first, in official order, then what the apps declare besides."""
    return [*(_of_layout(one) for one in layout.all_layouts()), *declared_exports()]


def exports_of(user) -> list[Export]:
    """What the user's posts allow to take out."""
    held = set(Sight.of(user).roles_at)
    return [export for export in all_exports() if held & set(export.roles)]


def find_export(code: str, user) -> Export:
    """The table with this code. Refused `export-not-found` if there is none, or not for this user."""
    export = next((one for one in exports_of(user) if one.code == code), None)
    if export is None:
        raise Refused("export-not-found", _("There is no such table for your posts."))
    return export


def unit_ids_of(export: Export, user) -> frozenset[int]:
    """Units in which the user's posts allow to take this table out."""
    sight = Sight.of(user)
    return frozenset().union(*(sight.roles_at.get(role, ()) for role in export.roles))


def townships_of(export: Export, user) -> list[Unit]:
    """Townships that lie within those units, or around them."""
    units = Unit.objects.filter(pk__in=unit_ids_of(export, user), township__isnull=False)
    found = Unit.objects.filter(pk__in=units.order_by().values("township_id").distinct())
    return list(found.in_tree_order())


def places_of(export: Export, user, township: Unit) -> list[Unit]:
    """Villages and communities of a township that can be chosen."""
    levels = (UnitLevel.VILLAGE, UnitLevel.COMMUNITY)
    units = Unit.objects.filter(pk__in=unit_ids_of(export, user), township=township, level__in=levels)
    return list(units.in_tree_order())


def scope_of(export: Export, user, *, township=None, place_ids=(), from_on=None, to_on=None) -> Scope:
    """The scope of one export: the chosen villages with their grids, or everything of the township."""
    allowed = unit_ids_of(export, user)
    if not export.has_places:
        return Scope(user, township, allowed, from_on, to_on)
    within = Unit.objects.filter(pk__in=allowed, township=township)
    if place_ids:
        below = Q()
        for path in within.filter(pk__in=place_ids).values_list("path", flat=True):
            below |= Q(path__startswith=path)
        within = within.filter(below) if below else within.none()
    return Scope(user, township, frozenset(within.values_list("pk", flat=True)), from_on, to_on)


def _of_layout(one) -> Export:
    kind = kinds.get(one.kind)
    return as_export(
        one, label=_("Ledger: %(kind)s") % {"kind": kind.label}, roles=(*kind.manage_roles, *ALWAYS_THERE),
        reveal_roles=kind.reveal_roles,
    )
