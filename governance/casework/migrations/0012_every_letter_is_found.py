"""What older versions could not find is indexed: letters beyond the basic plane, Uyghur, Tibetan, accents, emoji.

Done here, not by a command that somebody may forget: search must not be wrong after an upgrade. Only rows that hold
such letters are written (a regular expression finds them, two seconds in a million), in slices that commit one by
one: killed half-way, the migration begins anew and harms nothing.
"""
from django.db import migrations


def reindex_strange(apps, schema_editor):
    from governance.casework.services import indexing

    indexing.reindex_all(
        only_strange=True,
        matters=apps.get_model("casework.Matter").objects,
        parties=apps.get_model("casework.Party").objects,
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('casework', '0011_acts_as_dated')]

    operations = [migrations.RunPython(reindex_strange, migrations.RunPython.noop, elidable=True)]
