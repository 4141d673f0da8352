"""The screens of an imported ledger cost the same queries whatever the file holds."""
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.support.factories.ledgers import bring_in, make_ledger_town, rows_with, workbook

MOST = 15


@pytest.fixture
def town(db, settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path / "attachments"
    return make_ledger_town()


def brought_in(tmp_path, town, count):
    changes = [{"当事人姓名": f"林{chr(0x4E00 + count * 60 + n)}大", "村(社区)": "无此村" if n % 5 == 4 else "芝厦",
                "化解结果": "正在化解"} for n in range(count)]
    return bring_in(workbook(tmp_path / f"{count}.xlsx", rows_with(*changes)), *town)


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_every_screen_of_an_import_costs_the_same_few_queries(client, tmp_path, town):
    client.force_login(town[1])
    costs = {}
    for count in (5, 50):
        batch = brought_in(tmp_path, town, count)
        of_batch = reverse("ledgers:import", args=[batch.pk])
        addresses = {
            "batch": of_batch, "errors": f"{of_batch}?verdict=error", "guesses": f"{of_batch}?guesses=on",
            "next": f"{of_batch}?after=2", "columns": reverse("ledgers:import-columns", args=[batch.pk]),
            "undo": reverse("ledgers:import-undo", args=[batch.pk]), "list": reverse("ledgers:imports"),
        }
        for name, address in addresses.items():
            costs.setdefault(name, []).append(queries_of(client, address))
    assert all(few == many <= MOST for few, many in costs.values()), costs
