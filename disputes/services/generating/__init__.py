"""The demo township (演示镇): fictional places and people, and disputes that went every way."""
from .demo import make_matters
from .township import PASSWORD, accounts, make_township

__all__ = ["PASSWORD", "accounts", "make_matters", "make_township"]
