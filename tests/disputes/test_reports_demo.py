"""The demo township's weekly reports stand at different steps, once, and the stock of its last days is there."""
from datetime import timedelta

import pytest
from django.utils import timezone

from disputes.services.generating import make_matters, make_township
from disputes.services.generating.reports import STOCK_DAYS, make_reports
from governance.reporting.models import RollupVersion, StockFact

pytestmark = pytest.mark.django_db


def test_reports_of_the_last_weeks_stand_at_their_steps():
    make_township()
    make_matters(60)
    today = timezone.localdate()
    assert make_reports(today) == 4
    assert make_reports(today) == 0
    versions = list(RollupVersion.objects.select_related("rollup").order_by("-rollup__first_on"))
    assert [version.state for version in versions] == ["computed", "township_reviewed", "signed", "signed"]
    waiting = [version.parts.filter(is_village=True, confirmed_at=None).count() for version in versions]
    assert waiting == [4, 1, 0, 0]
    assert all(version.cut_off_at > version.rollup.period.end for version in versions)
    days = set(StockFact.objects.filter(metric="backlog").values_list("day", flat=True))
    assert today - timedelta(days=1) in days and len(days) <= STOCK_DAYS
