"""What a campaign has found and how it stands (专项排查统计): counted live, or as it was frozen; never typed.

Live or frozen, every reader is told of the disputes that they may see and of no other, so that each number and the
list behind it are the same, and the wall holds for a bare number too. What is hidden only because it is confidential
is said as a number to those who oversee the township.
"""
from collections import Counter
from dataclasses import dataclass

from governance.casework.models import Matter
from governance.casework.services.vocabularies import counting_under
from governance.casework.visibility import Sight

from ..querysets import campaigns as questions

STANDINGS = ("settled", "pending", "unsettled")


@dataclass(frozen=True)
class Found:
    """A dispute that counts (排查发现): its id, village, category, and how it stands (one of `STANDINGS`)."""

    pk: int
    village: int
    category: str
    standing: str


def found_in(campaign, matters):
    """The disputes among these that the campaign finds by its rule; a queryset."""
    codes = set().union(*(counting_under("dispute.category", code) for code in campaign.categories))
    return questions.found(matters, campaign, codes)


def village_count(campaign, unit_id, user) -> int:
    """What a village has found so far, as far as the user sees it."""
    return found_in(campaign, Matter.objects.visible_to(user)).filter(village=unit_id).count()


def counted(campaign, user) -> tuple[list[Found], int]:
    """What the user sees of it, and how many confidential ones are left out; `user` None is the system itself.

    Three queries; a campaign that has ended gives what was frozen.
    """
    if campaign.figures is None:
        every = [Found(*row) for row in questions.rows_of(found_in(campaign, Matter.objects.all()))]
    else:
        every = [Found(*row) for row in campaign.figures["matters"]]
    if user is None or not every:
        return every, 0
    ids = {one.pk for one in every}
    seen = set(Matter.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    hidden = ids - seen - Sight.of(user).walled
    confidential = Matter.objects.filter(pk__in=hidden, is_confidential=True).count() if hidden else 0
    return [one for one in every if one.pk in seen], confidential


def listed(campaign, user, *, village=None, which="found"):
    """The disputes behind a number of a village (of all without one): a queryset for lists."""
    rows, _confidential = counted(campaign, user)
    ids = [
        one.pk for one in rows
        if village in (None, one.village) and (which not in STANDINGS or one.standing == which)
    ]
    return Matter.objects.visible_to(user).filter(pk__in=ids)


def board(campaign, user) -> dict:
    """Rows of villages with report and counts, categories, total and what is left out, for the user; five queries."""
    rows, confidential = counted(campaign, user)
    reports = {r.unit_id: r for r in campaign.reports.held().select_related("recorded_by")}
    villages = [
        {"unit": v.unit, "report": reports.get(v.unit_id), **_counts(one for one in rows if one.village == v.unit_id)}
        for v in campaign.villages.select_related("unit").order_by("unit__code")
    ]
    return {
        "villages": villages, "categories": _by_category(rows), "total": _counts(rows), "confidential": confidential,
    }


def freeze(campaign) -> dict:
    """All that counts now, as plain values: villages with their reports, totals, and each dispute with its standing."""
    now = board(campaign, None)
    villages = [
        {"unit": row["unit"].pk, "name": row["unit"].short_name, "report": report_code(row),
         "reported_on": row["report"].held_on.isoformat() if row["report"] else "",
         "is_late": bool(row["report"] and row["report"].is_late),
         **{name: row[name] for name in ("found", *STANDINGS)}}
        for row in now["villages"]
    ]
    matters = [[one.pk, one.village, one.category, one.standing] for one in counted(campaign, None)[0]]
    return {"villages": villages, "categories": now["categories"], "total": now["total"], "matters": matters}


def report_code(row) -> str:
    """How a village reported; a zero report stands as one only while nothing was found."""
    if row["report"] is None:
        return "missing"
    return "found" if row["found"] else "zero"


def _counts(rows) -> dict:
    tally = Counter(one.standing for one in rows)
    return {"found": sum(tally.values()), **{name: tally[name] for name in STANDINGS}}


def _by_category(rows) -> list[dict]:
    codes = Counter(one.category for one in rows)
    return [
        {"code": code, **_counts(one for one in rows if one.category == code)} for code, _count in codes.most_common()
    ]
