"""Everybody finds help on every page, and each role finds only what it may do."""
import pytest
from django.urls import reverse

from disputes.services.generating import make_township
from governance.organisation.models import Post, Role
from governance.organisation.registry import topics_for
from tests.support import worlds


@pytest.fixture(scope="module")
def township(request, django_db_setup, django_db_blocker):
    with worlds.kept(request, django_db_blocker, make_township):
        yield


def somebody(role):
    post = Post.objects.filter(role=role).select_related("user").order_by("pk").first()
    return post.user if post else None


@pytest.mark.parametrize("role", Role.values)
def test_each_role_has_help_of_its_own_and_every_page_that_it_names_opens(township, db, client, role):
    assert [topic for topic in topics_for({role}) if topic.roles is not None], "no help for this role"
    user = somebody(role)
    if user is None:
        pytest.skip(f"the demo township has no {role}")
    client.force_login(user, backend="governance.organisation.visibility.PostBackend")
    page = client.get(reverse("organisation:guide"))
    assert page.status_code == 200 and page.context["own"]
    for topic in page.context["own"]:
        if topic.url_name:
            assert client.get(reverse(topic.url_name), follow=True).status_code == 200, (role, topic.code)
    assert reverse("organisation:guide") in client.get("/", follow=True).content.decode()


def test_whoever_cannot_log_in_finds_what_to_do(township, db, client):
    page = client.get(reverse("organisation:guide"))
    assert page.status_code == 200 and not page.context["own"] and page.context["common"]
    assert reverse("organisation:guide") in client.get(reverse("organisation:login")).content.decode()
