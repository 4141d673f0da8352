"""Every address, as somebody attacks it who has read the code: odd input everywhere, and other people's ids.

Generated: addresses come from the URL table, names of a query from listening to what a page asks for, fields from
the forms on the pages, parameters of the interface from its description, acts and steps from their tables. Nothing
odd is a server error, nothing that was typed stands in a log; nobody comes by id to what is not theirs, by no method.
"""
import io
import itertools
import json
import logging
import re
from collections import Counter
from dataclasses import dataclass
from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from governance.casework.models import Matter
from governance.organisation.api.doors import CallerThrottle
from governance.organisation.models import LoginSession, User
from tests.support import everything, worlds
from tests.support.addresses import Listening, forms_on
from tests.support.soaking import rounds
from tests.test_every_url_respects_visibility import NAME, NUMBERS_FOR, OUTSIDERS, PHONE, SECRET, make_place

pytestmark = pytest.mark.soak
BACKEND = "governance.organisation.visibility.PostBackend"
STAFF = ("wenshu", "bangongshi", "cun1", "zhenzhang", "tiaojie", "shuji1", "xitong", "anquan", "shenji")
MARK = "怪异输入标记"
ODD = (
    "²", "a\0b" + MARK, "字" * 30_000 + MARK, "9" * 40, "9999-12-31", "abc", "-1", "０００１-01-01", "\udcff\udcfe",
    "１２", "2026-02-30", "1e400", "NaN", "[]", "{}", "%00", "../../etc/passwd", "\u202e" + MARK, "25:61",
    "9999-12-31T23:59", "10000-01-01", "2026-W99", "_", "99999999999999999_9", "0001-01-01", "-9999999999999999999",
)
HEADERS = (
    {"accept": "text/xml"}, {"accept": "²"}, {"accept-language": "²;q=x"}, {"x-request-id": "x" * 5000},
    {"cookie": "sessionid=%00²; csrftoken=" + "x" * 3000}, {"if-match": "²"}, {"idempotency-key": "x" * 5000},
    {"idempotency-key": "²"}, {"hx-request": "true", "hx-current-url": "²"}, {"authorization": "Bearer ²"},
    {"authorization": "Basic"}, {"if-none-match": "²"}, {"range": "bytes=9-1"}, {"if-modified-since": "²"},
    {"referer": "²"}, {"x-forwarded-for": "²"},
)
# Of another village, another line of work, an administration, a party to the matter.
# In the long form everybody from outside, of every line of work.
ATTACKERS = OUTSIDERS if rounds(0, 1) else ("cun2", "xitong", "shenji", "tiaojie2")
METHODS = ("get", "post", "put", "patch", "delete")
OF_ONE_MATTER = re.compile(
    r"/(?:api/v1/)?(?:matters|disputes|attachments)/\d+/|/matters/bulk/runs/\d|/ledgers/(?:imports|exports)/\d"
)
WRITTEN_APPS = ("casework", "organisation", "reporting", "ledgers", "disputes")
NOT_COUNTED = {LoginSession}
# Ends the session, or is no page of a person's.
OF_A_MATTER = {"casework:step", "casework:act", "casework:act-on"}
NOT_ASKED = {"organisation:logout", "set_language", "healthz", "readyz", "metrics"}


@pytest.fixture(scope="module")
def furnished(request, django_db_setup, django_db_blocker):
    with worlds.kept(request, django_db_blocker, lambda: everything.furnish(make_place())) as made:
        yield made


@pytest.fixture
def made(furnished, db, monkeypatch):
    monkeypatch.setattr(CallerThrottle, "THROTTLE_RATES", {"caller": "1000000/min"})
    return furnished


