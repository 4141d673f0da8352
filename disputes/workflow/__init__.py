"""How a dispute goes from report to closure (纠纷流程): codes, guards and the table of steps."""
from .codes import (
    COURT_SOURCES,
    SENT_HERE,
    AgreementForm,
    CheckFinding,
    CommitteeOf,
    ConfirmationState,
    Initiative,
    InstalmentState,
    MediationKind,
    Outcome,
    Performance,
    Procedure,
    SessionKind,
    Source,
    WayAfterDefault,
)
from .table import WORKFLOW

__all__ = [
    "COURT_SOURCES", "SENT_HERE", "WORKFLOW", "AgreementForm", "CheckFinding", "CommitteeOf", "ConfirmationState",
    "Initiative", "InstalmentState", "MediationKind", "Outcome", "Performance", "Procedure", "SessionKind", "Source",
    "WayAfterDefault",
]
