"""Fixtures of all tests: a live server, a real browser."""

import pytest

from tests.support import browser as browsers


@pytest.fixture(scope="session")
def browser():
    """A Chromium for the whole run; without one the test is skipped, or fails where it is required."""
    with browsers.chromium() as running:
        yield running


@pytest.fixture
def live(live_server):
    """The portal on a port of its own, with static files; ``live.url`` is its address."""
    return live_server


@pytest.fixture
def page_at(browser, live):
    """Open pages: ``page_at(width=390, user=clerk)``; each in a context of its own, closed after the test.

    The test fails if a page breaks the content security policy or throws in a script.
    """
    with browsers.pages(browser, live.url) as opened:
        yield opened
