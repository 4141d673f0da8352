"""The second factor (第二因素): codes of an authenticator on the phone, and recovery codes for when it is lost.

Demanded of the roles in SECOND_FACTOR_ROLES (models/people.py) where the setting says so, offered to everybody.
"""
import secrets
from binascii import unhexlify

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from ..models import SECOND_FACTOR_ROLES, RecoveryCode, User
from ..registry import Refused
from ..visibility import current_roles
from .alerts import alert_change
from .logins import Outcome, record
from .passwords import require_tries_left
from .people import CODE_ALPHABET
from .recording import record_change
from .sessions import end_all_of

DUE, TO_SET_UP = "due", "to_set_up"
CODES = 8
CODE_LETTERS = 12
ISSUER = "township-portal"


def is_demanded_of(user) -> bool:
    """Whether this person may not work without one; one query where it is demanded at all."""
    return settings.SECOND_FACTOR_DEMANDED and bool(current_roles(user) & SECOND_FACTOR_ROLES)


def has_second_factor(user) -> bool:
    """Whether the person has set one up; one query."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def state_at_login(user) -> str:
    """What a session that begins still lacks: DUE, TO_SET_UP or nothing."""
    if has_second_factor(user):
        return DUE
    return TO_SET_UP if is_demanded_of(user) else ""


def new_key() -> str:
    """A key that an authenticator is to learn, in hexadecimal."""
    return secrets.token_hex(20)


def device_with(user, key) -> TOTPDevice:
    """A device with this key, not stored yet; `config_url` is what the picture says."""
    return TOTPDevice(user=user, key=key, name=ISSUER, confirmed=True)


def set_up(*, user, key, code, client) -> list[str]:
    """Take a phone's authenticator as second factor, in place of another; returns new recovery codes.

    Every session ends, that of the caller has to be taken along. Refused `code-wrong`, `too-many-tries`.
    """
    require_tries_left(user)
    device = device_with(user, key)
    # The code that proves the phone is used up with it.
    device.last_t = _counter(device, code)
    if device.last_t < 0:
        _refuse(user, client)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        TOTPDevice.objects.filter(user=user).delete()
        device.save()
        end_all_of(user)
        _record(user, "second_factor_set", user)
        return _give_codes(user)


def check_code(*, user, code, client) -> str:
    """Try a code of the phone, or a recovery code; each works once. Returns which it was: `phone` or `recovery`.

    Refused `code-wrong`, `too-many-tries`; what was wrong stands in the login log.
    """
    require_tries_left(user)
    with transaction.atomic():
        found = _match(User.objects.select_for_update().get(pk=user.pk), code)
    if not found:
        _refuse(user, client)
    return found


def renew_codes(*, user, code, client) -> list[str]:
    """Give new recovery codes; the old ones are worthless. A code of the phone is asked for."""
    check_code(user=user, code=code, client=client)
    with transaction.atomic():
        record_change(subject_type="user", subject_id=user.pk, verb="recovery_codes_renewed", actor=user)
        return _give_codes(user)


def remove_own(*, user, code, client) -> None:
    """Do without a second factor again; Refused `second-factor-demanded` for roles of which it is demanded."""
    if is_demanded_of(user):
        raise Refused("second-factor-demanded", _("Your posts demand a second factor. You can change the phone."))
    check_code(user=user, code=code, client=client)
    remove_second_factor(user=user, actor=user)


@transaction.atomic
def remove_second_factor(*, user, actor) -> bool:
    """Take a person's second factor and recovery codes away, for whoever lost phone and codes; ends every session.

    The person is told. The right and the second hand are the caller's; whether there was one. Where it is
    demanded, the next login leads to setting one up.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    removed, _rows = TOTPDevice.objects.filter(user=user).delete()
    user.recovery_codes.all().delete()
    if removed:
        end_all_of(user)
        _record(user, "second_factor_removed", actor)
    return bool(removed)


def codes_left(user) -> int:
    """How many recovery codes can still be used."""
    return user.recovery_codes.filter(used_at=None).count()


def _match(user, code: str) -> str:
    plain = "".join(code.split()).replace("-", "").upper()
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device is None:
        return ""
    if len(plain) <= 8:
        return "phone" if plain.isascii() and plain.isdigit() and device.verify_token(plain) else ""
    for row in user.recovery_codes.filter(used_at=None) if len(plain) == CODE_LETTERS else ():
        if check_password(plain, row.code_hash):
            row.used_at = timezone.now()
            row.save(update_fields=["used_at"])
            return "recovery"
    return ""


def _record(user, verb, actor):
    alert_change(user, record_change(subject_type="user", subject_id=user.pk, verb=verb, actor=actor))


def _refuse(user, client):
    record(Outcome.CODE_WRONG, client, person=user)
    raise Refused("code-wrong", _("This code is wrong, or was used already. Wait for the next one."), ["code"])


def _give_codes(user) -> list[str]:
    codes = ["".join(secrets.choice(CODE_ALPHABET) for _n in range(CODE_LETTERS)) for _code in range(CODES)]
    user.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create([RecoveryCode(user=user, code_hash=make_password(code)) for code in codes])
    return ["-".join(code[at:at + 4] for at in range(0, CODE_LETTERS, 4)) for code in codes]


def _counter(device, code: str) -> int:
    """The number of the half minute to which a code belongs, now or one beside it; -1 for a wrong code."""
    plain = "".join(code.split())
    if not (plain.isascii() and plain.isdigit() and len(plain) == device.digits):
        return -1
    totp = TOTP(unhexlify(device.key), device.step, device.t0, device.digits)
    totp.time = timezone.now().timestamp()
    return totp.t() if totp.verify(int(plain), tolerance=device.tolerance) else -1
