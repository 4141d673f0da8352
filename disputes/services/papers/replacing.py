"""A township's own form of a paper (替换文书模板): replaced, put back to the usual form, kept in every version."""
import hashlib
import uuid
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.casework.visibility import Sight
from governance.casework.workflow import Refused
from governance.keeping.services import storing
from governance.organisation.models import Unit
from governance.organisation.services.recording import record_change

from ...models import PaperTemplate
from .catalogue import PAPERS
from .checking import check_template
from .default import default_template

# The form of the papers is set up like the vocabularies, apart from those who make papers in their matters.
KEEPER = "system_admin"


def townships_of(user) -> list[Unit]:
    """Townships whose templates the user keeps."""
    reached = Sight.of(user).roles_at.get(KEEPER, ())
    return list(Unit.objects.filter(pk__in=reached, level="township").in_tree_order())


def states(township) -> list[tuple]:
    """(paper, its replacement in use or None) of every paper. One query."""
    rows = PaperTemplate.objects.filter(township=township, ended_at=None).select_related("uploaded_by")
    used = {row.code: row for row in rows}
    return [(paper, used.get(code)) for code, paper in PAPERS.items()]


def versions(township, code: str) -> list[PaperTemplate]:
    """Every replacement that was ever in use, the newest first."""
    rows = PaperTemplate.objects.filter(township=township, code=code).select_related("uploaded_by")
    return list(rows.order_by("-version"))


def current_template(township_id: int, code: str) -> tuple[int, bytes]:
    """Version and content of what papers are made from; version 0 is the usual form. Refused `template-damaged`."""
    row = PaperTemplate.objects.filter(township_id=township_id, code=code, ended_at=None).first()
    return (row.version, content_of(row)) if row else (0, default_template(code))


def content_of(row: PaperTemplate) -> bytes:
    """The file as it was uploaded. Refused `template-damaged` when it is gone or altered."""
    try:
        with storing.opened(row.path, row.sha256) as file:
            return file.read()
    except Refused as refusal:
        if refusal.code == "store-missing":
            raise
        raise Refused(
            "template-damaged",
            _("The file of this template is missing or was altered. The system administrator puts the usual form back "
              "or uploads it again under “Paper templates”."),
        ) from refusal


def replace_template(*, township, code: str, actor, name: str, content: bytes) -> PaperTemplate:
    """From now on the paper is made from this file in the township; what was in use before is kept.

    System administrators of the township. Refused: `not-your-right`, `paper-not-found`, and whatever
    `check_template` finds; then nothing is stored.
    """
    _require_keeper(actor, township)
    check_template(_paper(code), name, content)
    relative = Path("paper-templates") / township.code / f"{uuid.uuid4().hex}.docx"
    target = storing.place(str(relative))
    try:
        storing.put(str(relative), [content])
        return _put_in_use(
            township, code, actor, name=Path(name).name[:200], path=str(relative), size_bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
    except BaseException:
        target.unlink(missing_ok=True)
        raise


@transaction.atomic
def back_to_default(*, township, code: str, actor) -> None:
    """From now on the paper is made in the usual form again; done twice it is done once.

    Refused: `not-your-right`, `paper-not-found`.
    """
    _require_keeper(actor, township)
    _paper(code)
    ended = _end(township, code)
    if ended is not None:
        _record(township, code, actor, "back_to_default", {"version": ended})


@transaction.atomic
def _put_in_use(township, code: str, actor, **file) -> PaperTemplate:
    _end(township, code)
    last = PaperTemplate.objects.filter(township=township, code=code).aggregate(last=Max("version"))["last"] or 0
    row = PaperTemplate.objects.create(
        township=township, code=code, version=last + 1, uploaded_by=actor, uploaded_at=timezone.now(), **file
    )
    _record(township, code, actor, "replaced", {"version": row.version, "sha256": row.sha256})
    return row


def _end(township, code: str) -> int | None:
    """End what is in use, one at a time for a township; its version."""
    Unit.objects.select_for_update(no_key=True).get(pk=township.pk)
    row = PaperTemplate.objects.filter(township=township, code=code, ended_at=None).first()
    if row is None:
        return None
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    return row.version


def _record(township, code: str, actor, verb: str, data: dict) -> None:
    record_change(
        subject_type="paper_template", subject_id=f"{code}.{township.code}", verb=verb, actor=actor, data=data
    )


def _require_keeper(user, township) -> None:
    if township.pk not in Sight.of(user, fresh=True).roles_at.get(KEEPER, ()):
        raise Refused("not-your-right", _("Your posts do not give you the right to do this here."))


def _paper(code: str):
    if code not in PAPERS:
        raise Refused("paper-not-found", _("There is no such paper."))
    return PAPERS[code]
