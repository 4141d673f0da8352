"""What a district system sends: files with a key, once whatever it repeats; bodies of any size and depth, refused."""
import hashlib
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from PIL import Image

from governance.casework.models import ApiAnswer, Attachment, Matter
from governance.casework.services import attaching

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_of_their_own(settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path / "attachments"


def photo(colour="red", size=(60, 40)):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def sent_as(content, *, on_disk):
    """An upload as the server hands it over: in memory, or as a file where it is large."""
    if not on_disk:
        return SimpleUploadedFile("现场.jpg", content, "image/jpeg")
    upload = TemporaryUploadedFile("现场.jpg", "image/jpeg", len(content), None)
    upload.write(content)
    upload.seek(0)
    return upload


def dispute(place, **more):
    return {
        "category": "homestead", "channel": "application", "unit": str(place.village.pk), "description": "晒场堆料",
        "not_duplicate": "true",
        "parties": json.dumps([{"kind": "applicant", "name": "周大"}, {"kind": "respondent", "name": "孙二"}]), **more,
    }


@pytest.mark.parametrize("on_disk", [False, True])
def test_a_dispute_with_a_photo_is_sent_with_its_key_and_sent_again(place, caller, on_disk):
    def send(content=None):
        upload = sent_as(content or photo(), on_disk=on_disk)
        return caller.post("/api/v1/disputes/", dispute(place, photos=[upload]), format="multipart",
                           headers={"Idempotency-Key": "district-2026-118"})

    first, again = send(), send()
    assert first.status_code == 201, first.content.decode()
    assert (again.status_code, again.json(), again["Idempotency-Replayed"]) == (201, first.json(), "true")
    kept = Attachment.objects.get(matter_id=first.json()["id"])
    with attaching.opened(kept) as file:
        content = file.read()
        assert hashlib.sha256(content).hexdigest() == kept.sha256 and Image.open(io.BytesIO(content)).size == (60, 40)
    other = send(photo("blue"))
    assert (other.status_code, other.json()["code"]) == (409, "idempotency-key-reused")
    assert Attachment.objects.count() == 1


def test_a_file_is_attached_and_evidence_sent_with_a_key(place, caller):
    address = f"/api/v1/matters/{place.matter.pk}/acts/attach/"
    for _time in range(2):
        answer = caller.post(address, {"photos": [sent_as(photo(), on_disk=False)]}, format="multipart",
                             headers={"Idempotency-Key": "district-file-1"})
        assert answer.status_code in (200, 201), answer.content.decode()
    assert Attachment.objects.filter(matter=place.matter).count() == 1
    assert ApiAnswer.objects.filter(key="district-file-1").count() == 1


@pytest.mark.parametrize("body", [
    "[" * 100_000, "[" * 100_000 + "]" * 100_000, '{"a":' * 100_000 + "1" + "}" * 100_000, "[" * 900 + "]" * 900,
    '{"description":' + "[" * 21 + "]" * 21 + "}", "NaN", '{"a": Infinity}', "\xff", "", "{",
])
@pytest.mark.parametrize("address", ["/api/v1/disputes/", "/api/v1/matters/{matter}/acts/note/"])
def test_no_json_whatever_its_depth_is_more_than_an_error_of_the_caller(place, caller, body, address):
    answer = caller.generic(
        "POST", address.format(matter=place.matter.pk), body.encode("latin-1"), content_type="application/json",
        headers={"Idempotency-Key": "deep-body-1"},
    )
    assert answer.status_code in (400, 422) and answer.json()["code"], answer.content[:200]


def test_rows_in_a_form_are_as_deep_as_those_of_a_body(place, caller):
    answer = caller.post("/api/v1/disputes/", {**dispute(place), "parties": "[" * 100_000}, format="multipart",
                         headers={"Idempotency-Key": "deep-rows-1"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_body_beyond_all_measure_is_refused_before_it_is_parsed(place, caller):
    body = b'{"description": "' + b"a" * (6 * 1024 * 1024) + b'"}'
    answer = caller.generic("POST", "/api/v1/disputes/", body, content_type="application/json",
                            headers={"Idempotency-Key": "large-body-1"})
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
    assert Matter.objects.count() == 1
