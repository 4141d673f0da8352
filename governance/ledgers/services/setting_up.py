"""What ledgers add to the set-up checklist (开通清单): the first one that was entered."""
from django.utils.translation import gettext as _

from ..models import ImportBatch


def first_ledger(place) -> str:
    """Whether a ledger of the area was entered; a clerk does it (one query)."""
    entered = ImportBatch.objects.filter(place.area.within("township"), state=ImportBatch.State.COMMITTED)
    return "" if entered.exists() else _("No ledger was entered yet: a clerk does it under “Import a ledger”.")
