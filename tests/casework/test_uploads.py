"""Files: taken for what they are, pictures without their metadata, never half-kept."""
import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from governance.casework.models import Attachment
from governance.casework.services import attaching
from governance.casework.workflow import Refused
from tests.support import stores
from tests.support.factories.casework import report


def photo(name="现场.jpg", exif=True):
    stream, image = io.BytesIO(), Image.new("RGB", (40, 30), "green")
    data = image.getexif()
    if exif:
        data[0x010F] = "PhoneMaker"
        data[0x8825] = {1: "N", 2: (29.0, 47.0, 0.0)}
    image.save(stream, "JPEG", exif=data)
    return SimpleUploadedFile(name, stream.getvalue())


def bomb():
    """A PNG of 60,000 × 60,000 pixels in a few bytes."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def heic(size=(400, 300), *, claims=None):
    """A picture as an iPhone writes it; `claims`: the size that its head names instead of its own."""
    stream, image = io.BytesIO(), Image.new("RGB", size, "olive")
    exif = image.getexif()
    exif[0x010F] = "PhoneMaker"
    image.save(stream, "HEIF", exif=exif)
    content = stream.getvalue()
    if claims:
        own, told = (b"ispe" + bytes(4) + struct.pack(">II", *pair) for pair in (size, claims))
        assert own in content
        content = content.replace(own, told)
    return SimpleUploadedFile("IMG_0042.HEIC", content)


STUB = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(4000)


def test_a_photo_of_an_iphone_is_kept_as_one_that_every_browser_shows(town, settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path
    (kept,) = attaching.attach(matter_id=report(town).pk, actor=town.officer, files=[("", heic())])
    assert (kept.content_type, attaching.path_of(kept).suffix) == ("image/jpeg", ".jpg")
    with Image.open(attaching.path_of(kept)) as image:
        assert image.size == (400, 300) and dict(image.getexif()) == {}


def test_a_photo_is_kept_without_its_metadata(town, settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path
    matter = report(town)
    (kept,) = attaching.attach(matter_id=matter.pk, actor=town.officer, files=[("", photo())])
    with Image.open(attaching.path_of(kept)) as image:
        assert dict(image.getexif()) == {}
    assert kept.content_type == "image/jpeg" and kept.event.verb == "attached"
    assert tmp_path in attaching.path_of(kept).parents, "outside the web root"


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (SimpleUploadedFile("大.pdf", b"%PDF-" + b"0" * (30 * 1024 * 1024)), "file-too-large"),
        (SimpleUploadedFile("程序.jpg", b"MZ\x90\x00" + b"\x00" * 400), "file-name-and-content-differ"),
        (SimpleUploadedFile("程序.exe", b"MZ\x90\x00"), "file-type-refused"),
        (SimpleUploadedFile("网页.pdf", b"<html><script>alert(1)</script>"), "file-name-and-content-differ"),
        (SimpleUploadedFile("图.png", bomb()), "picture-too-large"),
        (heic(claims=(60_000, 60_000)), "picture-too-large"),
        (SimpleUploadedFile("IMG_0043.HEIC", STUB), "file-name-and-content-differ"),
        (SimpleUploadedFile("IMG_0044.HEIC", heic().read()[:-300]), "file-name-and-content-differ"),
        (SimpleUploadedFile("压缩.docx", b"PK\x03\x04 nothing"), "file-name-and-content-differ"),
    ],
    ids=["30 MB", "exe named jpg", "exe", "html named pdf", "picture bomb", "HEIC bomb", "empty HEIC", "cut HEIC",
         "broken docx"],
)
def test_a_bad_file_is_refused_and_nothing_is_kept(town, settings, tmp_path, upload, code):
    settings.ATTACHMENT_ROOT = tmp_path
    matter = report(town)
    with pytest.raises(Refused) as refusal:
        attaching.attach(matter_id=matter.pk, actor=town.officer, files=[("", photo()), ("", upload)])
    assert refusal.value.code == code
    assert not Attachment.objects.exists() and matter.events.count() == 1
    assert not stores.files_in(tmp_path), "no orphan lies on the disk"
