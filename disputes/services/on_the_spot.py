"""Mediation on the spot (当场调解): every step of the ordinary way in one act, each with its own date."""
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.casework.services import moving
from governance.casework.workflow import Refused

from ..workflow import AgreementForm
from ..workflow.effects import moment_of

_ACCEPT = ("committee", "initiative", "is_unopposed")
_START = ("mediators", "is_chosen", "rights_told_on")
_SESSION = ("held_at", "place", "participants", "record", "result")
_AGREE = (
    "agreed_on", "effective_on", "terms", "manner", "facts", "disputed_points", "responsibility", "amount_yuan",
    "copies", "concerns_status_or_title", "instalments", "both_confirm",
)


def settle_on_the_spot(act, facts) -> None:
    """Accept, begin, hold the session and agree, one after the other; what one of them refuses refuses all.

    Nothing is skipped: each step is checked, dated and told apart, as if it had been typed in by itself.
    Refused: `steps-out-of-order`, and whatever the steps refuse.
    """
    acted_at, reason = act.acted_at, act.event_personal.get("reason", "")
    _check_order(act.matter, facts)
    dispute = act.matter.dispute
    dispute.is_on_the_spot = True
    dispute.save(update_fields=["is_on_the_spot"])
    agree = "agree" if facts["form"] == AgreementForm.WRITTEN else "agree_orally"
    for step, at, names in (
        ("accept", facts["accepted_at"], _ACCEPT), ("start_on_the_spot", facts["accepted_at"], _START),
        ("record_session", facts["held_at"], _SESSION), (agree, moment_of(facts["agreed_on"]), _AGREE),
    ):
        moving.take(act, step, facts={name: facts.get(name) for name in names}, acted_at=at)
    act.begin_step(acted_at, reason)


def _check_order(matter, facts) -> None:
    """On one day the hour on a paper form is not to be relied on: days are compared."""
    days = [
        ("accepted_at", timezone.localdate(matter.reported_at), timezone.localdate(facts["accepted_at"])),
        ("rights_told_on", timezone.localdate(facts["accepted_at"]), facts["rights_told_on"]),
        ("held_at", facts["rights_told_on"], timezone.localdate(facts["held_at"])),
        ("agreed_on", timezone.localdate(facts["held_at"]), facts["agreed_on"]),
    ]
    for name, earlier, later in days:
        if later < earlier:
            raise Refused(
                "steps-out-of-order", _("This day lies before the step that comes first: report, acceptance, rights "
                                        "told, session, agreement."), (name,),
            )
