"""Weekly roll-ups (周报): computed from the matters, confirmed, reviewed, signed; nobody types a figure.

The whole of a version is written in one transaction: whoever is killed in the middle leaves nothing behind, and
the next run writes it once (unique per township and week, and per number of the version).
"""
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.casework.visibility import Sight
from governance.organisation.models import Unit
from governance.organisation.registry import Refused

from .. import calendar, registry
from ..models import Rollup, RollupCell, RollupPart, RollupVersion
from ..querysets import below, sees_whole, tallies
from ..visibility import REVIEWERS, SIGNERS, VILLAGE_ROLES
from .setting import confirm_by
from .telling import tell_reviewers, tell_signers, tell_villages

TABLE = "weekly"
# Signed weeks so far back are counted anew every Monday, so that what was corrected late is not overlooked.
WATCHED_WEEKS = 8
NOT_WHOLE = gettext_lazy(
    "Figures that you do not see in full you do not stand by: you take no part in one of the cases that they count. "
    "Somebody else of the same duty, or whoever stands in for you, does this."
)
_RETURNED = ("returned_by", "returned_at", "returned_reason")


def roll_up(*, township, period, actor=None, now=None) -> RollupVersion:
    """Compute the week, or compute it anew; the version that now stands.

    The first run makes version 1. While a version is unsigned its figures are brought up to date, and a village whose
    figures changed confirms again. Once signed it stays; figures that differ make the next version.
    Refused: `week-not-over`, `not-your-right` (clerks and office, or the system itself).
    """
    now = now or timezone.now()
    if actor is not None:
        require_role(actor, township, REVIEWERS)
    if period.kind != calendar.WEEK or period.end > now:
        raise Refused("week-not-over", _("This week is not over yet."))
    with transaction.atomic():
        rollup = _locked(township, period)
        last = rollup.versions.first()
        counted = count(township, period, now)
        if last is None:
            return _write(rollup, 1, counted, actor, now)
        if stored(last) == counted:
            return last
        if last.is_frozen:
            return _write(rollup, last.number + 1, counted, actor, now, before=last)
        return _replace(last, counted, actor, now)


def roll_up_all(*, day=None, now=None) -> dict[str, int]:
    """Compute last week and every week that was missed for every township, and look again at the signed weeks before.

    Missed is what lies between a township's first report and last week, however long the portal stood still.
    """
    now = now or timezone.now()
    week = calendar.last_complete(calendar.WEEK, day or timezone.localdate(now))
    townships = list(Unit.objects.on(week.last).filter(level="township").in_tree_order())
    done = {"computed": 0, "corrected": 0}
    for township in townships:
        for missed in [*_missed(township, week), week]:
            roll_up(township=township, period=missed, now=now)
            done["computed"] += 1
        done["corrected"] += look_again(township=township, before=week, now=now)
    return done


def _missed(township, week) -> list[calendar.Period]:
    """Weeks before this one, from the township's first report on, that have none."""
    there = set(Rollup.objects.filter(township=township).values_list("first_on", flat=True))
    missed, earlier = [], week.previous()
    while there and earlier.first > min(there):
        if earlier.first not in there:
            missed.append(earlier)
        earlier = earlier.previous()
    return missed[::-1]


def look_again(*, township, before, now=None) -> int:
    """Count the signed weeks before this one anew; how many have a later version now."""
    made = 0
    rollups = Rollup.objects.filter(township=township, first_on__lt=before.first).order_by("-first_on")
    for rollup in rollups[:WATCHED_WEEKS]:
        last = rollup.versions.first()
        if last is not None and last.is_frozen:
            made += roll_up(township=township, period=rollup.period, now=now).pk != last.pk
    return made


def confirm(*, part_id, actor, comment="", mark=None) -> RollupPart:
    """A village stands by its figures, with a comment; it types none.

    Refused: `part-not-found`, `not-your-right`, `rollup-signed`, `rollup-recomputed` (other figures meanwhile).
    """
    with transaction.atomic():
        part = RollupPart.objects.select_for_update(of=("self",)).select_related("version", "unit").filter(
            pk=part_id, is_village=True
        ).first()
        if part is None or not may_confirm(actor, part.unit_id):
            raise Refused("part-not-found", _("There is no such report."))
        if part.version.is_frozen:
            raise Refused("rollup-signed", _("This version is signed; nothing of it changes any more."))
        _require_whole(part.version, actor, part.unit_id)
        if mark is not None and mark != _mark(part.version):
            raise Refused("rollup-recomputed", _("The figures were counted anew meanwhile. Look at them again."))
        was_missing = part.confirmed_at is None
        part.confirmed_by, part.confirmed_at, part.comment = actor, timezone.now(), comment.strip()[:500]
        part.returned_by, part.returned_at, part.returned_reason = None, None, ""
        part.save(update_fields=["confirmed_by", "confirmed_at", "comment", *_RETURNED])
        version = part.version
        is_last = was_missing and not version.parts.filter(is_village=True, confirmed_at=None).exists()
        if is_last and version.state == RollupVersion.State.COMPUTED:
            tell_reviewers(version, "rollup_complete", key=f"complete:{part.confirmed_at.isoformat()}")
    return part


