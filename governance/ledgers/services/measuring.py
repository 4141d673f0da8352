"""Import batches by state, counted for monitoring (导入批次监控)."""
from django.db.models import Count

from governance.organisation.registry import Gauge, register_gauge

from ..models import ImportBatch


def batches_by_state():
    """One figure for each state that a batch can be in."""
    held = dict(ImportBatch.objects.order_by().values_list("state").annotate(Count("pk")))
    return [((state,), held.get(state, 0)) for state in ImportBatch.State.values]


def register_gauges() -> None:
    """Offer them for monitoring."""
    register_gauge(Gauge("portal_import_batches", "Import batches by state.", ("state",), batches_by_state))
