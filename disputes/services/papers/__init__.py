"""Mediation papers (人民调解文书) as Word, made from the matter in the usual form or a township's own."""
from .catalogue import PAPERS, Paper
from .checking import MOST_BYTES
from .default import default_template
from .making import available, make_paper
from .replacing import (
    back_to_default,
    content_of,
    current_template,
    replace_template,
    states,
    townships_of,
    versions,
)
from .telling import fields_told

__all__ = [
    "MOST_BYTES", "PAPERS", "Paper", "available", "back_to_default", "content_of", "current_template",
    "default_template", "fields_told", "make_paper", "replace_template", "states", "townships_of", "versions",
]
