"""Filters that people keep: the inbox counts them as their lists do, in one query for all."""
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.casework.models import SavedFilter
from governance.casework.services import assigning, keeping
from governance.casework.services.keeping import MOST
from governance.casework.workflow import Refused
from tests.support.factories.casework import report
from tests.support.screens import open_page, send


def ago(days):
    return timezone.now() - timedelta(days=days)


def keep(client, user, name, **query):
    """Filter the list, follow its link and save the filter under a name."""
    listed = open_page(client, user, "casework:matters", **query)
    address = f'{reverse("casework:filter-save")}?{listed.context["filter_query"]}'
    page = client.get(address)
    return client.post(address, {"name": name, "query": page.context["form"]["query"].value()})


def counts(client, user):
    desk = open_page(client, user, "casework:inbox").context["desk"]
    return {row["filter"].name: row["count"] for row in desk.kept}


def test_a_kept_filter_stands_in_the_inbox_with_the_count_of_its_list(client, town):
    for days in (20, 20, 1):
        report(town, reported_at=ago(days), category="large")
    report(town, reported_at=ago(20), category="small")
    report(town, reported_at=ago(20), category="large", unit=town.other_village, actor=town.clerk)
    report(town, reported_at=ago(20), category="large", unit=town.grid)
    query = {"unit": town.village.pk, "category": "large", "due": "late"}
    keep(client, town.clerk, "本村大件逾期", **query)
    assert counts(client, town.clerk) == {"本村大件逾期": 3}
    kept = SavedFilter.objects.get()
    listed = client.get(f'{reverse("casework:matters")}?{kept.query}')
    assert listed.context["count"] == len(listed.context["matters"]) == 3
    assert kept.query in open_page(client, town.clerk, "casework:inbox").content.decode().replace("&amp;", "&")


@pytest.mark.parametrize("query", [
    {"kind": "probe"}, {"status": "voided"}, {"grade": "red"}, {"channel": "seen"}, {"handler": "me"},
    {"handler": "none"}, {"state": "closed"}, {"due": "today"}, {"due": "week"}, {"reported_from": "2020-01-01"},
    {"reported_from": "2020-01-01", "reported_to": "2020-01-02"},
])
def test_every_filter_counts_in_the_inbox_as_in_its_list(client, town, query):
    for days in (20, 3, 0):
        report(town, reported_at=ago(days))
    matter = report(town)
    assigning.assign(matter_id=matter.pk, actor=town.clerk, version=matter.version, handler=town.clerk)
    keep(client, town.clerk, "甲", **query)
    listed = open_page(client, town.clerk, "casework:matters", **query)
    assert counts(client, town.clerk) == {"甲": listed.context["count"]}


def test_what_is_wrong_in_the_address_is_not_saved(client, town):
    keep(client, town.clerk, "甲", category="large", status="no-such-state", reported_from="2026-02-30")
    assert SavedFilter.objects.get().query == "category=large"
    answer = keep(client, town.clerk, "乙", category="no-such-category")
    assert answer.status_code == 409 and SavedFilter.objects.count() == 1


def test_it_is_renamed_moved_and_deleted_by_its_owner_only(client, town):
    for name in ("甲", "乙", "丙"):
        keep(client, town.clerk, name, category="large")
    rows = {row.name: row.pk for row in SavedFilter.objects.all()}
    send(client, town.clerk, "casework:filter", rows["丙"], name="丁")
    client.post(reverse("casework:filter-move", args=[rows["丙"], "up"]))
    client.post(reverse("casework:filter-move", args=[rows["甲"], "up"]))
    assert list(SavedFilter.objects.values_list("name", flat=True)) == ["甲", "丁", "乙"]
    for name, args in (("casework:filter", ()), ("casework:filter-move", ("down",)), ("casework:filter-delete", ())):
        client.force_login(town.leader)
        assert client.post(reverse(name, args=[rows["甲"], *args]), {"name": "偷"}).status_code == 404
    client.force_login(town.clerk)
    assert client.get(reverse("casework:filter-delete", args=[rows["甲"]])).status_code == 200
    client.post(reverse("casework:filter-delete", args=[rows["甲"]]))
    assert list(SavedFilter.objects.values_list("name", flat=True)) == ["丁", "乙"]


def test_the_same_name_twice_an_empty_name_and_too_many_are_refused(town):
    keeping.save_filter(user=town.clerk, name="甲", query="category=large")
    for name, query, code in (("甲", "category=small", "name-taken"), (" ", "state=open", "name-missing"),
                              ("乙", "", "filter-empty")):
        with pytest.raises(Refused) as refused:
            keeping.save_filter(user=town.clerk, name=name, query=query)
        assert refused.value.code == code
    for number in range(MOST - 1):
        keeping.save_filter(user=town.clerk, name=f"第{number}", query="category=large")
    with pytest.raises(Refused) as refused:
        keeping.save_filter(user=town.clerk, name="再来", query="category=large")
    assert refused.value.code == "too-many-filters" and SavedFilter.objects.filter(user=town.clerk).count() == MOST


def test_the_count_shows_nothing_that_the_owner_does_not_see(client, town):
    report(town, actor=town.clerk, unit=town.other_village)
    keeping.save_filter(user=town.officer, name="邻村", query=f"unit={town.other_village.pk}")
    assert counts(client, town.officer) == {"邻村": 0}


def test_twelve_filters_cost_the_inbox_one_query(client, town, django_assert_max_num_queries):
    for number in range(MOST):
        keeping.save_filter(user=town.clerk, name=f"第{number}", query=f"unit={town.village.pk}&due=late&handler=me")
        report(town, reported_at=ago(20))
    client.force_login(town.clerk)
    client.get(reverse("casework:inbox"))
    with django_assert_max_num_queries(15):
        client.get(reverse("casework:inbox"))
