"""What the kernel hands down to be kept (保管登记): attachments; contact data, drafts, orders, secrets."""
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from governance.keeping.registry import FileSource, SealedColumns, register_files, register_sealed
from governance.organisation.phones import hash_phone

from .models import Attachment, BulkRun, Draft, Party, WebhookSubscription


def _hash_of_first(clear: dict) -> str:
    return hash_phone(settings.PERSONAL_KEY, clear["phone_encrypted"].split("/")[0])


register_files(FileSource("attachment", _("Attachments"), Attachment.objects.all))
for sealed in (
    SealedColumns("party", _("Contact data of parties"), Party.objects.all, ("phone_encrypted", "address_encrypted"),
                  hashes={"phone_hash": _hash_of_first}),
    SealedColumns("draft", _("Drafts"), Draft.objects.all, ("values_encrypted",)),
    SealedColumns("bulk", _("Acts on many matters"), BulkRun.objects.all, ("facts_encrypted",)),
    SealedColumns("webhook", _("Secrets of webhooks"), WebhookSubscription.objects.all, ("secret_encrypted",)),
):
    register_sealed(sealed)
