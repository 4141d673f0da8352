"""Who sees which matter (可见范围): the only rule, asked by every list, count, detail, file and message.

You see a matter if a post that you hold or stand in for reaches it, or if the door named you in it.
Nobody who is a party to a matter, or recused from it, sees anything of it, whatever their role.
"""
from collections import defaultdict
from dataclasses import dataclass, field, replace

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import IntegerField, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone

from . import registry

_MEMO = "_casework_sight"

# Grounds of a grant by name that let the holder act, as their post would; others only let them read.
NAMED_ROLES = frozenset({"mediator", "liaison", "unit_head"})


@dataclass
class Sight:
    """What one user may see now: unit ids per reach, ids named to them, ids behind the wall.

    `grounds`: why a matter was named to them, by its id; `reached`: (reach, unit ids) to kind codes;
    `roles_at`: a role to the unit ids of its posts; `units`: the units below the posts, as plain rows.
    """

    user_id: int
    acting_for: frozenset[int]
    reached: dict = field(default_factory=dict)
    roles_at: dict = field(default_factory=dict)
    confidential: dict = field(default_factory=dict)
    named: frozenset[int] = frozenset()
    grounds: dict[int, set[str]] = field(default_factory=dict)
    lying_in: dict = field(default_factory=dict)
    walled: frozenset[int] = frozenset()
    own_roles_at: dict = field(default_factory=dict)
    stood_in: list = field(default_factory=list)
    merged: dict = field(default_factory=dict)
    posts: list = field(default_factory=list)
    units: list = field(default_factory=list)

    @classmethod
    def of(cls, user, *, fresh: bool = False) -> "Sight":
        """The user's sight, remembered on the user object of this request; `fresh` reads it anew.

        Three queries at most, whatever the number of rows; every id list is fetched before the matter
        table is asked, because `OR EXISTS` costs seconds at a million rows.
        """
        if not fresh and hasattr(user, _MEMO):
            return getattr(user, _MEMO)
        sight = _load(user)
        setattr(user, _MEMO, sight)
        return sight

    @classmethod
    def after_act(cls, user) -> "Sight":
        """The sight once the user has acted: ids by name and behind the wall read anew, posts as before (one query).

        An act on a matter names people in it or shuts them out; it gives nobody a post.
        """
        sight = cls.of(user)
        if sight.user_id:
            _load_ids(sight, user, sight.posts)
        return sight

    def q(self) -> Q:
        """The condition on Matter."""
        seen = Q(pk__in=self.named)
        for (reach, unit_ids), kinds in self.reached.items():
            column = "unit_id__in" if reach == "unit" else "responsible_unit_id__in"
            part = Q(**{column: unit_ids}, is_confidential=False)
            seen |= part if _is_every_kind(kinds) else part & Q(kind__in=sorted(kinds))
        for unit_ids, kinds in self.confidential.items():
            seen |= Q(unit_id__in=unit_ids, is_confidential=True, kind__in=sorted(kinds))
        for kind, ids in self.lying_in.items():
            seen |= Q(pk__in=ids, kind=kind, is_confidential=False)
        return seen & ~Q(pk__in=self.walled) if self.walled else seen

    def sees_nothing(self) -> bool:
        """Whether no row can be seen (system, security and audit administrators)."""
        return not (self.reached or self.named or self.lying_in or self.confidential)

    def absent_officer(self, matter, roles) -> int | None:
        """For whom the user acts here: the handler or holder of a role that only a stand-in gives them."""
        if matter.handler_id in self.acting_for and matter.handler_id != self.user_id:
            return matter.handler_id
        needed = set(roles)
        if any(matter.unit_id in self.own_roles_at.get(role, ()) for role in needed):
            return None
        for role, unit_ids, absent_id in self.stood_in:
            if role in needed and (matter.unit_id in unit_ids or matter.responsible_unit_id in unit_ids):
                return absent_id
        return None

    def roles_over(self, matter, other_unit_ids=()) -> set[str]:
        """Roles whose posts reach this matter, and the named roles `handler` and `reporter`."""
        if matter.pk in self.walled:
            return set()
        kind = registry.get(matter.kind)
        places = {matter.unit_id, *other_unit_ids}
        roles = set()
        for role, unit_ids in self.roles_at.items():
            reach = kind.reach.get(role, ())
            if ("unit" in reach and places & unit_ids) or (
                "responsible" in reach and matter.responsible_unit_id in unit_ids
            ):
                roles.add(role)
        if matter.is_confidential:
            roles &= set(kind.confidential_roles)
        if matter.handler_id in self.acting_for:
            roles.add("handler")
        if matter.creator_id == self.user_id:
            roles.add("reporter")
        return roles