@pytest.fixture
def written():
    """What the logs say, down to what is for looking closely."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    logging.getLogger().addHandler(handler)
    yield text
    logging.getLogger().removeHandler(handler)


def person(name):
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(username=name), backend=BACKEND)
    return client


def undone(send):
    """What it answers; what it wrote is rolled back."""
    with transaction.atomic():
        answer = send()
        answer.content if not answer.streaming else list(answer.streaming_content)
        transaction.set_rollback(True)
    return answer


def coded(value: str) -> str:
    """As part of an address; what is no text goes as its bytes."""
    return quote_from_bytes(value.encode("utf-8", "surrogateescape"), safe="")


class Faults(list):
    def look(self, answer, *where):
        if answer.status_code >= 500:
            error = getattr(answer, "exc_info", None)
            self.append((answer.status_code, *where, repr(error[1])[:200] if error else ""))


@dataclass
class Opened:
    """An address, who could open it (or tried last), with what status, its forms, and the names that it asked for."""

    name: str
    path: str
    staff: str
    status: int
    forms: list
    names: list


@pytest.fixture
def opened(made, furnished, monkeypatch):
    """Every address, opened once for the whole file."""
    if "opened" not in furnished:
        with monkeypatch.context() as patched:
            furnished["opened"] = list(_open_all(made, Listening(patched)))
    return furnished["opened"]


def _open_all(made, listening):
    clients = {name: person(name) for name in STAFF}
    for name, path in everything.every_address(made):
        if name in NOT_ASKED:
            continue
        few = name in OF_A_MATTER or "api:" in name
        for staff in STAFF[:1] if few else STAFF:
            answer = undone(lambda path=path, staff=staff: clients[staff].get(path))
            if answer.status_code in (200, 405):
                break
        is_page = answer.status_code == 200 and "text/html" in answer.headers.get("Content-Type", "")
        forms = forms_on(answer.content.decode(), path) if is_page else []
        yield Opened(name, path, staff, answer.status_code, forms, listening.take())


@pytest.fixture
def clients(made):
    return {name: person(name) for name in STAFF}


def queries(names, turn):
    """Some odd values (all, in the long form) at all names at once, and each name alone with another one each time."""
    if not names:
        return
    for value in itertools.islice(ODD, turn % 6, None, rounds(6, 1)):
        yield dict.fromkeys(names, value)
    for place, name in enumerate(names):
        for step in range(rounds(1, len(ODD))):
            yield {name: ODD[(turn + place + step) % len(ODD)]}


def written_as(query) -> str:
    return urlencode({name: value.encode("utf-8", "surrogateescape") for name, value in query.items()})


def test_no_odd_query_is_a_server_error(opened, clients, written):
    faults, asked = Faults(), 0
    rows = [one for one in opened if one.names]
    assert len({one.name for one in rows}) > 25, "pages ask for something"
    for turn, one in enumerate(rows):
        for query in queries(one.names, turn):
            answer = undone(lambda one=one, query=query: clients[one.staff].get(f"{one.path}?{written_as(query)}"))
            asked += 1
            faults.look(answer, one.name, ascii(query)[:120])
    assert faults == [], "\n".join(map(str, faults))
    assert asked > 100 and MARK not in written.getvalue()


def test_no_odd_field_of_a_form_is_a_server_error(opened, clients, written):
    """All fields at once with each of some values, then each field alone with another one beside what it holds."""
    faults, sent, known = Faults(), 0, set()
    for one, form in [(page, form) for page in opened for form in page.forms]:
        names = [name for name in form.fields if name not in ("csrfmiddlewaretoken", "client_uuid")]
        key = (form.action, tuple(names))
        if form.method != "post" or key in known or "logout" in form.action or not names:
            continue
        known.add(key)
        for query in queries(names, len(known)):
            typed = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}
            data = {**form.fields, **typed}
            answer = undone(lambda one=one, form=form, data=data: clients[one.staff].post(form.action, data))
            sent += 1
            faults.look(answer, one.name, form.action, ascii(query)[:150])
    assert faults == [], "\n".join(map(str, faults))
    assert len(known) > 40 and sent > 200 and MARK not in written.getvalue()


def test_no_odd_parameter_of_the_interface_is_a_server_error(made, written):
    """Every parameter that the description names, in query and body, takes each odd value in turn; unknown ones too."""
    described = SchemaGenerator().get_schema(request=None, public=True)
    faults, client, turn = Faults(), person("wenshu"), 0
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            address = path.replace("{id}", str(made["m"])).replace("{subject}", str(made["p"])).replace(
                "{metric}", "reported").replace("{code}", "weekly")
            names = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
            for query in queries(names, turn := turn + 1):
                answer = undone(lambda q=query, a=address, m=method: client.generic(m.upper(), f"{a}?{written_as(q)}"))
                faults.look(answer, method, path, ascii(query)[:150])
            if method == "post":
                fields = _fields_of(operation, described)
                # Each field alone is what `tests/api/test_anything_sent.py` sends; here all at once, one value a turn.
                for query in itertools.islice(queries(fields, turn), rounds(1, len(ODD))):
                    body = json.dumps({"version": 1, **query})
                    answer = undone(lambda b=body, a=address: client.post(a, b, content_type="application/json"))
                    faults.look(answer, method, path, ascii(query)[:150])
            else:
                answer = client.get(f"{address}?no_such_filter=1")
                assert answer.status_code in (403, 404, 422), (path, answer.status_code)
                assert answer.status_code != 422 or "no_such_filter" in answer.json()["errors"]
    assert faults == [], "\n".join(map(str, faults))
    assert MARK not in written.getvalue()


def _fields_of(operation, described) -> list[str]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    if "$ref" in content:
        content = described["components"]["schemas"][content["$ref"].rsplit("/", 1)[1]]
    return list(content.get("properties", {}))


def test_no_odd_path_header_or_body_is_a_server_error(made, written):
    faults, client = Faults(), person("wenshu")
    for turn, (name, path) in enumerate(everything.every_address(made)):
        if name in NOT_ASKED:
            continue
        parts = path.strip("/").split("/")
        for place in range(1, len(parts)):
            value = coded(ODD[(turn + place) % len(ODD)][:2000])
            odd = "/" + "/".join([*parts[:place], value, *parts[place + 1:]]) + "/"
            faults.look(undone(lambda odd=odd: client.get(odd)), name, odd[:150])
        headers = HEADERS[turn % len(HEADERS)]
        answer = undone(lambda path=path, headers=headers: client.get(path, headers=headers))
        faults.look(answer, name, str(headers)[:99])
        if path.startswith("/api/"):
            for body, kind in (("[" * 100_000, "application/json"), ("²", "application/json"), ("<a/>", "text/xml"),
                               ('{"version": 1e999}', "application/json"), ("x", "multipart/form-data; boundary=²")):
                answer = undone(lambda b=body, k=kind, path=path: client.post(path, b, content_type=k))
                faults.look(answer, name, kind, body[:20])
    assert faults == [], "\n".join(map(str, faults))
    assert MARK not in written.getvalue()


def test_what_has_no_form_takes_no_other_method(opened, clients):
    """A page that only reads refuses POST; no page knows PUT, PATCH, DELETE or TRACE."""
    # Their forms are shown only when there is reason: after a search, a clock in doubt, posts that were proposed.
    taken, answers = [], {"casework:personal-data-give", "casework:time-watch", "organisation:proposals"}
    for one in opened:
        if one.status != 200 or one.path.startswith("/api/"):
            continue
        client = clients[one.staff]
        assert client.put(one.path).status_code == 405, one.name
        own = any(form.method == "post" and form.action == one.path for form in one.forms)
        if not own and undone(lambda one=one, client=client: client.post(one.path)).status_code == 200:
            taken.append(one.name)
    for method in ("patch", "delete", "trace"):
        assert getattr(client, method)("/matters/").status_code == 405, method
    assert set(taken) <= answers, taken


def ids_of_others(made) -> dict[str, dict]:
    """Ways in that belong to somebody else: the same addresses with the walled matter's ids, and with none's."""
    nothing = {name: 999_999_999 for name, value in made.items() if isinstance(value, int)}
    return {"walled": {**made}, "nothing": {**made, **nothing}}


def counted() -> list:
    """How many rows every table of the portal has, and the versions of all matters."""
    tables = [one for one in apps.get_models() if one._meta.app_label in WRITTEN_APPS and one not in NOT_COUNTED]
    return [one._base_manager.count() for one in tables] + list(
        Matter.objects.order_by("pk").values_list("pk", "version", "event_count", "status"))


@pytest.mark.parametrize("attacker", ATTACKERS)
def test_nobody_comes_by_id_to_what_is_not_theirs(made, attacker):
    """Every address that names a matter or what hangs on one, by every method: 403, 404 or 405, never its content,
    and nothing is written. Attackers: another village, another line of work, the three administrations, and whoever
    is a party; ids of the walled matter, and ids of nothing.
    """
    client, before, answers = person(attacker), counted(), Counter()
    for kind, values in ids_of_others(made).items():
        for name, path in everything.every_address(values):
            if not OF_ONE_MATTER.match(path) or (attacker, name) in NUMBERS_FOR:
                continue
            path += "?act=task" if name == "casework-api:people" else ""
            for method in METHODS if kind == "walled" else METHODS[:2]:
                sent = {"data": '{"version": 1}', "content_type": "application/json"} if path.startswith(
                    "/api/") else {"data": {"version": "1", "text": "x", "reason": "x"}} if method == "post" else {}
                answer = getattr(client, method)(path, **(sent if method != "get" else {}))
                body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                assert answer.status_code in (403, 404, 405), (kind, name, method, answer.status_code)
                assert not any(word in body.decode(errors="ignore") for word in (SECRET, NAME, PHONE, "-JF-"))
                answers[answer.status_code] += 1
    assert answers[404] > 150 and counted() == before
