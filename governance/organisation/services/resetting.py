"""One-time codes in two halves (一次性口令): one hand asks, another releases, and neither opens the account alone.

The first half is shown to whoever asks, the second to whoever releases; the person gets each from them and types
both together. Until the release nothing changes: the old password works on.
"""
import secrets
from datetime import timedelta

from axes.utils import reset as reset_lockout
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from ..models import CodeRequest, User
from ..registry import Refused
from ..visibility import current_roles, hand_of, is_oneself, require_person, second_hand_for
from .people import CODE_ALPHABET, CODE_DAYS, open_with_code
from .recording import record_change
from .second_factor import remove_second_factor
from .telling import tell, watchers

HALF = 6


@transaction.atomic
def ask_for_code(*, user, actor, takes_factor=False, told=True) -> str:
    """Ask for a one-time code for a person and return its first half; an earlier request is replaced.

    With `takes_factor` the release takes the second factor away too; without it the login still asks for it.

    The person, the auditors and the security administrators over them are told at once, except of a first code
    within an import. Refused: `person-not-found`, `not-permitted`, `user-inactive`.
    """
    require_person(actor, user)
    user = User.objects.select_for_update().get(pk=user.pk)
    asked_as = hand_of(actor, user)
    if not asked_as:
        raise Refused("not-permitted", _("Your posts do not give you the right to do this."))
    if not user.is_active:
        raise Refused("user-inactive", _("The account is not active."))
    now, first, seed = timezone.now(), _letters(secrets.token_bytes(32)), secrets.token_hex(32)
    CodeRequest.objects.filter(user=user, agreed_at=None, dropped_at=None).update(dropped_by=actor, dropped_at=now)
    row = CodeRequest.objects.create(
        user=user, asked_by=actor, asked_as=asked_as, asked_at=now, lapses_at=now + timedelta(days=CODE_DAYS),
        takes_factor=takes_factor, seed=seed, code_hash=make_password(first + second_half(seed)),
    )
    _record(row, "code_asked", actor)
    if told:
        _tell(row, "code_asked", actor)
    return first


@transaction.atomic
def release_code(*, request, actor) -> str:
    """Agree to a code and return its second half: from now on the code is the password, every session ends.

    Refused: `person-not-found`, `request-not-waiting`, `not-permitted` to all but the second hand.
    """
    require_person(actor, request.user)
    user = User.objects.select_for_update().get(pk=request.user_id)
    row = _waiting(request)
    if not may_release(actor, row):
        raise Refused("not-permitted", _("Your posts do not give you the right to do this."))
    if not user.is_active:
        raise Refused("user-inactive", _("The account is not active."))
    row.agreed_by, row.agreed_at = actor, timezone.now()
    row.save(update_fields=["agreed_by", "agreed_at"])
    open_with_code(user, row.code_hash)
    if row.takes_factor:
        remove_second_factor(user=user, actor=actor)
    reset_lockout(username=user.username)
    _record(row, "code_released", actor)
    _tell(row, "code_released", actor)
    return second_half(row.seed)


def release_first_code(*, user, actor) -> str:
    """With the appointment: the second half of the code of an account that nobody has opened yet, "" for none."""
    user.refresh_from_db(fields=["password"])
    request = user.code_requests.waiting(timezone.now()).first()
    if request is None or user.has_usable_password() or not may_release(actor, request):
        return ""
    return release_code(request=request, actor=actor)


@transaction.atomic
def drop_request(*, request, actor) -> None:
    """Take a request back, or turn it down: by who asked or who could release it."""
    row = _waiting(request)
    if row.asked_by_id != actor.pk and not may_release(actor, row):
        raise Refused("not-permitted", _("Your posts do not give you the right to do this."))
    row.dropped_by, row.dropped_at = actor, timezone.now()
    row.save(update_fields=["dropped_by", "dropped_at"])
    _record(row, "code_dropped", actor)


def may_release(actor, request) -> bool:
    """Whether the actor is the second hand of a request."""
    if request.asked_by_id == actor.pk or is_oneself(actor, request.user):
        return False
    return actor.has_perm("organisation.release_code_user") and (
        second_hand_for(request.user, request.asked_as) in current_roles(actor)
    )


def second_half(seed: str) -> str:
    """The second half that belongs to a seed; it can be made by the portal's own key only."""
    return _letters(salted_hmac("organisation.CodeRequest", seed, algorithm="sha256").digest())


def _letters(digest: bytes) -> str:
    number, letters = int.from_bytes(digest), ""
    for _place in range(HALF):
        number, at = divmod(number, len(CODE_ALPHABET))
        letters += CODE_ALPHABET[at]
    return letters


def _waiting(request) -> CodeRequest:
    rows = CodeRequest.objects.waiting(timezone.now()).select_for_update(of=("self",)).select_related("user")
    row = rows.filter(pk=request.pk).first()
    if row is None:
        raise Refused("request-not-waiting", _("This request does not wait any longer."))
    return row


def _record(row, verb, actor) -> None:
    record_change(subject_type="user", subject_id=row.user_id, verb=verb, actor=actor, data={"request": row.pk})


def _tell(row, subject, actor) -> None:
    data = {"by": actor.username, "account": row.user.username}
    others = [one for one in watchers(row.user) if one.pk != row.user_id]
    tell([row.user], f"{subject}_own", key=f"{subject}:{row.pk}", data=data)
    tell(others, subject, key=f"{subject}:{row.pk}", data=data)
