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
from django.db.models.functions import Coalesce, Concat, Extract

from governance.reporting.querysets import closed_in, open_at, with_corrected_dates

KIND = "dispute"
SETTLED, UNSETTLED, PENDING = "settled", "unsettled", "pending"
BEGINNINGS = ("reopen", "remediate")
REPEAT_DAYS = 90


def reported(matters, period):
    """Reported in the period, with whether accepted, and how mediation stood, at the cut-off.

    Index `matter_unit_reported`.
    """
    rows = matters.filter(reported_at__gte=period.start, reported_at__lt=period.end)
    return with_standing(rows.annotate(is_accepted=_is(Q(accepted_at__lt=period.cut_off))), period)


def accepted(matters, period):
    """Accepted in the period, with on whose initiative, and how many people are concerned."""
    return matters.filter(accepted_at__gte=period.start, accepted_at__lt=period.end).annotate(
        initiative=F("dispute__initiative"), people=F("dispute__people_count")
    )


def concluded(matters, period):
    """Those whose mediation ended in the period, with their last result in it; each once.

    `result`: written_agreement, oral_agreement, failed, withdrawn or declined; `level`: of the committee. A
    later round counts; where one round has two results, the dispute was declined first and agreed after.
    """
    agreed, ended = _in_period(period)
    of_matter = {"matter": OuterRef("pk")}
    rounds = {
        "_agreed_round": agreed.filter(**of_matter).order_by("-round").values("round")[:1],
        "_ended_round": ended.filter(**of_matter).order_by("-round").values("round")[:1],
    }
    form = agreed.filter(**of_matter).order_by("-round").values("form")[:1]
    ending = ended.filter(**of_matter).order_by("-round", "-id").values("result")[:1]
    agreement_is_last = Q(_agreed_round__isnull=False) & (
        Q(_ended_round__isnull=True) | Q(_agreed_round__gte=F("_ended_round"))
    )
    return (
        matters.filter(pk__in=agreed.values("matter_id").union(ended.values("matter_id"), all=True))
        .alias(**{name: Subquery(rows) for name, rows in rounds.items()})
        .annotate(
            result=Case(
                When(agreement_is_last, then=Concat(Subquery(form), Value("_agreement"))), default=Subquery(ending),
                output_field=CharField(),
            ),
            level=F("dispute__committee__level"), initiative=F("dispute__initiative"),
        )
    )


def referred(matters, period):
    """Sent to court, arbitration, an authority or the police in the period; once for each referral."""
    return matters.filter(referrals__referred_on__gte=period.first, referrals__referred_on__lt=period.until).annotate(
        way=F("referrals__way"), subject=F("referrals__id")
    )


def agreements(matters, period):
    """Agreements reached in the period, with whether confirmed by the court up to the cut-off."""
    confirmed = apps.get_model("disputes.Confirmation").objects.filter(
        agreement=OuterRef("agreements__id"), result="confirmed", decided_on__lte=period.last_day_known
    )
    return matters.filter(agreements__agreed_on__gte=period.first, agreements__agreed_on__lt=period.until).annotate(
        form=F("agreements__form"), amount=F("agreements__amount_yuan"), is_confirmed=Exists(confirmed),
        subject=F("agreements__id"),
    )


def confirmations_applied(matters, period):
    """Joint applications for judicial confirmation filed in the period."""
    return matters.filter(
        confirmations__applied_on__gte=period.first, confirmations__applied_on__lt=period.until
    ).annotate(subject=F("confirmations__id"))


def confirmations_decided(matters, period):
    """Rulings on judicial confirmation in the period."""
    return matters.filter(
        confirmations__decided_on__gte=period.first, confirmations__decided_on__lt=period.until
    ).annotate(ruling=F("confirmations__result"), subject=F("confirmations__id"))


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
        owed, in_force, instalments__due_on__gte=period.first, instalments__due_on__lt=period.cut_off.date()
    ).annotate(is_on_time=_is(on_time), subject=F("instalments__id"))


def instalments_performed(matters, period):
    """Instalments performed in the period, with what was paid."""
    return matters.filter(
        instalments__state="performed", instalments__performed_on__gte=period.first,
        instalments__performed_on__lt=period.until,
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
    reopened = with_corrected_dates(
        apps.get_model("casework.Event").objects.filter(matter=OuterRef("pk"), verb="reopen")
    ).filter(held_at__lt=until)
    again = apps.get_model("casework.Matter").objects.counted().filter(
        affair_id=OuterRef("affair_id"), reported_at__gt=OuterRef("first_closed_at"), reported_at__lt=until
    ).exclude(pk=OuterRef("pk"))
    return rows.annotate(came_back=Exists(reopened) | Exists(again))


def opened(matters, period):
    """Opened in the period: reported in it."""
    return matters.filter(reported_at__gte=period.start, reported_at__lt=period.end)


def closed(matters, period):
    """Closed in the period; each once."""
    return closed_in(matters, KIND, period.start, period.end)


def in_stock(matters, period):
    """Open at the cut-off, with how mediation stood then and the age in days."""
    rows = open_at(matters, KIND, period.cut_off)
    age = ExpressionWrapper(
        Extract(Value(period.cut_off) - F("reported_at"), "epoch") / Value(86400.0), output_field=FloatField()
    )
    return with_standing(rows.annotate(age_days=age), period)


def with_standing(rows, period):
    """With `standing` at the cut-off: settled, unsettled (failed, withdrawn, declined) or pending.

    The round of that day is one more than how often mediation began anew before; what a round led to holds
    until the next begins.
    """
    until, of_matter = period.cut_off, {"matter": OuterRef("pk")}
    events = apps.get_model("casework.Event").objects
    begun = (
        with_corrected_dates(events.filter(**of_matter, verb__in=BEGINNINGS, data__after="mediating"))
        .filter(held_at__lt=until).order_by().values("matter").annotate(count=Count("pk")).values("count")
    )
    this_round = {**of_matter, "round": OuterRef("_round")}
    agreed = apps.get_model("disputes.Agreement").objects.filter(**this_round, agreed_on__lte=period.last_day_known)
    # What was declined and is opened again waits for acceptance in the same round.
    taken_up = with_corrected_dates(
        events.filter(matter=OuterRef("matter"), verb="reopen", data__after="reported")
    ).filter(held_at__lt=until, held_at__date__gte=OuterRef("ended_on"))
    ended = apps.get_model("disputes.Ending").objects.filter(
        ~Q(result="declined") | ~Exists(taken_up), **this_round, ended_on__lte=period.last_day_known
    )
    return rows.alias(_round=Coalesce(Subquery(begun), Value(0)) + Value(1)).annotate(
        standing=Case(
            When(Exists(agreed), then=Value(SETTLED)), When(Exists(ended), then=Value(UNSETTLED)),
            default=Value(PENDING), output_field=CharField(),
        )
    )


def _in_period(period):
    """Agreements and endings dated in the period; indexes `agreement_agreed`, `ending_ended`."""
    agreed = apps.get_model("disputes.Agreement").objects.filter(
        agreed_on__gte=period.first, agreed_on__lt=period.until
    )
    ended = apps.get_model("disputes.Ending").objects.filter(ended_on__gte=period.first, ended_on__lt=period.until)
    return agreed.order_by(), ended.order_by()


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
