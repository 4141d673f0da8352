"""Mediation papers (人民调解文书) as Word, made from the matter in the usual form."""
from .catalogue import PAPERS, Paper
from .making import available, make_paper

__all__ = ["PAPERS", "Paper", "available", "make_paper"]
