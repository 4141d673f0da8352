"""Records of the organisation."""
from .changes import Change, ChangePersonal
from .clients import ApiClient, ApiToken
from .duties import Duty, Responsibility, line_choices
from .factors import HadPassword, RecoveryCode
from .logins import KnownDevice, LoginRecord
from .people import (
    SECOND_FACTOR_ROLES,
    SEPARATED_ROLES,
    SERVICE_ROLES,
    FormerPhone,
    Post,
    PostProposal,
    Role,
    StandIn,
    User,
)
from .schedule import ScheduleRun
from .sessions import LoginSession
from .timewatch import TimeWatch
from .units import GridPost, GridType, Unit, UnitLevel
from .waiting import CodeRequest, PostEnding

__all__ = [
    "SECOND_FACTOR_ROLES", "SEPARATED_ROLES", "SERVICE_ROLES", "ApiClient", "ApiToken", "Change", "ChangePersonal",
    "CodeRequest", "Duty", "FormerPhone", "GridPost", "GridType", "HadPassword", "KnownDevice", "LoginRecord",
    "LoginSession", "Post", "PostEnding", "PostProposal", "RecoveryCode", "Responsibility", "Role", "ScheduleRun",
    "StandIn", "TimeWatch", "Unit", "UnitLevel", "User", "line_choices",
]
