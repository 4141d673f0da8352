"""What the kernel hands down to be kept (保管登记): attachments; contact data, drafts, orders, secrets."""
from django.utils.translation import gettext_lazy as _

from governance.keeping.registry import FileSource, SealedColumns, encrypted_anew, register_files, register_sealed
from governance.organisation import encryption
from governance.organisation.phones import hash_phone, hashes_of_phone

from .models import Attachment, BulkRun, Draft, Party, PartyPhone, WebhookSubscription

_CONTACT = ("phone_encrypted", "address_encrypted")


def _party(values: dict, key: bytes) -> dict:
    """The first of its numbers is hashed in the row."""
    changed = encrypted_anew(*_CONTACT)(values, key)
    if values["phone_hash"] and "phone_encrypted" in changed:
        phones = encryption.decrypt(values["phone_encrypted"], key=key)
        changed["phone_hash"] = hash_phone(key, phones.split("/")[0])
    return changed


def _further_phone(values: dict, key: bytes) -> dict:
    """Which of the party's numbers it is, its hash tells."""
    for phone in encryption.decrypt(values["party__phone_encrypted"], key=key).split("/"):
        if values["phone_hash"] in hashes_of_phone(key, phone)[1:]:
            return {"phone_hash": hash_phone(key, phone)}
    return {}


def _plain(code: str, label, model, column: str) -> SealedColumns:
    return SealedColumns(code, label, model.objects.all, (column,), encrypted_anew(column))


register_files(FileSource("attachment", _("Attachments"), Attachment.objects.all))
for sealed in (
    SealedColumns("party", _("Contact data of parties"), Party.objects.all, (*_CONTACT, "phone_hash"), _party),
    SealedColumns("party_phone", _("Further phones of parties"), PartyPhone.objects.all,
                  ("phone_hash", "party__phone_encrypted"), _further_phone),
    _plain("draft", _("Drafts"), Draft, "values_encrypted"),
    _plain("bulk", _("Acts on many matters"), BulkRun, "facts_encrypted"),
    _plain("webhook", _("Secrets of webhooks"), WebhookSubscription, "secret_encrypted"),
):
    register_sealed(sealed)
