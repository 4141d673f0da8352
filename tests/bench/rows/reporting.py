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
# What the weekly table holds beside: how the open ones stand (with their round), who settled, instalments, referrals.
_ROUND = """(1 + (SELECT count(*) FROM casework_event e WHERE e.matter_id = m.id AND e.acted_at < %(end)s
   AND e.verb IN ('reopen', 'remediate') AND e.data->>'after' = 'mediating'))"""
_STANDING = f"""CASE WHEN EXISTS (SELECT 1 FROM disputes_agreement a WHERE a.matter_id = m.id AND a.round = {_ROUND}
     AND a.agreed_on < %(until)s) THEN 'settled'
   WHEN EXISTS (SELECT 1 FROM disputes_ending e WHERE e.matter_id = m.id AND e.round = {_ROUND}
     AND e.ended_on < %(until)s) THEN 'unsettled' ELSE 'pending' END"""
ROLLUP = f"""
WITH m AS MATERIALIZED (
  SELECT m.id, m.unit_id, m.category, m.channel, m.reported_at, m.accepted_at, m.first_closed_at FROM casework_matter m
   WHERE m.unit_id = ANY(%(units)s) AND m.status NOT IN ('voided', 'merged') AND m.kind = 'dispute'
     AND m.reported_at < %(end)s)
SELECT m.unit_id, m.category, m.channel, {_STANDING}, 'reported', array_agg(m.id) FROM m
 WHERE m.reported_at >= %(start)s GROUP BY 1, 2, 3, 4
UNION ALL
SELECT m.unit_id, '', '', '', 'accepted', array_agg(m.id) FROM m
 WHERE m.accepted_at >= %(start)s AND m.accepted_at < %(end)s GROUP BY 1
UNION ALL
SELECT m.unit_id, m.category, r.result, coalesce(c.level, ''), 'concluded', array_agg(m.id) FROM m JOIN (
   SELECT DISTINCT ON (matter_id) matter_id, result FROM (
     SELECT matter_id, round, form || '_agreement' AS result, 1 AS late FROM disputes_agreement
      WHERE agreed_on >= %(first)s AND agreed_on < %(until)s
     UNION ALL SELECT matter_id, round, result, 0 FROM disputes_ending
      WHERE ended_on >= %(first)s AND ended_on < %(until)s) e ORDER BY matter_id, round DESC, late DESC) r
   ON r.matter_id = m.id
  JOIN disputes_dispute d ON d.matter_id = m.id LEFT JOIN organisation_unit c ON c.id = d.committee_id
 GROUP BY 1, 2, 3, 4
UNION ALL
SELECT m.unit_id, '', '', '', 'referred', array_agg(m.id) FROM m JOIN disputes_referral r ON r.matter_id = m.id
 WHERE r.referred_on >= %(first)s AND r.referred_on < %(until)s GROUP BY 1
UNION ALL
SELECT m.unit_id, '', '', (i.state = 'performed' AND i.performed_on <= i.due_on)::text, 'due', array_agg(m.id)
  FROM disputes_instalment i JOIN disputes_agreement a ON a.id = i.agreement_id JOIN m ON m.id = i.matter_id
 WHERE i.due_on >= %(first)s AND i.due_on < %(until)s AND (i.replaced_on IS NULL OR i.replaced_on > i.due_on)
   AND (a.replaced_on IS NULL OR a.replaced_on > i.due_on) GROUP BY 1, 4
UNION ALL
SELECT m.unit_id, '', '', {_STANDING}, 'open', array_agg(m.id) FROM m
 WHERE m.first_closed_at IS NULL OR m.first_closed_at >= %(end)s OR (
   SELECT e.verb = 'reopen' FROM casework_event e WHERE e.matter_id = m.id AND e.acted_at < %(end)s
      AND e.verb IN ('close', 'reopen') AND m.id IN (SELECT matter_id FROM casework_event WHERE verb = 'reopen')
    ORDER BY e.seq DESC LIMIT 1) GROUP BY 1, 4
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


@bench("behind", "matters behind a figure", 80)
def behind(scene):
    """What was settled in the last whole year in a township: its list, first page."""
    people = scene.clerks
    if not people:
        raise NothingToMeasure("no township was generated")
    year = calendar.last_complete(calendar.YEAR, scene.now.date())

    def ours(place):
        person = round_robin(people, place)
        return person.get("reporting:behind", metric="settled", unit=person.user.home_unit.pk, period=year.code)

    return Pair(ours)


@bench("rollup", "weekly roll-up of a township, counted", 1000, most_ratio=2, most_queries=None)
def rollup(scene):
    """All figures of all villages of a week with the ids behind them; by hand: the same in one statement."""
    people = scene.clerks
    if not people:
        raise NothingToMeasure("no township was generated")
    week = calendar.last_complete(calendar.WEEK, scene.now.date())

    def ours(place):
        return rolling_up.count(round_robin(people, place).user.home_unit, week, scene.now)

    return Pair(ours, lambda place: scene.sql(ROLLUP, _asked(week, round_robin(people, place).unit_ids, scene.now)))
