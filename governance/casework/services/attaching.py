"""Taking files in and giving them out (附件): content checked, pictures re-encoded, kept outside the web root."""
import hashlib
import uuid
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from .. import pictures
from ..models import Attachment
from ..workflow import Refused
from .door import Passage, passage

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_FILES_PER_ACT = 20


def store_files(act: Passage, files) -> list[Attachment]:
    """Check and keep uploaded files: pairs (evidence code, file). Refused: `file-too-large`,
    `file-type-refused`, `file-name-and-content-differ`, `picture-too-large`, `too-many-files`.
    """
    files = [pair for pair in files if pair[1]]
    if len(files) > MAX_FILES_PER_ACT:
        raise Refused("too-many-files", _("At most %(count)s files at once.") % {"count": MAX_FILES_PER_ACT})
    checked = [(evidence, upload, _inspect(upload)) for evidence, upload in files]
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


def path_of(attachment: Attachment) -> Path:
    """Where the file lies on disk."""
    return Path(settings.ATTACHMENT_ROOT) / attachment.path


def _inspect(upload) -> tuple[bytes, str, str]:
    if upload.size > MAX_FILE_BYTES:
        raise Refused(
            "file-too-large",
            _("“%(name)s” is larger than %(size)s MB. Send a smaller file.")
            % {"name": upload.name, "size": MAX_FILE_BYTES // 1024 // 1024},
        )
    return pictures.inspect(upload.name, upload.read())


def _store(act: Passage, evidence: str, upload, checked) -> Attachment:
    content, content_type, suffix = checked
    digest = hashlib.sha256(content).hexdigest()
    relative = Path(f"{act.now:%Y/%m}") / f"{uuid.uuid4().hex}{suffix}"
    target = Path(settings.ATTACHMENT_ROOT) / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    act.written_files.append(target)
    target.write_bytes(content)
    return Attachment.objects.create(
        matter=act.matter, evidence=evidence, name=Path(upload.name).name[:200], path=str(relative),
        content_type=content_type, size_bytes=len(content), sha256=digest, uploaded_by=act.actor,
        uploaded_at=act.now,
    )
