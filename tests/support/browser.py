"""Driving the real browser: finding it, opening pages, logging in, what every page must satisfy."""

import contextlib
import os
import shutil
import time

import pytest

ARGUMENTS = [
    "--no-sandbox",
    # In which order a date is typed is the browser's own language, whatever the page says.
    "--lang=en-US",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
GRAVE = {"serious", "critical"}
WIDE_ELEMENTS = """() => [...document.querySelectorAll('body *')]
    .filter(element => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .slice(0, 5).map(element => element.outerHTML.slice(0, 120))"""


def find_chromium() -> str | None:
    """Return the path of a Chromium: PORTAL_CHROMIUM, or the first one on the path."""
    return os.environ.get("PORTAL_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def is_required() -> bool:
    """Whether a missing Chromium is a failure: in CI, or when PORTAL_REQUIRE_BROWSER is 1."""
    return os.environ.get("PORTAL_REQUIRE_BROWSER") == "1" or os.environ.get("CI") == "true"


@contextlib.contextmanager
def chromium():
    """Run a Chromium inside the block; skip or fail without one."""
    path = find_chromium()
    if path is None:
        message = "no Chromium found; install it or set PORTAL_CHROMIUM"
        pytest.fail(message) if is_required() else pytest.skip(message)
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, in which Django would refuse every query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield running
        finally:
            running.close()


@contextlib.contextmanager
def pages(browser, url):
    """Yield a function that opens a page; fail afterwards if one broke the policy or threw."""
    contexts, faults = [], []

    def open_page(width=1280, height=900, user=None, **options):
        settings = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"} | options
        context = browser.new_context(base_url=url, viewport={"width": width, "height": height}, **settings)
        contexts.append(context)
        context.set_default_timeout(15000)
        page = context.new_page()
        page.click = _waiting_click(page)
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on("console", lambda line: _note_violation(faults, page, line))
        if user is not None:
            login(page, user, url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


def _waiting_click(page):
    """The page's click, which then waits for the page that it led to: Playwright waits only until that page begins."""
    click = page.click

    def click_and_wait(*args, **options):
        click(*args, **options)
        page.wait_for_load_state("load")

    return click_and_wait


def _note_violation(faults, page, line):
    if line.type == "error" and "Content Security Policy" in line.text:
        faults.append(f"{page.url}: {line.text}")


def login(page, user, url=None):
    """Log ``user`` in without the form: the session cookie is put into the page's context."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user, backend="governance.organisation.visibility.PostBackend")
    address = url or "/".join(page.url.split("/")[:3])
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": address}])


def wait_until(page, expression, seconds=15):
    """Wait until the expression is true on the page (Playwright itself evaluates text, which our policy forbids)."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"{page.url}: never true: {expression}"
        page.wait_for_timeout(50)


def assert_no_sideways_scroll(page):
    """Fail if the page is wider than its window, naming the elements that stick out."""
    # After a click the next page may just be coming in; on a busy machine there is nothing to measure yet.
    page.locator("body").wait_for(state="attached")
    page.wait_for_load_state("load")
    wide = page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide, f"{page.url} scrolls sideways: {page.evaluate(WIDE_ELEMENTS)}"


def assert_axe_clean(page):
    """Fail if axe finds a serious or critical violation."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    violations = [one for one in found if one["impact"] in GRAVE]
    told = [f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}" for one in violations]
    assert not violations, f"{page.url}\n" + "\n".join(told)


def check(page):
    """The page that is open fits its window and is clean to axe."""
    assert_no_sideways_scroll(page)
    assert_axe_clean(page)
