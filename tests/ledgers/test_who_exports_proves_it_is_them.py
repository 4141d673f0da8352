"""Whoever takes ledgers out of a township may not do so with a password alone (双因素认证)."""
from governance.ledgers.registry import declared_exports
from governance.organisation.models import SECOND_FACTOR_ROLES


def test_a_second_factor_is_demanded_of_every_role_that_exports():
    exporting = {role for export in declared_exports() for role in (*export.roles, *export.reveal_roles)}
    assert exporting and exporting <= SECOND_FACTOR_ROLES
