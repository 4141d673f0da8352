"""Every figure of disputes against SQL written by hand from its definition, over generated years; stock by day."""
import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count, F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from disputes.models import Dispute, Ending
from disputes.querysets.counted import BEGINNINGS
from governance.casework.models import Event, Matter
from governance.organisation.models import Unit
from governance.reporting import calendar, registry
from governance.reporting.models import StockFact
from governance.reporting.querysets import Ask, answers, below, figures, stock_on, stock_series
from governance.reporting.services.facts import fill_missing

pytestmark = pytest.mark.django_db
COUNT = 900
COUNTED = "m.kind = 'dispute' AND m.status NOT IN ('voided', 'merged') AND m.unit_id = ANY(%(units)s)"
# What the last result of a matter in the period was: agreements and endings in one row of time.
LAST_RESULT = f"""
  SELECT DISTINCT ON (m.id) m.id, r.result, m.category FROM casework_matter m JOIN (
    SELECT matter_id, round, agreed_on AS day, form || '_agreement' AS result, 1 AS late FROM disputes_agreement
    UNION ALL SELECT matter_id, round, ended_on, result, 0 FROM disputes_ending) r ON r.matter_id = m.id
  WHERE {COUNTED} AND r.day BETWEEN %(first)s AND %(last)s ORDER BY m.id, r.round DESC, r.late DESC, r.day DESC"""
# Every opening and closing as it happened: the newest one before the cut-off tells.
OPEN = f"""
  SELECT m.* FROM casework_matter m WHERE {COUNTED} AND m.reported_at < %(cut)s AND coalesce((
    SELECT e.verb IN ('opened', 'reopen') FROM casework_event e WHERE e.matter_id = m.id AND e.acted_at < %(cut)s
      AND e.verb IN ('opened', 'reopen', 'close') ORDER BY e.seq DESC LIMIT 1), true)"""
ROUND = """(1 + (SELECT count(*) FROM casework_event e WHERE e.matter_id = m.id AND e.acted_at < %(cut)s
    AND e.verb IN ('reopen', 'remediate') AND e.data->>'after' = 'mediating'))"""
AGREED = f"""EXISTS (SELECT 1 FROM disputes_agreement a WHERE a.matter_id = m.id AND a.round = {ROUND}
    AND a.agreed_on <= %(known)s)"""
ENDED = f"""EXISTS (SELECT 1 FROM disputes_ending x WHERE x.matter_id = m.id AND x.round = {ROUND}
    AND x.ended_on <= %(known)s)"""
REPORTED = f"FROM casework_matter m WHERE {COUNTED} AND m.reported_at >= %(start)s AND m.reported_at < %(end)s"
ACCEPTED = f"FROM casework_matter m WHERE {COUNTED} AND m.accepted_at >= %(start)s AND m.accepted_at < %(end)s"
BESIDE = f"JOIN casework_matter m ON m.id = x.matter_id WHERE {COUNTED}"
CLOCKS = f"""FROM casework_clock x {BESIDE} AND x.bearer = 'office' AND x.due_at > %(start)s AND x.due_at <= %(cut)s
    AND NOT (x.state = 'moot' AND x.stopped_at <= x.due_at)"""
KEPT = """AND x.state = 'stopped' AND (CASE WHEN x.due_on IS NULL THEN x.stopped_at <= {due} ELSE x.stopped_at < {due}
    END)"""
UNEXTENDED = """(x.due_at - make_interval(days => (SELECT coalesce(sum(n.days), 0)::int FROM casework_extension n
    WHERE n.clock_id = x.id AND n.state = 'approved')))"""
OWED = f"""FROM disputes_instalment x JOIN disputes_agreement a ON a.id = x.agreement_id {BESIDE}
    AND x.due_on >= %(first)s AND x.due_on < %(cut_day)s AND (x.replaced_on IS NULL OR x.replaced_on > x.due_on)
    AND (a.replaced_on IS NULL OR a.replaced_on > x.due_on)"""
IN_WRITING = f"""FROM disputes_agreement x {BESIDE} AND x.form = 'written'
    AND x.agreed_on BETWEEN %(first)s AND %(last)s"""
