"""Having so many matters: those of an earlier run are used again, missing ones are generated."""
import json
import time
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from governance.casework.models import Matter
from governance.translations import compile_stale


def prepare(count: int, tell) -> None:
    """Migrate, generate what is missing of `count` matters, and clear what the last run left to be tidied."""
    compile_stale(settings.BASE_DIR / "locale")
    call_command("migrate", verbosity=0)
    missing = count - Matter.objects.count()
    if missing > 0:
        tell(f"Generating {missing} matters in {settings.DATA_ROOT} …")
        out = StringIO()
        call_command("generate_matters", "--count", str(missing), "--json", stdout=out)
        tell(f"Generated in {json.loads(out.getvalue())['seconds']:.0f} s.")
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")
    tell(f"Tidied up in {time.monotonic() - began:.0f} s.")