def roles_of(user, matter, *, other_unit_ids=None) -> set[str]:
    """Roles in which the user comes to this matter, those given by name included (one query, unless the further
    units of the matter are known already)."""
    sight = Sight.of(user)
    if other_unit_ids is None:
        further = apps.get_model("casework.MatterUnit").objects.filter(matter_id=matter.pk)
        other_unit_ids = list(further.values_list("unit_id", flat=True))
    roles = sight.roles_over(matter, other_unit_ids)
    if matter.pk not in sight.walled:
        roles |= sight.grounds.get(matter.pk, set()) & NAMED_ROLES
    return roles


def sees_as_reporter_only(user, matter) -> bool:
    """Whether the user sees the matter only because they reported it: then what they reported and how it ended."""
    sight = Sight.of(user)
    if roles_of(user, matter) - {"reporter"}:
        return False
    grants = apps.get_model("casework.MatterUserGrant").objects.filter(
        content_object_id=matter.pk, user_id__in=sight.acting_for
    )
    return not grants.exclude(ground="reporter").exists()


def reported_only_ids(user) -> set[int]:
    """Ids of matters that the user sees only as their reporter (two queries at most)."""
    sight = Sight.of(user)
    if not sight.named:
        return set()
    grants = apps.get_model("casework.MatterUserGrant").objects.filter(user_id__in=sight.acting_for)
    by_ground = defaultdict(set)
    for matter_id, ground in grants.values_list("content_object_id", "ground"):
        by_ground[ground == "reporter"].add(matter_id)
    ids = by_ground[True] - by_ground[False]
    if not ids:
        return set()
    reached = replace(sight, named=frozenset()).q()
    return ids - set(apps.get_model("casework.Matter").objects.filter(reached, pk__in=ids).values_list("pk", flat=True))


def _is_every_kind(kinds) -> bool:
    return set(kinds) >= {kind.code for kind in registry.all_kinds()}


def _load(user) -> Sight:
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Sight(user_id=0, acting_for=frozenset())
    today = timezone.localdate()
    posts = list(
        apps.get_model("organisation.Post").objects.held_by(user, today).select_related("unit")
        .annotate(rights=_rights_of_role())
    )
    acting_for = frozenset({user.pk, *(post.user_id for post in posts)})
    sight = Sight(user_id=user.pk, acting_for=acting_for, posts=posts)
    _load_posts(sight, posts)
    _load_ids(sight, user, posts)
    return sight


def _rights_of_role():
    """The view permissions of the group of a post's role, as a list beside the post."""
    granted = apps.get_model("auth.Group").objects.filter(
        name=OuterRef("role"), permissions__codename__in=[codename for _app, codename in _view_permissions()]
    )
    return ArraySubquery(granted.values(
        right=Concat("permissions__content_type__app_label", Value("."), "permissions__codename")
    ))


def _view_permissions() -> dict[tuple[str, str], str]:
    """(app label, codename) of the right to view a kind's facts -> the kind's code."""
    permissions = {}
    for kind in registry.all_kinds():
        app_label, model = kind.facts_model.lower().split(".")
        permissions[(app_label, f"view_{model}")] = kind.code
    return permissions


def _roles_that_view(posts) -> dict[str, set[str]]:
    """Role -> kind codes whose facts model its group may view."""
    permissions, viewers = _view_permissions(), defaultdict(set)
    for post in posts:
        rights = (tuple(right.split(".")) for right in post.rights)
        viewers[post.role].update(permissions[right] for right in rights if right in permissions)
    return viewers


