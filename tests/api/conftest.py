"""The interface is tested on the demo township: one dispute of its first village, and a client with a desk."""
import uuid

import pytest
from django.core.cache import cache

from disputes.services.generating import make_township
from governance.casework.services.opening import open_matter
from governance.organisation.models import User
from tests.support.interface import issue, make_client, with_token

SECRET, NAME, PHONE = "院墙越界半米争执", "林大山", "13812345678"


class Place:
    """The demo township, for short."""

    def __init__(self):
        make_township()
        cache.clear()
        self.officer = self.who("cun1")
        self.village = self.officer.home_unit
        self.township = self.village.township
        self.matter = self.report()

    @staticmethod
    def who(username) -> User:
        return User.objects.get(username=username)

    def report(self, officer=None, **values):
        officer = officer or self.officer
        people = [{"kind": "applicant", "name": NAME, "phone": PHONE, "address": "花溪村三组12号"},
                  {"kind": "respondent", "name": "孙来福"}]
        return open_matter(
            kind="dispute", actor=officer, client_uuid=uuid.uuid4(), parties=people,
            values={"description": SECRET, "category": "homestead", "channel": "application",
                    "unit": officer.home_unit, **values},
        )


@pytest.fixture
def place(qinghe, db):
    return Place()


@pytest.fixture
def client_account(place):
    return make_client(place.township)


@pytest.fixture
def caller(client_account):
    """A client with a clerk's post in the township and every scope."""
    return with_token(issue(client_account))
