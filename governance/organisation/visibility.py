"""Rights: what a person may do follows from the posts of the day, stand-ins included, and from nothing else."""
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.utils import timezone
from django.utils.translation import gettext as _

from .registry import Refused


def current_roles(user, day=None) -> frozenset:
    """Return the roles that ``user`` holds or stands in for on ``day`` (today). One query."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    posts = apps.get_model("organisation", "Post").objects.held_by(user, day or timezone.localdate())
    return frozenset(posts.values_list("role", flat=True))


class PostBackend(ModelBackend):
    """Gives each person the permissions of the role groups of their current posts."""

    def _get_group_permissions(self, user_obj):
        return Permission.objects.filter(group__name__in=current_roles(user_obj))

    def _get_user_permissions(self, user_obj):
        return Permission.objects.none()


def require_right(actor, permission) -> None:
    """Raise Refused unless ``actor`` holds the permission; None is the system itself (console, import)."""
    if actor is not None and not actor.has_perm(permission):
        raise Refused("not-permitted", _("Your posts do not give you the right to do this."))


def may_issue_code(actor, user) -> bool:
    """Whether ``actor`` may give ``user`` a one-time code.

    System administrators for everybody but the other two administrations, whose accounts would else be
    theirs, and service accounts, which have no password; heads of units for their staff who hold no
    administration and no post above the unit.
    """
    if user.is_service:
        return False
    roles = current_roles(user)
    if actor.has_perm("organisation.issue_code_user"):
        return actor.pk != user.pk and not roles & {"security_admin", "auditor"}
    if actor.pk == user.pk or not actor.has_perm("organisation.issue_code_own_staff"):
        return False
    if roles & {"system_admin", "security_admin", "auditor", "unit_head", "leader", "office"}:
        return False
    today = timezone.localdate()
    posts = apps.get_model("organisation", "Post").objects.held_by(actor, today).with_role("unit_head")
    people = get_user_model().objects.filter(pk=user.pk)
    return any(people.staff_of(post.unit, today).exists() for post in posts.select_related("unit"))
