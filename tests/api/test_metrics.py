"""What Prometheus reads: whole across processes, nothing of matters or people, only with the token."""
import pytest
from django.core.cache import cache
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from governance.casework.services import assigning
from governance.casework.services.sealing import seal_ledger
from governance.measuring import BUCKET_COUNTS, COUNTS, SUMS, key_of, valkey
from tests.support.interface import issue, make_client, with_token

from .conftest import NAME, SECRET

TOKEN = "prometheus-reads-this"


@pytest.fixture
def scrape(settings, place):
    settings.METRICS_TOKEN = TOKEN
    valkey().delete(*(key_of(name) for name in (COUNTS, BUCKET_COUNTS, SUMS)))

    def read():
        answer = Client().get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        text = answer.content.decode()
        return text, {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(text) for sample in family.samples
        }

    return read


@pytest.mark.usefixtures("qinghe")
def test_only_the_token_opens_it(settings, db):
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics").status_code == 404
    settings.METRICS_TOKEN = TOKEN
    assert Client().get("/metrics").status_code == 401
    assert Client().get("/metrics", headers={"authorization": "Bearer \xe9"}).status_code == 401


def test_requests_are_counted_by_the_name_of_their_address(scrape, place):
    caller = with_token(issue(make_client(place.township)))
    for _ in range(3):
        caller.get(f"/api/v1/matters/{place.matter.pk}/")
    caller.get("/api/v1/matters/", {"q": NAME})
    Client().get("/nowhere/")
    text, values = scrape()
    view = "casework-api:matter"
    assert values["portal_requests_total", (("method", "GET"), ("status", "200"), ("view", view))] == 3
    assert values["portal_requests_total", (("method", "GET"), ("status", "404"), ("view", "unknown"))] == 1
    assert values["portal_request_seconds_count", (("view", view),)] == 3
    assert values["portal_request_seconds_bucket", (("le", "+Inf"), ("view", view))] == 3
    for leak in (NAME, SECRET, "-JF-", place.matter.number):
        assert leak not in text


def test_what_waits_is_told(scrape, place):
    _text, before = scrape()
    assert before["portal_seal_age_seconds", ()] == -1 and before["portal_broker_up", ()] == 1
    handler = place.who("tiaojie")
    handler.email = "tiaojie@example.org"
    handler.save(update_fields=["email"])
    assigning.assign(matter_id=place.matter.pk, actor=place.who("wenshu"), version=place.matter.version,
                     handler=handler)
    seal_ledger()
    _text, values = scrape()
    assert values["portal_messages_unsent", (("channel", "email"),)] == 1
    assert 0 <= values["portal_seal_age_seconds", ()] < 60
    assert values["portal_outbox_age_seconds", (("outbox", "messages"),)] > 0
    for name in ("portal_reminders_unsent", "portal_reminders_late", "portal_webhooks_waiting"):
        assert values[name, ()] == 0
    assert ("portal_queue_length", (("queue", "celery"),)) in values
    assert values["portal_import_batches", (("state", "received"),)] == 0


def test_without_valkey_the_rest_is_still_told(scrape, settings, monkeypatch):
    from redis.exceptions import ConnectionError as NoConnection

    from governance.organisation.views import metrics

    def gone():
        raise NoConnection

    monkeypatch.setattr(metrics, "counts", gone)
    _text, values = scrape()
    assert values["portal_broker_up", ()] == 0 and ("portal_reminders_unsent", ()) in values
    cache.clear()
