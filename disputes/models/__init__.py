"""Tables of disputes: facts beside the matter, never status or clocks."""
from .agreement import Agreement, AgreementChange, Default, Instalment, PerformanceCheck
from .campaign import Campaign, CampaignFinding, CampaignVillage, InvestigationRound
from .conclusion import Conclusion
from .confirmation import Confirmation
from .dispute import Dispute, committee_name
from .ledger_note import LedgerNote
from .mediation import Ending, Mediator, Referral, Revisit, Session
from .paper_template import PaperTemplate

__all__ = [
    "Agreement", "AgreementChange", "Campaign", "CampaignFinding", "CampaignVillage", "Conclusion", "Confirmation",
    "Default", "Dispute", "Ending", "Instalment", "InvestigationRound", "LedgerNote", "Mediator", "PaperTemplate",
    "PerformanceCheck", "Referral", "Revisit", "Session", "committee_name",
]
