"""Acts on units, people, posts and duties."""
from .roles import sync_roles

__all__ = ["sync_roles"]
