"""Questions that are asked of disputes: their tables, and what figures count of them."""
from .rows import AgreementQuerySet, InstalmentQuerySet

__all__ = ["AgreementQuerySet", "InstalmentQuerySet"]
