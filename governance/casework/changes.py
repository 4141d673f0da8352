"""What changes of vocabularies, local lengths and webhooks say (词表、本地时限和推送变更的措辞)."""
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from governance.organisation.changes import USER, township_names
from governance.organisation.models import User
from governance.organisation.registry import (
    ChangeSubject,
    ChangeVerb,
    Difference,
    Fact,
    register_subject,
    register_verbs,
)
from governance.organisation.sentences import day, listed

from . import clocks, registry
from .models import EventType
from .services.vocabularies import term_label, vocabulary_of

VOCABULARY, LENGTH, HOLIDAYS, HOURS = "vocabulary", "local_length", "holidays", "working_hours"
RETENTION, ASKED = "retention", "personal_data"


def _terms(ids) -> dict[str, str]:
    """纠纷类型：土地山林, from `dispute.category.land_forest`."""
    return {pk: _term(*pk.rpartition(".")[::2]) for pk in ids}


def _term(vocabulary: str, code: str) -> str:
    declared = vocabulary_of(vocabulary)
    return f"{declared.label if declared else vocabulary}：{term_label(vocabulary, code)}"


_COUNTED_IN = {
    "days": _("counted in days"), "months": _("counted in months"), "working_days": _("counted in working days"),
    "hours": _("counted in hours"), "minutes": _("counted in minutes"), "working_hours": _("counted in working hours"),
}


def _lengths(ids) -> dict[str, str]:
    """富春江镇 · 受理（加急，按工作日计）, from rule, variant and the township's code with dots between them."""
    parts = {pk: pk.rsplit(".", 2) for pk in ids}
    towns = township_names([code for _rule, _variant, code in parts.values()])
    return {pk: f"{towns.get(code, code)} · {_rule(rule, variant)}" for pk, (rule, variant, code) in parts.items()}


def _rule(code: str, variant: str) -> str:
    rule = next((one for one in clocks.all_rules() if one.code == code), None)
    if rule is None:
        return code
    chosen = next((one for one in rule.variants if one.code == variant), None)
    basis = (chosen and chosen.basis) or rule.basis
    more = "，".join(str(part) for part in (chosen and chosen.label, _COUNTED_IN.get(basis)) if part)
    return f"{rule.label}（{more}）" if more else str(rule.label)


def _keepings(ids) -> dict[str, str]:
    """富春江镇 · 纠纷（达成书面协议）, from kind, outcome and the township's code with dots between them."""
    parts = {pk: pk.split(".", 2) for pk in ids}
    towns = township_names([code for _kind, _outcome, code in parts.values()])
    return {pk: f"{towns.get(code, code)} · {_kept(kind, outcome)}" for pk, (kind, outcome, code) in parts.items()}


def _kept(code: str, outcome: str) -> str:
    kind = next((one for one in registry.all_kinds() if one.code == code), None)
    if kind is None:
        return code
    return f"{kind.label}（{term_label(kind.outcomes.code, outcome)}）" if outcome else str(kind.label)


def _years(value):
    return _("for good") if value is None else ngettext("%(count)d year", "%(count)d years", value) % {"count": value}


def _askers(ids) -> dict[str, str]:
    """Who was asked, by the account that answered; the console has none."""
    people = dict(User.objects.filter(pk__in=[pk for pk in ids if pk.isdigit()]).values_list("pk", "name"))
    return {pk: people.get(int(pk), pk) if pk.isdigit() else _("the server's console") for pk in ids}


def _use(is_active: bool):
    return _("in use") if is_active else _("no longer in use")


def _event(code: str):
    return EventType(code).label if code in EventType.values else code


