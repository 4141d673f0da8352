"""The clocks of petitions, hotline orders, adopted cases and household visits; importing registers them."""
from . import hotline, petition, procedure, visit

__all__ = ["hotline", "petition", "procedure", "visit"]
