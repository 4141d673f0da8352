"""Every journey begins in the demo township, with its people and without matters."""
import pytest

from disputes.services.generating import make_township
from tests.support.journeys import Visitor, who


@pytest.fixture
def township(transactional_db):
    """The demo township."""
    make_township()


@pytest.fixture
def visit(township, page_at):
    """`visit("wenshu")` sits somebody down at a screen; `width=PHONE` gives them a phone."""
    return lambda name, **options: Visitor(page_at, who(name), **options)
