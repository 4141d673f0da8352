"""Rights: what a person may do follows from the posts of the day, stand-ins included, and from nothing else."""
from datetime import timedelta

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from .registry import Refused

# Whose posts make an area in which they administer.
KEEPERS = ("system_admin", "security_admin", "auditor", "unit_head")
# Whose account no head of unit touches.
ABOVE_STAFF = frozenset({"system_admin", "security_admin", "auditor", "unit_head", "leader", "office"})
# So long an administration that has ended still excludes every other role.
COOLING = timedelta(days=30)


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


class Area:
    """Where an administrator or a head of unit works (管辖范围): the subtrees of their posts of today.

    Outside it nothing is found. `None` as the person is the system itself (console), which works everywhere.
    """

    def __init__(self, paths, is_whole=False):
        self.paths = sorted(set(paths))
        self.is_whole = is_whole

    @classmethod
    def of(cls, user):
        """The area of a person; one query."""
        if user is None:
            return cls((), is_whole=True)
        posts = apps.get_model("organisation", "Post").objects.held_by(user, timezone.localdate())
        return cls(posts.with_role(*KEEPERS).values_list("unit__path", flat=True))

    @property
    def has_top(self) -> bool:
        """Whether a unit that stands below no other is among them: such an area holds who belongs nowhere yet."""
        return self.is_whole or any(path.count("/") == 2 for path in self.paths)

    def within(self, field="") -> Q:
        """The condition that the path of ``field``, a unit, lies in the area."""
        if self.is_whole:
            return Q()
        found = Q(pk__in=[])
        for path in self.paths:
            found |= Q(**{f"{field}__path__startswith" if field else "path__startswith": path})
        return found

    def covers(self, unit) -> bool:
        """Whether a unit lies in the area; no unit lies only in the whole."""
        return self.is_whole or (unit is not None and unit.path.startswith(tuple(self.paths) or ("-",)))

    def covers_all(self) -> bool:
        """Whether no unit lies outside but those above: what holds for the whole portal is kept by nobody else."""
        if self.is_whole or not self.paths:
            return self.is_whole
        above = [part for path in self.paths for part in path.split("/") if part]
        return not apps.get_model("organisation", "Unit").objects.exclude(self.within()).exclude(pk__in=above).exists()

    def people(self):
        """Who has the home unit, a post or a proposal of one in the area; elsewhere nobody."""
        rows = get_user_model().objects.all()
        if self.is_whole:
            return rows
        found = self.within("home_unit")
        for name in ("Post", "PostProposal"):
            held = apps.get_model("organisation", name).objects.filter(self.within("unit"), user=OuterRef("pk"))
            found |= Exists(held.order_by())
        return rows.filter(found | Q(home_unit=None) if self.has_top else found)

    def holds_whole(self, person) -> bool:
        """Whether nothing of a person reaches out of the area: home unit, posts and stand-ins of now and later."""
        if self.is_whole:
            return True
        today = timezone.localdate()
        held = apps.get_model("organisation", "Post").objects.filter(user=person).overlapping(today, None)
        stood = apps.get_model("organisation", "StandIn").objects.filter(user=person).overlapping(today, None)
        if held.exclude(self.within("unit")).exists() or stood.exclude(self.within("post__unit")).exists():
            return False
        return self.has_top if person.home_unit is None else self.covers(person.home_unit)


def require_unit(actor, unit, field="unit") -> None:
    """Raise Refused `unit-not-found` for a unit outside the actor's area."""
    if not Area.of(actor).covers(unit):
        raise Refused("unit-not-found", _("There is no such unit."), [field])


def require_person(actor, person, whole=False) -> None:
    """Raise Refused `person-not-found` for somebody outside the actor's area.

    With `whole`, `person-reaches-further` for one who belongs or works outside it as well: what is done to the
    account would reach there.
    """
    area = Area.of(actor)
    if not area.people().filter(pk=person.pk).exists():
        raise Refused("person-not-found", _("There is no such person."), ["user"])
    if whole and not area.holds_whole(person):
        raise Refused(
            "person-reaches-further",
            _("This person belongs to a unit or holds a post outside your area: an administrator above does this."),
            ["user"],
        )


def roles_near(user) -> frozenset:
    """The roles held or stood in for now, on any later day, or within the last 30 days; two queries.

    Whoever becomes an administrator tomorrow, or was one yesterday, counts as one today.
    """
    since = timezone.localdate() - COOLING
    held = apps.get_model("organisation", "Post").objects.filter(user=user).overlapping(since, None)
    stood = apps.get_model("organisation", "StandIn").objects.filter(user=user).overlapping(since, None)
    return frozenset(held.values_list("role", flat=True)) | frozenset(stood.values_list("post__role", flat=True))


def is_oneself(actor, user) -> bool:
    """Whether an account is the actor's own, or a second one with the same mobile phone."""
    return actor is not None and get_user_model().objects.of_one_person(user).filter(pk=actor.pk).exists()


def hand_of(actor, user) -> str:
    """As what ``actor`` may ask for a one-time code for ``user``: a role, "" for not at all.

    A system administrator for everybody, a security administrator for a system administrator, the head of a unit
    for its staff who hold no administration and no post above the unit. Nobody for a service account, which has no
    password, nor for an account of their own.
    """
    if user.is_service or is_oneself(actor, user) or not Area.of(actor).holds_whole(user):
        return ""
    mine, roles = current_roles(actor), roles_near(user)
    if "system_admin" in mine and actor.has_perm("organisation.issue_code_user"):
        return "system_admin"
    if "security_admin" in mine and "system_admin" in roles and actor.has_perm("organisation.release_code_user"):
        return "security_admin"
    is_staff = "unit_head" in mine and actor.has_perm("organisation.issue_code_own_staff")
    return "unit_head" if is_staff and not roles & ABOVE_STAFF else ""


def second_hand_for(user, asked_as: str) -> str:
    """The role that releases a code: another administration than who asked for it, and never the person's own."""
    return "auditor" if asked_as == "security_admin" or "security_admin" in roles_near(user) else "security_admin"
