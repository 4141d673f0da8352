"""Acts on people: create, update, deactivate, one-time codes, lockouts and sessions."""
import secrets
from datetime import timedelta

from axes.utils import reset as reset_lockout
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import encryption, phones
from ..models import FormerPhone, User
from ..names import checked_name
from ..pinyin import sort_key
from ..registry import Refused
from ..visibility import Area, require_person, require_right, require_unit
from .recording import record_change
from .sessions import end_all_of

# No characters that are mistaken for each other on paper.
CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 10
CODE_DAYS = 14
FIELDS = ("name", "phone", "email", "home_unit", "language")
_PERSONAL = frozenset({"name", "phone", "email"})


def phone_hash(phone) -> str:
    """Return the HMAC of a phone number under the portal's key for personal data; "" for none."""
    return phones.hash_phone(settings.PERSONAL_KEY, phone)


@transaction.atomic
def create_user(*, username, name, actor, phone="", email="", home_unit=None, language="zh-hans") -> User:
    """Create a person who cannot log in before a one-time code is issued; system administrators only."""
    require_right(actor, "organisation.add_user")
    _require_home(actor, home_unit)
    username = User.normalize_username(username.strip())
    if User.objects.filter(username=username).exists():
        raise Refused("username-taken", _("This login name is taken."), ["username"])
    user = User(username=username, email=email, home_unit=home_unit, language=language)
    _set_name(user, name)
    _set_phone(user, phone)
    user.set_unusable_password()
    _check(user)
    user.save(force_insert=True)
    _record(user, "created", actor, fields=["username", *FIELDS], before={})
    return user


@transaction.atomic
def update_user(*, user, actor, **values) -> User:
    """Change name, phone, e-mail, home unit or language of a person; system administrators only."""
    require_right(actor, "organisation.change_user")
    require_person(actor, user, whole=True)
    if values.get("home_unit", user.home_unit) != user.home_unit:
        _require_home(actor, values["home_unit"])
    return _apply(user, values, actor)


@transaction.atomic
def update_own_profile(*, user, **values) -> User:
    """Let a person keep their own phone, e-mail and language up to date."""
    own = {key: values[key] for key in ("phone", "email", "language") if key in values}
    return _apply(user, own, user)


def _apply(user, values, actor):
    # Not the key: acts on matters hold a matter's row and name this user, and what follows here asks for matters.
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    phone_before = user.phone_hash
    before = {field: getattr(user, field) for field in FIELDS}
    if "name" in values:
        _set_name(user, values.pop("name"))
    if "phone" in values:
        _set_phone(user, values.pop("phone"))
    for field in values:
        if field not in FIELDS:
            raise TypeError(f"a person has no changeable field {field!r}")
        setattr(user, field, values[field])
    changed = [field for field in FIELDS if getattr(user, field) != before[field]]
    if changed:
        _check(user)
        user.save(update_fields=["name", "name_key", "phone", "phone_hash", "email", "home_unit", "language"])
        if "phone" in changed and phone_before and getattr(actor, "pk", None) == user.pk:
            _keep_former(user, before["phone"])
        _record(user, "updated", actor, fields=changed, before={field: before[field] for field in changed})
    return user


def _keep_former(user, phone) -> None:
    known = phones.hashes_of_phone(settings.PERSONAL_KEY, phone)
    if not FormerPhone.objects.filter(user=user, phone_hash__in=known).exists():
        FormerPhone.objects.create(
            user=user, phone_hash=phone_hash(phone),
            phone_encrypted=encryption.encrypt(phone, key=settings.PERSONAL_KEY),
        )


@transaction.atomic
def issue_one_time_code(*, user, actor=None) -> str:
    """Give a person a one-time code in place of the password and return it; on the server's console only.

    In the portal nobody does this alone (`resetting`): Refused `not-permitted` for any actor.
    """
    if actor is not None:
        raise Refused("not-permitted", _("A one-time code needs two hands: one asks for it, another releases it."))
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise Refused("user-inactive", _("The account is not active."))
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    open_with_code(user, make_password(code))
    reset_lockout(username=user.username)
    record_change(subject_type="user", subject_id=user.pk, verb="code_issued", actor=actor)
    return code


