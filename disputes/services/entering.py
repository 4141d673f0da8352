"""Disputes out of old ledgers (台账补录): what a row stands for, and what a later row changes.

A row whose result ends the mediation becomes a closed dispute with its outcome; one that is still being worked
on stays open, without duties whose time ran out long ago.
"""
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from django.utils.translation import gettext as _

from governance.casework.services.entering import PastMatter
from governance.casework.workflow import ClockStart, Refused

from ..models import Agreement, Dispute, Ending, LedgerNote, Mediator, Referral
from ..workflow import AgreementForm, Outcome, Performance
from ..workflow.effects import start_of
from .registering import grade, initiative_of

FORM_CODES = {Outcome.WRITTEN: AgreementForm.WRITTEN, Outcome.ORAL: AgreementForm.ORAL}
REFERRED = "referred_"
OPEN = ("open", "open_unsolved")
# Columns without a field of their own; an export gives them back as the ledger had them.
NOTED = ("leader", "measures", "deadline_on", "unsolved_reason", "remark", "committee", "responsible", "revisited_on")
AUTHORITIES = {
    "court": "人民法院", "arbitration": "仲裁委员会", "police": "公安机关", "administrative": "主管部门",
    "labour_inspection": "劳动监察机构", "legal_aid": "法律援助机构", "notary": "公证机构",
}
TERMS = "（台账补录：协议内容未载入，见原协议书或卷宗）"


def check(values: dict, given: frozenset):
    """Rules across columns of a row: troubles and guesses as (code, column, data); fills in what follows."""
    troubles, guesses = [], []
    if "reported_on" not in values and "settled_on" in values:
        values["reported_on"] = values["settled_on"]
        guesses.append(("reported-from-settled", "settled_on", {}))
    _check_result(values, given, troubles, guesses)
    settled, reported = values.get("settled_on"), values.get("reported_on")
    if settled and reported and settled < reported:
        troubles.append(("settled-before-reported", "settled_on", {}))
    for names, phones in (("applicants", "applicant_phones"), ("respondents", "respondent_phones")):
        if len(values.get(names, ())) > 1 and len(values.get(phones, ())) not in (0, len(values[names])):
            guesses.append(("phones-by-order", phones, {}))
    return troubles, guesses


def _check_result(values, given, troubles, guesses) -> None:
    """The result and whether there is an agreement must not contradict each other; either may stand alone."""
    result, agreed = values.get("result"), values.get("has_agreement")
    says_agreed = agreed in ("yes", "written", "oral")
    if result is None and says_agreed:
        result = values["result"] = "agreement"
    if result is None:
        _check_without_result(values, given, troubles, guesses)
        return
    is_agreement = result in ("agreement", Outcome.WRITTEN, Outcome.ORAL)
    if says_agreed and not is_agreement:
        troubles.append(("result-contradicts", "has_agreement", {"value": "是"}))
        return
    if result == "agreement":
        values["form"], assumed = _form(values, agreed)
        if assumed:
            name = "达成书面协议" if values["form"] == Outcome.WRITTEN else "达成口头协议"
            guesses.append(("form-assumed", "result", {"name": name}))
    if result not in OPEN and "settled_on" not in values:
        guesses.append(("closed-on-reported", "settled_on" if "settled_on" in given else "result", {}))


def _check_without_result(values, given, troubles, guesses) -> None:
    """A row whose end is told by nothing: open, unless it names the day of an end."""
    if values.get("settled_on"):
        troubles.append(("result-missing" if "result" in given else "column-missing", "result",
            {"heading": "化解结果"}))
    elif "result" in given:
        guesses.append(("empty-taken-as", "result", {"name": "未受理"}))
    else:
        guesses.append(("result-column-absent", "result", {}))


def _form(values, agreed) -> tuple[str, bool]:
    """Written or oral, and whether that is assumed: the weaker of both where nothing speaks for the other."""
    if agreed == "written" or values.get("agreement_number"):
        return Outcome.WRITTEN.value, False
    if agreed == "oral":
        return Outcome.ORAL.value, False
    return (Outcome.WRITTEN if agreed == "yes" else Outcome.ORAL).value, True


