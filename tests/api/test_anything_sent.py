"""Whatever is sent, the interface answers as it is described: no server error, no status that is not named.

Requests are made from the description itself by schemathesis, the same ones on each run. PORTAL_API_REQUESTS
asks for more of them by hand.
"""
import os
import random

import pytest
import requests
import schemathesis
from django.core.cache import cache
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, seed, settings

from governance.organisation.api.doors import CallerThrottle
from tests.support.interface import issue, make_client

REQUESTS = int(os.environ.get("PORTAL_API_REQUESTS", "200"))
ROLES = ("wenshu", "tiaojie", "cun1", "zhenzhang", "bangongshi", "xitong", "shenji", "client")


def door_of(place, role):
    """A caller in this role: (client, headers that it always sends)."""
    client = Client(raise_request_exception=False)
    if role == "client":
        return client, {"Authorization": f"Bearer {issue(make_client(place.township))}"}
    client.force_login(place.who(role), backend="governance.organisation.visibility.PostBackend")
    return client, {}


def ask(case, client, headers):
    """Send what schemathesis made through the whole portal, middleware and all."""
    kwargs = case.as_transport_kwargs(base_url="http://testserver")
    prepared = requests.Request(**{
        name: kwargs.get(name) for name in ("method", "url", "params", "headers", "json", "data", "files", "cookies")
    }).prepare()
    body = prepared.body or b""
    if hasattr(body, "read"):
        body = body.read()
    sent = {name: value for name, value in prepared.headers.items() if name.lower() not in ("authorization", "cookie")}
    path = prepared.url.removeprefix("http://testserver")
    return client.generic(
        prepared.method, path, body, content_type=sent.pop("Content-Type", "application/octet-stream"),
        headers={**sent, **headers},
    )


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_no_server_error_whatever_is_sent(place, role, monkeypatch):
    monkeypatch.setattr(CallerThrottle, "THROTTLE_RATES", {"caller": "1000000/min"})
    client, headers = door_of(place, role)
    described = SchemaGenerator().get_schema(request=None, public=True)
    operations = [found.ok() for found in schemathesis.openapi.from_dict(described).get_all_operations()]
    each = -(-REQUESTS // len(operations))
    luck, sent, faults = random.Random(role), [], []
    ids = {"/matters/": place.matter.pk, "/disputes/": place.matter.pk, "/units/": place.village.pk}

    def sender(operation):
        known = next((pk for part, pk in ids.items() if part in operation.path), None)
        told = {*operation.definition.raw["responses"], "405", "406"}

        @seed(20261124)
        @settings(max_examples=each, database=None, deadline=None, suppress_health_check=list(HealthCheck),
                  phases=[Phase.generate])
        @given(case=operation.as_strategy())
        def send(case):
            if case.path_parameters and known and luck.random() < 0.6:
                case.path_parameters["id"] = known
            answer = ask(case, client, headers)
            sent.append(answer.status_code)
            if str(answer.status_code) not in told:
                faults.append((answer.status_code, case.method, operation.path, case.query, repr(case.body)[:300]))

        return send

    for operation in operations:
        sender(operation)()
    cache.clear()
    assert faults == []
    assert len(sent) >= min(REQUESTS, 200) and any(code < 300 for code in sent)
