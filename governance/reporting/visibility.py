"""Over which units somebody gets figures (统计范围): those that their posts reach, and no other.

A neighbouring village, or a total that contains it, is never told, so that no small count of it can be worked
out. What counts inside a unit is what the same person may see there (`Matter.objects.visible_to`): a matter
from which they are walled off is missing from their figure and from the list behind it alike.
"""
from django.apps import apps

from governance.casework.visibility import Sight

# Roles that open the pages of reports.
READERS = frozenset({"village_officer", "unit_head", "mediator", "clerk", "leader", "office"})
# Who sees the dashboard: those who oversee others' work.
OVERSEERS = frozenset({"leader", "office", "clerk", "petition_clerk", "unit_head"})
# Who confirms a village's part of the weekly report, who looks it over for the township, who signs it.
VILLAGE_ROLES = ("village_officer", "unit_head")
REVIEWERS = ("clerk", "office")
SIGNERS = ("leader",)
PLACES = ("district", "township", "village", "community")


def reached_units(user, metric) -> frozenset[int]:
    """Ids of the units over which the user may have this figure."""
    sight = Sight.of(user)
    reached = set()
    for (reach, unit_ids), kinds in sight.reached.items():
        if reach == "unit" and metric.kind in kinds:
            reached.update(unit_ids)
    if metric.roles is not None:
        held = [ids for role, ids in sight.roles_at.items() if role in metric.roles]
        reached &= set().union(*held)
    return frozenset(reached)


def units_with_figures(user, kind: str = ""):
    """The places over which the user gets figures, of a kind or of any: district, townships, villages, in order."""
    sight = Sight.of(user)
    reached = set()
    for (reach, unit_ids), kinds in sight.reached.items():
        if reach == "unit" and (not kind or kind in kinds):
            reached.update(unit_ids)
    units = apps.get_model("organisation.Unit").objects.filter(pk__in=reached)
    return units.filter(level__in=PLACES).in_tree_order()


def units_in_tables(user) -> list:
    """The lines of a table for superiors: villages first, their township's total below them, as superiors read it."""
    units = [unit for unit in units_with_figures(user) if unit.level in ("township", "village", "community")]
    return sorted(units, key=lambda unit: (unit.township_id, unit.level == "township", unit.code))
