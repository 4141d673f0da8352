"""The set-up checklist (开通清单): what a township still needs before it can work, and where that is done."""
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from ..models import SEPARATED_ROLES, Change, Duty, Post, PostProposal, Role, Unit, UnitLevel
from ..querysets import IN_CHARGE, path_ids
from ..registry import Refused, SetupStep, all_steps
from ..visibility import Area, require_right
from .recording import record_change
from .telling import overseers

VILLAGES = (UnitLevel.VILLAGE, UnitLevel.COMMUNITY)
MOST_NAMED = 5


@dataclass(frozen=True)
class Row:
    """A step with what is missing; `stands`: the administrator said that it may stay as it is."""

    step: SetupStep
    missing: str
    stands: bool

    @property
    def is_done(self) -> bool:
        """Nothing is missing, or what is there may stand."""
        return self.stands or not self.missing


def checklist(actor) -> list[Row]:
    """Every step for the area of an administrator; some ten queries, whatever the number of rows."""
    area = Area.of(actor)
    place = Place(area)
    said = set(Change.objects.filter(subject_type="setup", subject_id__in=[_id(step, area) for step in all_steps()])
               .values_list("subject_id", flat=True))
    return [Row(step, str(step.look(place)), step.may_stand and _id(step, area) in said) for step in all_steps()]


@transaction.atomic
def let_stand(*, code: str, actor) -> None:
    """Say that what is usual may stay as it is. Refused: `step-not-found`."""
    require_right(actor, "organisation.add_unit")
    step = next((one for one in all_steps() if one.code == code and one.may_stand), None)
    if step is None:
        raise Refused("step-not-found", _("There is no such step."))
    record_change(subject_type="setup", subject_id=_id(step, Area.of(actor)), verb="let_stand", actor=actor)


def named(names, total: int) -> str:
    """The first few names, and that there are more."""
    shown = "、".join(names[:MOST_NAMED])
    return shown if total <= MOST_NAMED else _("%(names)s and %(count)s more") % {
        "names": shown, "count": total - MOST_NAMED}


class Place:
    """An administrator's area as the steps look at it: what several of them need is read once."""

    def __init__(self, area):
        self.area = area

    @cached_property
    def units(self) -> list:
        """Townships, villages and communities that go on, in tree order, with whether a leader is in charge there and
        a mediator named (one query).
        """
        today = timezone.localdate()
        leaders = Duty.objects.on(today).filter(unit=OuterRef("pk"), responsibility__in=IN_CHARGE)
        mediators = Post.objects.overlapping(today, None).filter(unit=OuterRef("pk"), role=Role.MEDIATOR)
        rows = Unit.objects.filter(self.area.within(), level__in=(UnitLevel.TOWNSHIP, *VILLAGES)).not_ended()
        rows = rows.annotate(has_leader=Exists(leaders), has_mediator=Exists(mediators)).in_tree_order()
        return list(rows.only("short_name", "level", "township_id", "path"))

    @cached_property
    def people(self) -> list:
        """Who may log in: name, home unit’s path, whether they hold a post, wait for one, administer (one query)."""
        held = Post.objects.filter(user=OuterRef("pk")).overlapping(timezone.localdate(), None)
        rows = self.area.people().active().people().by_name().annotate(
            holds=Exists(held), administers=Exists(held.filter(role__in=SEPARATED_ROLES)),
            waits=Exists(PostProposal.objects.filter(user=OuterRef("pk"))),
        )
        return list(rows.values("name", "home_unit__path", "holds", "administers", "waits"))

    @property
    def townships(self) -> list:
        """The townships."""
        return [unit for unit in self.units if unit.level == UnitLevel.TOWNSHIP]

    @property
    def villages(self) -> list:
        """Villages and communities."""
        return [unit for unit in self.units if unit.level in VILLAGES]


def divisions(place) -> str:
    """Townships, and villages in each of them."""
    if not place.townships:
        return _("No township yet: import the divisions.")
    filled = {unit.township_id for unit in place.villages}
    return _lacking(_("Without villages: %(names)s."), [one for one in place.townships if one.pk not in filled])


def people(place) -> str:
    """Accounts, and somebody in each village."""
    workers = [row for row in place.people if not row["administers"]]
    if not workers:
        return _("Nobody beside the administrators yet: fill in the template of the list and import it.")
    reached = {pk for row in workers if row["home_unit__path"] for pk in path_ids(row["home_unit__path"])}
    return _lacking(_("Nobody yet in: %(names)s."), [one for one in place.villages if one.pk not in reached])


def posts(place) -> str:
    """No proposal waits, and everybody has a post."""
    waiting = sum(row["waits"] for row in place.people)
    if waiting:
        return _("Appointments that wait for the security administrator: %(count)s.") % {"count": waiting}
    names = [row["name"] for row in place.people if not row["holds"]]
    if names:
        return _("Without a post: %(names)s. The security administrator appoints them.") % {
            "names": named(names, len(names))}
    is_anybody = any(row["holds"] and not row["administers"] for row in place.people)
    return "" if is_anybody else _("Nobody holds a post yet.")


def duties(place) -> str:
    """A leader in charge for each township, whom reminders reach."""
    if not place.townships:
        return _("No township yet.")
    text = _("No leader in charge of: %(names)s. Reminders reach no leader there.")
    return _lacking(text, [one for one in place.townships if not one.has_leader])


def committees(place) -> str:
    """A mediator in each village's committee and in each township's (人民调解法 art. 8)."""
    if not place.villages:
        return _("No village yet.")
    text = _("Committees without a mediator: %(names)s.")
    return _lacking(text, [one for one in place.units if not one.has_mediator])


def appointment_of(person) -> dict:
    """What somebody without a post waits for: the proposals, and who confirms them (two queries)."""
    rows = list(PostProposal.objects.filter(user=person).select_related("unit"))
    unit = rows[0].unit if rows else person.home_unit
    return {"proposals": rows, "by": overseers(unit, Role.SECURITY_ADMIN)}


def _lacking(text: str, found) -> str:
    return text % {"names": named([unit.short_name for unit in found], len(found))} if found else ""


def _id(step, area) -> str:
    return f"{step.code}:{(area.paths or ['/'])[0]}"