def against(told: dict, held: dict) -> dict:
    """What a row tells, as the columns would tell it of the dispute afterwards; None for what an end takes away.

    That it is settled leaves the form of the agreement as it is held. Refused: `agreement-denied`.
    """
    told = dict(told)
    agreed, result = told.pop("has_agreement", None), told.get("result")
    if result == "agreement":
        form, is_assumed = _form(told, agreed)
        keeps = is_assumed and held.get("result") in FORM_CODES
        result = told["result"] = held["result"] if keeps else form
    elif result is None and agreed == "no" and held.get("result") in FORM_CODES:
        raise Refused("agreement-denied", _("There is an agreement; say how it ended else."), ("result",))
    if result is not None and result != held.get("result"):
        told |= _consequences(result, told, held)
    if told.get("grade") not in (None, held.get("grade")):
        told["grade_rule"] = "by-hand"
    return told


def _consequences(result: str, told: dict, held: dict) -> dict:
    """What another end brings with it beside what the row tells."""
    if result in OPEN:
        return dict.fromkeys({"settled_on", "performance", "agreement_number", "confirmation"} & set(held))
    brought = {} if "settled_on" in {**held, **told} else {"settled_on": held.get("reported_on")}
    if result not in FORM_CODES:
        brought |= dict.fromkeys({"performance", "agreement_number", "confirmation"} & set(held))
    return brought


def past(values: dict, context) -> PastMatter:
    """The whole dispute that a row stands for. `context`: `units` by code, `handlers` by name, `now`."""
    status, outcome = _end_of(values)
    reported_at = start_of(values["reported_on"])
    ended_on = values.get("settled_on") or values["reported_on"]
    accepted = status != "reported" and outcome != Outcome.DECLINED
    entry = PastMatter(
        client_uuid=context.client_uuid, source=context.source, unit=_unit(values, context),
        category=values["category"], channel=values["channel"], description=values["description"],
        address=values.get("address", ""), reported_at=reported_at, status=status, outcome=outcome,
        accepted_at=reported_at if accepted else None, closed_at=start_of(ended_on) if outcome else None,
        other_unit_ids=tuple(context.units[code].pk for code in values.get("other_villages", ())),
        parties=[*_side("applicant", values, "applicants"), *_side("respondent", values, "respondents")],
        handler_id=None if outcome else context.handlers.get(values.get("mediators", "")),
    )
    entry.facts = _facts(values, entry, ended_on, context)
    entry.clocks = _clocks(entry)
    entry.grade, entry.grade_rule = _grade(values, entry)
    return entry


def _end_of(values) -> tuple[str, str]:
    """State and outcome of a result."""
    result = values.get("result")
    if result is None:
        return "reported", ""
    if result in OPEN:
        return "mediating", ""
    if result == "agreement":
        return "closed", values["form"]
    return "closed", Outcome.FAILED.value if result.startswith(REFERRED) else result


def _unit(values, context):
    grid = context.units.get(values.get("grid", ""))
    village = context.units[values["village"]]
    return grid if grid is not None and grid.parent_id == village.pk else village


def _side(kind: str, values: dict, column: str) -> list[dict]:
    """Parties of one side; numbers go to the names in order, what is left over to the last of them."""
    names = values.get(column, [])
    phones = list(values.get(f"{column[:-1]}_phones", []))
    home = values.get(f"{column[:-1]}_home", "")
    people = []
    for place, name in enumerate(names):
        last = place == len(names) - 1
        own = phones[place:] if last else phones[place:place + 1]
        people.append({
            "kind": kind, "name": name, "phones": "/".join(own), "address": home if place == 0 else "",
        })
    return people


def _clocks(entry: PastMatter) -> list[ClockStart]:
    if entry.status == "reported":
        return [ClockStart("dispute.acceptance", at=entry.reported_at)]
    return [ClockStart("dispute.mediation", at=entry.accepted_at)] if entry.status == "mediating" else []


def _grade(values, entry: PastMatter) -> tuple[str, str]:
    """The ledger's own colour; while a dispute is open, the rules' where the ledger has none."""
    if values.get("grade") and values.get("grade_rule", "by-hand") == "by-hand":
        return values["grade"], "by-hand"
    if entry.outcome:
        return "", ""
    facts = SimpleNamespace(
        people_count=values.get("people_count"), amount_yuan=values.get("amount_yuan"), has_danger=False,
        has_major_hazard=False,
    )
    return grade(SimpleNamespace(dispute=facts, first_closed_at=None, reported_at=entry.reported_at))


