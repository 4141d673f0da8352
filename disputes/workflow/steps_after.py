"""Steps after mediation: performance, confirmation, referral, closure and what may follow (履行、结案)."""
from django.utils.translation import gettext_lazy as _

from governance.casework.workflow import ANY_OPEN, Step

from . import effects, guards
from .steps_mediation import MEDIATORS

# The agreement of an earlier round stays in force while it is mediated anew, and after that failed again.
ANEW = ("mediating", "failed", "referred", "withdrawn")
AGREED = ("performing", "defaulted", "performed", "closed", *ANEW)
OWED = ("performing", "defaulted", "closed", *ANEW)
ENDED = ("performing", "defaulted", "performed", "failed", "referred", "withdrawn", "declined", "closed")

STEPS = (
    Step(
        "record_performance", _("Record performance"), OWED,
        ("performing", "performed"), MEDIATORS, choose=effects.after_performance, stays_in=("closed", *ANEW),
        conditions=(guards.something_is_outstanding,), sentence=_("Performed on %(on)s: %(what)s"), is_main=True,
    ),
    Step(
        "record_check", _("Record a check of performance"), OWED, (), MEDIATORS,
        needs=(
            _("an instalment whose day has come"),
            _("what was found: performed or partly (recorded as performance at once), not performed, out of reach"),
        ),
        conditions=(guards.something_is_outstanding,), guards=(guards.instalment_fell_due,),
        sentence=_("Performance checked on %(on)s, %(what)s: %(finding)s"),
    ),
    Step(
        "record_default", _("Record a default"), ("performing",), ("defaulted",), MEDIATORS,
        needs=(_("an instalment overdue"), _("urging and advice on court recorded")),
        guards=(guards.instalment_is_overdue,), sentence=_("Not performed in time: %(what)s; advised: %(advice)s"),
    ),
    Step(
        "change_agreement", _("Record a written change of the agreement"), ("performing", "defaulted"),
        ("performing",), MEDIATORS, evidence=("written_change",), needs=(_("written change, signed by both"),),
        starts=(effects.performance_clocks,), moot_reason=_("the parties changed the agreement in writing"),
        sentence=_("The agreement was changed in writing: %(what)s"),
        reason_required=True,
    ),
    Step(
        "remediate", _("Mediate anew"), ("defaulted",), ("mediating",), (*MEDIATORS, "clerk"),
        needs=(_("both parties agree"), _("the agreement binds until another takes its place")),
        starts=(effects.MEDIATION,), outcome="",
        sentence=_("Both parties agreed to mediate anew"),
    ),
    Step(
        "apply_confirmation", _("Record the joint application for confirmation"), AGREED, (),
        (*MEDIATORS, "clerk"), conditions=(guards.confirmation_is_possible,), stops=("dispute.confirmation",),
        needs=(_("both parties, within thirty days (People's Mediation Law art. 33)"),),
        sentence=_("Both parties applied to %(court)s for judicial confirmation on %(on)s"),
    ),
    Step(
        "waive_confirmation", _("Record that both waive confirmation"), AGREED, (), (*MEDIATORS, "clerk"),
        conditions=(guards.confirmation_is_possible,), stops=("dispute.confirmation",),
        sentence=_("Both parties waived judicial confirmation on %(on)s"),
    ),
    Step(
        "decide_confirmation", _("Record the court's ruling"), AGREED, (), (*MEDIATORS, "clerk"),
        conditions=(guards.confirmation_is_applied_for,),
        sentence=_("The court ruled on the application on %(on)s: ruling %(ruling)s"),
    ),
    Step(
        "refer", _("Refer"), ("failed",), ("referred",), ("clerk",), needs=(_("where to"), _("date")),
        sentence=_("Referred to %(authority)s"),
    ),
    Step(
        "close", _("Close"), ("performed", "referred", "failed", "withdrawn", "declined", "defaulted"), ("closed",),
        ("clerk",), needs=(_("after a default: suit, or enforcement if confirmed"),),
        starts=(effects.sender_reply_clock, effects.revisit_clock), sentence=_("Closed"), is_main=True,
    ),
    Step(
        "record_sender_reply", _("Record the reply to the sender"), ENDED, (), (*MEDIATORS, "clerk"),
        conditions=(guards.sender_waits_for_reply,), stops=("dispute.sender_reply",),
        sentence=_("The result was told to %(sender)s on %(on)s"),
    ),
    Step(
        "record_revisit", _("Record a revisit"),
        ("mediating", "performing", "defaulted", "performed", "failed", "referred", "withdrawn", "closed"), (),
        MEDIATORS, stops=("dispute.revisit",), sentence=_("Revisited on %(on)s: %(finding)s"), is_main=True,
    ),
    Step(
        "reopen", _("Reopen"), ("closed",), ("mediating", "reported"), ("clerk", "office"),
        choose=effects.reopened_into, starts=(effects.reopened_clocks,),
        moots=("dispute.revisit", "dispute.sender_reply"), moot_reason=_("the dispute was taken up again"),
        needs=(_("an agreement binds until another takes its place"),), outcome="", sentence=_("Reopened"),
        reason_required=True,
    ),
    Step(
        "merge", _("Merge into another"), ANY_OPEN, ("merged",), ("clerk",), sentence=_("Merged into another matter"),
        moots=effects.SURVIVING, moot_reason=_("it goes on in the other matter"), reason_required=True, hidden=True,
    ),
    Step(
        "void", _("Void this entry"), ANY_OPEN, ("voided",), ("clerk",), needs=(_("entered by mistake"),),
        moots=effects.SURVIVING, moot_reason=_("the matter was entered by mistake"),
        sentence=_("Voided: entered by mistake; the number stays"), reason_required=True, is_destructive=True,
    ),
)
