"""What the floor below has to be kept (保管登记): the phones of staff are compared by a keyed hash."""
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from governance.organisation.models import User
from governance.organisation.phones import hash_phone

from .registry import SealedColumns, register_sealed

register_sealed(SealedColumns(
    "user", _("Phones of staff"), User.objects.all, clear=("phone",),
    hashes={"phone_hash": lambda clear: hash_phone(settings.PERSONAL_KEY, clear["phone"])},
))
