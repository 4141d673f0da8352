"""What an old ledger says that has no place of its own in the portal."""
from django.db import models

from governance.casework.models import Matter


class LedgerNote(models.Model):
    """Words of an imported ledger beside its dispute (台账附记).

    `values`: column code -> value, for columns that no other table holds (who mediated, when that is nobody
    with an account; the leader in charge; measures; remarks), so that an export gives them back.
    """

    matter = models.OneToOneField(Matter, models.CASCADE, primary_key=True, related_name="ledger_note")
    values = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
