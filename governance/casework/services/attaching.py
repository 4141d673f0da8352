"""Taking files in and giving them out (附件): content checked, pictures re-encoded, kept outside the web root."""
import hashlib
import uuid
from pathlib import Path

from django.utils.translation import gettext as _

from governance.keeping.services import storing
from governance.organisation.names import DIRECTION_MARKS

from .. import pictures
from ..models import Attachment, Matter
from ..visibility import sees_as_reporter_only
from ..workflow import Refused
from .door import Passage, passage
from .parties import correctors

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_FILES_PER_ACT = 20


def store_files(act: Passage, files) -> list[Attachment]:
    """Check and keep uploaded files: pairs (evidence code, file).

    Refused: `file-too-large`, `file-type-refused`, `file-name-and-content-differ`, `picture-too-large`,
    `too-many-files`, `pictures-too-large-together`, `pictures-busy`; `store-missing`, `store-full`,
    `store-not-writable` when they cannot be kept.
    """
    files = [pair for pair in files if pair[1]]
    if len(files) > MAX_FILES_PER_ACT:
        raise Refused("too-many-files", _("At most %(count)s files at once.") % {"count": MAX_FILES_PER_ACT})
    budget = pictures.PixelBudget()
    checked = [(evidence, upload, _inspect(upload, budget)) for evidence, upload in files]
    return [_store(act, *row) for row in checked]


def bind(attachments, event) -> None:
    """Note with which act the files came."""
    for attachment in attachments:
        attachment.event = event
        attachment.save(update_fields=["event"])


def attach(*, matter_id, actor, files, origin="web") -> list[Attachment]:
    """Add files to a matter, open or closed. Whoever sees a matter and may note in it may attach."""
    with passage(matter_id=matter_id, actor=actor, origin=origin) as act:
        stored = store_files(act, files)
        if not stored:
            raise Refused("file-missing", _("Choose a file."), missing=("files",))
        event = act.event(
            "attached", data={"files": [a.pk for a in stored]},
            personal={"files": [a.name for a in stored]}, changes=False,
        )
        bind(stored, event)
    return stored


def remove_file(*, matter_id, attachment_id, actor, version, reason, origin="web") -> Attachment:
    """Take out a file that was attached by mistake, with a reason; it is given out no more.

    Refused: `file-not-found`, `reason-missing`, `last-evidence` (a step rests on it and no other file proves the same).
    """
    with passage(matter_id=matter_id, actor=actor, version=version, origin=origin) as act:
        act.require_role(correctors(act))
        if not reason.strip():
            raise Refused("reason-missing", _("Give a reason."), missing=("reason",))
        present = Attachment.objects.filter(matter=act.matter, removed_at=None)
        row = present.filter(pk=attachment_id).first()
        if row is None:
            raise Refused("file-not-found", _("There is no such file."))
        if row.evidence and not present.filter(evidence=row.evidence).exclude(pk=row.pk).exists():
            raise Refused("last-evidence", _("A step rests on this file. Attach the right one first."))
        row.removed_at = act.now
        row.save(update_fields=["removed_at"])
        act.event("file_removed", data={"files": [row.pk], "evidence": row.evidence},
                  personal={"files": [row.name], "reason": reason})
    return row


def readable(user, attachment_id) -> Attachment:
    """A file of a matter that the user sees; a mere reporter gets only what they sent themselves.

    Refused: `file-not-found`.
    """
    row = Attachment.objects.select_related("matter").filter(pk=attachment_id, removed_at=None).first()
    is_seen = row is not None and Matter.objects.visible_to(user).filter(pk=row.matter_id).exists()
    if not is_seen or (row.uploaded_by_id != user.pk and sees_as_reporter_only(user, row.matter)):
        raise Refused("file-not-found", _("There is no such file."))
    return row


def path_of(attachment: Attachment) -> Path:
    """Where the file lies on disk."""
    return storing.place(attachment.path)


def opened(attachment: Attachment):
    """The open file, compared with its hash. Refused: `store-missing`, `file-missing`, `file-altered`."""
    return storing.opened(attachment.path, attachment.sha256)


def _inspect(upload, budget: pictures.PixelBudget) -> tuple[bytes, str, str]:
    if upload.size > MAX_FILE_BYTES:
        raise Refused(
            "file-too-large",
            _("“%(name)s” is larger than %(size)s MB. Send a smaller file.")
            % {"name": upload.name, "size": MAX_FILE_BYTES // 1024 // 1024},
        )
    # From its beginning: it may have been read before, for the key of a call that can be repeated.
    upload.seek(0)
    return pictures.inspect(upload.name, upload.read(), budget)


def _store(act: Passage, evidence: str, upload, checked) -> Attachment:
    content, content_type, suffix = checked
    digest = hashlib.sha256(content).hexdigest()
    relative = Path(f"{act.now:%Y/%m}") / f"{uuid.uuid4().hex}{suffix}"
    act.written_files.append(storing.put(str(relative), [content]))
    return Attachment.objects.create(
        matter=act.matter, evidence=evidence, path=str(relative),
        name=DIRECTION_MARKS.sub("", Path(upload.name).name)[:200],
        content_type=content_type, size_bytes=len(content), sha256=digest, uploaded_by=act.actor,
        uploaded_at=act.now,
    )
