"""What the interface answered, so that a repetition gets the same answer."""
from django.conf import settings
from django.db import models


class ApiAnswer(models.Model):
    """An answer to a call with an idempotency key (幂等应答): ids, number and state, no content.

    `fingerprint` is the SHA-256 of address and body: the same key with another body is refused.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="api_answer_once")]
