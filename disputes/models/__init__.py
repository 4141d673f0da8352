"""Tables of disputes: facts beside the matter, never status or clocks."""
from .agreement import Agreement, AgreementChange, Default, Instalment
from .confirmation import Confirmation
from .dispute import Dispute
from .ledger_note import LedgerNote
from .mediation import Ending, Mediator, Referral, Revisit, Session

__all__ = [
    "Agreement", "AgreementChange", "Confirmation", "Default", "Dispute", "Ending", "Instalment", "LedgerNote",
    "Mediator", "Referral", "Revisit", "Session",
]
