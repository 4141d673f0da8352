"""Which version a database is of (版本核对): an older one is brought up to date, a newer one is refused.

Migrations lead forward only. An earlier version on the database of a later one would write what that does not mean.
"""
from django.core import checks
from django.db import DatabaseError, connections
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from ..registry import Refused


def unknown_to_us(applied) -> list[str]:
    """Which of these migrations (`app.name`) this version does not have, of the apps that it has."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = {f"{app}.{name}" for app, name in loader.disk_migrations} | {
        f"{app}.{name}" for migration in loader.disk_migrations.values() for app, name in migration.replaces
    }
    apps = {app for app, _name in loader.disk_migrations}
    return sorted(one for one in set(applied) - ours if one.split(".")[0] in apps)


def refuse_newer_database(using: str = "default") -> None:
    """Refused `database-newer` when the database is of a later version; one that does not answer is left to others."""
    try:
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT to_regclass('django_migrations')")
            if cursor.fetchone()[0] is None:
                return
            cursor.execute("SELECT app || '.' || name FROM django_migrations")
            newer = unknown_to_us(row[0] for row in cursor.fetchall())
    except DatabaseError:
        return
    if newer:
        raise Refused(
            "database-newer",
            _("The database is of a newer version of the portal than this one (it has %(first)s). Start the newer "
              "version, or restore the backup from before the upgrade.") % {"first": newer[0]},
        )


@checks.register(checks.Tags.database)
def database_is_not_newer(databases=None, **_options) -> list:
    """For `manage.py migrate` and `check --database default`."""
    found = []
    for using in databases or ():
        try:
            refuse_newer_database(using)
        except Refused as refusal:
            found.append(checks.Error(str(refusal.message), id="organisation.E010"))
    return found
