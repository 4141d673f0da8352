"""Questions that are asked of imported ledgers and of what was taken out."""
from django.db import models
from django.db.models import Q

from governance.casework import registry
from governance.casework.visibility import Sight

RUNNING = ("reading", "committing", "undoing")


def township_ids(user, kind: str) -> set[int]:
    """Ids of the units over which the user holds a managing role of the kind."""
    sight = Sight.of(user)
    roles = registry.get(kind).manage_roles
    return set().union(*(sight.roles_at.get(role, set()) for role in roles)) if roles else set()


class ImportBatchQuerySet(models.QuerySet):
    """Chainable reads of batches."""

    def visible_to(self, user):
        """Batches of kinds and townships that the user manages: file, state and counts, never the rows."""
        seen = Q(pk__in=[])
        for kind in registry.all_kinds():
            seen |= Q(kind=kind.code, township_id__in=township_ids(user, kind.code))
        return self.filter(seen)

    def stalled(self, before):
        """Batches whose run has given no sign of life since an instant."""
        return self.filter(state__in=RUNNING, beat_at__lt=before)

    def for_list(self):
        """With who uploaded, in one query."""
        return self.select_related("created_by", "committed_by", "undone_by", "township")


class ImportRowQuerySet(models.QuerySet):
    """Chainable reads of rows."""

    def visible_to(self, user):
        """Only rows of files that the user uploaded: they hold names before any wall stands around them."""
        batches = self.model._meta.get_field("batch").related_model.objects.visible_to(user)
        return self.filter(batch__in=batches.filter(created_by=user))

    def entered(self):
        """Rows that stand in the portal now; index `import_row_identity`."""
        return self.filter(fate="entered")

    def waiting(self):
        """Rows of a batch that are still to be entered, in the file's order."""
        return self.filter(verdict__in=["new", "update"], fate="", fate_code="").order_by("position")


class LedgerExportQuerySet(models.QuerySet):
    """Chainable reads of what was taken out."""

    def of(self, user):
        """A person's own exports; index `export_owner`."""
        return self.filter(owner=user)

    def waiting(self):
        """Ordered, and not made yet."""
        return self.filter(state="waiting")

    def expired(self, now):
        """Files whose days are over; partial index `export_expires`."""
        return self.filter(state="ready", expires_at__lt=now)

    def for_list(self):
        """With who took it out, without the long list of ids; one query."""
        return self.defer("matter_ids").select_related("owner", "owner__home_unit", "township")
