"""An empty machine becomes the old one by two commands: restore, then start (整机恢复)."""
import json

import pytest

from tests.support.portals import data_folder, environment, portal, run

KEYS = {"SECRET_KEY": "s" * 50, "PORTAL_PERSONAL_KEY": "p" * 50, "PORTAL_BACKUP_KEY": "b" * 50}
SET_UP = """
from django.core.files.base import ContentFile
from disputes.services.generating import make_township
from governance.casework.services import attaching
from governance.casework.services.opening import open_matter
from governance.organisation.models import User
import uuid
make_township()
officer = User.objects.get(username="cun1")
matter = open_matter(kind="dispute", actor=officer, client_uuid=uuid.uuid4(), values={
    "description": "院墙越界", "category": "homestead", "channel": "application", "unit": officer.home_unit},
    parties=[{"kind": "applicant", "name": "林大山", "phone": "13812345678"}, {"kind": "respondent", "name": "王二"}])
paper = ContentFile(b"%PDF-1.4 x", name="证明.pdf")
(row,) = attaching.attach(matter_id=matter.pk, actor=officer, files=[("", paper)])
"""
LOOK = """
from governance.casework.models import Attachment, Party
from governance.casework.services import attaching, parties
row = Attachment.objects.get()
found = parties.contact_of(Party.objects.get(name="林大山"))["phone"]
print("found", attaching.opened(row).read().decode(), found)
"""


@pytest.mark.slow(60)
def test_an_empty_machine_becomes_the_old_one_by_two_commands(tmp_path):
    with data_folder() as old, portal(old, **KEYS) as running:
        running.wait_until_ready()
        made = run("shell", "-v", "0", "-c", SET_UP, env=running.env)
        assert made.returncode == 0, made.stderr
        backed = run("backup", str(tmp_path / "backups"), "--json", env=running.env)
        told = json.loads(backed.stdout)
        assert (backed.returncode, told["state"], told["files"]) == (0, "proved", 1), backed.stderr
    with data_folder() as new:
        restored = run("restore", str(tmp_path / "backups"), "--json", env=environment(new, **KEYS))
        back = json.loads(restored.stdout)
        assert (restored.returncode, back["verified"], back["events"]) == (0, True, told["events"]), restored.stderr
        with portal(new, **KEYS) as running:
            running.wait_until_ready()
            seen = run("shell", "-v", "0", "-c", LOOK, env=running.env)
            assert "found %PDF-1.4 x 13812345678" in seen.stdout, seen.stderr
            again = run("restore", str(tmp_path / "backups"), "--json", env=running.env)
            assert json.loads(again.stdout)["error"] == "database-not-empty"