def open_with_code(user, code_hash) -> None:
    """Have a one-time code open an account in place of the password; every session ends with the old one.

    The code must be changed at the first login and lapses after CODE_DAYS.
    """
    user.password = code_hash
    user.must_change_password = True
    user.one_time_code_expires_at = timezone.now() + timedelta(days=CODE_DAYS)
    user.save(update_fields=["password", "must_change_password", "one_time_code_expires_at"])


@transaction.atomic
def deactivate_user(*, user, actor) -> User:
    """Close an account; refused while the person holds posts, so that no work is left without an owner."""
    require_right(actor, "organisation.change_user")
    require_person(actor, user, whole=True)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.posts.overlapping(timezone.localdate() + timedelta(days=1), None).exists():
        raise Refused("user-has-posts", _("The person still holds posts: end or hand over the posts first."))
    return _set_active(user, False, "deactivated", actor)


@transaction.atomic
def reactivate_user(*, user, actor) -> User:
    """Open a closed account again; a new one-time code is needed to log in."""
    require_right(actor, "organisation.change_user")
    require_person(actor, user, whole=True)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    return _set_active(user, True, "reactivated", actor)


@transaction.atomic
def end_sessions(*, user, actor) -> None:
    """End every session of a person at once; security administrators only."""
    require_right(actor, "organisation.unlock_user")
    require_person(actor, user)
    user = User.objects.select_for_update().get(pk=user.pk)
    end_all_of(user)
    record_change(subject_type="user", subject_id=user.pk, verb="sessions_ended", actor=actor)


@transaction.atomic
def lift_lockout(*, username, actor) -> None:
    """Lift the lockout of a login name; security administrators only."""
    require_right(actor, "organisation.unlock_user")
    user = User.objects.filter(username=username).first()
    if user:
        require_person(actor, user)
    reset_lockout(username=username)
    if user:
        record_change(subject_type="user", subject_id=user.pk, verb="lockout_lifted", actor=actor)


def _require_home(actor, unit):
    """Refused `unit-not-found` for a home unit outside the actor's area; none belongs to those at the top."""
    if unit is not None or not Area.of(actor).has_top:
        require_unit(actor, unit, "home_unit")


def _set_active(user, is_active, verb, actor):
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    end_all_of(user)
    record_change(subject_type="user", subject_id=user.pk, verb=verb, actor=actor)
    return user


def _set_name(user, name):
    user.name = checked_name(name)
    user.name_key = sort_key(user.name, person=True)


def _set_phone(user, phone):
    user.phone = checked_phone(phone)
    user.phone_hash = phone_hash(user.phone)


def checked_phone(phone) -> str:
    """Return the one written form of a phone number, "" for none; Refused if it is not one."""
    text = str(phone or "").strip()
    number = phones.normalise_phone(phone)
    if text and not number:
        raise Refused(
            "phone-invalid",
            _("A phone number is a mobile of 11 digits, or a landline with its area code."), ["phone"],
        )
    return number


def _check(user):
    """Hold the fields to the model's own rules: shape of login name, lengths, e-mail."""
    try:
        user.clean_fields(exclude=["password", "name_key", "phone_hash"])
    except ValidationError as error:
        messages = [message for found in error.message_dict.values() for message in found]
        raise Refused("user-fields-invalid", " ".join(messages), list(error.message_dict)) from error


def _record(user, verb, actor, fields, before):
    """Put a change of a person on record, with what held before: names and contact data beside the chain."""
    plain = {field: getattr(value, "pk", value) for field, value in before.items() if field not in _PERSONAL}
    record_change(
        subject_type="user", subject_id=user.pk, verb=verb, actor=actor,
        data={"fields": fields, "home_unit": user.home_unit_id, "language": user.language, "before": plain},
        personal={
            "username": user.username, "name": user.name, "phone": user.phone, "email": user.email,
            "before": {field: value for field, value in before.items() if field in _PERSONAL},
        },
    )
