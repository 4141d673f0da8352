"""The store of files, and what comparing its files with their hashes has found."""
from django.db import models
from django.utils.translation import gettext_lazy as _

ONLY = 1


class Store(models.Model):
    """The store of this database (文件存储): its id stands also in a marker file in the folder. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    code = models.CharField(max_length=32)
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ()


class FileCheck(models.Model):
    """How far the comparison of one source's files is (文件核对进度): behind which row, when it last was through."""

    source = models.CharField(max_length=40, primary_key=True)
    after = models.BigIntegerField(default=0)
    round_began_at = models.DateTimeField()
    round_count = models.PositiveIntegerField(default=0)
    through_at = models.DateTimeField(null=True, blank=True)
    through_count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()


class FileTrouble(models.Model):
    """A file that is missing or altered (文件异常), until it is found whole again or its row is gone."""

    class Kind(models.TextChoices):
        MISSING = "missing", _("file is missing")
        ALTERED = "altered", _("file was altered")

    source = models.CharField(max_length=40)
    row = models.BigIntegerField()
    path = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    found_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["source", "row"]
        constraints = [models.UniqueConstraint(fields=["source", "row"], name="file_trouble_once")]
