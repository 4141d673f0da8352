"""Drafts (草稿): what somebody has typed and not yet sent, encrypted, wiped when it is sent."""
import json

from django.conf import settings

from governance.organisation import encryption

from ..models import Draft

MAX_BYTES = 64 * 1024


def keep_draft(*, user, form: str, values: dict) -> bool:
    """Keep what was typed into a form; False if it is too long to keep."""
    text = json.dumps(values, ensure_ascii=False)
    if len(text.encode()) > MAX_BYTES:
        return False
    Draft.objects.update_or_create(
        user=user, form=form, defaults={"values_encrypted": encryption.encrypt(text, key=settings.PERSONAL_KEY)}
    )
    return True


def read_draft(*, user, form: str) -> dict:
    """What was kept: name -> list of strings; {} if nothing is there or the key was changed. One query."""
    row = Draft.objects.filter(user=user, form=form).first()
    if row is None:
        return {}
    try:
        return json.loads(encryption.decrypt(row.values_encrypted, key=settings.PERSONAL_KEY))
    except ValueError:
        return {}


def drop_draft(*, user, form: str) -> None:
    """Wipe it."""
    Draft.objects.filter(user=user, form=form).delete()
