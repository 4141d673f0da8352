"""What the floor below has to be kept (保管登记): phones of staff are compared by keyed hashes; keys that are kept."""
from django.utils.translation import gettext_lazy as _

from governance.organisation import encryption
from governance.organisation.models import FormerPhone, User
from governance.organisation.phones import hash_phone

from .models import HashKey
from .registry import SealedColumns, encrypted_anew, register_sealed


def _user(values: dict, key: bytes) -> dict:
    phone_hash = hash_phone(key, values["phone"])
    return {} if phone_hash == values["phone_hash"] else {"phone_hash": phone_hash}


def _former_phone(values: dict, key: bytes) -> dict:
    changed = encrypted_anew("phone_encrypted")(values, key)
    if values["phone_encrypted"]:
        phone_hash = hash_phone(key, encryption.decrypt(values["phone_encrypted"], key=key))
        changed |= {"phone_hash": phone_hash} if phone_hash != values["phone_hash"] else {}
    return changed


for sealed in (
    SealedColumns("user", _("Phones of staff"), User.objects.all, ("phone", "phone_hash"), _user),
    SealedColumns("former_phone", _("Former phones of staff"), FormerPhone.objects.all,
                  ("phone_encrypted", "phone_hash"), _former_phone),
    SealedColumns("hash_key", _("Keys of hashes"), HashKey.objects.all, ("secret_encrypted",),
                  encrypted_anew("secret_encrypted")),
):
    register_sealed(sealed)
