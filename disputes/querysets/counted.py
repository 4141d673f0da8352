"""What figures count of disputes in a period (统计口径): each question takes matters and a period.

Rows are matters; where something that hangs on a matter is counted (an instalment, an agreement, a clock), the
matter stands in the rows once for each.
"""
from datetime import timedelta

from django.apps import apps
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Extract

from governance.reporting.querysets import (
    acts,
    closed_in,
    may_have_been_reopened,
    on_a_day_of,
    open_at,
    within,
)

KIND = "dispute"
SETTLED, UNSETTLED, PENDING = "settled", "unsettled", "pending"
AGREED = ("written_agreement", "oral_agreement")
BEGINNINGS = ("reopen", "remediate")
REPEAT_DAYS = 90


def reported(matters, period):
    """Reported in the period; index `matter_unit_reported`."""
    return matters.filter(within("reported_at", period))


def with_acceptance(rows, period):
    """With whether it was accepted at the cut-off."""
    return rows.annotate(is_accepted=_is(Q(accepted_at__lt=period.cut_off)))


def accepted(matters, period):
    """Accepted in the period, with on whose initiative, and how many people are concerned."""
    return matters.filter(within("accepted_at", period)).annotate(
        initiative=F("dispute__initiative"), people=F("dispute__people_count")
    )


def concluded(matters, period):
    """Those whose mediation ended in the period, with their last result in it; each once.

    `result`: written_agreement, oral_agreement, failed, withdrawn or declined; `level`: of the committee. A
    later round counts; where one round has two results, the dispute was declined first and agreed after.
    """
    # Asked as one value and not by NOT EXISTS, which of many periods would look through the matters once for each.
    last = (
        apps.get_model("disputes.Conclusion").objects.filter(on_a_day_of("concluded_on", period), matter=OuterRef("pk"))
        .order_by("-id").values("id")[:1]
    )
    return (
        matters.filter(on_a_day_of("conclusions__concluded_on", period))
        .alias(_conclusion=F("conclusions__id")).filter(_conclusion=Subquery(last))
        .annotate(
            result=F("conclusions__result"), level=F("dispute__committee__level"), initiative=F("dispute__initiative"),
        )
    )


def referred(matters, period):
    """Sent to court, arbitration, an authority or the police in the period; once for each referral."""
    return matters.filter(on_a_day_of("referrals__referred_on", period)).annotate(
        way=F("referrals__way"), subject=F("referrals__id")
    )


def agreements(matters, period):
    """Agreements reached in the period, with whether confirmed by the court up to the cut-off."""
    confirmed = apps.get_model("disputes.Confirmation").objects.filter(
        agreement=OuterRef("agreements__id"), result="confirmed", decided_on__lte=period.last_day_known
    )
    return matters.filter(on_a_day_of("agreements__agreed_on", period)).annotate(
        form=F("agreements__form"), amount=F("agreements__amount_yuan"), is_confirmed=Exists(confirmed),
        subject=F("agreements__id"),
    )


def confirmations_applied(matters, period):
    """Joint applications for judicial confirmation filed in the period."""
    return matters.filter(on_a_day_of("confirmations__applied_on", period)).annotate(subject=F("confirmations__id"))


def confirmations_decided(matters, period):
    """Rulings on judicial confirmation in the period."""
    return matters.filter(on_a_day_of("confirmations__decided_on", period)).annotate(
        ruling=F("confirmations__result"), subject=F("confirmations__id")
    )


def instalments_due(matters, period):
    """Instalments whose day lay in the period and that were still owed on it, with whether performed by then.

    Index `instalment_due`. A replaced one counts only if it was replaced after its day.
    """
    owed = Q(instalments__replaced_on__isnull=True) | Q(instalments__replaced_on__gt=F("instalments__due_on"))
    in_force = Q(instalments__agreement__replaced_on__isnull=True) | Q(
        instalments__agreement__replaced_on__gt=F("instalments__due_on")
    )
    on_time = Q(instalments__state="performed", instalments__performed_on__lte=F("instalments__due_on"))
    return matters.filter(
        on_a_day_of("instalments__due_on", period), owed, in_force, instalments__due_on__lt=period.cut_off_day
    ).annotate(is_on_time=_is(on_time), subject=F("instalments__id"))


def instalments_performed(matters, period):
    """Instalments performed in the period, with what was paid."""
    return matters.filter(
        on_a_day_of("instalments__performed_on", period), instalments__state="performed"
    ).annotate(amount=F("instalments__performed_yuan"), subject=F("instalments__id"))


