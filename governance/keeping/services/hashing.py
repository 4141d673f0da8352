"""Keys of hashes that cannot be made anew (散列密钥): kept encrypted, so that they outlive the personal key.

What a row of a ledger said is hashed and then emptied. Its hash has to be found again in years, whatever the
personal key is by then; it began as the first personal key that the portal had.
"""
import base64

from django.conf import settings
from django.db import connection

from governance.organisation import encryption

from ..models import HashKey

_known: dict[tuple[str, str], bytes] = {}


def kept_key(code: str) -> bytes:
    """The key of this name; made of the oldest personal key when it is asked for the first time."""
    place = (connection.settings_dict["NAME"], code)
    if place not in _known:
        first = base64.b64encode(encryption.keys_in(settings.PERSONAL_KEY)[-1]).decode()
        row, _made = HashKey.objects.get_or_create(
            code=code, defaults={"secret_encrypted": encryption.encrypt(first, key=settings.PERSONAL_KEY)}
        )
        _known[place] = base64.b64decode(encryption.decrypt(row.secret_encrypted, key=settings.PERSONAL_KEY))
    return _known[place]
