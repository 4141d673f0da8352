"""The facts that a dispute adds to its matter."""
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.casework.models import Matter

# A township, a village and a community keep a mediation committee of their own (人民调解法 art. 8).
_HAVE_A_COMMITTEE = frozenset({"township", "village", "community"})


def committee_name(short_name: str, level: str) -> str:
    """The name of a unit's mediation committee as it is written: 清河镇人民调解委员会.

    A member department that mediates is the committee itself, and keeps its name.
    """
    return f"{short_name}人民调解委员会" if level in _HAVE_A_COMMITTEE else short_name


class Dispute(models.Model):
    """A dispute (矛盾纠纷): one row beside its matter.

    `round` counts how often mediation began anew; sessions, mediators, agreements and endings carry the
    round they belong to. `performance` is how far the last agreement is performed, shown beside the outcome;
    `confirmation_state` where its judicial confirmation stands (empty: not possible).
    """

    matter = models.OneToOneField(Matter, models.CASCADE, primary_key=True, related_name="dispute")
    round = models.PositiveSmallIntegerField(default=1)
    committee = models.ForeignKey(
        "organisation.Unit", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("mediation committee"),
    )
    initiative = models.CharField(_("initiative"), max_length=20, blank=True)
    is_unopposed = models.BooleanField(_("no party refuses mediation"), default=False)
    mediation_kind = models.CharField(_("kind of mediation"), max_length=20, default="people")
    application = models.TextField(_("what is applied for"), blank=True)
    people_count = models.PositiveIntegerField(_("people concerned"), null=True, blank=True)
    amount_yuan = models.DecimalField(
        _("amount at stake (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    has_danger = models.BooleanField(_("danger of violence"), default=False)
    has_major_hazard = models.BooleanField(_("major hazard"), default=False)
    is_domestic_violence = models.BooleanField(_("domestic violence"), default=False)
    is_on_the_spot = models.BooleanField(_("mediated on the spot"), default=False)
    sender = models.CharField(_("sent by"), max_length=80, blank=True)
    sender_reference = models.CharField(_("number of the letter"), max_length=60, blank=True)
    material_signed_on = models.DateField(_("material signed for on"), null=True, blank=True)
    court_procedure = models.CharField(_("court procedure"), max_length=20, blank=True)
    sender_replied_on = models.DateField(_("result told to the sender on"), null=True, blank=True)
    sender_reply = models.TextField(_("reply to the sender"), blank=True)
    rights_told_on = models.DateField(_("rights and duties told on"), null=True, blank=True)
    session_planned_at = models.DateTimeField(_("next session planned for"), null=True, blank=True)
    session_place = models.CharField(_("place of the next session"), max_length=120, blank=True)
    police_told_at = models.DateTimeField(_("police told at"), null=True, blank=True)
    police_station = models.CharField(_("police station"), max_length=80, blank=True)
    performance = models.CharField(_("performance"), max_length=20, blank=True)
    confirmation_state = models.CharField(_("judicial confirmation"), max_length=20, blank=True)
    way_after_default = models.CharField(_("way after the default"), max_length=20, blank=True)
    dossier_number = models.CharField(_("dossier number"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_yuan__isnull=True) | Q(amount_yuan__gte=0), name="dispute_amount_not_negative"
            ),
        ]

    def __str__(self):
        return str(self.matter_id)

    @property
    def committee_name(self) -> str:
        """The name of the committee that took it in; empty before acceptance."""
        return committee_name(self.committee.short_name, self.committee.level) if self.committee_id else ""
