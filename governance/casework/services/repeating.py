"""Calls that are sent twice are done once (幂等): the second gets the answer of the first."""
import hashlib
import uuid
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.organisation import chain

from ..models import ApiAnswer
from ..workflow import Refused

KEPT_DAYS = 90
_SPACE = uuid.UUID("6f0b4d2e-3f1c-5d57-9a3e-0d6f6a1c9b11")


def entry_uuid(user, key: str) -> uuid.UUID:
    """The entry's own id, made of who sends it and the key: the matter itself exists once, too."""
    return uuid.uuid5(_SPACE, f"{user.pk}:{key}")


class Reused(Refused):
    """A key that was used for something else; `answer` is what was answered then."""

    def __init__(self, answer: dict):
        super().__init__("idempotency-key-reused", _("This idempotency key was used for something else."))
        self.answer = answer


def fingerprint(*, path: str, values, files, **more) -> str:
    """SHA-256 of address, values and files (name -> uploads): what makes two sendings the same."""
    digests = {}
    for name, uploads in files:
        digests[name] = [hashlib.sha256(b"".join(upload.chunks())).hexdigest() for upload in uploads]
        for upload in uploads:
            upload.seek(0)
    return hashlib.sha256(chain.canonical({"path": path, "values": values, "files": digests, **more})).hexdigest()


@transaction.atomic
def once(*, user, key: str, fingerprint: str, perform) -> tuple[int, dict, bool]:
    """Do it, or return what was answered before: (status, answer, whether it is a repetition).

    `perform()` returns (status, answer). Two at once wait for each other. What is refused is not kept: it can be
    mended and sent again with the same key. Refused: `idempotency-key-reused` (as `Reused`).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"answer:{user.pk}:{key}"])
    kept = ApiAnswer.objects.filter(user=user, key=key).first()
    if kept is not None:
        if kept.fingerprint != fingerprint:
            raise Reused(kept.answer)
        return kept.status, kept.answer, True
    status, answer = perform()
    ApiAnswer.objects.create(
        user=user, key=key, fingerprint=fingerprint, status=status, answer=answer, at=timezone.now()
    )
    return status, answer, False


def forget_answers(now=None) -> int:
    """Delete answers that nobody will ask for again; returns how many."""
    before = (now or timezone.now()) - timedelta(days=KEPT_DAYS)
    return ApiAnswer.objects.filter(at__lt=before).delete()[0]
