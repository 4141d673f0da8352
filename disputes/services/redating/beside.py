"""Typed days that stand beside the date of an act, and are corrected with it."""
from django.utils.translation import gettext_lazy as _

from ...workflow import AgreementForm
from .rows import row_of

DAY_NAMES = {
    "effective_on": _("Takes effect on (last signature and seal)"),
    "rights_told_on": _("Rights and duties told on"),
    "urged_on": _("Urged on"),
}


def days_beside(event) -> dict:
    """Name -> day, as it is held now."""
    if event.verb in ("start", "start_on_the_spot"):
        return {"rights_told_on": event.matter.dispute.rights_told_on}
    if event.verb not in ("agree", "record_default"):
        return {}
    row = row_of(event)
    if row is None:
        return {}
    if event.verb == "record_default":
        return {"urged_on": row.urged_on}
    return {"effective_on": row.effective_on} if row.form == AgreementForm.WRITTEN else {}
