"""Calls that are sent twice are done once (幂等): the second gets the answer of the first."""
import uuid
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import ApiAnswer
from ..workflow import Refused

KEPT_DAYS = 90
_SPACE = uuid.UUID("6f0b4d2e-3f1c-5d57-9a3e-0d6f6a1c9b11")


def entry_uuid(user, key: str) -> uuid.UUID:
    """The entry's own id, made of who sends it and the key: the matter itself exists once, too."""
    return uuid.uuid5(_SPACE, f"{user.pk}:{key}")


@transaction.atomic
def once(*, user, key: str, fingerprint: str, perform) -> tuple[int, dict, bool]:
    """Do it, or return what was answered before: (status, answer, whether it is a repetition).

    `perform()` returns (status, answer). Two at once wait for each other. What is refused is not kept: it can be
    mended and sent again with the same key. Refused: `idempotency-key-reused`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"answer:{user.pk}:{key}"])
    kept = ApiAnswer.objects.filter(user=user, key=key).first()
    if kept is not None:
        if kept.fingerprint != fingerprint:
            raise Refused("idempotency-key-reused", _("This idempotency key was used for something else."))
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
