"""Acts on clients of the interface: made and given tokens by one hand, released by another (接口客户端)."""
import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import ApiClient, ApiToken, User
from ..registry import Refused, all_scopes
from ..visibility import require_person, require_right
from .people import create_user
from .recording import record_change

TOKEN_MARK = "tgp_"
LONGEST_DAYS = 366
_USE_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_client(*, username, name, purpose, actor, home_unit=None) -> ApiClient:
    """Make a client with its service account, which can do nothing before it has posts and a released token."""
    require_right(actor, "organisation.add_apiclient")
    if not purpose.strip():
        raise Refused("purpose-missing", _("Say what the client is for."), ["purpose"])
    user = create_user(username=username, name=name, actor=actor, home_unit=home_unit)
    User.objects.filter(pk=user.pk).update(is_service=True)
    user.is_service = True
    client = ApiClient.objects.create(
        user=user, purpose=purpose.strip(), created_by=actor, created_at=timezone.now()
    )
    _record(client, "client_created", actor, {})
    return client


@transaction.atomic
def issue_token(*, client, scopes, expires_on, actor) -> tuple[ApiToken, str]:
    """Make a token and return it with its text, which is nowhere kept; it works once it is released.

    Refused: `scope-unknown`, `scope-missing`, `expiry-wrong`, `user-inactive`.
    """
    require_right(actor, "organisation.add_apitoken")
    require_person(actor, client.user, whole=True)
    _check_scopes(scopes)
    today = timezone.localdate()
    if not today <= expires_on <= today + timedelta(days=LONGEST_DAYS):
        raise Refused("expiry-wrong", _("A token holds for a year at most, and not into the past."), ["expires_on"])
    if not client.user.is_active:
        raise Refused("user-inactive", _("The account is not active."))
    prefix, text = _new_text()
    token = ApiToken.objects.create(
        client=client, prefix=prefix, digest=digest_of(text), scopes=sorted(scopes), created_by=actor,
        created_at=timezone.now(), expires_at=_end_of(expires_on),
    )
    _record(client, "token_issued", actor, {"token": prefix, "scopes": token.scopes, "expires": str(expires_on)})
    return token, text


@transaction.atomic
def release_token(*, token, actor) -> ApiToken:
    """Let a token work. The second hand: whoever issued it cannot do this, or could read as the client alone."""
    require_right(actor, "organisation.release_apitoken")
    token = _locked(token)
    require_person(actor, token.client.user)
    if actor is not None and token.created_by_id == actor.pk:
        raise Refused("not-permitted", _("Whoever issued a token does not release it."))
    if token.revoked_at or token.released_at or token.expires_at <= timezone.now():
        raise Refused("token-not-waiting", _("This token is not waiting to be released."))
    token.released_by, token.released_at = actor, timezone.now()
    token.save(update_fields=["released_by", "released_at"])
    _record(token.client, "token_released", actor, {"token": token.prefix})
    return token


@transaction.atomic
def revoke_token(*, token, actor) -> ApiToken:
    """End a token at once, for good."""
    require_right(actor, "organisation.revoke_apitoken")
    token = _locked(token)
    require_person(actor, token.client.user)
    if token.revoked_at is None:
        token.revoked_by, token.revoked_at = actor, timezone.now()
        token.save(update_fields=["revoked_by", "revoked_at"])
        _record(token.client, "token_revoked", actor, {"token": token.prefix})
    return token


def check_token(text: str) -> ApiToken:
    """The token with this text, if it works; notes that it was used.

    Refused: `token-unknown`, `token-revoked`, `token-expired`, `token-not-released`, `client-closed`. Only who
    holds the whole token learns more than the first.
    """
    now = timezone.now()
    token = ApiToken.objects.select_related("client__user").filter(digest=digest_of(text)).first()
    if token is None:
        raise Refused("token-unknown", _("There is no such token."))
    if token.revoked_at is not None:
        raise Refused("token-revoked", _("This token was revoked."))
    if token.expires_at <= now:
        raise Refused("token-expired", _("This token has expired. Ask the system administrator for a new one."))
    if token.released_at is None:
        raise Refused("token-not-released", _("The security administrator has not released this token yet."))
    if not token.client.user.is_active:
        raise Refused("client-closed", _("The account is not active."))
    if token.last_used_at is None or now - token.last_used_at > _USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def digest_of(text: str) -> str:
    """SHA-256 of a token: its 256 random bits need no slow hash."""
    return hashlib.sha256(text.encode()).hexdigest()


def _check_scopes(scopes) -> None:
    unknown = set(scopes) - {scope.code for scope in all_scopes()}
    if unknown:
        raise Refused("scope-unknown", _("There is no such scope."), ["scopes"])
    if not scopes:
        raise Refused("scope-missing", _("Choose at least one scope."), ["scopes"])


def _new_text() -> tuple[str, str]:
    prefix = TOKEN_MARK + secrets.token_hex(4)
    return prefix, f"{prefix}_{secrets.token_urlsafe(32)}"


def _end_of(day):
    midnight = timezone.datetime.combine(day + timedelta(days=1), timezone.datetime.min.time())
    return timezone.make_aware(midnight)


def _locked(token) -> ApiToken:
    return ApiToken.objects.select_for_update(of=("self",)).select_related("client__user").get(pk=token.pk)


def _record(client, verb, actor, data) -> None:
    record_change(subject_type="user", subject_id=client.pk, verb=verb, actor=actor, data=data)
