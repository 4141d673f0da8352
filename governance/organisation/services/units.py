"""Acts on the unit tree: create, rename, close, merge."""
from django.db import connection, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from ..models import Duty, Post, StandIn, Unit, UnitLevel, User
from ..names import checked_name
from ..pinyin import sort_key
from ..registry import Refused
from ..visibility import require_right, require_unit
from .recording import record_change

# Which levels a unit may stand directly under.
PARENT_LEVELS = {
    UnitLevel.DISTRICT: (),
    UnitLevel.TOWNSHIP: (UnitLevel.DISTRICT,),
    UnitLevel.VILLAGE: (UnitLevel.TOWNSHIP,),
    UnitLevel.COMMUNITY: (UnitLevel.TOWNSHIP,),
    UnitLevel.GRID: (UnitLevel.VILLAGE, UnitLevel.COMMUNITY, UnitLevel.GRID),
    UnitLevel.DEPARTMENT: (UnitLevel.DISTRICT, UnitLevel.TOWNSHIP),
}


def short_name_of(name: str, level: str) -> str:
    """Return the name in daily use: 横山村村委会 → 横山村, 迎春社区居委会 → 迎春社区."""
    if level not in (UnitLevel.VILLAGE, UnitLevel.COMMUNITY):
        return name
    for ending in ("村民委员会", "居民委员会", "村委会", "居委会"):
        if name.endswith(ending) and len(name) > len(ending):
            stem = name[: -len(ending)]
            if ending.startswith("村") and not stem.endswith("村"):
                stem += "村"
            return stem
    return name


