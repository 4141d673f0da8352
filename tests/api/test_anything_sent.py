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
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, seed, settings

from governance.casework.services import assigning, attaching, naming
from governance.organisation.api.doors import CallerThrottle
from governance.reporting import calendar
from governance.reporting.services import rolling_up
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


def ids_of(place) -> dict:
    """What is there: name of a parameter -> part of the address -> its value."""
    matter = place.matter
    clerk, day = place.who("wenshu"), calendar.last_complete(calendar.WEEK, timezone.localdate())
    paper = SimpleUploadedFile("证明.pdf", b"%PDF-1.4 x", content_type="application/pdf")
    (file,) = attaching.attach(matter_id=matter.pk, actor=clerk, files=[("", paper)])
    task = assigning.give_task(
        matter_id=matter.pk, actor=clerk, assignee=place.who("tiaojie"), text="核实", due_on=None)
    grant = naming.let_read(matter_id=matter.pk, actor=clerk, person=place.who("cun2"), reason="交界")
    rollup = rolling_up.roll_up(township=place.township, period=day).rollup_id
    clock, event, party = matter.clocks.first(), matter.events.first(), matter.parties.first()
    return {
        "id": {"/matters/": matter.pk, "/disputes/": matter.pk, "/units/": place.village.pk, "/rollups/": rollup,
               "/attachments/{id}": file.pk},
        "subject": {"/pause/": clock.pk, "/resume/": clock.pk, "/extend/": clock.pk, "/correct-date/": event.pk,
                    "/remove-file/": file.pk, "/finish/": task.pk, "/withdraw/": grant.pk,
                    **{f"/{act}/": party.pk for act in ("reveal", "correct-party", "remove-party")}},
        "metric": {"/figures/": "on_time_local", "/rollups/": "reported"}, "code": {"/tables/": "weekly"},
    }


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_no_server_error_whatever_is_sent(place, role, monkeypatch):
    monkeypatch.setattr(CallerThrottle, "THROTTLE_RATES", {"caller": "1000000/min"})
    client, headers = door_of(place, role)
    described = SchemaGenerator().get_schema(request=None, public=True)
    operations = [found.ok() for found in schemathesis.openapi.from_dict(described).get_all_operations()]
    each = -(-REQUESTS // len(operations))
    luck, sent, faults = random.Random(role), [], []
    ids = ids_of(place)

    def sender(operation):
        known = {name: pk for name, by_path in ids.items() for part, pk in by_path.items() if part in operation.path}
        told = {*operation.definition.raw["responses"], "405", "406"}

        @seed(20261124)
        @settings(max_examples=each, database=None, deadline=None, suppress_health_check=list(HealthCheck),
                  phases=[Phase.generate])
        @given(case=operation.as_strategy())
        def send(case):
            for name in set(known) & set(case.path_parameters or ()):
                if luck.random() < 0.8:
                    case.path_parameters[name] = known[name]
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
