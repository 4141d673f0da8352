"""The personal key changes without loss: while pages are read and things are written, through a kill, files too."""
import io
import json
import os
import signal
import subprocess
import sys

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import BinaryField

from governance.casework.models import Party, PartyPhone
from governance.casework.services import drafting, walling
from governance.casework.services.parties import contact_of
from governance.keeping.models import KeyTurn
from governance.keeping.registry import all_files, all_sealed
from governance.keeping.services import hashing, rotating, storing
from governance.keeping.services.backups import programs
from governance.keeping.services.hashing import kept_key
from governance.organisation import encryption
from governance.organisation.models import Change, FormerPhone, User
from governance.organisation.phones import hash_phone
from governance.organisation.services import people
from tests.support.factories.casework import report
from tests.support.portals import ROOT, until
from tests.support.screens import open_page

OLD, NEW = b"old-key-old-key-old-key-old-key-12345", b"new-key-new-key-new-key-new-key-67890"
# Ciphertext that is not of the personal key, and hashes of rows that are not secret.
OTHER_BYTES = {"seal.leaves"}
PHONE = "13812345678"


@pytest.fixture
def old(settings, town):
    """A portal whose first key is the old one: what this process remembers of another test's database is forgotten."""
    hashing._known.clear()
    settings.PERSONAL_KEY = OLD
    yield town
    hashing._known.clear()


def person(name="林大山", phone=PHONE):
    return {"kind": "applicant", "name": name, "phone": phone, "address": "石桥村12号"}


def rotate() -> dict:
    out = io.StringIO()
    call_command("rotate_keys", "--json", stdout=out)
    return json.loads(out.getvalue())


def test_every_encrypted_column_and_file_is_handed_down_to_be_turned():
    read = {(sealed.rows().model, name) for sealed in all_sealed() for name in sealed.fields}
    columns = {
        (model, field.name) for model in apps.get_models() for field in model._meta.get_fields()
        if isinstance(field, BinaryField) and f"{model._meta.model_name}.{field.name}" not in OTHER_BYTES
    }
    assert {str(one) for one in columns - read} == set(), "say in holdings.py how it is put under a new key"
    files = {source.rows().model for source in all_files()}
    stored = {m for m in apps.get_models() if {"path", "sha256"} <= {f.name for f in m._meta.get_fields()}}
    assert stored <= files, "say in holdings.py which files the rows speak of"


@pytest.mark.django_db(transaction=True)
def test_everything_is_under_the_new_key_and_the_old_one_may_go(client, old, settings):
    matter = report(old, parties=[person()])
    party = Party.objects.get()
    PartyPhone.objects.create(party=party, phone_hash=hash_phone(OLD, "13900000001"))
    Party.objects.update(phone_encrypted=encryption.encrypt(f"{PHONE}/13900000001", key=OLD))
    drafting.keep_draft(user=old.clerk, form="x", values={"text": "旧"})
    people.update_own_profile(user=old.mediator, phone="13700000001")
    people.update_own_profile(user=old.mediator, phone="13700000002")
    ledger = kept_key("ledger")
    settings.PERSONAL_KEY = NEW + b" " + OLD
    assert contact_of(Party.objects.get())["phone"].startswith(PHONE), "read with the old key"
    told = rotate()
    assert told["done"] and told["failed"] == 0 and told["changed"]["party"] == 1
    settings.PERSONAL_KEY = NEW
    assert contact_of(Party.objects.get()) == {"phone": f"{PHONE}/13900000001", "address": "石桥村12号"}
    assert Party.objects.get().phone_hash == hash_phone(NEW, PHONE)
    assert PartyPhone.objects.get().phone_hash == hash_phone(NEW, "13900000001")
    assert User.objects.get(pk=old.mediator.pk).phone_hash == hash_phone(NEW, "13700000002")
    assert hash_phone(NEW, "13700000001") in FormerPhone.objects.values_list("phone_hash", flat=True)
    assert drafting.read_draft(user=old.clerk, form="x") == {"text": "旧"}
    hashing._known.clear()
    assert kept_key("ledger") == ledger == OLD, "what was hashed and emptied is found again"
    assert open_page(client, old.clerk, "casework:matter", matter.pk).status_code == 200
    assert Change.objects.get(subject_type="personal_key").verb == "rotated"
    assert rotate()["changed"]["party"] == 0


