"""Backups: when they were made, what is in them, and what proved them."""
from django.db import models
from django.utils.translation import gettext_lazy as _


class Backup(models.Model):
    """A backup (备份) in a folder, told by its name there; `proved_at`: it was restored on trial and all fitted."""

    class State(models.TextChoices):
        RUNNING = "running", _("being backed up")
        WHOLE = "whole", _("made, not yet tried")
        PROVED = "proved", _("restored on trial")
        FAILED = "failed", _("failed")

    name = models.CharField(max_length=20)
    folder = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    began_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)
    proved_at = models.DateTimeField(null=True, blank=True)
    database_bytes = models.BigIntegerField(default=0)
    file_count = models.PositiveIntegerField(default=0)
    new_count = models.PositiveIntegerField(default=0)
    new_bytes = models.BigIntegerField(default=0)
    missing_count = models.PositiveIntegerField(default=0)
    event_count = models.PositiveBigIntegerField(default=0)
    problem_code = models.CharField(max_length=40, blank=True)
    problem = models.CharField(max_length=400, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["-began_at"]
