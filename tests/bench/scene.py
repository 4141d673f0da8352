"""Who asks, and when: people of many generated townships, and the small tools of rows."""
from dataclasses import dataclass, field
from functools import cached_property

from django.db import connection
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from governance.casework.models import MatterUserGrant
from governance.organisation.models import Unit, User

TOWNSHIPS = 12
GRANTS = 30


@dataclass
class Person:
    """Somebody with a browser, and the ids that a hand-written SQL would be given."""

    user: User
    client: Client
    unit_ids: list[int]

    def get(self, name, *args, **query):
        """Open a page; RuntimeError unless it is answered."""
        answer = self.client.get(reverse(name, args=args), query)
        if answer.status_code != 200:
            raise RuntimeError(f"{name} was answered with {answer.status_code} for {self.user.username}")
        return answer


@dataclass
class Scene:
    """People by what they are; each list goes round the townships."""

    now: object = field(default_factory=timezone.now)

    @cached_property
    def townships(self) -> list[Unit]:
        """Some of the generated townships, evenly over the city."""
        every = list(Unit.objects.filter(level="township", code__startswith="9902").order_by("code"))
        return every[::max(1, len(every) // TOWNSHIPS)][:TOWNSHIPS]

    @cached_property
    def officers(self) -> list[Person]:
        """Village officers of villages as busy as most."""
        return self._everywhere("officer3")

    @cached_property
    def quiet_officers(self) -> list[Person]:
        """Officers of villages with twenty old rows."""
        return self._everywhere("officer12")

    @cached_property
    def clerks(self) -> list[Person]:
        """Township clerks."""
        return self._everywhere("clerk1")

    @cached_property
    def experts(self) -> list[Person]:
        """Mediators who see some thirty matters by name and none by post."""
        names = [f"expert.{code}" for code in Unit.objects.filter(level="township", code__startswith="9902")
                 .values_list("code", flat=True)]
        counted = MatterUserGrant.objects.filter(user__username__in=names).values("user").annotate(n=Count("pk"))
        nearest = sorted(counted, key=lambda row: abs(row["n"] - GRANTS))[:TOWNSHIPS]
        return [self._person(User.objects.get(pk=row["user"])) for row in nearest]

    def people(self, code: str) -> list[Person]:
        """The four whom design.md names, by code."""
        held = {"officer": "officers", "mediator": "experts", "quiet": "quiet_officers", "clerk": "clerks"}
        return getattr(self, held[code])

    def who(self, name: str) -> str:
        """In words, whom a row `name.code` is measured with."""
        grants = len(self._named(self.experts[0])) if self.experts else 0
        words = {
            "officer": "village officer", "mediator": f"mediator with {grants} grants",
            "quiet": "village with 20 old rows", "clerk": "township clerk",
        }
        return words.get(name.rpartition(".")[2], "")

    def seen_by_hand(self, person: Person) -> tuple[str, list]:
        """A condition on `m` that a person would write by hand for what they see, with its parameters."""
        if person.unit_ids:
            return "m.unit_id = ANY(%s) AND NOT m.is_confidential", [person.unit_ids]
        return "m.id = ANY(%s)", [self._named(person)]

    def sql(self, text, params=()):
        """All rows of a hand-written SQL."""
        with connection.cursor() as cursor:
            cursor.execute(text, params)
            return cursor.fetchall() if cursor.description else None

    def _named(self, person: Person) -> list[int]:
        return list(MatterUserGrant.objects.filter(user=person.user).values_list("content_object", flat=True))

    def _everywhere(self, login: str) -> list[Person]:
        return [self._person(User.objects.get(username=f"{login}.{unit.code}")) for unit in self.townships]

    def _person(self, user: User) -> Person:
        client = Client()
        # A server loads its middleware before the first visitor comes, not with each of them.
        client.handler.load_middleware()
        client.force_login(user, backend="governance.organisation.visibility.PostBackend")
        below = Unit.objects.filter(path__startswith=user.home_unit.path)
        is_expert = user.username.startswith("expert.")
        return Person(user, client, [] if is_expert else list(below.values_list("pk", flat=True)))


def round_robin(people, place: int):
    """The person of a sample."""
    return people[place % len(people)]
