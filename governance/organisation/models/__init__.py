"""Records of the organisation."""
from .changes import Change, ChangePersonal
from .duties import Duty, Responsibility
from .people import SEPARATED_ROLES, Post, PostProposal, Role, StandIn, User
from .units import GridPost, GridType, Unit, UnitLevel

__all__ = [
    "SEPARATED_ROLES", "Change", "ChangePersonal", "Duty", "GridPost", "GridType", "Post", "PostProposal",
    "Responsibility", "Role", "StandIn", "Unit", "UnitLevel", "User",
]
