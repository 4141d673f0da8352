"""Names and contact data of people who do not exist (虚构当事人)."""
from django.conf import settings

from governance.organisation import encryption
from governance.organisation.phones import hash_phone

from . import words

# Encrypting each anew would cost more than all the rest; the numbers repeat as those of neighbours do not.
POOL = 400
_pool: list[dict] = []


def name(rng) -> str:
    """Family and given name."""
    return rng.choice(words.FAMILY) + rng.choice(words.GIVEN_FIRST) + rng.choice(words.GIVEN_LAST)


def of(rng) -> dict:
    """Encrypted phone and address with the phone's hash."""
    if not _pool:
        _pool.extend(_made(number) for number in range(POOL))
    return rng.choice(_pool)


def _made(number: int) -> dict:
    phone, key = f"1991{number * 7919 % 10**7:07d}", settings.PERSONAL_KEY
    return {
        "phone_encrypted": encryption.encrypt(phone, key=key), "phone_hash": hash_phone(key, phone),
        "address_encrypted": encryption.encrypt(f"{number % 12 + 1}组{number % 40 + 1}号", key=key),
    }