def return_part(*, part_id, actor, reason) -> RollupPart:
    """The township sends a village's part back with a reason; the village is told and confirms again.

    Refused: `part-not-found`, `not-your-right`, `rollup-not-at-this-step`, `part-not-confirmed`, `reason-missing`.
    """
    with transaction.atomic():
        part = RollupPart.objects.select_for_update(of=("self",)).filter(pk=part_id, is_village=True).first()
        if part is None:
            raise Refused("part-not-found", _("There is no such report."))
        version = _version(part.version_id, actor, REVIEWERS, RollupVersion.State.COMPUTED)
        if part.confirmed_at is None:
            raise Refused("part-not-confirmed", _("This village has not confirmed."))
        _return(part, actor, reason)
        part.confirmed_by, part.confirmed_at = None, None
        part.save(update_fields=["confirmed_by", "confirmed_at", *_RETURNED])
        key = f"returned:{part.unit_id}:{part.returned_at.isoformat()}"
        tell_villages(version, "rollup_returned", key=key, unit_ids=[part.unit_id])
    return part


def review(*, version_id, actor, remark="") -> RollupVersion:
    """The township has looked it over; villages that did not confirm stand in it by name.

    Refused: `version-not-found`, `not-your-right`, `rollup-not-at-this-step`.
    """
    with transaction.atomic():
        version = _version(version_id, actor, REVIEWERS, RollupVersion.State.COMPUTED)
        _require_whole(version, actor)
        version.state, version.remark = RollupVersion.State.REVIEWED, remark.strip()[:2000]
        version.reviewed_by, version.reviewed_at = actor, timezone.now()
        version.returned_by, version.returned_at, version.returned_reason = None, None, ""
        version.save(update_fields=["state", "remark", "reviewed_by", "reviewed_at", *_RETURNED])
        tell_signers(version)
    return version


def send_back(*, version_id, actor, reason) -> RollupVersion:
    """The leader does not sign yet, for a reason: township and villages are told, the township looks it over again."""
    with transaction.atomic():
        version = _version(version_id, actor, SIGNERS, RollupVersion.State.REVIEWED)
        _return(version, actor, reason)
        version.state, version.reviewed_by, version.reviewed_at = RollupVersion.State.COMPUTED, None, None
        version.save(update_fields=["state", "reviewed_by", "reviewed_at", *_RETURNED])
        key = f"back:{version.returned_at.isoformat()}"
        tell_reviewers(version, "rollup_sent_back", key=key)
        every = version.parts.filter(is_village=True).values_list("unit_id", flat=True)
        tell_villages(version, "rollup_back", key=key, unit_ids=every)
    return version


def sign(*, version_id, actor) -> RollupVersion:
    """The leader signs: the version is frozen. Whoever reviewed it does not sign it (`own-review`).

    Refused `rollup-not-seen-whole` while a case of it lies behind the leader's own wall: whoever stands in signs.
    """
    with transaction.atomic():
        version = _version(version_id, actor, SIGNERS, RollupVersion.State.REVIEWED)
        if version.reviewed_by_id == actor.pk:
            raise Refused("own-review", _("Somebody else has to sign what you reviewed."))
        _require_whole(version, actor)
        version.state = RollupVersion.State.SIGNED
        version.signed_by, version.signed_at = actor, timezone.now()
        version.save(update_fields=["state", "signed_by", "signed_at"])
    return version


def _require_whole(version, actor, unit_id=None) -> None:
    """Refused `rollup-not-seen-whole` for whoever is shut out of a case that the figures count."""
    if not sees_whole(version, actor, unit_id):
        raise Refused("rollup-not-seen-whole", NOT_WHOLE)


def count(township, period, now) -> dict[int, dict[str, tuple]]:
    """The figures of each village and of the township's own part, with the ids behind them; two queries.

    {unit id: {metric: (sorted ids, sorted ids of the denominator or None)}}, in the order of the parts.
    """
    metrics = registry.get_table(TABLE).metrics()
    villages = villages_of(township, period)
    places = below([township, *villages])
    every = places.pop(township.pk)
    own = every - frozenset().union(*places.values()) if places else every
    counted = tallies(metrics, {**places, township.pk: own}, period.at(now), None, with_rows=True)
    ids = [*(village.pk for village in villages), township.pk]
    return {
        pk: {
            metric.code: (
                sorted(counted[(metric.code, "n", pk)].rows),
                sorted(counted[(metric.code, "N", pk)].rows) if metric.denominator else None,
            )
            for metric in metrics
        }
        for pk in ids
    }


