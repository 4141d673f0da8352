"""Agreements and endings in one row of time."""
from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.casework.models import Matter


class Conclusion(models.Model):
    """What a round of mediation led to (调解结果): an agreement or an ending, read from their tables, never written.

    `result`: written_agreement, oral_agreement, failed, withdrawn or declined. Of two conclusions of one matter that
    with the greater `id` came later: a later round, or in one round the agreement after it was declined first.
    """

    id = models.BigIntegerField(primary_key=True)
    matter = models.ForeignKey(Matter, models.DO_NOTHING, related_name="conclusions")
    round = models.PositiveSmallIntegerField()
    result = models.CharField(_("result"), max_length=20)
    concluded_on = models.DateField(_("ended on"))

    class Meta:
        managed = False
        db_table = "disputes_conclusion"
        default_permissions = ()
