"""Facts of an agreement (调解协议): its terms and instalments, its performance, default, judicial confirmation."""
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.casework.workflow import Refused

from ..models import Agreement, AgreementChange, Confirmation, Default, Instalment, PerformanceCheck
from ..workflow import AgreementForm, CheckFinding, ConfirmationState, InstalmentState, MediationKind, Performance
from ..workflow.effects import moment_of

CLOCKS = ("dispute.performance", "dispute.performance_check")


def agree(act, facts, form: str = AgreementForm.WRITTEN) -> None:
    """Write the agreement of this round and what is due under it; an earlier one is replaced.

    Refused: `terms-missing`, `manner-missing`, `agreement-in-the-future`, `agreement-before-acceptance`,
    `effective-before-agreed`, `instalment-before-agreement`.
    """
    agreed_on = facts.get("agreed_on") or timezone.localdate(act.acted_at)
    effective_on = facts.get("effective_on") or agreed_on
    rows = facts.get("instalments") or []
    _check_agreement(act, facts, agreed_on, effective_on, rows)
    matter, dispute = act.matter, act.matter.dispute
    matter.agreements.in_force().update(replaced_on=agreed_on)
    agreement = Agreement.objects.create(
        matter=matter, round=dispute.round, form=form, number=_number(matter, dispute.round), agreed_on=agreed_on,
        effective_on=effective_on, facts=facts.get("facts") or matter.description,
        disputed_points=facts.get("disputed_points") or "", responsibility=facts.get("responsibility") or "",
        terms=facts["terms"], manner=facts.get("manner") or "", amount_yuan=facts.get("amount_yuan"),
        copies=facts.get("copies") or 3, concerns_status_or_title=bool(facts.get("concerns_status_or_title")),
    )
    write_instalments(agreement, rows)
    people = dispute.mediation_kind == MediationKind.PEOPLE
    dispute.confirmation_state = (
        ConfirmationState.POSSIBLE if people and not agreement.concerns_status_or_title else ""
    )
    dispute.performance = "" if rows else Performance.PERFORMED
    dispute.save(update_fields=["confirmation_state", "performance"])
    act.event_data.update(agreement=agreement.pk, shown={"number": agreement.number})
    act.event_personal["terms"] = agreement.terms


def agree_orally(act, facts) -> None:
    """An oral agreement: both sides confirm it, and it is written into the record."""
    if not facts.get("both_confirm"):
        raise Refused("oral-not-confirmed", _("Both parties must confirm an oral agreement."), ("both_confirm",))
    agree(act, facts, form=AgreementForm.ORAL)


def watch(act, facts) -> None:
    """How much is left to be performed once the agreement stands."""
    act.event_data["shown"] = {"count": str(act.matter.instalments.outstanding().count())}


def write_instalments(agreement, rows, counted_from=None) -> None:
    """What is due under an agreement: rows of due_on, what, amount_yuan."""
    for position, row in enumerate(rows, start=1):
        Instalment.objects.create(
            matter=agreement.matter, agreement=agreement, position=position, what=row["what"],
            amount_yuan=row.get("amount_yuan"), due_on=row["due_on"], counted_from=counted_from,
        )


def change_agreement(act, facts) -> None:
    """A written change: what is outstanding is replaced by what the parties now agreed."""
    agreement = act.matter.agreements.in_force().get()
    rows, day = facts.get("instalments") or [], timezone.localdate(act.acted_at)
    if not rows:
        raise Refused("instalments-missing", _("Write what is due now, and by when."), ("instalments",))
    _check_due_days(rows, day)
    AgreementChange.objects.create(
        matter=act.matter, agreement=agreement, changed_on=day, reason=act.event_personal.get("reason", "")
    )
    for old in act.matter.instalments.outstanding():
        act.clock_moots += [(code, str(old.pk)) for code in CLOCKS]
        old.replaced_on = day
        old.save(update_fields=["replaced_on"])
    write_instalments(agreement, rows, counted_from=day)
    _update_performance(act)
    act.event_personal["what"] = [row["what"] for row in rows]


