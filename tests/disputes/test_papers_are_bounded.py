"""A template or a handful of pictures never costs more than some seconds, and never fills the memory."""
import io
import threading
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from PIL import Image

from disputes.services.papers.catalogue import PAPERS
from disputes.services.papers.checking import check_template
from disputes.services.papers.rendering import MOST_FIELDS, render
from disputes.services.papers.values import SampleFacts, values_of
from governance.casework import pictures
from governance.casework.services import attaching
from governance.casework.workflow import Refused

PAPER = PAPERS["application"]
NAME = next(iter(values_of(PAPER, SampleFacts())))
# Seconds of this process's own work, whatever else the machine does.
MOST_SECONDS = 6


def word(text, times=1, *, header="", author="", attribute=""):
    document = Document()
    for _time in range(times):
        document.add_paragraph(text)
    document.sections[0].header.paragraphs[0].text = header
    document.core_properties.author = author
    out = io.BytesIO()
    document.save(out)
    if not attribute:
        return out.getvalue()
    changed = io.BytesIO()
    with zipfile.ZipFile(out) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            content = source.read(member)
            if member.filename == "word/document.xml":
                content = content.replace(b"<w:body>", f'<w:body w:rsid="{attribute}">'.encode())
            target.writestr(member, content)
    return changed.getvalue()


FIELD = f"{{{{ {NAME} }}}}"


@pytest.mark.parametrize("content", [
    word(FIELD * 200, 300), word(FIELD, 3000), word("a", header=FIELD * 30_000),
    word("a", attribute=f"&#123;&#123; {NAME} }}}}" * 20_000), word("{{ unknown }}" * 200, 300), word("{{" * 30_000),
    word("{% if x %}" * 30_000), word("{#" * 30_000),
], ids=["in paragraphs", "many paragraphs", "header", "attribute", "unknown", "unclosed", "conditions", "comments"])
def test_a_template_with_tens_of_thousands_of_fields_is_refused_at_once(content):
    begun = time.process_time()
    with pytest.raises(Refused) as refused:
        check_template(PAPER, "a.docx", content)
    assert refused.value.code in ("template-too-large", "template-faulty")
    assert time.process_time() - begun < MOST_SECONDS


def test_a_template_that_was_kept_before_there_was_a_limit_makes_no_paper_either():
    with pytest.raises(Refused) as refused:
        render(word(FIELD * 200, 300), values_of(PAPER, SampleFacts()))
    assert refused.value.code == "template-too-large"


def test_a_template_at_the_limit_is_taken_and_one_full_of_mistakes_told_soon():
    begun = time.process_time()
    check_template(PAPER, "a.docx", word(FIELD, MOST_FIELDS - 10))
    with pytest.raises(Refused) as refused:
        check_template(PAPER, "a.docx", word("{{ 没有这个 }}", MOST_FIELDS - 10))
    assert refused.value.code == "template-faulty" and time.process_time() - begun < MOST_SECONDS


def picture(size, form="PNG", mode="L"):
    out = io.BytesIO()
    Image.new(mode, size, 128 if mode == "L" else "olive").save(out, form)
    return SimpleUploadedFile(f"a.{form.lower()}", out.getvalue())


def test_large_pictures_together_are_refused_before_they_are_decoded(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS_TOGETHER", 5_000_000)
    files = [("", picture((2000, 2000))) for _time in range(4)]
    begun = time.process_time()
    with pytest.raises(Refused) as refused:
        attaching.store_files(None, files)
    assert refused.value.code == "pictures-too-large-together" and time.process_time() - begun < MOST_SECONDS


def test_twenty_four_at_once_are_too_many():
    with pytest.raises(Refused) as refused:
        attaching.store_files(None, [("", picture((40, 40)))] * 24)
    assert refused.value.code == "too-many-files"


def test_a_large_photo_is_decoded_no_larger_than_it_is_kept(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS_TOGETHER", 16_000_000)
    upload = picture((8000, 6000), "JPEG", "RGB")
    content, content_type, _suffix = pictures.inspect("a.jpg", upload.read())
    assert content_type == "image/jpeg" and Image.open(io.BytesIO(content)).size == (2400, 1800)


def test_a_flood_of_pictures_waits_its_turn_or_is_told_to_come_again(monkeypatch):
    monkeypatch.setattr(pictures, "_MOST_WAIT", 0.05)
    held = [pictures._TURNS.acquire() for _turn in range(2)]
    try:
        with pytest.raises(Refused) as refused:
            pictures.inspect("a.png", picture((40, 40)).read())
        assert refused.value.code == "pictures-busy"
        threading.Timer(0.1, pictures._TURNS.release).start()
        monkeypatch.setattr(pictures, "_MOST_WAIT", 5)
        assert pictures.inspect("a.png", picture((40, 40)).read())[1] == "image/jpeg"
    finally:
        for _turn in held[1:]:
            pictures._TURNS.release()
