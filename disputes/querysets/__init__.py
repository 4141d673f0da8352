"""Questions that are asked of disputes: their tables, and what figures count of them."""
from .rows import AgreementQuerySet, DisputeQuerySet, InstalmentQuerySet

__all__ = ["AgreementQuerySet", "DisputeQuerySet", "InstalmentQuerySet"]