def record_performance(act, facts) -> None:
    """One instalment was performed, wholly or in part; also on a closed matter, years later."""
    row, day = _instalment(act, facts), timezone.localdate(act.acted_at)
    if day < row.agreement.agreed_on:
        raise Refused("performed-before-agreement", _("It cannot have been performed before it was agreed."))
    partly = bool(facts.get("is_partial"))
    row.state = InstalmentState.PARTLY if partly else InstalmentState.PERFORMED
    row.performed_on = None if partly else day
    row.performed_yuan = facts.get("performed_yuan") or (None if partly else row.amount_yuan)
    row.save(update_fields=["state", "performed_on", "performed_yuan"])
    act.clock_stops.append((CLOCKS[1], str(row.pk)))
    if not partly:
        act.clock_stops.append((CLOCKS[0], str(row.pk)))
    _update_performance(act)
    act.event_data.update(instalment=row.pk, on_day=day.isoformat())
    act.event_personal["what"] = row.what


def record_check(act, facts) -> None:
    """The mediator looked whether what fell due is performed; ends its check (人民调解法 art. 31).

    Also on a closed matter, whose later instalments fall due one by one. What was found performed, wholly or in part,
    is recorded as performance in the same act, dated by its own day. Refused: `instalment-missing`,
    `check-before-due`, `found-missing`, `finding-missing`, `performed-after-check`.
    """
    row, day = _instalment(act, facts), timezone.localdate(act.acted_at)
    if day < row.due_on:
        raise Refused("check-before-due", _("It was not due yet on that day."), ("checked_on",))
    finding = (facts.get("finding") or "").strip()
    if not finding:
        raise Refused("finding-missing", _("Write what was found."), ("finding",))
    found = facts.get("found")
    if found not in set(CheckFinding):
        raise Refused("found-missing", _("Say whether it is performed."), ("found",))
    check = PerformanceCheck.objects.create(
        matter=act.matter, instalment=row, checked_on=day, found=found, words=finding, checked_by=act.actor
    )
    if found in (CheckFinding.PERFORMED, CheckFinding.PARTLY):
        _perform_as_found(act, row, facts, day, is_partial=found == CheckFinding.PARTLY)
    act.clock_stops.append((CLOCKS[1], str(row.pk)))
    _update_performance(act)
    act.event_data.update(instalment=row.pk, check=check.pk, on_day=day.isoformat())
    act.event_personal.update(what=row.what, finding=finding)


def _perform_as_found(act, row, facts, checked_on, *, is_partial: bool) -> None:
    """What was found performed is entered as performance after the check, with the day on which it was performed."""
    day = facts.get("performed_on") or checked_on
    if day > checked_on:
        raise Refused(
            "performed-after-check", _("It cannot have been performed after it was checked."), ("performed_on",)
        )
    act.follow_with(
        "record_performance", acted_at=act.acted_at if day == checked_on else moment_of(day),
        facts={"instalment": row, "is_partial": is_partial, "performed_yuan": facts.get("performed_yuan")},
    )


def record_default(act, facts) -> None:
    """An instalment is overdue: the debtor was urged, and the creditor advised on the way to court.

    It ends the checks of all that fell due by that day; what falls due later is checked by itself.
    """
    day = timezone.localdate(act.acted_at)
    overdue = list(act.matter.instalments.overdue(day))
    if not overdue:
        raise Refused("instalment-not-overdue", _("Nothing that was agreed is overdue."))
    Default.objects.create(
        matter=act.matter, agreement=overdue[0].agreement, recorded_on=day, urged_on=facts.get("urged_on") or day,
        urging=facts["urging"], advice=facts["advice"], recorded_by=act.actor,
    )
    act.clock_stops += [(CLOCKS[1], str(row.pk)) for row in act.matter.instalments.fallen_due(day)]
    act.matter.dispute.performance = Performance.OVERDUE
    act.matter.dispute.save(update_fields=["performance"])
    act.event_data["instalments"] = [row.pk for row in overdue]
    act.event_personal.update(what=[row.what for row in overdue], advice=facts["advice"])


def close(act, facts) -> None:
    """An agreement that is closed as not performed says which way the creditor goes."""
    if act.matter.status != "defaulted":
        return
    way = facts.get("way_after_default")
    if not way:
        raise Refused(
            "way-missing", _("Say which way the creditor goes: suit, or enforcement."), ("way_after_default",)
        )
    dispute = act.matter.dispute
    if way == "enforcement" and dispute.confirmation_state != ConfirmationState.CONFIRMED:
        raise Refused(
            "not-confirmed", _("Enforcement needs an agreement that the court confirmed."), ("way_after_default",)
        )
    dispute.way_after_default = way
    if way == "enforcement":
        dispute.performance = Performance.ENFORCED
    dispute.save(update_fields=["way_after_default", "performance"])