def unit_row(*, code, name, level, parent, valid_from, short_name="", grid_type="") -> Unit:
    """Return an unsaved unit with its id, path and township set; the id is taken from the sequence."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('organisation_unit', 'id'))")
        pk = cursor.fetchone()[0]
    unit = Unit(
        pk=pk, code=code.strip(), name=checked_name(name), level=level, parent=parent, grid_type=grid_type,
        valid_from=valid_from, path=f"{parent.path if parent else '/'}{pk}/",
    )
    unit.short_name = checked_name(short_name) or short_name_of(unit.name, level)
    unit.name_key = sort_key(unit.short_name)
    unit.township_id = pk if level == UnitLevel.TOWNSHIP else parent.township_id if parent else None
    return unit


@transaction.atomic
def create_unit(*, code, name, level, parent, actor, valid_from=None, short_name="", grid_type="") -> Unit:
    """Create a unit below ``parent`` in the actor's area; None, a district, on the server's console only."""
    require_right(actor, "organisation.add_unit")
    require_unit(actor, parent, "parent")
    if Unit.objects.filter(code=code.strip()).exists():
        raise Refused("unit-code-taken", _("A unit with this code exists already."), ["code"])
    check_level(level, parent)
    unit = unit_row(
        code=code, name=name, level=level, parent=parent, short_name=short_name, grid_type=grid_type,
        valid_from=valid_from or timezone.localdate(),
    )
    unit.save(force_insert=True)
    record_change(
        subject_type="unit", subject_id=unit.pk, verb="created", actor=actor,
        data={"code": unit.code, "name": unit.name, "level": unit.level, "parent": unit.parent_id},
    )
    return unit


def check_level(level, parent) -> None:
    """Raise Refused when a unit of ``level`` may not stand under ``parent``."""
    allowed = PARENT_LEVELS[UnitLevel(level)]
    if parent is None:
        if allowed:
            raise Refused("unit-parent-missing", _("A unit of this level needs a parent unit."), ["parent"])
    elif parent.level not in allowed:
        raise Refused("unit-parent-level", _("A unit of this level cannot stand under that one."), ["parent"])
    elif parent.valid_to is not None:
        raise _ends(parent, ["parent"])


@transaction.atomic
def rename_unit(*, unit, name, actor, short_name="") -> Unit:
    """Give a unit another name; the code stays."""
    require_right(actor, "organisation.change_unit")
    require_unit(actor, unit)
    unit = _open_unit(unit)
    before, before_short_name = unit.name, unit.short_name
    unit.name = checked_name(name)
    unit.short_name = checked_name(short_name) or short_name_of(unit.name, unit.level)
    unit.name_key = sort_key(unit.short_name)
    unit.save(update_fields=["name", "short_name", "name_key"])
    record_change(
        subject_type="unit", subject_id=unit.pk, verb="renamed", actor=actor,
        data={
            "before": before, "name": unit.name, "before_short_name": before_short_name, "short_name": unit.short_name,
        },
    )
    return unit


@transaction.atomic
def close_unit(*, unit, on, actor) -> Unit:
    """Close a unit; ``on`` is its last day, until whose end it goes on. Refused while units or posts below go on.

    One that closes later may be given another last day.
    """
    require_right(actor, "organisation.change_unit")
    require_unit(actor, unit)
    unit = _open_unit(unit)
    if on < unit.valid_from:
        raise Refused("unit-days-unordered", _("The last day lies before the first day."), ["on"])
    if Unit.objects.filter(parent=unit).overlapping(_day_after(on), None).exists():
        raise Refused("unit-has-units", _("Units below it are still open: close or merge them first."))
    if Post.objects.filter(unit=unit).overlapping(_day_after(on), None).exists():
        raise Refused("unit-has-posts", _("People still hold posts there: end the posts first."))
    unit.valid_to = on
    unit.save(update_fields=["valid_to"])
    record_change(
        subject_type="unit", subject_id=unit.pk, verb="closed", actor=actor, data={"on": on.isoformat()}
    )
    return unit


@transaction.atomic
def merge_units(*, units, into, on, actor) -> Unit:
    """Merge units into another of the same parent; ``on`` is their last day; system administrators only.

    The merged units stay as closed rows below the successor, so that whoever answers for the successor
    answers for what happened in them; their open grids, posts and duties go over to the successor.
    Refused for a last day that is still to come: grids and matters go over at once, whatever the day.
    """
    require_right(actor, "organisation.change_unit")
    for unit in (*units, into):
        require_unit(actor, unit)
    if on > timezone.localdate():
        raise Refused("unit-merge-ahead", _("Units are merged at once: the last day cannot lie ahead."), ["to_on"])
    into = _open_unit(into)
    if into.valid_to is not None:
        raise _ends(into, ["into"])
    for unit in units:
        unit = _open_unit(unit)
        if unit.pk == into.pk or unit.level != into.level or unit.parent_id != into.parent_id:
            raise Refused(
                "unit-merge-unlike", _("Only units of the same level under the same parent can be merged.")
            )
        if on < unit.valid_from:
            raise Refused("unit-days-unordered", _("The last day lies before the first day."), ["to_on"])
        _merge_one(unit, into, on, actor)
    return into


def _merge_one(unit, into, on, actor):
    for child in Unit.objects.filter(parent=unit).not_ended(_day_after(on)):
        _move_below(child, into)
    posts = Post.objects.filter(unit=unit).overlapping(_day_after(on), None)
    successors = {post.pk: _take_over_post(post, into, on) for post in list(posts)}
    _take_over_duties(unit, into, on, successors)
    User.objects.filter(home_unit=unit).update(home_unit=into)
    unit.valid_to, unit.merged_into = on, into
    unit.save(update_fields=["valid_to", "merged_into"])
    _move_below(unit, into)
    record_change(
        subject_type="unit", subject_id=unit.pk, verb="merged", actor=actor,
        data={"into": into.pk, "on": on.isoformat(), "posts": sorted(successors)},
    )


def _take_over_post(post, into, on) -> Post:
    """The same person goes on in the successor from the next day; so does whoever stands in for them."""
    first = _day_after(on)
    successor, _made = Post.objects.get_or_create(
        user_id=post.user_id, unit=into, role=post.role, to_on=post.to_on,
        defaults={"title": post.title, "from_on": max(first, post.from_on)},
    )
    for row in StandIn.objects.filter(post=post, to_on__gte=first):
        StandIn.objects.create(
            post=successor, user_id=row.user_id, from_on=max(first, row.from_on), to_on=row.to_on, reason=row.reason
        )
    StandIn.objects.filter(post=post, from_on__gte=first).delete()
    StandIn.objects.filter(post=post, to_on__gte=first).update(to_on=on)
    post.to_on = max(on, post.from_on)
    post.save(update_fields=["to_on"])
    return successor


def _take_over_duties(unit, into, on, successors) -> None:
    """Duties in the unit, and of its posts elsewhere, go on from the next day in and by the successor."""
    first = _day_after(on)
    for duty in Duty.objects.filter(Q(unit=unit) | Q(post_id__in=successors)).overlapping(first, None):
        post_id = getattr(successors.get(duty.post_id), "pk", duty.post_id)
        unit_id = into.pk if duty.unit_id == unit.pk else duty.unit_id
        same = Duty.objects.filter(
            line=duty.line, unit_id=unit_id, post_id=post_id, responsibility=duty.responsibility
        ).overlapping(first, duty.to_on)
        if not same.exists():
            Duty.objects.create(
                line=duty.line, unit_id=unit_id, post_id=post_id, responsibility=duty.responsibility,
                from_on=max(first, duty.from_on), to_on=duty.to_on,
            )
        duty.to_on = max(on, duty.from_on)
        duty.save(update_fields=["to_on"])


def _move_below(unit, parent):
    """Hang a unit and its subtree below another parent: one UPDATE of the paths."""
    old, new = unit.path, f"{parent.path}{unit.pk}/"
    Unit.objects.filter(pk=unit.pk).update(parent=parent)
    Unit.objects.filter(path__startswith=old).update(path=Concat(Value(new), Substr(F("path"), len(old) + 1)))


def _open_unit(unit):
    """The unit, locked; Refused `unit-closed` once its last day has passed."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if unit.is_closed:
        raise _ends(unit)
    return unit


def _ends(unit, missing=()) -> Refused:
    """`unit-closed`: it is no more, or it is not to go on for long enough to take anything over."""
    if unit.is_closed:
        return Refused("unit-closed", _("The unit is closed."), missing)
    day = date_format(unit.valid_to, "DATE_FORMAT")
    return Refused("unit-closed", _("The unit closes on %(day)s.") % {"day": day}, missing)


def _day_after(day):
    return day + timezone.timedelta(days=1)
