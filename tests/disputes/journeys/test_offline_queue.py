"""The phone's queue: checked before anything is cleared, refused records open again whole, sent from every page."""
import io

import pytest
from PIL import Image

from governance.casework.models import Matter
from tests.support.browser import login, wait_until
from tests.support.journeys import PHONE, photo, who

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STUB = {"name": "IMG_0043.HEIC", "mimeType": "image/heic",
        "buffer": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(4000)}
WAITING, REFUSED, DONE = "#queue-list li:not([data-done])", "#queue-list li[data-refused]", "#queue-list li[data-done]"


def heic() -> dict:
    """A photo as an iPhone writes it; Chromium cannot read it, the server can."""
    stream = io.BytesIO()
    Image.new("RGB", (400, 300), "olive").save(stream, "HEIF")
    return {"name": "IMG_0042.HEIC", "mimeType": "image/heic", "buffer": stream.getvalue()}


def report(officer, **typed):
    """Fill in the phone's report; what is given as None is left out."""
    whole = {"category": "homestead", "description": "翻建院墙越界半米", "unit": {"index": 1}, "channel": "application",
             "parties-0-name": "林大山", "parties-1-name": "孙来福", **typed}
    return officer.fill(**{name: value for name, value in whole.items() if value is not None})


def test_what_is_missing_is_said_before_anything_is_queued_or_cleared(visit):
    officer = visit("cun1", width=PHONE).go("/report/quick/")
    report(officer, category=None, photos={"name": "录音.amr", "mimeType": "audio/amr", "buffer": b"#!AMR"},
           **{"parties-1-name": None, "parties-1-phone": "13812345678"})
    officer.page.click("#report .btn.go")
    officer.page.wait_for_selector(".has-error [name=photos]")
    told = officer.look().page.locator("#report p.error").all_inner_texts()
    assert len(told) == 3 and told[0] == "请填写。" and "录音.amr" in " ".join(told), told
    assert officer.page.input_value("[name=description]") == "翻建院墙越界半米"
    assert officer.page.locator(WAITING).count() == 0
    report(officer, photos=photo(), **{"parties-1-phone": ""})
    officer.page.click("#report .btn.go")
    officer.page.wait_for_selector(DONE)
    assert officer.page.locator("#report p.error").count() == 0
    assert Matter.objects.get().attachments.count() == 1


def test_a_photo_of_an_iphone_is_taken(visit):
    officer = visit("cun1", width=PHONE).go("/report/quick/")
    report(officer, photos=heic()).page.click("#report .btn.go")
    officer.page.wait_for_selector(DONE)
    assert Matter.objects.get().attachments.get().content_type == "image/jpeg"


def test_a_refused_record_says_why_and_opens_again_with_text_names_and_photos(visit):
    officer = visit("cun1", width=PHONE).go("/report/quick/")
    page = officer.page
    officer.click("#report [name=more_parties]")
    report(officer, photos=[photo(), STUB], **{"parties-2-name": "周小田", "parties-0-phone": "1381234567"})
    page.click("#report .btn.go")
    page.wait_for_selector(REFUSED)
    assert "当事人1 电话" in page.inner_text(REFUSED) and "1381234567" in page.inner_text(REFUSED)
    # Elsewhere it says so, too, and leads back.
    officer.go("/").page.wait_for_selector(REFUSED)
    page.click(f"{REFUSED} a")
    page.wait_for_selector("#report .has-error [name=parties-0-phone]")
    held = {name: page.input_value(f"[name={name}]") for name in ("description", "parties-0-name", "parties-2-name")}
    assert list(held.values()) == ["翻建院墙越界半米", "林大山", "周小田"]
    assert page.evaluate("document.querySelector('[name=photos]').files.length") == 2
    officer.look().fill(**{"parties-0-phone": "13812345678"})
    page.click("#report .btn.go")
    page.wait_for_selector(f"{REFUSED}:has-text('IMG_0043.HEIC')")
    assert not Matter.objects.exists()
    page.click(f"{REFUSED} a")
    wait_until(page, "document.querySelector('[name=photos]').files.length === 2")
    officer.fill(photos=photo())
    page.click("#report .btn.go")
    page.wait_for_selector(DONE)
    matter = Matter.objects.get()
    assert matter.parties.count() == 3 and matter.attachments.count() == 1
    assert page.locator(WAITING).count() == 0


def test_trouble_that_passes_refuses_no_record(visit):
    officer = visit("cun1", width=PHONE).go("/report/quick/")
    page = officer.page
    answers = [(409, '{"code": "pictures-busy", "message": "…"}'), (503, "<html>"), (502, "")]

    def in_trouble(route):
        if route.request.method == "POST" and answers:
            status, body = answers.pop()
            route.fulfill(status=status, body=body)
        else:
            route.fallback()

    page.route("**/report/quick/", in_trouble)
    report(officer).page.click("#report .btn.go")
    for left in (2, 1, 0):
        page.wait_for_selector(f"{WAITING}:has-text('稍后自动重试')")
        assert len(answers) == left and page.locator(REFUSED).count() == 0
        page.evaluate("window.portalQueue.sendAll()")
    page.wait_for_selector(DONE)
    assert Matter.objects.count() == 1


def test_a_record_is_sent_from_whatever_page_is_opened_after_the_login(visit):
    officer = visit("cun1", width=PHONE).go("/report/quick/")
    page = officer.page
    report(officer)
    page.context.clear_cookies(name="sessionid")
    page.click("#report .btn.go")
    page.wait_for_selector(f"{WAITING}:has-text('重新登录')")
    assert not Matter.objects.exists()
    login(page, who("cun1"))
    officer.go("/matters/").page.wait_for_selector(DONE)
    assert Matter.objects.get().number in officer.look().page.inner_text("#queue-list")
    officer.go("/")
    assert page.locator("#queue").is_hidden()