register_subject(ChangeSubject(VOCABULARY, _("Vocabularies"), _terms))
register_subject(ChangeSubject(LENGTH, _("Local lengths"), _lengths))
register_subject(ChangeSubject(RETENTION, _("Lengths of keeping"), _keepings))
register_subject(ChangeSubject(ASKED, _("What is held on somebody"), _askers))
register_subject(ChangeSubject(HOURS, _("Working hours"), lambda ids: dict.fromkeys(ids, _("Working hours"))))
register_subject(ChangeSubject(HOLIDAYS, _("Days off"), lambda ids: {pk: pk for pk in ids}))

_LABELS = (
    Difference(_("Chinese label"), Fact("before.zh"), Fact("zh")),
    Difference(_("English label"), Fact("before.en"), Fact("en")),
    Difference(_("Use"), Fact("before.active", _use), Fact("active", _use)),
)
register_verbs(
    ChangeVerb(VOCABULARY, "added", _("The word “%(zh)s” was added: %(subject)s"), {"zh": Fact("zh")}),
    ChangeVerb(VOCABULARY, "changed", _("A word was changed: %(subject)s"), {}, _LABELS),
    ChangeVerb(
        LENGTH, "set", _("A length of the township's own was set from %(from_on)s: %(subject)s"),
        {"from_on": Fact("from_on", day)},
        (Difference(_("Length"), Fact("before", empty=_("as the rule has it")), Fact("length")),),
    ),
    ChangeVerb(HOURS, "set", _("Working hours were set"), {}, (
        Difference(_("Working hours"), Fact("before"), Fact("hours")),
    )),
    ChangeVerb(
        RETENTION, "set", _("A length of keeping was set from %(from_on)s: %(subject)s"),
        {"from_on": Fact("from_on", day)},
        (Difference(_("Kept"), Fact("before", _years, empty=_("for good")),
                    Fact("years", _years, empty=_("for good"))),),
    ),
    ChangeVerb(
        ASKED, "searched", _("%(subject)s looked for what is held on %(name)s; entries found: %(count)s"),
        {"name": Fact("personal.name"), "count": Fact("count")},
    ),
    ChangeVerb(
        ASKED, "given",
        _("%(subject)s gave somebody what is held on them; matters: %(count)s. Identified by: %(by)s"),
        {"count": Fact("matters", len), "by": Fact("personal.identified")},
    ),
    ChangeVerb(
        ASKED, "listed", _("%(subject)s listed what is held on %(who)s; entries: %(count)s. Reason: %(reason)s"),
        {"who": Fact("personal.who"), "count": Fact("count"), "reason": Fact("personal.reason")},
    ),
    ChangeVerb(
        HOLIDAYS, "entered", _("The days off of %(subject)s were entered after %(source)s: %(days_off)s"),
        {"source": Fact("source"), "days_off": Fact("days_off", listed(day))},
    ),
    ChangeVerb(
        HOLIDAYS, "corrected", _("The days off of %(subject)s were corrected after %(source)s"),
        {"source": Fact("source")},
        (
            Difference(_("Document"), Fact("before.source"), Fact("source")),
            Difference(_("Days off"), Fact("before.days_off", listed(day)), Fact("days_off", listed(day))),
            Difference(_("Worked weekend days"), Fact("before.workdays", listed(day)), Fact("workdays", listed(day))),
        ),
    ),
    ChangeVerb(
        USER, "webhook_subscribed", _("Messages are sent to the client %(subject)s: %(events)s"),
        {"events": Fact("events", listed(_event))},
    ),
    ChangeVerb(USER, "webhook_released", _("Messages to the client %(subject)s were released by the second hand")),
    ChangeVerb(USER, "webhook_paused", _("Messages to the client %(subject)s were stopped for a while")),
    ChangeVerb(USER, "webhook_resumed", _("Messages to the client %(subject)s go on")),
    ChangeVerb(USER, "webhook_ended", _("Messages to the client %(subject)s were ended for good")),
    ChangeVerb(
        USER, "webhook_sent_again", _("A message to the client %(subject)s was sent once more: %(delivery)s"),
        {"delivery": Fact("delivery")},
    ),
)
