"""Forms of a dispute: shape and wording of input only; what they record lies in `services`."""
from .agreement import (
    AgreeForm,
    AgreeOrallyForm,
    ApplyConfirmationForm,
    ChangeAgreementForm,
    CheckForm,
    CloseForm,
    DecideConfirmationForm,
    DefaultForm,
    PerformanceForm,
)
from .bulk import BulkAcceptForm
from .mediation import (
    AcceptForm,
    DeclineForm,
    FailForm,
    InquiryForm,
    MediatorsForm,
    PlanSessionForm,
    PoliceForm,
    ReferForm,
    RevisitForm,
    RightsForm,
    SenderReplyForm,
    SessionForm,
    StartForm,
    WithdrawForm,
)
from .on_the_spot import OnTheSpotForm
from .registration import DisputeCorrectForm, DisputeOpenForm

__all__ = [
    "AcceptForm", "AgreeForm", "AgreeOrallyForm", "ApplyConfirmationForm", "BulkAcceptForm", "ChangeAgreementForm",
    "CheckForm", "CloseForm", "DecideConfirmationForm", "DeclineForm", "DefaultForm", "DisputeCorrectForm",
    "DisputeOpenForm", "FailForm", "InquiryForm", "MediatorsForm", "OnTheSpotForm", "PerformanceForm",
    "PlanSessionForm", "PoliceForm", "ReferForm", "RevisitForm", "RightsForm", "SenderReplyForm", "SessionForm",
    "StartForm", "WithdrawForm",
]
