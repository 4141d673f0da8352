"""Codes of a dispute on which its rules depend (代码); their labels are vocabularies of the kind."""
from enum import StrEnum


class Outcome(StrEnum):
    """How mediation ended (调解结果)."""

    WRITTEN = "written_agreement"
    ORAL = "oral_agreement"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


class Performance(StrEnum):
    """How far an agreement is performed (履行情况); empty while nothing is known."""

    PERFORMED = "performed"
    PARTLY = "partly"
    OVERDUE = "overdue"
    ENFORCED = "enforced"


class Initiative(StrEnum):
    """On whose initiative mediation begins (启动方式)."""

    OWN = "own"
    APPLIED = "applied"
    DELEGATED = "delegated"


class MediationKind(StrEnum):
    """Which mediation it is (调解性质); the Mediation Law's articles hang on people's mediation only."""

    PEOPLE = "people"
    ADMINISTRATIVE = "administrative"
    PROFESSIONAL = "professional"


class Source(StrEnum):
    """Sources that the rules know (来源); an administrator adds others."""

    APPLICATION = "application"
    POLICE = "police_referral"
    COURT_PRE_FILING = "court_pre_filing"
    COURT_IN_CASE = "court_in_case"
    PETITION = "petition_transfer"
    HOTLINE = "hotline_transfer"
    SUPERIOR = "superior"


COURT_SOURCES = frozenset({Source.COURT_PRE_FILING, Source.COURT_IN_CASE})
SENT_HERE = COURT_SOURCES | {Source.POLICE, Source.PETITION, Source.HOTLINE, Source.SUPERIOR}


class Procedure(StrEnum):
    """The court's procedure in a case entrusted to mediation (审理程序)."""

    ORDINARY = "ordinary"
    SIMPLE = "simple"


class SessionKind(StrEnum):
    """A mediation session, or the hearing of one person beforehand (调解、调查)."""

    MEDIATION = "mediation"
    INQUIRY = "inquiry"


class AgreementForm(StrEnum):
    """Written or oral agreement (书面、口头)."""

    WRITTEN = "written"
    ORAL = "oral"


class InstalmentState(StrEnum):
    """State of one instalment (履行期次)."""

    OPEN = "open"
    PARTLY = "partly"
    PERFORMED = "performed"


class CommitteeOf(StrEnum):
    """Whose committee takes a dispute in, said for many at once (由谁的调委会受理)."""

    VILLAGE = "village"
    TOWNSHIP = "township"


class CheckFinding(StrEnum):
    """What a check of performance found (核查结果)."""

    PERFORMED = "performed"
    PARTLY = "partly"
    NOT_PERFORMED = "not_performed"
    UNREACHABLE = "unreachable"


class ConfirmationState(StrEnum):
    """Where judicial confirmation stands (司法确认); empty where it is not possible."""

    POSSIBLE = "possible"
    APPLIED = "applied"
    WAIVED = "waived"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class WayAfterDefault(StrEnum):
    """Which way the creditor goes when an agreement is closed as not performed (未履行后的途径)."""

    SUIT = "suit"
    ENFORCEMENT = "enforcement"
