"""Rows of the leaders' dashboard and the weekly roll-up."""
from datetime import timedelta

from governance.reporting import calendar
from governance.reporting.services import rolling_up

from ..measuring import NothingToMeasure, Pair, bench
from ..scene import round_robin

WEEK = """
SELECT m.unit_id, m.category, m.channel, 'reported', count(*) FROM casework_matter m
 WHERE m.unit_id = ANY(%(units)s) AND m.reported_at >= %(start)s AND m.reported_at < %(end)s
   AND m.status NOT IN ('voided', 'merged') GROUP BY 1, 2, 3
UNION ALL
SELECT m.unit_id, '', '', 'accepted', count(*) FROM casework_matter m
 WHERE m.unit_id = ANY(%(units)s) AND m.accepted_at >= %(start)s AND m.accepted_at < %(end)s
   AND m.status NOT IN ('voided', 'merged') GROUP BY 1
UNION ALL
SELECT m.unit_id, m.category, a.form, 'agreed', count(*) FROM disputes_agreement a
  JOIN casework_matter m ON m.id = a.matter_id
 WHERE a.agreed_on >= %(first)s AND a.agreed_on < %(until)s AND m.unit_id = ANY(%(units)s)
   AND m.status NOT IN ('voided', 'merged') GROUP BY 1, 2, 3
UNION ALL
SELECT m.unit_id, '', e.result, 'ended', count(*) FROM disputes_ending e
  JOIN casework_matter m ON m.id = e.matter_id
 WHERE e.ended_on >= %(first)s AND e.ended_on < %(until)s AND m.unit_id = ANY(%(units)s)
   AND m.status NOT IN ('voided', 'merged') GROUP BY 1, 2, 3
UNION ALL
SELECT m.unit_id, '', '', 'open', count(*) FROM casework_matter m
 WHERE m.unit_id = ANY(%(units)s) AND m.reported_at < %(end)s
   AND (m.first_closed_at IS NULL OR m.first_closed_at >= %(end)s) AND m.status NOT IN ('voided', 'merged') GROUP BY 1
"""
LATE = """
SELECT m.id, m.title, m.next_due_at, h.name FROM casework_matter m LEFT JOIN organisation_user h ON h.id = m.handler_id
 WHERE m.unit_id = ANY(%(units)s) AND m.next_due_at < %(now)s ORDER BY m.next_due_at LIMIT 6
"""


def _asked(period, units, now) -> dict:
    return {
        "units": units, "start": period.start, "end": period.end, "first": period.first, "until": period.until,
        "now": now,
    }


@bench("dashboard", "leaders' dashboard of a township", 100)
def dashboard(scene):
    """The whole page with all its cards; by hand: what is late, and thirteen weeks of the same counts."""
    people = scene.clerks
    if not people:
        raise NothingToMeasure("no township was generated")
    span = calendar.days(scene.now.date() - timedelta(days=90), scene.now.date())

    def by_hand(place):
        asked = _asked(span, round_robin(people, place).unit_ids, scene.now)
        scene.sql(LATE, asked)
        return scene.sql(WEEK, asked)

    return Pair(lambda place: round_robin(people, place).get("reporting:dashboard"), by_hand)


@bench("rollup", "weekly roll-up of a township, counted", 1000, most_ratio=2, most_queries=None)
def rollup(scene):
    """All figures of all villages of a week with the ids behind them; by hand: the counts alone."""
    people = scene.clerks
    if not people:
        raise NothingToMeasure("no township was generated")
    week = calendar.last_complete(calendar.WEEK, scene.now.date())

    def ours(place):
        return rolling_up.count(round_robin(people, place).user.home_unit, week, scene.now)

    return Pair(ours, lambda place: scene.sql(WEEK, _asked(week, round_robin(people, place).unit_ids, scene.now)))
