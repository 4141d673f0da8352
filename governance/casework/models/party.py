"""Parties of a matter, with the least data that it needs, and the recusal wall's facts."""
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..querysets import PartyQuerySet
from .matter import Matter


class PartyKind(models.TextChoices):
    """What somebody is in a matter (当事人身份)."""

    APPLICANT = "applicant", _("Applicant")
    RESPONDENT = "respondent", _("Respondent")
    REPRESENTATIVE = "representative", _("Representative")
    WITNESS = "witness", _("Witness")
    PETITIONER = "petitioner", _("Petitioner")
    COMPLAINED_OF = "complained_of", _("Person or unit complained of")
    ENTERPRISE = "enterprise", _("Enterprise")
    OWNER = "owner", _("Owner of the house")


class Party(models.Model):
    """A party (当事人). Phone and address are encrypted; a reveal asks for a reason and is logged.

    `user` is set when the party is a member of staff, `unit` when it is a unit of the organisation.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="parties")
    kind = models.CharField(_("role in the matter"), max_length=20, choices=PartyKind.choices)
    name = models.CharField(_("name"), max_length=60)
    phone_encrypted = models.BinaryField(default=b"", blank=True)
    phone_hash = models.CharField(max_length=64, blank=True)
    address_encrypted = models.BinaryField(default=b"", blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    unit = models.ForeignKey(
        "organisation.Unit", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    discloses_contact = models.BooleanField(
        _("address and phone may stand in the agreement"), default=False
    )
    position = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["user"], name="party_staff", condition=Q(user__isnull=False)),
            models.Index(fields=["unit"], name="party_unit", condition=Q(unit__isnull=False)),
            models.Index(fields=["phone_hash"], name="party_phone", condition=~Q(phone_hash="")),
            models.Index(fields=["name"], name="party_name", condition=Q(user__isnull=True, unit__isnull=True)),
        ]


class PartyPhone(models.Model):
    """A further number of a party (其他号码): ledgers give several; the keyed hash alone, to compare staff by."""

    party = models.ForeignKey(Party, models.CASCADE, related_name="further_phones")
    phone_hash = models.CharField(max_length=64, db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["party", "phone_hash"], name="party_phone_once")]


class StaffMatch(models.Model):
    """A party has the name, or a number, of a member of staff: is it the same person? (同名核对)

    Until somebody answers, whoever is asked about sees nothing of the matter if they have the number, or a post
    in the unit concerned.
    """

    class Ground(models.TextChoices):
        NAME = "name", _("the same name")
        PHONE = "phone", _("the same number")

    class Answer(models.TextChoices):
        OPEN = "open", _("not yet answered")
        SAME = "same", _("the same person")
        OTHER = "other", _("somebody else")

    party = models.ForeignKey(Party, models.CASCADE, related_name="staff_matches")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    ground = models.CharField(max_length=10, choices=Ground.choices, default=Ground.NAME)
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.OPEN)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["party", "user"], name="staff_match_once")]


class Recusal(models.Model):
    """Somebody steps aside from a matter (回避): from then on they see nothing of it."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="recusals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ground = models.CharField(max_length=40)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["matter", "user"], name="recusal_once")]
        indexes = [models.Index(fields=["user"], name="recusal_user")]
