"""How far a change of keys is, and keys that are kept because what they hashed cannot be hashed again."""
from django.db import models


class HashKey(models.Model):
    """A key of hashes whose texts are gone (散列密钥), encrypted with the personal key: it outlives its changes."""

    code = models.CharField(primary_key=True, max_length=20)
    secret_encrypted = models.BinaryField()

    class Meta:
        default_permissions = ()


class KeyTurn(models.Model):
    """How far one kind of rows or files is turned to a key (密钥更换进度): behind which row, when it was through.

    `key` is the mark of the key, by which it is recognised and not known. `changed` counts the present round.
    """

    code = models.CharField(max_length=40)
    key = models.CharField(max_length=12)
    after = models.BigIntegerField(default=0)
    seen = models.PositiveBigIntegerField(default=0)
    changed = models.PositiveBigIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    through_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["code", "key"], name="key_turn_once")]
