"""What the portal last knew of the time."""
from django.db import models


class TimeWatch(models.Model):
    """The one row (时间校验): when the time was last believed; `held_from` and `held_at` while it is not.

    `accepted`: by witness (history, seals), the id up to which what it says of the time is known and counts no more.
    """

    seen_at = models.DateTimeField()
    accepted = models.JSONField(default=dict)
    held_from = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="time_watch_is_one")]
