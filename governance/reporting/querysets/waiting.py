"""Which weekly reports wait for whom (待办周报): the village to confirm, the township to review, the leader to sign."""
from django.apps import apps
from django.db.models import Count, Q

from governance.casework.visibility import Sight

from ..visibility import REVIEWERS, SIGNERS, VILLAGE_ROLES

MOST = 10


def parts_to_confirm(user) -> list:
    """Parts of the user's villages that are not confirmed, the newest week first (one query)."""
    rows = apps.get_model("reporting.RollupPart").objects.filter(
        is_village=True, confirmed_at=None, version__state="computed", unit_id__in=_units(user, VILLAGE_ROLES)
    )
    rows = rows.select_related("version__rollup", "unit").order_by("-version__rollup__first_on", "unit__code")
    return list(rows[:MOST])


def versions_to_act_on(user, now) -> list:
    """Versions that wait for the user's review or signature, the newest week first (one query).

    For review: all villages have confirmed, their time is over, or the leader sent it back.
    """
    lacking = Count("parts", filter=Q(parts__is_village=True, parts__confirmed_at=None))
    rows = apps.get_model("reporting.RollupVersion").objects.annotate(lacking=lacking).filter(
        Q(state="township_reviewed", rollup__township_id__in=_units(user, SIGNERS)) & ~Q(reviewed_by=user)
        | Q(state="computed", rollup__township_id__in=_units(user, REVIEWERS))
        & (Q(lacking=0) | Q(confirm_by__lte=now) | Q(returned_at__isnull=False))
    )
    return list(rows.select_related("rollup__township").order_by("-rollup__first_on")[:MOST])


def _units(user, roles) -> set[int]:
    at = Sight.of(user).roles_at
    return set().union(*(at.get(role, ()) for role in roles))
