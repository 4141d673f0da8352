"""Steps from acceptance to the end of mediation (受理、调解)."""
from django.utils.translation import gettext_lazy as _

from governance.casework.workflow import ANY_OPEN, Step

from . import effects, guards
from .codes import Outcome

MEDIATORS = ("mediator", "handler")
ACCEPTANCE, FIRST_SESSION = "dispute.acceptance", "dispute.first_session"
LATER_AGREEMENT = _("a later agreement took its place")

STEPS = (
    Step(
        "accept", _("Accept"), ("reported",), ("accepted",), ("mediator", "clerk", "handler"),
        needs=(
            _("two parties"), _("mediation committee"),
            _("a party's application, or own initiative that nobody refuses (People's Mediation Law art. 17)"),
        ),
        guards=(guards.parties_are_named,), starts=(FIRST_SESSION, effects.mediation_clock), stops=(ACCEPTANCE,),
        sentence=_("Accepted by %(committee)s"), is_main=True,
    ),
    Step(
        "settle_on_the_spot", _("Mediated on the spot"), ("reported",), (), MEDIATORS,
        needs=(_("every step with its own date: acceptance, rights told, session, agreement"),),
        guards=(guards.parties_are_named,), sentence=_("Mediated on the spot; each step is dated apart"),
    ),
    Step(
        "decline", _("Decline"), ("reported",), ("declined",), ("clerk",),
        needs=(_("ground"), _("where to turn")), stops=(ACCEPTANCE,), moots=effects.MEDIATION_CLOCKS,
        moot_reason=_("the dispute was not taken in"), outcome=Outcome.DECLINED.value,
        sentence=_("Declined; the parties were told where to turn: %(advice)s"),
    ),
    Step(
        "start", _("Begin mediation"), ("accepted",), ("mediating",), ("clerk",),
        needs=(
            _("mediator whom the parties chose or accept, without interest in it (People's Mediation Law art. 19)"),
            _("rights and duties told (People's Mediation Law art. 23)"),
        ),
        guards=(guards.mediator_is_named,), sentence=_("Mediation begins; mediator: %(mediators)s"), is_main=True,
    ),
    Step(
        "start_on_the_spot", _("Begin mediation on the spot"), ("accepted",), ("mediating",), MEDIATORS,
        guards=(guards.mediator_is_named,), sentence=_("Mediation begins; mediator: %(mediators)s"), hidden=True,
    ),
    Step(
        "agree", _("Record a written agreement"), ("mediating",), ("agreed",), MEDIATORS,
        needs=(
            _("at least one session"), _("signed agreement as a file"), _("terms"),
            _("how and by when it is performed (People's Mediation Law art. 29)"),
        ),
        guards=(guards.session_was_held, guards.second_party_is_there), evidence=("signed_agreement",),
        stops=effects.MEDIATION_CLOCKS, moots=(FIRST_SESSION, *effects.REPLACED),
        moot_reason=LATER_AGREEMENT,
        starts=(effects.confirmation_clock, effects.performance_clocks), then="watch",
        outcome=Outcome.WRITTEN.value, sentence=_("Written agreement %(number)s: %(terms)s"), is_main=True,
    ),
    Step(
        "agree_orally", _("Record an oral agreement"), ("mediating",), ("agreed",), MEDIATORS,
        needs=(_("at least one session"), _("both confirmations"), _("the oral-agreement record"), _("terms")),
        guards=(guards.session_was_held, guards.second_party_is_there),
        stops=effects.MEDIATION_CLOCKS, moots=(FIRST_SESSION, *effects.REPLACED),
        moot_reason=LATER_AGREEMENT,
        starts=(effects.confirmation_clock, effects.performance_clocks), then="watch",
        outcome=Outcome.ORAL.value, sentence=_("Oral agreement %(number)s, confirmed by both sides: %(terms)s"),
    ),
    Step(
        "watch", _("Watch over performance"), ("agreed",), ("performing", "performed"), MEDIATORS,
        choose=effects.performing_or_performed, sentence=_("Left to be performed: %(count)s"), hidden=True,
    ),
    Step(
        "record_session", _("Record a session"), ("mediating",), (), MEDIATORS, needs=(_("record"),),
        stops=(FIRST_SESSION,), sentence=_("Mediation session on %(held)s at %(place)s"), is_main=True,
    ),
    Step(
        "record_inquiry", _("Record an inquiry"), ("accepted", "mediating"), (), MEDIATORS,
        sentence=_("%(heard)s was heard on %(held)s"),
    ),
    Step(
        "plan_session", _("Plan the next session"), ("accepted", "mediating"), (), (*MEDIATORS, "clerk"),
        sentence=_("Next session planned for %(planned)s at %(place)s"),
    ),
    Step(
        "tell_rights", _("Record that rights and duties were told"), ("accepted",), (), (*MEDIATORS, "clerk"),
        conditions=(guards.rights_are_not_told,),
        sentence=_("The parties were told their rights and duties on %(told)s"),
    ),
    Step(
        "change_mediators", _("Change the mediators"), ("accepted", "mediating", "performing", "defaulted"), (),
        ("clerk",), guards=(guards.mediator_is_named,), sentence=_("Mediators are now: %(mediators)s"),
        reason_required=True,
    ),
    Step(
        "fail", _("Mediation fails"), ("accepted", "mediating"), ("failed",), MEDIATORS,
        needs=(_("reason"), _("advice on arbitration, authority or court (People's Mediation Law art. 26)")),
        stops=effects.MEDIATION_CLOCKS, moots=(FIRST_SESSION,), moot_reason=_("mediation failed before a session"),
        outcome=Outcome.FAILED.value,
        sentence=_("Mediation failed; the parties were advised: %(advice)s"), reason_required=True,
    ),
    Step(
        "withdraw", _("A party withdraws"), ("reported", "accepted", "mediating"), ("withdrawn",), ("clerk",),
        needs=(_("who asked"),), stops=effects.MEDIATION_CLOCKS, moots=(ACCEPTANCE, FIRST_SESSION),
        moot_reason=_("a party no longer wished mediation"),
        outcome=Outcome.WITHDRAWN.value, sentence=_("%(asked_by)s no longer wishes mediation"),
    ),
    Step(
        "record_police_report", _("Record the report to the police"), ANY_OPEN, (), (*MEDIATORS, "clerk"),
        needs=(_("when, and which station (People's Mediation Law art. 25)"),),
        conditions=(guards.police_is_not_told,), sentence=_("Reported to the police: %(station)s, %(told)s"),
    ),
)
