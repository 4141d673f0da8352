"""The demo's campaigns and kept filters: made once, one with villages missing, one frozen."""
import pytest
from django.utils import timezone

from disputes.models import Campaign
from disputes.services.generating import make_township
from disputes.services.generating.campaigns import make_campaigns, make_filters
from governance.casework.models import SavedFilter


@pytest.mark.django_db
def test_a_second_run_changes_nothing():
    make_township()
    for _n in range(2):
        make_campaigns(timezone.localdate())
        make_filters()
    running, past = Campaign.objects.order_by("-starts_on")
    assert running.villages.count() - running.reports.count() == 7 and running.figures is None
    assert [row["name"] for row in past.figures["villages"] if row["report"] == "missing"] == ["清水村"]
    assert not any(row["is_late"] for row in past.figures["villages"])
    assert SavedFilter.objects.filter(user__username="wenshu").count() == 2
