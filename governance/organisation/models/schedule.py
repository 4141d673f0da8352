"""When each thing that is done by the clock was last ordered, and last done."""
from django.db import models


class ScheduleRun(models.Model):
    """One schedule (定时任务): ordered by a beat, done by a worker; `has_failed`: the last time it came to an error."""

    name = models.CharField(max_length=100, unique=True)
    known_since = models.DateTimeField()
    ordered_at = models.DateTimeField()
    ran_at = models.DateTimeField(null=True)
    has_failed = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        ordering = ["name"]

    def __str__(self):
        return self.name
