"""The table of a dispute's states and steps (纠纷办理流程)."""
from django.utils.translation import gettext_lazy as _

from governance.casework.workflow import State, Workflow

from . import steps_after, steps_mediation

REPORTED, ACCEPTED, MEDIATION = _("Registered"), _("Acceptance"), _("Mediation")
PERFORMANCE, CLOSED = _("Performance"), _("Closure")

WORKFLOW = Workflow(
    initial="reported",
    states=(
        State("reported", _("To accept"), True, REPORTED),
        State("accepted", _("Accepted"), True, ACCEPTED),
        State("declined", _("Declined"), True, ACCEPTED),
        State("mediating", _("In mediation"), True, MEDIATION),
        State("failed", _("Mediation failed"), True, MEDIATION),
        State("referred", _("Referred"), True, MEDIATION),
        State("withdrawn", _("Withdrawn"), True, MEDIATION),
        State("agreed", _("Agreed"), True, PERFORMANCE),
        State("performing", _("Being performed"), True, PERFORMANCE),
        State("defaulted", _("In default"), True, PERFORMANCE),
        State("performed", _("Performed"), True, PERFORMANCE),
        State("closed", _("Closed"), False, CLOSED),
        State("merged", _("Merged"), False),
        State("voided", _("Void"), False),
    ),
    steps=(*steps_mediation.STEPS, *steps_after.STEPS),
)