def stored(version) -> dict[int, dict[str, tuple]]:
    """The same of a version as it was written."""
    found = {part.unit_id: {} for part in version.parts.all()}
    for cell in RollupCell.objects.filter(part__version=version).select_related("part"):
        found[cell.part.unit_id][cell.metric] = (cell.rows, cell.total_rows)
    return found


def villages_of(township, period):
    """Villages and communities that were there at the end of the week, in order."""
    units = Unit.objects.on(period.last).filter(township=township, level__in=["village", "community"])
    return list(units.in_tree_order())


def may_confirm(user, unit_id) -> bool:
    """Whether the user answers for this village."""
    roles_at = Sight.of(user).roles_at
    return any(unit_id in roles_at.get(role, ()) for role in VILLAGE_ROLES)


def holds_role(user, township, roles) -> bool:
    """Whether a post of the user in one of the roles reaches the whole township."""
    roles_at = Sight.of(user).roles_at
    return any(township.pk in roles_at.get(role, ()) for role in roles)


def require_role(user, township, roles) -> None:
    """Refused `not-your-right` unless they do."""
    if not holds_role(user, township, roles):
        raise Refused("not-your-right", _("Your posts do not give you the right to do this here."))


def _locked(township, period) -> Rollup:
    """The roll-up's row, locked: two runs at once follow one another."""
    Rollup.objects.bulk_create(
        [Rollup(township=township, period_code=period.code, first_on=period.first)], ignore_conflicts=True
    )
    return Rollup.objects.select_for_update().get(township=township, period_code=period.code)


def _write(rollup, number, counted, actor, now, before=None) -> RollupVersion:
    """Write a version; confirmations of villages whose figures are the same are taken over from the one before."""
    version = RollupVersion.objects.create(
        rollup=rollup, number=number, cut_off_at=now, computed_by=actor,
        confirm_by=confirm_by(township_id=rollup.township_id, now=now),
    )
    kept = _confirmations(before, counted) if before else {}
    _write_parts(version, counted, kept)
    tell_villages(version, "rollup_to_confirm", key="confirm", now=now)
    return version


def _replace(version, counted, actor, now) -> RollupVersion:
    """Bring an unsigned version up to date."""
    kept, was_reviewed = _confirmations(version, counted), version.state == RollupVersion.State.REVIEWED
    confirmed = set(version.parts.filter(confirmed_at__isnull=False).values_list("unit_id", flat=True))
    version.parts.all().delete()
    version.cut_off_at, version.computed_by = now, actor
    version.state, version.reviewed_by, version.reviewed_at = RollupVersion.State.COMPUTED, None, None
    version.save(update_fields=["cut_off_at", "computed_by", "state", "reviewed_by", "reviewed_at"])
    _write_parts(version, counted, kept)
    key = f"again:{_mark(version)}"
    tell_villages(version, "rollup_again", key=key, unit_ids=confirmed & counted.keys() - kept.keys(), now=now)
    if was_reviewed:
        tell_reviewers(version, "rollup_unreviewed", key=key, now=now)
    return version


def _write_parts(version, counted, kept) -> None:
    parts = RollupPart.objects.bulk_create([
        RollupPart(
            version=version, unit_id=pk, position=place, is_village=pk != version.rollup.township_id, **kept.get(pk, {})
        )
        for place, pk in enumerate(counted)
    ])
    RollupCell.objects.bulk_create([
        RollupCell(part=part, metric=code, rows=rows, total_rows=total)
        for part in parts for code, (rows, total) in counted[part.unit_id].items()
    ])


def _confirmations(version, counted) -> dict:
    """Confirmations and comments of the villages whose figures did not change."""
    before = stored(version)
    return {
        part.unit_id: {
            "confirmed_by_id": part.confirmed_by_id, "confirmed_at": part.confirmed_at, "comment": part.comment,
            "returned_by_id": part.returned_by_id, "returned_at": part.returned_at,
            "returned_reason": part.returned_reason,
        }
        for part in version.parts.all() if before[part.unit_id] == counted.get(part.unit_id)
    }


def _version(version_id, actor, roles, state) -> RollupVersion:
    version = RollupVersion.objects.select_for_update(of=("self",)).select_related("rollup__township").filter(
        pk=version_id
    ).first()
    if version is None:
        raise Refused("version-not-found", _("There is no such report."))
    require_role(actor, version.rollup.township, roles)
    if version.state != state:
        raise Refused("rollup-not-at-this-step", _("Somebody was faster: the report has moved on. Load it again."))
    return version


def _return(row, actor, reason: str) -> None:
    """Note on a version or a part who sent it back, when and why."""
    if not reason.strip():
        raise Refused("reason-missing", _("Give a reason."), missing=("reason",))
    row.returned_by, row.returned_at, row.returned_reason = actor, timezone.now(), reason.strip()[:500]


def _mark(version) -> str:
    """What tells one computing from the next, so that nobody confirms figures that they did not see."""
    return version.cut_off_at.isoformat()
