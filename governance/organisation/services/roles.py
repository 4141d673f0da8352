"""Roles as groups, with the rights that the organisation's own screens ask for."""
from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

from ..models import Role

# What each role may do to the organisation (codenames of this app); case kinds add their own to the groups.
RIGHTS = {
    Role.SYSTEM_ADMIN: (
        "add_unit", "change_unit", "add_user", "change_user", "change_duty", "issue_code_user",
        "add_apiclient", "view_apiclient", "add_apitoken", "revoke_apitoken", "lift_lockout_of_guard",
        "agree_to_ending_post",
    ),
    Role.SECURITY_ADMIN: (
        "change_post", "change_standin", "unlock_user", "view_apiclient", "release_apitoken", "revoke_apitoken",
        "release_code_user",
    ),
    Role.AUDITOR: ("view_change", "view_loginrecord", "release_code_user"),
    Role.UNIT_HEAD: ("issue_code_own_staff",),
}


def sync_roles(using="default") -> None:
    """Have one group for each role, holding exactly its rights of this app; other apps' rights stay."""
    config = apps.get_app_config("organisation")
    # post_migrate receivers have no promised order: make sure that the permissions are there.
    create_permissions(config, verbosity=0, using=using)
    own = Permission.objects.using(using).filter(content_type__app_label=config.label)
    for role in Role:
        group, _ = Group.objects.using(using).get_or_create(name=role.value)
        wanted = set(own.filter(codename__in=RIGHTS.get(role, ())))
        held = set(group.permissions.filter(content_type__app_label=config.label))
        group.permissions.remove(*(held - wanted))
        group.permissions.add(*(wanted - held))
