"""What the attack tree's tests share: a town with administrators of each township, and a way to try something alone."""
import pytest
from django.utils import timezone

from governance.casework.models import Matter
from governance.organisation.models import Change, User
from governance.organisation.registry import Refused
from tests.support.factories.casework import make_town, make_user

BACKEND = "governance.organisation.visibility.PostBackend"


def make_place():
    """The town; its far township has administrators of its own, who reach no further."""
    town = make_town()
    far = town.units["far_township"]
    for name, login, full, role in (
        ("far_system", "sysadmin2", "卫远镇", "system_admin"),
        ("far_security", "secadmin2", "蒋远镇", "security_admin"),
        ("other_security", "secadmin3", "蒋二人", "security_admin"),
        ("other_system", "sysadmin3", "卫二人", "system_admin"),
    ):
        town.people[name] = make_user(login, full, role, far if name.startswith("far") else town.units["district"])
    return town


def fresh(user):
    """The person as the next request finds them."""
    return User.objects.get(pk=user.pk)


def refused(act, **arguments):
    """The code with which an act is refused."""
    with pytest.raises(Refused) as refusal:
        act(**arguments)
    return refusal.value.code


def enter(client, user):
    """The client, working as this person."""
    client.force_login(fresh(user), backend=BACKEND)
    return client


def opens(client, user, code):
    """Whether a code opens an account: the page for a new password follows."""
    client.logout()
    answer = client.post("/accounts/login/", {"username": user.username, "password": code})
    return answer.status_code == 302 and not client.logout()


def sees_nothing(user):
    """Whether the person sees no matter."""
    return not Matter.objects.visible_to(fresh(user)).exists()


def verbs_about(person):
    """What was recorded of a person, oldest first."""
    return list(Change.objects.about("user", person.pk).values_list("verb", flat=True))


def day(ahead=0):
    """Today, or so many days later."""
    return timezone.localdate() + timezone.timedelta(days=ahead)
