"""The matter: one row for everything that the township has to answer for."""
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..querysets import MatterQuerySet


class Grade(models.TextChoices):
    """Colour of a matter, never of a person (事项等级)."""

    RED = "red", _("Red")
    YELLOW = "yellow", _("Yellow")
    GREEN = "green", _("Green")


class Matter(models.Model):
    """A matter (事项). A row, not an actor: it is written through `services.door` only.

    Times are instants; `occurred_at` is when it happened, `reported_at` when it was received,
    `created_at` when it was typed. `version` counts the acts that changed it, `event_count` its events.
    """

    number = models.CharField(_("number"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20)
    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("what happened"), blank=True)
    category = models.CharField(_("category"), max_length=40, blank=True)
    # Foreign keys without an index of their own are led by an index of Meta, or asked only beside another.
    unit = models.ForeignKey(
        "organisation.Unit", models.PROTECT, related_name="+", verbose_name=_("place"), db_index=False
    )
    township = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+", db_index=False)
    address = models.CharField(_("where"), max_length=200, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    channel = models.CharField(_("source"), max_length=40, blank=True)
    grade = models.CharField(_("grade"), max_length=10, choices=Grade.choices, blank=True)
    grade_rule = models.CharField(max_length=40, blank=True)
    status = models.CharField(_("state"), max_length=40)
    is_open = models.BooleanField(default=True)
    outcome = models.CharField(_("outcome"), max_length=40, blank=True)
    version = models.PositiveIntegerField(default=0)
    event_count = models.PositiveIntegerField(default=0)
    is_confidential = models.BooleanField(default=False)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("handler"), db_index=False,
    )
    responsible_unit = models.ForeignKey(
        "organisation.Unit", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("responsible unit"), db_index=False,
    )
    occurred_at = models.DateTimeField(_("occurred"), null=True, blank=True)
    reported_at = models.DateTimeField(_("received"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    first_closed_at = models.DateTimeField(null=True, blank=True)
    next_due_at = models.DateTimeField(_("due"), null=True, blank=True)
    last_moved_at = models.DateTimeField()
    created_at = models.DateTimeField(_("typed"))
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    client_uuid = models.UUIDField(unique=True)
    affair_id = models.BigIntegerField(null=True, blank=True)
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="duplicates", db_index=False
    )
    search = SearchVectorField(null=True, editable=False)

    objects = MatterQuerySet.as_manager()

    class Meta:
        verbose_name = _("matter")
        verbose_name_plural = _("matters")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["-reported_at", "-id"], name="matter_reported"),
            models.Index(fields=["unit", "-reported_at", "-id"], name="matter_unit_reported"),
            models.Index(
                fields=["responsible_unit", "-reported_at", "-id"],
                name="matter_responsible_reported",
                condition=Q(responsible_unit__isnull=False),
            ),
            models.Index(fields=["next_due_at"], name="matter_due", condition=Q(next_due_at__isnull=False)),
            models.Index(
                fields=["unit", "next_due_at"], name="matter_unit_due", condition=Q(next_due_at__isnull=False)
            ),
            models.Index(fields=["handler", "next_due_at"], name="matter_handler_open", condition=Q(is_open=True)),
            models.Index(fields=["kind", "status", "unit"], name="matter_open_status", condition=Q(is_open=True)),
            models.Index(fields=["category", "unit"], name="matter_open_category", condition=Q(is_open=True)),
            models.Index(fields=["last_moved_at"], name="matter_open_moved", condition=Q(is_open=True)),
            models.Index(fields=["affair_id"], name="matter_affair", condition=Q(affair_id__isnull=False)),
            models.Index(
                fields=["duplicate_of"], name="matter_duplicate", condition=Q(duplicate_of__isnull=False)
            ),
            # Read by the nightly end of keeping, longest closed first.
            models.Index(fields=["closed_at", "id"], name="matter_closed", condition=Q(is_open=False)),
            GinIndex(fields=["search"], name="matter_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_open=True) | Q(closed_at__isnull=False), name="matter_closed_has_a_time"
            ),
        ]

    def __str__(self):
        return self.number


class MatterUnit(models.Model):
    """A further unit that a matter lies in (另一个村): it sees the matter as the first does."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="other_units")
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["matter", "unit"], name="matter_unit_once")]


class MatterLink(models.Model):
    """Two matters that belong together (关联事项)."""

    class Relation(models.TextChoices):
        SAME_AFFAIR = "same_affair", _("the same affair")
        RELATED = "related", _("related")

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="links")
    other = models.ForeignKey(Matter, models.CASCADE, related_name="linked_from")
    relation = models.CharField(max_length=20, choices=Relation.choices)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["matter", "other"], name="matter_link_once")]


class NumberSeries(models.Model):
    """The last number given out, per kind, township and year (编号序列); its row lock keeps numbers gapless."""

    prefix = models.CharField(max_length=4)
    township_code = models.CharField(max_length=32)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["prefix", "township_code", "year"], name="number_series_once")
        ]
