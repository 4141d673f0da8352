"""Fixtures of all tests: a live server, a real browser. How the tests are shared among processes."""

import os
from collections import Counter

import pytest

from tests.support import browser as browsers
from tests.support import stores, worlds

MOST_PROCESSES = 4  # Each has a database and a Chromium of its own.
# Seconds that a test takes, about, if its mark does not say so itself.
SLOW, IN_BROWSER, OTHER = 10, 6, 0.2


def pytest_xdist_auto_num_workers(config) -> int:
    """As many processes as this one may use processors, four at most."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return int(os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS") or min(usable or 1, MOST_PROCESSES))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Where processes share the tests, the files that take longest come first: none is left over for the end."""
    if not hasattr(config, "workerinput"):
        return
    seconds = Counter()
    for item in items:
        seconds[item.path] += _seconds(item)
    items.sort(key=lambda item: (-seconds[item.path], item.path))


def _seconds(item) -> float:
    slow = item.get_closest_marker("slow")
    if slow is not None:
        return slow.args[0] if slow.args else SLOW
    return IN_BROWSER if "page_at" in item.fixturenames else OTHER


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """A test that commits finds no world kept open, and no other one works in a world unasked."""
    mark, fixtures = item.get_closest_marker("django_db"), set(item.fixturenames)
    if mark and mark.kwargs.get("transaction") or {"transactional_db", "live_server"} & fixtures:
        worlds.leave_all()
    elif mark or "db" in fixtures:
        unasked = worlds.not_asked_for(fixtures)
        assert not unasked, f"{item.nodeid} has to ask for {unasked}, or to stand in a file without it"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The database of the tests, and the folder of its files set up with it."""
    with django_db_blocker.unblock():
        stores.set_up()


@pytest.fixture(scope="session", autouse=True)
def tasks():
    """Tasks run at once in the tests, so they have to be known; that a web process can order them is tried on one."""
    from governance import celery_app

    celery_app.loader.import_default_modules()


@pytest.fixture(scope="module")
def qinghe(request, django_db_setup, django_db_blocker):
    """The demo township without matters, made once for a file of tests."""
    from disputes.services.generating import make_township

    with worlds.kept(request, django_db_blocker, make_township):
        yield


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
