"""Recording changes: one chained, append-only row for each change, in the transaction of the change."""
import secrets

from django.db import connection, transaction
from django.utils import timezone

from ..chain import link, seal_personal
from ..models import Change, ChangePersonal

# Called as hook(change) in the transaction of every change; the floors above register what follows for their work.
CHANGE_HOOKS = []


@transaction.atomic
def record_change(*, subject_type, subject_id, verb, actor, data=None, personal=None) -> Change:
    """Append a change of a subject to its chain.

    ``data`` holds codes and ids; ``personal`` (names, phones) lies beside the chain, erasable with its salt.
    """
    with connection.cursor() as cursor:
        # The first row of a chain has no predecessor to lock, so the subject itself is locked.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"change:{subject_type}:{subject_id}"]
        )
    last = Change.objects.about(subject_type, subject_id).last()
    salt = secrets.token_hex(16)
    change = Change(
        subject_type=subject_type, subject_id=str(subject_id), seq=last.seq + 1 if last else 1,
        at=timezone.now(), actor=actor, verb=verb, data=data or {},
        personal_hash=seal_personal(personal, salt) if personal else "",
        prev_hash=last.hash if last else "",
    )
    change.hash = link(change.prev_hash, change.payload)
    change.save(force_insert=True)
    if personal:
        ChangePersonal.objects.create(change=change, values=personal, salt=salt)
    for hook in CHANGE_HOOKS:
        hook(change)
    return change


def record_created(subjects) -> None:
    """Append the first change of many new subjects at once: triples of type, id and data, by the system itself."""
    now, rows = timezone.now(), []
    for subject_type, subject_id, data in subjects:
        change = Change(
            subject_type=subject_type, subject_id=str(subject_id), seq=1, at=now, verb="created", data=data
        )
        change.hash = link("", change.payload)
        rows.append(change)
    Change.objects.bulk_create(rows)


def verify_changes() -> Change | None:
    """Return the first change that does not fit its chain or its personal values, None if all fit.

    Erased personal values do not break a chain.
    """
    rows = Change.objects.select_related("personal").order_by("subject_type", "subject_id", "seq")
    previous = None
    for change in rows.iterator(chunk_size=2000):
        if not _fits(change, previous):
            return change
        previous = change
    return None


def _fits(change, previous):
    same = previous is not None and (previous.subject_type, previous.subject_id) == (
        change.subject_type, change.subject_id
    )
    expected = (previous.seq + 1, previous.hash) if same else (1, "")
    if (change.seq, change.prev_hash) != expected or change.hash != link(change.prev_hash, change.payload):
        return False
    personal = getattr(change, "personal", None)
    return personal is None or change.personal_hash == seal_personal(personal.values, personal.salt)
