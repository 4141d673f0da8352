"""The browser fixtures themselves: a page of the portal opens in a real Chromium."""

import pytest

from tests.support.browser import assert_no_sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_page_opens_at_phone_width(page_at):
    page = page_at(width=360)
    response = page.goto("/accounts/login/")
    assert response.status == 200
    assert "default-src 'self'" in response.headers["content-security-policy"]
    assert_no_sideways_scroll(page)
