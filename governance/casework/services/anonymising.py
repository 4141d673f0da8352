"""When its time of keeping is over, nothing of people is left in a matter (匿名化, 个人信息保护法 art. 47).

Number, place, days, states, outcome and every figure stay, so that old totals still add up; so does the chain of
events, whose hashes cover the erased words by a salted hash only. Words, names, contact data, files and the salts go.
"""
import contextlib
import logging
from datetime import date

from django.apps import apps
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from ..models import Attachment, EventPersonal, Matter, Party, PartyPhone, StaffMatch, Tombstone
from ..registry import Erasure
from ..workflow import Refused
from . import retaining
from .attaching import path_of
from .door import Passage, passage

# What stands in the place of a title and a name; written as data, in the language of the ledgers.
ERASED = "（已匿名）"
# What goes from the kernel's own tables; parties, words of events and files have their own ways below.
KERNEL = (
    Erasure("casework.Assignment", words=("text",), keeps=("kind",)),
    Erasure("casework.BulkRow", words=("message",), keeps=("verdict", "code")),
)
MOST_A_NIGHT = 5000
BATCH = 500
logger = logging.getLogger("portal.retention")


def anonymise(matter_id: int, *, years: int, day: date | None = None) -> bool:
    """Erase what a matter holds of people, in one transaction; False if it is no longer due.

    Afterwards nobody acts on it any more (`matter-anonymised`). Its files go from the disk right after.
    """
    with contextlib.suppress(Refused), passage(matter_id=matter_id, actor=None, origin="retention") as act:
        due = retaining.waiting_for_end(Matter.objects.filter(pk=matter_id), day or timezone.localdate())
        if not due.exists():
            return False
        _erase_kernel(act)
        for erasure in (*KERNEL, *act.kind.erases):
            _erase(erasure, matter_id)
        files = Attachment.objects.filter(matter_id=matter_id).exclude(path="")
        files.update(name="", removed_at=Coalesce("removed_at", act.now, output_field=models.DateTimeField()))
        Tombstone.objects.create(matter_id=matter_id, at=act.now, years=years, files_left=files.exists())
        act.set(title=ERASED, description="", address="", latitude=None, longitude=None)
        act.event("anonymised", data={"years": years})
        EventPersonal.objects.filter(event__matter_id=matter_id).update(values={}, salt="", erased_at=act.now)
        return True
    return False


def anonymise_ended(day: date | None = None, *, most: int = MOST_A_NIGHT) -> int:
    """Anonymise whatever has been kept long enough, each matter in a transaction of its own; how many were.

    Killed in the middle, the next run carries on: what is done has a tombstone, and files that are left are found.
    """
    day, count = day or timezone.localdate(), 0
    keepings, after = retaining.Keepings(day), 0
    while batch := list(
        retaining.ended(day).filter(pk__gt=after).order_by("pk")
        .values_list("pk", "township_id", "kind", "outcome")[: min(BATCH, most - count)]
    ):
        after = batch[-1][0]
        for pk, township_id, kind, outcome in batch:
            keeping = keepings.of(township_id=township_id, kind=kind, outcome=outcome)
            count += anonymise(pk, years=keeping.years, day=day)
    remove_left_files()
    if count:
        logger.info("matters anonymised", extra={"count": count})
    return count


def remove_left_files() -> int:
    """Remove the files of anonymised matters from the disk; how many went."""
    count = 0
    for stone in Tombstone.objects.filter(files_left=True).iterator(chunk_size=200):
        for row in Attachment.objects.filter(matter_id=stone.pk).exclude(path=""):
            path_of(row).unlink(missing_ok=True)
            row.path = ""
            row.save(update_fields=["path"])
            count += 1
        stone.files_left = False
        stone.save(update_fields=["files_left"])
    return count


def _erase_kernel(act: Passage) -> None:
    people = Party.objects.filter(matter=act.matter)
    StaffMatch.objects.filter(party__matter=act.matter).delete()
    PartyPhone.objects.filter(party__matter=act.matter).delete()
    people.update(
        name=ERASED, phone_encrypted=b"", phone_hash="", address_encrypted=b"", user=None, discloses_contact=False,
        erased_at=act.now,
    )


def _erase(erasure: Erasure, matter_id: int) -> None:
    model = apps.get_model(erasure.model)
    blank = {name: _blank_of(model._meta.get_field(name)) for name in erasure.words}
    if blank:
        model._base_manager.filter(**{erasure.matter: matter_id}).update(**blank)


def _blank_of(field):
    if field.null:
        return None
    return {} if isinstance(field, models.JSONField) else b"" if isinstance(field, models.BinaryField) else ""


def undeclared_words(kinds) -> list[str]:
    """Columns with words in the tables of these kinds of which no declaration says whether they go or stay."""
    declared: dict[str, set[str]] = {}
    for erasure in (erasure for kind in kinds for erasure in kind.erases):
        declared.setdefault(erasure.model.lower(), set()).update(erasure.words, erasure.keeps)
    own = {kind.facts_model.partition(".")[0] for kind in kinds} - {"casework"}
    return [
        f"{model._meta.label}.{field.name}"
        for app in sorted(own)
        for model in apps.get_app_config(app).get_models()
        if model._meta.managed and _leads_to_a_matter(model)
        for field in model._meta.concrete_fields
        if isinstance(field, (models.CharField, models.TextField, models.JSONField))
        and field.name not in declared.get(model._meta.label_lower, set())
    ]


def _leads_to_a_matter(model) -> bool:
    return any(field.is_relation and field.related_model is Matter for field in model._meta.concrete_fields)
