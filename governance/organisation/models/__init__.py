"""Records of the organisation."""
from .changes import Change, ChangePersonal
from .clients import ApiClient, ApiToken
from .duties import Duty, Responsibility, line_choices
from .logins import KnownDevice, LoginRecord
from .people import SEPARATED_ROLES, SERVICE_ROLES, FormerPhone, Post, PostProposal, Role, StandIn, User
from .sessions import LoginSession
from .units import GridPost, GridType, Unit, UnitLevel

__all__ = [
    "SEPARATED_ROLES", "SERVICE_ROLES", "ApiClient", "ApiToken", "Change", "ChangePersonal", "Duty", "FormerPhone",
    "GridPost", "GridType", "KnownDevice", "LoginRecord", "LoginSession", "Post", "PostProposal",
    "Responsibility", "Role", "StandIn", "Unit", "UnitLevel", "User", "line_choices",
]
