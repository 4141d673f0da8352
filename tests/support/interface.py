"""Calling the interface as a client with a token."""
import uuid
from datetime import timedelta

from django.utils import timezone
from rest_framework.test import APIClient

from governance.organisation.models import ApiClient, Post, User
from governance.organisation.registry import all_scopes
from governance.organisation.services import clients


def make_client(unit, role="clerk", *, name="区综治平台", username="quzhi") -> ApiClient:
    """A client with one post, made as the console makes it."""
    client = clients.create_client(username=username, name=name, purpose="对接", home_unit=unit, actor=None)
    if role:
        Post.objects.create(user=client.user, unit=unit, role=role, title="", from_on=timezone.localdate())
    return client


def issue(client, *scopes) -> str:
    """A released token with these scopes (default: all)."""
    day = timezone.localdate() + timedelta(days=30)
    wanted = scopes or [scope.code for scope in all_scopes()]
    token, text = clients.issue_token(client=client, scopes=list(wanted), expires_on=day, actor=None)
    clients.release_token(token=token, actor=None)
    return text


def with_token(text) -> APIClient:
    """A caller that shows the token."""
    caller = APIClient()
    caller.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return caller


def with_session(user) -> APIClient:
    """A caller in the session of a person."""
    caller = APIClient()
    caller.force_login(User.objects.get(pk=user.pk), backend="governance.organisation.visibility.PostBackend")
    return caller


def new_key() -> dict:
    """The header of a call that has not been sent before."""
    return {"HTTP_IDEMPOTENCY_KEY": uuid.uuid4().hex}
