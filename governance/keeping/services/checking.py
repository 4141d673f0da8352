"""Comparing the files with their hashes (文件核对): a slice each night, all of them by command."""
import hashlib
import time

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from governance.organisation import encryption

from ..models import FileCheck, FileTrouble
from ..registry import FileSource, StoredFile, all_files
from . import storing

PORTION = 100
SLICE_SECONDS = 600


def verify_slice(*, seconds: float = SLICE_SECONDS) -> int:
    """Go on with the comparison where the last slice ended, for so long; how many files were read."""
    end, count = time.monotonic() + seconds, 0
    for source in all_files():
        while time.monotonic() < end:
            read = _portion(source)
            count += read
            if read < PORTION:
                break
    return count


def verify_all(*, after_portion=lambda count: None) -> int:
    """Compare every file anew, from the first one on; how many were read."""
    count = 0
    FileCheck.objects.update(after=0, round_count=0, round_began_at=timezone.now())
    for source in all_files():
        while True:
            read = _portion(source)
            count += read
            after_portion(count)
            if read < PORTION:
                break
    return count


def is_whole(source: FileSource, stored: StoredFile) -> str:
    """"" for a file that has its hash, else what is wrong with it."""
    try:
        with storing.place(stored.path).open("rb") as file:
            return "" if digest_of(file, source.is_encrypted) == stored.sha256 else FileTrouble.Kind.ALTERED
    except FileNotFoundError:
        return FileTrouble.Kind.MISSING
    except ValueError:
        return FileTrouble.Kind.ALTERED


def digest_of(file, is_encrypted: bool) -> str:
    """The hash of what an open file holds, in clear. ValueError for an encrypted one that was changed."""
    if not is_encrypted:
        return hashlib.file_digest(file, "sha256").hexdigest()
    digest = hashlib.sha256()
    for block in encryption.decrypt_blocks(file, key=settings.PERSONAL_KEY):
        digest.update(block)
    return digest.hexdigest()


def _portion(source: FileSource) -> int:
    """Compare the next files of a source; at its end the next round begins."""
    now = timezone.now()
    check, _made = FileCheck.objects.get_or_create(source=source.code, defaults={"round_began_at": now})
    files = source.after(check.after, PORTION)
    verdicts = {stored: is_whole(source, stored) for stored in files}
    with transaction.atomic():
        _note(source, verdicts, now)
        check.after = files[-1].pk if files else check.after
        check.round_count += len(files)
        if len(files) < PORTION:
            _forget_gone(source)
            check.through_at, check.through_count = now, check.round_count
            check.after, check.round_count, check.round_began_at = 0, 0, now
        check.save()
    return len(files)


def _note(source: FileSource, verdicts: dict, now) -> None:
    whole = [stored.pk for stored, verdict in verdicts.items() if not verdict]
    FileTrouble.objects.filter(source=source.code, row__in=whole).delete()
    FileTrouble.objects.bulk_create(
        [FileTrouble(source=source.code, row=stored.pk, path=stored.path, kind=verdict, found_at=now)
         for stored, verdict in verdicts.items() if verdict and _still(source, stored)],
        update_conflicts=True, unique_fields=["source", "row"], update_fields=["kind", "path"],
    )


def _still(source: FileSource, stored: StoredFile) -> bool:
    """Whether the row still speaks of this file: it may have passed while it was looked for."""
    return source.find(stored.pk) == stored


def _forget_gone(source: FileSource) -> None:
    """Drop what was noted of rows that have no file any more."""
    noted = FileTrouble.objects.filter(source=source.code)
    kept = source.rows().filter(pk__in=noted.values("row")).values_list("pk", flat=True)
    noted.exclude(row__in=list(kept)).delete()
