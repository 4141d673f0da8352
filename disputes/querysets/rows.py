"""Questions that are asked of the tables of disputes."""
from django.db import models


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