def _load_posts(sight: Sight, posts) -> None:
    """Unit ids of each role's subtree (one query), gathered by reach and set of kinds."""
    if not posts:
        return
    paths = {post.unit.path for post in posts}
    within = Q()
    for path in paths:
        within |= Q(path__startswith=path)
    columns = ("pk", "path", "merged_into_id", "level", "code", "short_name")
    sight.units = list(apps.get_model("organisation.Unit").objects.filter(within).values_list(*columns, named=True))
    units = [(unit.pk, unit.path) for unit in sight.units]
    sight.merged = {unit.pk: unit.merged_into_id for unit in sight.units if unit.merged_into_id is not None}
    at = defaultdict(set)
    own = defaultdict(set)
    for post in posts:
        subtree = {pk for pk, path in units if path.startswith(post.unit.path)}
        at[post.role] |= subtree
        if post.user_id == sight.user_id:
            own[post.role] |= subtree
        else:
            sight.stood_in.append((post.role, subtree, post.user_id))
    sight.roles_at, sight.own_roles_at = dict(at), dict(own)
    _gather_by_reach(sight, _roles_that_view(posts))


def _gather_by_reach(sight: Sight, viewers) -> None:
    """Turn roles and their units into conditions: one for each way of reaching and set of units."""
    reached = defaultdict(set)
    confidential = defaultdict(set)
    for role, kind in [(role, kind) for role in sight.roles_at for kind in registry.all_kinds()]:
        if kind.code not in viewers.get(role, ()):
            continue
        unit_ids = tuple(sorted(sight.roles_at[role]))
        for reach in kind.reach.get(role, ()):
            reached[(reach, unit_ids)].add(kind.code)
        if role in kind.confidential_roles:
            confidential[unit_ids].add(kind.code)
    sight.reached, sight.confidential = dict(reached), dict(confidential)


def _load_ids(sight: Sight, user, posts) -> None:
    """Ids of single matters: named to the user; those in which they are a party (also through a unit that they
    head, or stand in for the head of), recused, or asked about; those that lie in a reached unit as a further one.
    One query for all.
    """
    headed = {post.unit_id for post in posts if post.role == "unit_head"}
    # Who heads the successor heads what was merged into it, also by several mergers one after the other.
    while more := {pk for pk, into in sight.merged.items() if into in headed} - headed:
        headed |= more
    grants = apps.get_model("casework.MatterUserGrant").objects.filter(user_id__in=sight.acting_for)
    parties = apps.get_model("casework.Party").objects.filter(Q(user=user) | Q(unit_id__in=headed), removed_at=None)
    recusals = apps.get_model("casework.Recusal").objects.filter(user=user)
    units_of_kind = _units_of_kind(sight)
    none = Value(0, output_field=IntegerField())
    rows = grants.order_by().values_list(Value("named"), "content_object_id", "ground", none).union(
        parties.order_by().values_list(Value("walled"), "matter_id", Value(""), none),
        recusals.order_by().values_list(Value("walled"), "matter_id", Value(""), none),
        _asked_about(user, posts).order_by().values_list(Value("walled"), "party__matter_id", Value(""), none),
        _lying_elsewhere(set().union(*units_of_kind.values())),
        all=True,
    )
    ids, lying_in = {"named": set(), "walled": set()}, defaultdict(set)
    grounds = defaultdict(set)
    for what, matter_id, word, unit_id in rows:
        if what == "named":
            grounds[matter_id].add(word)
        if what in ids:
            ids[what].add(matter_id)
        elif unit_id in units_of_kind.get(word, ()):
            lying_in[word].add(matter_id)
    sight.grounds = dict(grounds)
    sight.named, sight.walled = frozenset(ids["named"]), frozenset(ids["walled"])
    sight.lying_in = {kind: frozenset(found) for kind, found in lying_in.items()}


def _units_of_kind(sight: Sight) -> dict[str, set[int]]:
    """Kind code -> units of which the user sees its matters."""
    units_of_kind = defaultdict(set)
    for (reach, unit_ids), kinds in sight.reached.items():
        if reach == "unit":
            for kind in kinds:
                units_of_kind[kind].update(unit_ids)
    return units_of_kind


def _lying_elsewhere(unit_ids):
    """Matters whose own unit is not one of these, but a further one is."""
    rows = apps.get_model("casework.MatterUnit").objects.filter(unit_id__in=unit_ids)
    rows = rows.exclude(matter__unit_id__in=unit_ids) if unit_ids else rows.none()
    return rows.order_by().values_list(Value("lying"), "matter_id", "matter__kind", "unit_id")


def _successors(unit_ids) -> set[int]:
    """The units into which these were merged, to the last one (one query for each merger in a row)."""
    found, ids = set(), set(unit_ids)
    while ids:
        rows = apps.get_model("organisation.Unit").objects.filter(pk__in=ids, merged_into__isnull=False)
        ids = set(rows.values_list("merged_into_id", flat=True)) - found
        found |= ids
    return found