FIRST_CLOSED = f"""FROM casework_matter m WHERE {COUNTED} AND m.first_closed_at >= %(start)s - interval '90 days'
    AND m.first_closed_at < %(cut)s - interval '90 days'"""
SETTLED = "'written_agreement', 'oral_agreement'"
BY_HAND = {
    "found": (f"SELECT count(*) {REPORTED} AND m.channel IN ('investigation', 'grid_report')", None),
    "reported": (f"SELECT count(*) {REPORTED}", None),
    "accepted": (f"SELECT count(*) {ACCEPTED}", None),
    "mediation_rate": (f"SELECT count(*) {REPORTED} AND m.accepted_at < %(cut)s", f"SELECT count(*) {REPORTED}"),
    "cohort_settle_rate": (f"SELECT count(*) {REPORTED} AND {AGREED}", f"SELECT count(*) {REPORTED}"),
    "settled": (f"SELECT count(*) FROM ({LAST_RESULT}) l WHERE l.result IN ({SETTLED})", None),
    "failed": (f"SELECT count(*) FROM ({LAST_RESULT}) l WHERE l.result = 'failed'", None),
    "settle_rate": (
        f"SELECT count(*) FROM ({LAST_RESULT}) l WHERE l.result IN ({SETTLED})",
        f"SELECT count(*) FROM ({LAST_RESULT}) l WHERE l.result <> 'declined'",
    ),
    "success_rate": (
        f"SELECT count(*) FROM ({LAST_RESULT}) l WHERE l.result IN ({SETTLED})", f"SELECT count(*) {ACCEPTED}",
    ),
    "settled_in_writing": (f"SELECT count(*) FROM ({LAST_RESULT}) l WHERE l.result = 'written_agreement'", None),
    "settled_orally": (f"SELECT count(*) FROM ({LAST_RESULT}) l WHERE l.result = 'oral_agreement'", None),
    "referred": (
        f"SELECT count(*) FROM disputes_referral x {BESIDE} AND x.referred_on BETWEEN %(first)s AND %(last)s", None,
    ),
    "performed_rate": (
        f"SELECT count(*) {OWED} AND x.state = 'performed' AND x.performed_on <= x.due_on", f"SELECT count(*) {OWED}",
    ),
    "confirmed_rate": (
        f"""SELECT count(*) {IN_WRITING} AND EXISTS (SELECT 1 FROM disputes_confirmation c WHERE c.agreement_id = x.id
            AND c.result = 'confirmed' AND c.decided_on <= %(known)s)""", f"SELECT count(*) {IN_WRITING}",
    ),
    "confirmations_applied": (
        f"SELECT count(*) FROM disputes_confirmation x {BESIDE} AND x.applied_on BETWEEN %(first)s AND %(last)s", None,
    ),
    "confirmations_granted": (
        f"""SELECT count(*) FROM disputes_confirmation x {BESIDE} AND x.result = 'confirmed'
            AND x.decided_on BETWEEN %(first)s AND %(last)s""", None,
    ),
    "instalments_performed": (
        f"""SELECT count(*) FROM disputes_instalment x {BESIDE} AND x.state = 'performed'
            AND x.performed_on BETWEEN %(first)s AND %(last)s""", None,
    ),
    "reopened": (
        f"""SELECT count(*) {FIRST_CLOSED} AND EXISTS (SELECT 1 FROM casework_event e WHERE e.matter_id = m.id
            AND e.verb = 'reopen' AND e.acted_at < m.first_closed_at + interval '90 days')""",
        f"SELECT count(*) {FIRST_CLOSED}",
    ),
    "backlog": (f"SELECT count(*) FROM ({OPEN}) m", None),
    "in_performance": (f"SELECT count(*) FROM ({OPEN}) m WHERE {AGREED}", None),
    "unsettled": (f"SELECT count(*) FROM ({OPEN}) m WHERE {ENDED} AND NOT {AGREED}", None),
    "pending": (f"SELECT count(*) FROM ({OPEN}) m WHERE NOT {ENDED} AND NOT {AGREED}", None),
    "net": (
        f"SELECT count(*) {REPORTED}",
        f"""SELECT count(DISTINCT m.id) FROM casework_event x {BESIDE} AND x.verb = 'close'
            AND x.acted_at >= %(start)s AND x.acted_at < %(end)s""",
    ),
    "accepted.own": (
        f"SELECT count(*) FROM disputes_dispute d JOIN (SELECT m.id {ACCEPTED}) m ON m.id = d.matter_id "
        "WHERE d.initiative = 'own'", None,
    ),
    "reported.labour": (f"SELECT count(*) {REPORTED} AND m.category IN ('labour', 'wage_arrears')", None),
    "settled.consumer": (
        f"""SELECT count(*) FROM ({LAST_RESULT}) l WHERE l.result IN ({SETTLED})
            AND l.category IN ('consumer', 'e_commerce')""", None,
    ),
    **{
        f"on_time_{name}{tail}": (
            f"SELECT count(*) {CLOCKS} AND x.is_local = {is_local} {KEPT.format(due=due)}",
            f"SELECT count(*) {CLOCKS} AND x.is_local = {is_local}",
        )
        for name, is_local in (("statutory", "false"), ("local", "true"))
        for tail, due in (("", "x.due_at"), ("_unextended", UNEXTENDED))
    },
}
VALUES = {
    "agreements_yuan": f"""SELECT sum(x.amount_yuan) FROM disputes_agreement x {BESIDE}
        AND x.agreed_on BETWEEN %(first)s AND %(last)s""",
    "performed_yuan": f"""SELECT sum(x.performed_yuan) FROM disputes_instalment x {BESIDE} AND x.state = 'performed'
        AND x.performed_on BETWEEN %(first)s AND %(last)s""",
    "people": f"""SELECT sum(d.people_count) FROM disputes_dispute d JOIN (SELECT m.id {ACCEPTED}) m
        ON m.id = d.matter_id""",
    "oldest_days": f"SELECT max(extract(epoch FROM %(cut)s - m.reported_at) / 86400) FROM ({OPEN}) m",
    "median_days": f"""SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM %(cut)s - m.reported_at)
        / 86400) FROM ({OPEN}) m""",
}
LEVELS = {"settled_by_village", "settled_by_township", "sweeps"}