@pytest.mark.django_db(transaction=True)
def test_the_wall_holds_in_the_middle_of_a_change_of_keys(old, settings):
    before = report(old, parties=[person()])
    settings.PERSONAL_KEY = NEW + b" " + OLD
    member = people.update_user(user=old.mediator, actor=old.system_admin, phone=PHONE)
    assert Party.objects.get(matter=before).user == member, "the party is under the old key, the account under the new"
    User.objects.filter(pk=old.clerk.pk).update(phone="13600000001", phone_hash=hash_phone(OLD, "13600000001"))
    after = report(old, parties=[person("王二", "13600000001")])
    assert Party.objects.get(matter=after).user == old.clerk, "and the other way round"
    rotate()
    assert walling.with_phone({hash_phone(NEW, PHONE)}) == [member]


@pytest.mark.slow(15)
@pytest.mark.django_db(transaction=True)
def test_a_killed_change_of_keys_goes_on_and_loses_nothing(old, settings):
    matter = report(old)
    Party.objects.bulk_create([
        Party(matter=matter, kind="applicant", name=f"人{number}", phone_hash=hash_phone(OLD, PHONE),
              phone_encrypted=encryption.encrypt(PHONE, key=OLD)) for number in range(6000)
    ])
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "governance.settings", "PORTAL_PERSONAL_KEY": f"{NEW.decode()} {OLD.decode()}",
        "DATABASE_URL": programs.url_of(programs.address()), "PORTAL_MEDIA": str(storing.root()),
    }
    command = [sys.executable, "manage.py", "rotate_keys", "--json"]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE)
    assert until(lambda: KeyTurn.objects.filter(code="party", after__gt=0).exists(), seconds=60)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    turn = KeyTurn.objects.get(code="party")
    assert turn.through_at is None and turn.seen == turn.changed > 0, "killed in the middle"
    current = [encryption.is_current(p.phone_encrypted, key=NEW) for p in Party.objects.order_by("pk")]
    assert current.count(True) == turn.changed, "what was turned is what is on record as turned"
    settings.PERSONAL_KEY = NEW + b" " + OLD
    assert rotate()["done"]
    settings.PERSONAL_KEY = NEW
    assert {contact_of(party)["phone"] for party in Party.objects.all()} == {PHONE}
    assert set(Party.objects.values_list("phone_hash", flat=True)) == {hash_phone(NEW, PHONE)}


@pytest.mark.django_db(transaction=True)
def test_what_no_key_opens_is_left_and_told(old, settings, capsys):
    report(old, parties=[person()])
    settings.PERSONAL_KEY = NEW
    with pytest.raises(SystemExit) as end:
        call_command("rotate_keys", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (end.value.code, told["failed"], told["done"]) == (1, 1, False)
    settings.PERSONAL_KEY = OLD
    assert contact_of(Party.objects.get())["phone"] == PHONE


def test_encrypted_files_are_turned_too(settings, tmp_path):
    settings.ATTACHMENT_ROOT, settings.PERSONAL_KEY = tmp_path, OLD
    content = os.urandom(3 << 20)
    storing.write("a.ledger", encryption.encrypt_blocks([content], key=OLD))
    settings.PERSONAL_KEY = NEW + b" " + OLD
    assert rotating._turn_file("a.ledger") and not rotating._turn_file("a.ledger")
    settings.PERSONAL_KEY = NEW
    with storing.place("a.ledger").open("rb") as file:
        assert b"".join(encryption.decrypt_blocks(file, key=NEW)) == content