def village_of(unit) -> int:
    """The unit as which a unit counts when it is asked whether a matter concerns it: a grid counts as its village."""
    return unit.parent_id if unit.level == "grid" else unit.pk


def _counted_as(prefix: str, unit_ids) -> Q:
    """Rows whose unit, or the village of whose grid, is one of these."""
    return Q(**{f"{prefix}_id__in": unit_ids}) | Q(**{f"{prefix}__level": "grid", f"{prefix}__parent_id__in": unit_ids})


def _open_questions():
    """Parties of whom it is not yet answered whether they are the member of staff of the same name or number."""
    return apps.get_model("casework.StaffMatch").objects.filter(answer="open", party__removed_at=None)


def _asked_about(user, posts):
    """Open questions about the user that wall them: by their number anywhere, by their name in the unit concerned."""
    units = {village_of(post.unit) for post in posts}
    near = Q(ground="phone")
    if units:
        further = apps.get_model("casework.MatterUnit").objects.filter(_counted_as("unit", units))
        near |= _counted_as("party__matter__unit", units) | _counted_as("party__matter__responsible_unit", units)
        near |= Q(party__matter__in=further.order_by().values("matter"))
    return _open_questions().filter(near, user=user)


def walled_user_ids(matter_id: int, user_ids) -> set[int]:
    """Which of these users stand behind the wall of this matter, also those who are only asked about.

    Two queries; two more where a unit is a party, three where somebody near is asked about.
    """
    user_ids = set(user_ids)
    walled = shut_out_ids(matter_id, user_ids)
    asked = _open_questions().filter(party__matter_id=matter_id, user_id__in=user_ids - walled)
    found = set(asked.values_list("user_id", "ground"))
    walled.update(user_id for user_id, ground in found if ground == "phone")
    if namesakes := {user_id for user_id, _ground in found} - walled:
        walled.update(_working_in(_units_concerned(matter_id), namesakes))
    return walled


def _units_concerned(matter_id: int) -> set[int]:
    """Where the matter lies and who answers for it, grids as their villages (two queries)."""
    rows = apps.get_model("casework.MatterUnit").objects.filter(matter_id=matter_id)
    matter = apps.get_model("casework.Matter").objects.select_related("unit", "responsible_unit").get(pk=matter_id)
    units = [matter.unit, *(row.unit for row in rows.select_related("unit"))]
    return {village_of(unit) for unit in (*units, matter.responsible_unit) if unit is not None}


def _working_in(units, user_ids) -> set[int]:
    """Which of these users hold a post in one of the units today, or stand in for one."""
    today = timezone.localdate()
    standing = apps.get_model("organisation.StandIn").objects.on(today).filter(user_id__in=user_ids)
    posts = apps.get_model("organisation.Post").objects.on(today).filter(_counted_as("unit", units))
    found = set(posts.filter(user_id__in=user_ids).values_list("user_id", flat=True))
    return found | set(standing.filter(post__in=posts).values_list("user_id", flat=True))


def shut_out_ids(matter_id: int, user_ids) -> set[int]:
    """Which of these users are a party to this matter, head a unit that is one, or stepped aside from it.

    One query; three more where a unit is a party.
    """
    user_ids = set(user_ids)
    parties = apps.get_model("casework.Party").objects.filter(matter_id=matter_id, removed_at=None).order_by()
    recusals = apps.get_model("casework.Recusal").objects.filter(matter_id=matter_id, user_id__in=user_ids)
    rows = parties.filter(Q(user_id__in=user_ids) | Q(unit__isnull=False)).values_list("user_id", "unit_id").union(
        recusals.order_by().values_list("user_id", Value(None, output_field=IntegerField())), all=True
    )
    found = list(rows)
    walled = {user_id for user_id, _unit_id in found} & user_ids
    if units := {unit_id for _user_id, unit_id in found if unit_id is not None}:
        today = timezone.localdate()
        heads = apps.get_model("organisation.Post").objects.on(today).filter(
            role="unit_head", unit_id__in=units | _successors(units)
        )
        standing = apps.get_model("organisation.StandIn").objects.on(today).filter(post__in=heads)
        for rows in (heads, standing):
            walled.update(rows.filter(user_id__in=user_ids).values_list("user_id", flat=True))
    return walled
