"""Every example of the documents is what the interface takes: each `curl` is sent as it stands, in its order.

Only what differs from one portal to the next is put in: the token, ids, the version that was read.
"""
import json
import re
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from governance.casework.models import Clock, Matter
from governance.organisation.models import Unit
from governance.reporting import calendar
from governance.reporting.services import rolling_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("qinghe")]
DOCS = Path(__file__).resolve().parents[2] / "docs"
# Documents of how to run the portal hold commands for a terminal, not calls of the interface.
CALLS = r"/api/v1/"
FILES = {".pdf": b"%PDF-1.4 x", ".jpg": None}


def blocks():
    """The examples of all documents: (document, text)."""
    for page in sorted(DOCS.glob("*.md")):
        yield from ((page.name, text) for text in re.findall(r"```\w*\n(.*?)```", page.read_text("utf-8"), re.S))


def commands():
    """Every call of the interface: (document, words of the command)."""
    for page, text in blocks():
        for one in re.split(r"(?m)^(?=curl )", text):
            if one.startswith("curl ") and CALLS in one:
                yield page, shlex.split(one.replace("\\\n", " "))


def parsed(words):
    """Method, address, headers, JSON and form of a `curl`."""
    call = {"method": "GET", "headers": {}, "json": None, "form": {}}
    rest = iter(words[1:])
    for word in rest:
        if word == "-X":
            call["method"] = next(rest)
        elif word == "-H":
            name, _colon, value = next(rest).partition(": ")
            call["headers"][name] = value
        elif word == "-d":
            call["json"] = json.loads(next(rest))
        elif word == "-F":
            name, _equals, value = next(rest).partition("=")
            call["form"].setdefault(name, []).append(value)
        else:
            assert word.startswith("https://portal/"), f"not understood: {word}"
            call["address"] = word
    return call


@pytest.fixture
def world(place, settings, tmp_path):
    """What the ids of the examples stand for."""
    settings.ATTACHMENT_ROOT = tmp_path
    week = calendar.last_complete(calendar.WEEK, timezone.localdate())
    version = rolling_up.roll_up(township=place.township, period=week, actor=place.who("wenshu"))
    # Another village than that of the matter: the parties of the example are those of every test.
    return {"unit": place.who("cun2").home_unit_id, "handler": place.who("wenshu").pk, "matters": place.matter.pk,
            "disputes": place.matter.pk, "rollups": version.rollup_id}


def accepted(place):
    """The matter of the examples, as far as a clock runs that can be extended."""
    from governance.casework.services import moving

    mediator = place.who("tiaojie")
    moving.move(matter_id=place.matter.pk, step="accept", actor=place.who("wenshu"), facts={
        "committee": Unit.objects.get(pk=place.township.pk), "initiative": "applied", "handler": mediator})
    return Clock.objects.get(matter=place.matter, rule="dispute.mediation").pk


def put_in(call, world, place):
    """The address, headers and values with the ids and the version of this portal."""
    parts = urlsplit(call["address"])
    path = re.sub(r"/(matters|disputes|rollups)/\d+/", lambda m: f"/{m[1]}/{world[m[1]]}/", parts.path)
    if re.search(r"/acts/extend/\d+/", path):
        path = re.sub(r"extend/\d+/", f"extend/{accepted(place)}/", path)
    query = re.sub(r"unit=\d+", f"unit={world['unit']}", parts.query)
    headers = {name: value for name, value in call["headers"].items() if name not in ("Authorization", "Content-Type")}
    if "If-Match" in headers:
        headers["If-Match"] = f'"{Matter.objects.get(pk=world["matters"]).version}"'
    values = {name: world.get(name, value) for name, value in (call["json"] or {}).items()}
    return f"{path}?{query}" if query else path, headers, values


def form_of(call, world):
    """The fields of a form; `@name` is a file."""
    sent = {}
    for name, values in call["form"].items():
        told = [_file(value[1:]) if value.startswith("@") else str(world.get(name, value)) for value in values]
        sent[name] = told if len(told) > 1 else told[0]
    return sent


def _file(name):
    from tests.api.test_files_and_bodies import photo

    return SimpleUploadedFile(name, FILES[Path(name).suffix] or photo())


def send(caller, call, world, place):
    address, headers, values = put_in(call, world, place)
    if call["method"] == "GET":
        return caller.get(address, headers=headers)
    if call["form"]:
        return caller.post(address, form_of(call, world), format="multipart", headers=headers)
    return caller.post(address, values, format="json", headers=headers)


def test_every_example_of_the_documents_is_taken(place, caller, world):
    sent = []
    for page, words in commands():
        call = parsed(words)
        answer = send(caller, call, world, place)
        assert answer.status_code in (200, 201, 204), (page, call["address"], answer.content.decode())
        sent.append(urlsplit(call["address"]).path)
    assert len(sent) >= 10 and any(path.endswith("/disputes/") for path in sent), "none is passed over"


def test_the_example_of_a_message_has_the_fields_of_messages():
    (told,) = [text for page, text in blocks() if page == "api.md" and "X-Portal-Signature" in text and "{" in text
               and "def " not in text]
    message = json.loads(told[told.index("{"):])
    assert set(message) == {"id", "type", "at", "matter"} and set(message["matter"]) == {"id", "number", "url", "api"}


def test_the_example_that_proves_a_message_proves_one():
    import hashlib
    import hmac
    import time

    (source,) = [text for _page, text in blocks() if "def is_genuine" in text]
    known = {"hmac": hmac, "hashlib": hashlib, "time": time}
    exec(source, known)
    body, stamp = b'{"id": "1"}', str(int(time.time()))
    signature = hmac.new(b"secret", stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {"X-Portal-Timestamp": stamp, "X-Portal-Signature": f"sha256={signature}"}
    assert known["is_genuine"]("secret", headers, body) and not known["is_genuine"]("other", headers, body)
