"""Everything that the page of a dispute shows, read at once (纠纷详情): one query, however much there is."""
from functools import cache

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject

from governance.casework.querysets import hang, revived
from governance.organisation.models import User

_INSTALMENT = ("position", "what", "amount_yuan", "due_on", "counted_from", "state", "performed_on", "replaced_on")
_AGREEMENT = ("round", "form", "number", "agreed_on", "effective_on", "terms", "amount_yuan", "replaced_on")
_CONFIRMATION = ("court", "applied_on", "waived_on", "decided_on", "result", "ruling_number")
_SESSION = ("round", "kind", "held_at", "place", "participants", "heard", "record", "result")


def whole(matter) -> dict:
    """The dispute with its mediators, sessions, agreements, confirmation and last ending.

    `matter.dispute` and `matter.instalments` answer from here afterwards, so that conditions of steps ask nothing.
    """
    dispute = matter.dispute = _disputes().get(matter=matter)
    dispute.matter = matter
    agreements = [_agreement(matter, told) for told in dispute.agreements_told]
    hang(matter, "instalments", [row for agreement in agreements for row in agreement.instalments.all()])
    in_force = next((row for row in agreements if row.replaced_on is None), None)
    return {
        "dispute": dispute, "agreements": agreements,
        "clock_subjects": {str(row.pk): f"{row.position}. {row.what}" for row in matter.instalments.all()},
        "ending": next((revived(_model("Ending"), told) for told in dispute.endings_told), None),
        "mediators": [_named("Mediator", "user", told) for told in dispute.mediators_told],
        "sessions": [_named("Session", "recorder", told) for told in dispute.sessions_told],
        "confirmation": getattr(in_force, "confirmation", None) if in_force is not None else None,
    }


@cache
def _disputes():
    """The question without its matter, put together once: that costs as much as asking it."""
    return _model("Dispute").objects.select_related("committee").annotate(
        mediators_told=_told("Mediator", ("is_lead",), order=("-is_lead", "pk"), withdrawn_on=None, name="user__name"),
        sessions_told=_told("Session", _SESSION, order=("held_at", "pk"), name="recorder__name"),
        endings_told=_told("Ending", ("result", "reason", "advice"), order=("-pk",), limit=1),
        agreements_told=_agreements(),
    )


def _model(name: str):
    return apps.get_model(f"disputes.{name}")


def _told(model: str, fields, *, order, limit=None, owner="matter", outer="matter_id", name="", **narrowed):
    """Rows of a relation as plain values; `name` is the path to a person's name that stands beside them."""
    rows = _model(model).objects.filter(**{owner: OuterRef(outer)}, **narrowed).order_by(*order)
    values = {field: field for field in ("id", *fields)}
    if name:
        values["name"] = name
    return ArraySubquery(rows.values(json=JSONObject(**values))[:limit])


def _agreements():
    """The latest first, each with its instalments and confirmation; each instalment with its checks."""
    checks = _told("PerformanceCheck", ("checked_on", "found", "words"), order=("checked_on", "pk"),
                   owner="instalment", outer="pk", name="checked_by__name")
    instalments = _model("Instalment").objects.filter(agreement=OuterRef("pk")).order_by("position", "pk").annotate(
        checks_told=checks
    )
    values = {name: name for name in ("id", *_INSTALMENT)}
    rows = _model("Agreement").objects.filter(matter=OuterRef("matter_id")).order_by("-pk").annotate(
        instalments_told=ArraySubquery(instalments.values(json=JSONObject(**values, checks=F("checks_told")))),
        confirmations_told=_told("Confirmation", _CONFIRMATION, order=("pk",), owner="agreement", outer="pk"),
    )
    return ArraySubquery(rows.values(json=JSONObject(
        **{name: name for name in ("id", *_AGREEMENT)}, instalments=F("instalments_told"),
        confirmations=F("confirmations_told"),
    )))


def _agreement(matter, told: dict):
    instalments, confirmations = told.pop("instalments"), told.pop("confirmations")
    agreement = revived(_model("Agreement"), told)
    agreement.matter = matter
    hang(agreement, "instalments", [_instalment(agreement, row) for row in instalments])
    for row in confirmations:
        agreement.confirmation = revived(_model("Confirmation"), row)
    return agreement


def _instalment(agreement, told: dict):
    checks = told.pop("checks")
    row = revived(_model("Instalment"), told)
    row.agreement, row.matter = agreement, agreement.matter
    hang(row, "checks", [_named("PerformanceCheck", "checked_by", one) for one in checks])
    return row


def _named(model: str, person: str, told: dict):
    """A row with the name of the person in it."""
    shown = User(name=told.pop("name"))
    row = revived(_model(model), told)
    setattr(row, person, shown)
    return row
