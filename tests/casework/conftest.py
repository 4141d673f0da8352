"""The kernel's tests run on the fake kind in a small town."""
import pytest

from tests.support.factories.casework import make_town
from tests.support.fakes import probe_kind


@pytest.fixture
def probe(db):
    """The fake kind, registered."""
    with probe_kind() as kind:
        yield kind


@pytest.fixture
def town(probe):
    """A township with two villages and somebody in each role."""
    return make_town()
