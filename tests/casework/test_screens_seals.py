"""The auditor prints the day's seal; nobody else finds the page."""
from django.urls import reverse
from django.utils import timezone

from governance.casework.models import Seal
from governance.casework.services.sealing import seal_ledger
from tests.support.factories.casework import report
from tests.support.screens import open_page


def test_the_auditor_prints_the_seal_of_the_day(town, client, django_assert_max_num_queries):
    matter = report(town)
    assert "seal_ledger" in open_page(client, town.auditor, "casework:seals").content.decode()
    seal_ledger()
    (seal,) = Seal.objects.all()
    day = timezone.localdate()
    with django_assert_max_num_queries(15):
        assert f"/audit/seals/{day}/" in client.get(reverse("casework:seals")).content.decode()
    with django_assert_max_num_queries(15):
        page = client.get(reverse("casework:seal-of-day", args=[day])).content.decode()
    for part in (seal.hash[:8], seal.hash[-8:], f"{seal.number}:{seal.hash[:16]}"):
        assert part in page
    assert matter.number not in page and matter.title not in page
    assert client.get("/audit/seals/2020-01-01/").status_code == 404
    assert client.get("/audit/seals/2020-13-41/").status_code == 404


def test_the_pages_are_the_auditors_only(town, client):
    report(town)
    seal_ledger()
    for name, user in town.people.items():
        wanted = 200 if name == "auditor" else 403
        assert open_page(client, user, "casework:seals").status_code == wanted, name
        assert open_page(client, user, "casework:seal-of-day", timezone.localdate()).status_code == wanted, name
