"""What changes of concentrated investigations, rounds and forms of papers say (排查和文书模板变更的措辞)."""
from django.utils.translation import gettext_lazy as _

from governance.casework.services.vocabularies import term_label
from governance.organisation.changes import UNIT, township_names
from governance.organisation.registry import (
    ChangeSubject,
    ChangeVerb,
    Difference,
    Fact,
    register_subject,
    register_verbs,
)
from governance.organisation.sentences import day, listed

from .models import Campaign, InvestigationRound
from .services.papers.catalogue import PAPERS

CAMPAIGN, ROUND, TEMPLATE = "campaign", "round", "paper_template"


def _campaigns(ids) -> dict[str, str]:
    return {str(pk): title for pk, title in Campaign.objects.filter(pk__in=ids).values_list("pk", "title")}


def _rounds(ids) -> dict[str, str]:
    rows = InvestigationRound.objects.filter(pk__in=ids).values_list("pk", "unit__short_name", "held_on")
    return {str(pk): f"{unit} {day(held_on.isoformat())}" for pk, unit, held_on in rows}


def _templates(ids) -> dict[str, str]:
    """富春江镇 · 调解笔录, from the paper and the township's code."""
    parts = {pk: pk.rpartition(".")[::2] for pk in ids}
    towns = township_names([code for _paper, code in parts.values()])
    return {
        pk: f"{towns.get(code, code)} · {PAPERS[paper].title if paper in PAPERS else paper}"
        for pk, (paper, code) in parts.items()
    }


def _category(code: str) -> str:
    return term_label("dispute.category", code)


def _lateness(is_late: bool):
    return _("late") if is_late else _("in time")


def _moved(label, name: str, words=str) -> Difference:
    return Difference(label, Fact(f"before.{name}", words), Fact(f"after.{name}", words))


register_subject(ChangeSubject(CAMPAIGN, _("Concentrated investigations"), _campaigns))
register_subject(ChangeSubject(ROUND, _("Investigation rounds"), _rounds))
register_subject(ChangeSubject(TEMPLATE, _("Paper templates"), _templates))

_DAYS = (
    _moved(_("Investigated from"), "starts_on", day), _moved(_("Investigated until"), "ends_on", day),
    _moved(_("Villages report by"), "report_by", day),
)
register_verbs(
    ChangeVerb(
        CAMPAIGN, "announced",
        _("“%(subject)s” was announced to %(villages)s: %(starts_on)s – %(ends_on)s, report by %(report_by)s"),
        {"villages": Fact("villages", of=UNIT), "starts_on": Fact("starts_on", day), "ends_on": Fact("ends_on", day),
         "report_by": Fact("report_by", day)},
    ),
    ChangeVerb(
        CAMPAIGN, "corrected", _("“%(subject)s” was corrected; villages that take part: %(villages)s"),
        {"villages": Fact("villages", of=UNIT)},
        (_moved(_("Title"), "title"), _moved(_("What is looked for, and how"), "text"),
         _moved(_("Dispute categories"), "categories", listed(_category)), *_DAYS),
    ),
    ChangeVerb(
        CAMPAIGN, "reported", _("%(unit)s reported to “%(subject)s”: %(found)s found, %(late)s"),
        {"unit": Fact("unit", of=UNIT), "found": Fact("found"), "late": Fact("is_late", _lateness)},
    ),
    ChangeVerb(
        CAMPAIGN, "returned", _("The report of %(unit)s to “%(subject)s” was sent back"),
        {"unit": Fact("unit", of=UNIT)},
    ),
    ChangeVerb(
        CAMPAIGN, "reminded", _("%(people)s people were reminded to report to “%(subject)s”"),
        {"people": Fact("people")},
    ),
    ChangeVerb(
        CAMPAIGN, "summed_up",
        _("“%(subject)s” was summed up: %(found)s found, %(settled)s settled, %(lacking)s villages without a report"),
        {"found": Fact("figures.found"), "settled": Fact("figures.settled"), "lacking": Fact("lacking")},
    ),
    ChangeVerb(
        CAMPAIGN, "extended", _("The period of “%(subject)s” was extended. Reason: %(reason)s"),
        {"reason": Fact("personal.reason")}, _DAYS,
    ),
    ChangeVerb(
        CAMPAIGN, "cancelled",
        _("“%(subject)s” was cancelled; %(reported)s villages had reported, %(found)s found. Reason: %(reason)s"),
        {"reported": Fact("reported"), "found": Fact("figures.found"), "reason": Fact("personal.reason")},
    ),
    ChangeVerb(ROUND, "recorded", _("A round of investigation was recorded: %(subject)s")),
    ChangeVerb(ROUND, "withdrawn", _("A round of investigation was withdrawn: %(subject)s")),
    ChangeVerb(
        TEMPLATE, "replaced", _("The form of a paper was replaced, version %(version)s: %(subject)s"),
        {"version": Fact("version")},
    ),
    ChangeVerb(
        TEMPLATE, "back_to_default", _("The usual form of a paper is in use again, instead of version %(version)s: "
                                       "%(subject)s"),
        {"version": Fact("version")},
    ),
)
