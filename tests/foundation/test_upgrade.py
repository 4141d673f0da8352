"""A database of the first version comes up to date with all that is in it; one of a later version is refused (升级)."""
import json
import lzma
import os
import subprocess
import sys
from pathlib import Path

import pytest

from governance.keeping.services.backups import programs, proving
from tests.support.portals import ROOT

# The first version (36d1353) with its 300 generated disputes, as its own pg_dump gave it.
FIRST = Path(__file__).with_name("first_version.dump.xz")
FIRST_PERSONAL_KEY = "first-version-personal-key-first-version"
MATTERS = 300
SEEN = """
from django.test import Client
from governance.casework.models import Matter, Party
from governance.casework.services.parties import contact_of
from governance.organisation.models import User
clerk = User.objects.get(username="wenshu")
client = Client()
client.force_login(clerk, backend="governance.organisation.visibility.PostBackend")
pks = list(Matter.objects.visible_to(clerk).order_by("-pk").values_list("pk", flat=True)[:3])
print("pages", [client.get(path).status_code for path in ("/", "/matters/", "/search/?q=纠纷",
      *(f"/matters/{pk}/" for pk in pks))])
print("matters", Matter.objects.count(), Matter.objects.visible_to(clerk).count())
party = Party.objects.exclude(phone_hash="").order_by("pk").first()
print("phone", contact_of(party)["phone"][:1])
"""
AHEAD = "INSERT INTO django_migrations (app, name, applied) VALUES ('casework', '9999_of_a_later_version', now())"


def command(*arguments, database, media, **more):
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "governance.settings", "DATABASE_URL": programs.url_of(database),
        "PORTAL_MEDIA": str(media), "PORTAL_PERSONAL_KEY": FIRST_PERSONAL_KEY, "LC_ALL": "en_US.UTF-8",
        "PORTAL_DEMO": "1", **more,
    }
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, timeout=280)


def fill(database):
    restored = subprocess.run(
        [programs.find("pg_restore", at_least=18), "--no-owner", "--exit-on-error", f"--dbname={database['dbname']}"],
        input=lzma.decompress(FIRST.read_bytes()), capture_output=True,
        env=os.environ | {"PGHOST": database.get("host", ""), "PGUSER": database.get("user", ""),
                          "PGPASSWORD": database.get("password", ""), "PGPORT": database.get("port", "")},
    )
    assert restored.returncode == 0, restored.stderr


@pytest.mark.slow(40)
@pytest.mark.django_db(transaction=True)
def test_the_first_version_with_its_matters_comes_up_to_date(tmp_path):
    with proving.scratch_database(f"{programs.address()['dbname']}_first") as database:
        fill(database)
        with programs.connected(database) as cursor:
            cursor.execute("SELECT count(*) FROM casework_event")
            before = cursor.fetchone()[0]
        here = {"database": database, "media": tmp_path / "media"}
        migrated = command("manage.py", "migrate", "-v", "0", **here)
        assert migrated.returncode == 0, migrated.stderr
        verified = json.loads(command("manage.py", "verify_ledger", "--json", **here).stdout)
        assert verified["fits"] and verified["events"] >= before > MATTERS
        seen = command("manage.py", "shell", "-v", "0", "-c", SEEN, **here)
        assert "pages [200, 200, 200, 200, 200, 200]" in seen.stdout, seen.stdout + seen.stderr[-2000:]
        assert f"matters {MATTERS} " in seen.stdout and "phone 1" in seen.stdout


@pytest.mark.slow(15)
@pytest.mark.django_db(transaction=True)
def test_a_database_of_a_later_version_is_refused_with_a_word(tmp_path):
    with programs.connected(programs.address()) as cursor:
        cursor.execute(AHEAD)
    here = {"database": programs.address(), "media": tmp_path}
    try:
        for arguments in (["manage.py", "verify_ledger", "--json"], ["manage.py", "portal", "--json"]):
            refused = command(*arguments, **here, PORTAL_STATIC="")
            told = json.loads(refused.stdout.strip().splitlines()[-1])
            assert (refused.returncode, told["error"]) == (2, "database-newer"), refused.stderr
            assert "9999_of_a_later_version" in told["message"]
        for arguments in (["manage.py", "migrate"], ["-c", "import governance.wsgi"]):
            refused = command(*arguments, **here)
            assert refused.returncode and "9999_of_a_later_version" in refused.stderr, refused.stdout
    finally:
        with programs.connected(programs.address()) as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE name = '9999_of_a_later_version'")
