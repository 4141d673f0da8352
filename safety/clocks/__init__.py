"""The clocks of hazards, incidents, drills and risk assessments; importing registers them."""
from . import hazard, incident, readiness

__all__ = ["hazard", "incident", "readiness"]