def apply_confirmation(act, facts) -> None:
    """Both parties applied together, within thirty days of effect (人民调解法 art. 33)."""
    agreement, day = act.matter.agreements.in_force().get(), timezone.localdate(act.acted_at)
    if agreement.form == AgreementForm.ORAL and agreement.written_down_on is None:
        agreement.written_down_on = day
        agreement.save(update_fields=["written_down_on"])
    Confirmation.objects.create(matter=act.matter, agreement=agreement, court=facts["court"], applied_on=day)
    _set_confirmation(act, ConfirmationState.APPLIED)
    act.event_data.update(on_day=day.isoformat(), shown={"court": facts["court"]})


def waive_confirmation(act, facts) -> None:
    """Both parties said that they will not apply."""
    agreement, day = act.matter.agreements.in_force().get(), timezone.localdate(act.acted_at)
    Confirmation.objects.create(matter=act.matter, agreement=agreement, waived_on=day)
    _set_confirmation(act, ConfirmationState.WAIVED)
    act.event_data["on_day"] = day.isoformat()


def decide_confirmation(act, facts) -> None:
    """The court confirmed the agreement, or refused."""
    pending = act.matter.confirmations.filter(agreement__replaced_on=None)
    row, day = pending.get(decided_on=None, applied_on__isnull=False), timezone.localdate(act.acted_at)
    row.decided_on, row.result, row.ruling_number = day, facts["result"], facts["ruling_number"]
    row.save(update_fields=["decided_on", "result", "ruling_number"])
    _set_confirmation(act, facts["result"])
    act.event_data.update(on_day=day.isoformat(), result=row.result, shown={"ruling": row.ruling_number})


def _set_confirmation(act, state: str) -> None:
    act.matter.dispute.confirmation_state = state
    act.matter.dispute.save(update_fields=["confirmation_state"])


def _check_agreement(act, facts, agreed_on, effective_on, rows) -> None:
    if not (facts.get("terms") or "").strip():
        raise Refused("terms-missing", _("Write what was agreed."), ("terms",))
    if rows and not (facts.get("manner") or "").strip():
        raise Refused("manner-missing", _("Write how it is performed (People's Mediation Law art. 29)."), ("manner",))
    if agreed_on > timezone.localdate(act.now) or effective_on > timezone.localdate(act.now):
        raise Refused("agreement-in-the-future", _("An agreement cannot be dated later than today."), ("agreed_on",))
    accepted_at = act.matter.accepted_at
    if accepted_at is not None and agreed_on < timezone.localdate(accepted_at):
        raise Refused(
            "agreement-before-acceptance", _("It cannot have been agreed before the dispute was accepted."),
            ("agreed_on",),
        )
    if effective_on < agreed_on:
        raise Refused(
            "effective-before-agreed", _("It cannot take effect before it was agreed."), ("effective_on",)
        )
    _check_due_days(rows, agreed_on)


def _check_due_days(rows, day) -> None:
    if any(row["due_on"] < day for row in rows):
        raise Refused(
            "instalment-before-agreement", _("An instalment cannot be due before the agreement."), ("instalments",)
        )


def _instalment(act, facts) -> Instalment:
    row = act.matter.instalments.outstanding().filter(pk=getattr(facts.get("instalment"), "pk", None)).first()
    if row is None:
        raise Refused("instalment-missing", _("Choose what it is about."), ("instalment",))
    return row


def _update_performance(act) -> None:
    """Performed, partly, overdue, or nothing yet, from the instalments of the agreement in force."""
    rows, today = list(act.matter.instalments.current()), timezone.localdate(act.now)
    dispute = act.matter.dispute
    if all(row.is_performed for row in rows):
        dispute.performance = Performance.PERFORMED
    elif any(row.due_on < today and not row.is_performed for row in rows):
        dispute.performance = Performance.OVERDUE
    elif any(row.state != InstalmentState.OPEN for row in rows):
        dispute.performance = Performance.PARTLY
    else:
        dispute.performance = ""
    dispute.save(update_fields=["performance"])


def _number(matter, round_: int) -> str:
    """The number of an agreement as a committee writes it: 富春江人调协〔2026〕0042号."""
    year, serial = matter.number.rsplit("-", 2)[1:]
    later = f"-{round_}" if round_ > 1 else ""
    return f"{matter.township.numbering_name}人调协〔{year}〕{int(serial):04d}{later}号"
