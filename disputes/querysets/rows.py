"""Questions that are asked of the tables of disputes."""
from django.db import models
from django.db.models import Exists, OuterRef


class DisputeQuerySet(models.QuerySet):
    """Chainable reads of disputes; start from visible matters: `filter(matter__in=...)`."""

    def with_agreement(self):
        """Those with an agreement in force; unique partial index `agreement_one_in_force`."""
        return self.filter(matter__agreements__replaced_on=None, matter__agreements__isnull=False)

    def performance_due(self, day):
        """Those with something due and not performed by a day; partial index `instalment_outstanding`."""
        instalments = self.model._meta.apps.get_model("disputes.Instalment").objects.outstanding()
        return self.filter(Exists(instalments.filter(matter=OuterRef("pk"), due_on__lte=day)))


class AgreementQuerySet(models.QuerySet):
    """Chainable reads of agreements."""

    def in_force(self):
        """Not replaced by a later one; at most one for each matter."""
        return self.filter(replaced_on=None)


class InstalmentQuerySet(models.QuerySet):
    """Chainable reads of instalments."""

    def current(self):
        """Not replaced by a written change, and of the agreement in force."""
        return self.filter(replaced_on=None, agreement__replaced_on=None)

    def outstanding(self):
        """Current ones that are not wholly performed."""
        return self.current().exclude(state="performed")

    def fallen_due(self, day):
        """Outstanding ones whose day has come by this day."""
        return self.outstanding().filter(due_on__lte=day)

    def overdue(self, day):
        """Outstanding ones whose day lies before this day."""
        return self.outstanding().filter(due_on__lt=day)