def _facts(values: dict, entry: PastMatter, ended_on: date, context) -> dict:
    """Rows of the dispute's tables."""
    agreed = entry.outcome in FORM_CODES
    facts = {Dispute: [_dispute(values, entry, agreed)]}
    if agreed:
        facts[Agreement] = [_agreement(values, entry, ended_on)]
    elif entry.outcome:
        facts[Ending] = [{
            "result": entry.outcome, "ended_on": ended_on, "reason": values.get("unsolved_reason", ""),
        }]
    result = values.get("result") or ""
    if result.startswith(REFERRED):
        way = result.removeprefix(REFERRED)
        facts[Referral] = [{"way": way, "authority": AUTHORITIES[way], "referred_on": ended_on}]
    mediator = context.handlers.get(values.get("mediators", ""))
    if mediator is not None and values["mediators"] not in values.get("applicants", []) + values.get("respondents", []):
        facts[Mediator] = [{"user_id": mediator, "is_lead": True, "named_on": values["reported_on"]}]
    facts[LedgerNote] = [{"values": _note(values, agreed, Mediator in facts)}]
    return facts


def _dispute(values: dict, entry: PastMatter, agreed: bool) -> dict:
    performance = values.get("performance", "")
    return {
        "initiative": initiative_of(entry.channel), "people_count": values.get("people_count"),
        "amount_yuan": None if agreed else values.get("amount_yuan"),
        "performance": performance if agreed and performance in set(Performance) else "",
        "confirmation_state": values.get("confirmation", "") if agreed else "",
        "dossier_number": values.get("dossier_number", "")[:60],
    }


def _agreement(values: dict, entry: PastMatter, ended_on: date) -> dict:
    return {
        "form": FORM_CODES[entry.outcome].value, "number": values.get("agreement_number", "")[:80],
        "agreed_on": ended_on, "effective_on": ended_on, "facts": entry.description, "terms": TERMS,
        "amount_yuan": values.get("amount_yuan"),
    }


def _note(values: dict, agreed: bool, mediator_is_staff: bool) -> dict:
    held = {code: values[code] for code in NOTED if values.get(code)}
    if values.get("mediators") and not mediator_is_staff:
        held["mediators"] = values["mediators"]
    if values.get("result") in OPEN:
        held["result"] = values["result"]
    if agreed and values.get("performance") == "open":
        held["performance"] = "open"
    return {code: value.isoformat() if isinstance(value, date) else value for code, value in held.items()}


def update(act, entry: PastMatter) -> dict:
    """Write the facts of a changed row into its dispute; what stood there, for `revert`."""
    matter = act.matter
    dispute, note = matter.dispute, LedgerNote.objects.filter(matter=matter).first()
    before = {"note": note.values if note else None, "created": [], "dispute": {}, "removed": []}
    for name, value in entry.facts[Dispute][0].items():
        before["dispute"][name] = _stored(getattr(dispute, name))
        setattr(dispute, name, value)
    dispute.save(update_fields=list(before["dispute"]))
    LedgerNote.objects.update_or_create(matter=matter, defaults={"values": entry.facts[LedgerNote][0]["values"]})
    for model in (Agreement, Ending, Referral, Mediator):
        stored = list(model.objects.filter(matter=matter))
        if _stand_as(stored, entry.facts.get(model, [])):
            continue
        for old in stored:
            before["removed"].append([model.__name__, {
                f.attname: _stored(getattr(old, f.attname)) for f in model._meta.concrete_fields if not f.primary_key
            }])
            old.delete()
        for row in entry.facts.get(model, []):
            before["created"].append([model.__name__, model.objects.create(matter=matter, **row).pk])
    return before


def _stand_as(stored: list, rows: list[dict]) -> bool:
    """Whether these rows stand already."""
    return len(stored) == len(rows) and all(
        getattr(one, name) == value for one, row in zip(stored, rows, strict=True) for name, value in row.items()
    )


def revert(act, before: dict) -> None:
    """Put the facts back as they were before an update."""
    models = {model.__name__: model for model in (Agreement, Ending, Referral, Mediator)}
    for name, pk in before["created"]:
        models[name].objects.filter(pk=pk).delete()
    for name, columns in before["removed"]:
        models[name].objects.create(**columns)
    dispute = act.matter.dispute
    for name, value in before["dispute"].items():
        setattr(dispute, name, value)
    dispute.save(update_fields=list(before["dispute"]))
    if before["note"] is None:
        LedgerNote.objects.filter(matter=act.matter).delete()
    else:
        LedgerNote.objects.filter(matter=act.matter).update(values=before["note"])


def _stored(value):
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