@pytest.fixture(scope="module")
def lives(django_db_setup, django_db_blocker):
    """Generated lives of a township over three years."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("generate_matters", "--count", str(COUNT), "--processes", "1", "--json", stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def town(lives, db):
    """The generated township."""
    return Unit.objects.get(pk=Matter.objects.values_list("township", flat=True).first())


def spans():
    today = timezone.localdate()
    return [
        calendar.year(today.year - 1), calendar.containing(calendar.QUARTER, today),
        calendar.last_complete(calendar.MONTH, today, cut=25), calendar.last_complete(calendar.WEEK, today),
        calendar.days(today - timedelta(days=2000), today), day_of_a_failure(),
    ]


def day_of_a_failure():
    """A day at whose end a mediation had failed and the matter was not yet closed."""
    ended = Ending.objects.filter(result="failed", matter__closed_at__date__gt=F("ended_on"), matter__status="closed")
    day = ended.order_by("ended_on").first().ended_on
    return calendar.days(day, day)


def by_hand(sql, place, period):
    """The number that the SQL gives for a unit and all below it."""
    units = list(Unit.objects.under(place).values_list("pk", flat=True))
    asked = {
        "units": units, "start": period.start, "end": period.end, "first": period.first, "last": period.last,
        "cut": period.cut_off, "cut_day": period.cut_off.date(), "known": period.last_day_known,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return cursor.fetchone()[0]


def test_every_figure_is_the_one_counted_by_hand(town):
    now, met = timezone.now(), set()
    villages = list(Unit.objects.filter(township=town, level="village").in_tree_order()[:2])
    for span in spans():
        period = span.at(now)
        told = figures(registry.all_metrics(), [town, *villages], period, None, now=now)
        for place in (town, *villages):
            for code, (upper, lower) in BY_HAND.items():
                figure = told[place.pk][code]
                expected = (by_hand(upper, place, period), by_hand(lower, place, period) if lower else None)
                assert (figure.n, figure.total) == expected, (code, period.code, place.name)
                met |= {code} if figure.n else set()
            for code, sql in VALUES.items():
                value, expected = told[place.pk][code].value, by_hand(sql, place, period)
                assert float(value or 0) == pytest.approx(float(expected or 0)), (code, period.code, place.name)
    # A figure that is nought everywhere has proved nothing.
    assert set(BY_HAND) == met


def test_many_periods_asked_at_once_are_each_the_one_asked_alone(town):
    now, week = timezone.now(), calendar.containing(calendar.WEEK, timezone.localdate())
    periods = [span.at(now) for span in spans()]
    while len(periods) < 18:
        periods.append(week.at(now))
        week = week.previous()
    metrics, here = registry.all_metrics(), below([town])
    asks = [Ask(metric, period, here) for metric in metrics for period in periods]
    with CaptureQueriesContext(connection) as asked:
        counted = answers(asks, None)
    assert len(asked) == 1
    alone = {period: figures(metrics, [town], period, None, now=now)[town.pk] for period in periods}
    for ask in asks:
        together = ask.figure(counted, town.pk)
        single = alone[ask.period][ask.metric.code]
        assert (together.n, together.total) == (single.n, single.total), (ask.metric.code, ask.period.code)
        assert float(together.value or 0) == pytest.approx(float(single.value or 0)), (ask.metric.code, ask.period.code)


def test_a_dispute_in_its_first_round_never_began_anew(town):
    """Its history need not be read for the round in which it stood."""
    begun = Event.objects.filter(verb__in=BEGINNINGS, data__after="mediating").values("matter").annotate(n=Count("pk"))
    counts = dict(begun.values_list("matter", "n"))
    rounds = dict(Dispute.objects.filter(matter__township=town).values_list("matter", "round"))
    assert rounds and set(rounds.values()) > {1}
    assert rounds == {pk: 1 + counts.get(pk, 0) for pk in rounds}


def test_no_figure_is_left_out_of_the_proof():
    proved = set(BY_HAND) | set(VALUES) | LEVELS
    left = {m.code for m in registry.all_metrics() if m.kind == "dispute"} - proved
    assert {code.split(".")[0] for code in left} <= {"reported", "settled", "accepted"}, left
    assert all("." in code for code in left)


def test_levels_and_categories_add_up(town):
    told = figures(registry.all_metrics(), [town], spans()[-2], None)[town.pk]
    assert told["settled_by_village"].n + told["settled_by_township"].n == told["settled"].n
    for head in ("reported", "settled"):
        parts = [figure.n for code, figure in told.items() if code.startswith(f"{head}.")]
        assert sum(parts) == told[head].n


def test_stock_of_a_past_day_is_that_of_history_and_can_be_repaired(town):
    today = timezone.localdate()
    friday = today - timedelta(days=(today.weekday() - 4) % 7 or 7)
    first = friday - timedelta(days=3)
    out = StringIO()
    call_command("rebuild_facts", "--from", str(first), "--to", str(friday), "--json", stdout=out)
    assert json.loads(out.getvalue())["days"] == 4
    history = figures(registry.by_code(["backlog"]), [town], calendar.days(friday, friday), None)[town.pk]["backlog"].n
    assert stock_on(friday, "backlog", [town])[town.pk] == history > 0
    assert set(stock_series(first, friday, "backlog", [town])[town.pk]) == {
        first + timedelta(days=count) for count in range(4)
    }
    StockFact.objects.filter(day=friday).update(count=0)
    for _run in range(2):
        call_command("rebuild_facts", "--from", str(friday), "--to", str(friday), "--json", stdout=StringIO())
    assert stock_on(friday, "backlog", [town])[town.pk] == history


def test_the_nightly_run_fills_what_was_missed(town):
    yesterday = timezone.localdate() - timedelta(days=1)
    assert fill_missing(back_days=2)["days"] == 3
    assert fill_missing(back_days=2)["days"] == 1
    assert StockFact.objects.filter(day=yesterday, metric="backlog").exists()


@pytest.mark.parametrize(("given", "code"), [
    (["--from", "2026-02-30"], "day-unknown"), (["--from", "2026-02-03", "--to", "2026-02-01"], "days-reversed"),
    (["--from", "2999-01-01", "--to", "2999-01-01"], "day-not-over"),
])
def test_rebuilding_refuses_with_a_code(db, given, code):
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("rebuild_facts", *given, "--json", stdout=out)
    assert (ended.value.code, json.loads(out.getvalue())["error"]) == (2, code)
