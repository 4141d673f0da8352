"""How long a test that wears the portal out goes on: a short form in ``make test``, the long one in ``make soak``."""

import os


def rounds(short: int, long: int) -> int:
    """How many rounds a test marked ``soak`` runs: ``short`` in the suite, ``long`` under ``make soak``."""
    return long if os.environ.get("PORTAL_SOAK") else short
