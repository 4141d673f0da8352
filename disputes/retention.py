"""How long disputes are kept, and what goes from their tables afterwards (纠纷档案保管期限与匿名化)."""
from django.utils.translation import gettext_lazy as _

from governance.casework.registry import Erasure as E
from governance.casework.registry import Retention as R

# The lengths are local defaults; the limitation periods are why they are not shorter.
_LONGEST_LIMITATION = _("local default; a right is protected for twenty years at the longest (Civil Code art. 188)")
_LIMITATION = _("local default; the usual limitation period is three years (Civil Code art. 188)")
_TEN_YEARS = _("local default; ten years as for documents of fixed keeping (State Archives Administration, Order 8)")

RETENTION = (
    R(10, _TEN_YEARS),
    R(20, _LONGEST_LIMITATION, "written_agreement"),
    R(20, _LONGEST_LIMITATION, "oral_agreement"),
    R(5, _LIMITATION, "withdrawn"),
    R(5, _LIMITATION, "declined"),
)
ERASES = (
    E("disputes.Dispute",
      words=("application", "sender_reply", "session_place"),
      keeps=("initiative", "mediation_kind", "sender", "sender_reference", "court_procedure", "police_station",
             "performance", "confirmation_state", "way_after_default", "dossier_number")),
    E("disputes.Mediator"),
    E("disputes.Session", words=("place", "participants", "heard", "told", "record", "result"), keeps=("kind",)),
    E("disputes.Ending", words=("reason", "advice"), keeps=("result", "ground")),
    E("disputes.Referral", keeps=("way", "authority")),
    E("disputes.Revisit", words=("finding",), keeps=("manner", "satisfied", "performance")),
    E("disputes.Agreement", words=("facts", "disputed_points", "responsibility", "terms", "manner"),
      keeps=("form", "number")),
    E("disputes.Instalment", words=("what",), keeps=("state",)),
    E("disputes.PerformanceCheck", words=("words",), keeps=("found",)),
    E("disputes.AgreementChange", words=("reason",)),
    E("disputes.Default", words=("urging", "advice")),
    # The ruling's number finds the names at the court.
    E("disputes.Confirmation", words=("ruling_number",), keeps=("court", "result")),
    E("disputes.LedgerNote", words=("values",)),
)