def clocks_due(matters, period):
    """The township's own clocks that fell due in the period, stopped or not.

    One that became pointless before its end was never due. A day clock falls due at 24:00, the instant with which
    the next day begins; `is_local`: the township's own length; `is_on_time` counts lawful pauses and extensions,
    `is_on_time_unextended` leaves extensions out.
    """
    # Said without a negation, which over many rows would leave out the whole matter.
    was_due = Q(clocks__state__in=["running", "paused", "stopped", "lapsed"]) | Q(
        clocks__state="moot", clocks__stopped_at__gt=F("clocks__due_at")
    )
    due = matters.filter(
        was_due, clocks__bearer="office", clocks__due_at__gt=period.start, clocks__due_at__lte=period.cut_off
    )
    extended = (
        apps.get_model("casework.Extension").objects.filter(clock=OuterRef("clocks__id"), state="approved")
        .order_by().values("clock").annotate(days=Sum("days")).values("days")
    )
    without = F("clocks__due_at") - _days(Coalesce(Subquery(extended), Value(0)))
    return due.annotate(
        is_local=F("clocks__is_local"), is_on_time=_is(_stopped_by(F("clocks__due_at"))),
        is_on_time_unextended=_is(_stopped_by(without)), rule=F("clocks__rule"), subject=F("clocks__id"),
    )


def first_closed(matters, period):
    """First closed 90 days before the period (each day of it), with whether the quarrel came back within 90 days.

    It came back if it was reopened, or another matter of the same affair was reported.
    """
    span = timedelta(days=REPEAT_DAYS)
    rows = matters.filter(first_closed_at__gte=period.start - span, first_closed_at__lt=period.cut_off - span)
    until = OuterRef("first_closed_at") + Value(span)
    reopened = acts("reopen").filter(held_at__lt=until)
    again = apps.get_model("casework.Matter").objects.counted().filter(
        affair_id=OuterRef("affair_id"), reported_at__gt=OuterRef("first_closed_at"), reported_at__lt=until
    ).exclude(pk=OuterRef("pk"))
    was_reopened = may_have_been_reopened() & Q(Exists(reopened))
    return rows.annotate(came_back=_is(was_reopened | Q(Exists(again))))


def closed(matters, period):
    """Closed in the period; each once."""
    return closed_in(matters, KIND, period)


def in_stock(matters, period):
    """Open at the cut-off."""
    return open_at(matters, KIND, period.cut_off)


def with_age(rows, period):
    """With the age in days at the cut-off."""
    age = ExpressionWrapper(
        Extract(period.cut_off - F("reported_at"), "epoch") / Value(86400.0), output_field=FloatField()
    )
    return rows.annotate(age_days=age)


def with_standing(rows, period):
    """With `standing` at the cut-off: settled, unsettled (failed, withdrawn, declined) or pending.

    The round of that day is one more than how often mediation began anew before; what a round led to holds
    until the next begins.
    """
    until = period.cut_off
    begun = (
        acts(*BEGINNINGS).filter(led_to="mediating", held_at__lt=until)
        .order_by().values("matter").annotate(count=Count("pk")).values("count")
    )
    # What was declined and is opened again waits for acceptance in the same round.
    taken_up = acts("reopen", matter="matter").filter(
        led_to="reported", held_at__lt=until, held_at__date__gte=OuterRef("concluded_on")
    )
    last = (
        apps.get_model("disputes.Conclusion").objects
        .filter(matter=OuterRef("pk"), round=OuterRef("_round"), concluded_on__lte=period.last_day_known)
        .filter(~Q(result="declined") | ~Exists(taken_up)).order_by("-id")
        .values(led_to=Case(When(result__in=AGREED, then=Value(SETTLED)), default=Value(UNSETTLED)))[:1]
    )
    # Most have had one round only: their history need not be read.
    round_then = Case(When(dispute__round=1, then=Value(1)), default=Coalesce(Subquery(begun), Value(0)) + Value(1))
    return rows.alias(_round=round_then).annotate(
        standing=Coalesce(Subquery(last, output_field=CharField()), Value(PENDING))
    )


def _stopped_by(due) -> Q:
    """Stopped before the midnight of a day clock, or by the instant of an hour clock."""
    by_day = Q(clocks__due_on__isnull=False, clocks__stopped_at__lt=due)
    by_hour = Q(clocks__due_on__isnull=True, clocks__stopped_at__lte=due)
    return Q(clocks__state="stopped") & (by_day | by_hour)


def _is(condition: Q):
    """Whether the condition holds; unknown is no."""
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _days(count):
    """An interval of so many days."""
    return Func(count, template="make_interval(days => (%(expressions)s)::int)", output_field=DurationField())
