"""What an uploaded file really is (文件检查), and pictures re-encoded without EXIF."""
import io
import threading
import warnings
import zipfile
from contextlib import contextmanager
from pathlib import PurePath

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from .workflow import Refused

# What iPhones write. Only the picture itself is read; the library's own limits on size and memory stay on.
register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)

MAX_PIXELS = 50_000_000
LONGEST_SIDE = 2400
# What one act may have decoded: twenty photos of a phone, or six of the largest pictures; some ten seconds of work.
MOST_PIXELS_TOGETHER = 300_000_000
# How many pictures a process decodes at a time (some 200 MB each), and how long another one waits for its turn.
_TURNS, _MOST_WAIT = threading.BoundedSemaphore(2), 10
PICTURES = {
    ".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".heic": "HEIF", ".heif": "HEIF",
}
OFFICE = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PDF = ".pdf"
ALLOWED = (*PICTURES, *OFFICE, PDF)


class PixelBudget:
    """What the pictures of one act may still cost."""

    def __init__(self):
        self._left = MOST_PIXELS_TOGETHER

    def take(self, pixels: int) -> None:
        """Count a picture that is about to be decoded. Refused: `pictures-too-large-together`."""
        self._left -= pixels
        if self._left < 0:
            raise Refused(
                "pictures-too-large-together",
                _("These pictures are too large to be sent at once. Send them in two or three parts."),
            )


def inspect(name: str, content: bytes, budget: PixelBudget | None = None) -> tuple[bytes, str, str]:
    """Content to keep, its type and file ending. Refused with what to do when name and content disagree.

    `budget`: that of all files that come at once. Refused: `pictures-too-large-together`, `pictures-busy`.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in ALLOWED:
        raise Refused(
            "file-type-refused",
            _(
                "“%(name)s” cannot be taken. Allowed are pictures (JPG, PNG, WebP, HEIC), PDF, Word (.docx) and "
                "Excel (.xlsx)."
            ) % {"name": name},
        )
    if suffix in PICTURES:
        with _turn():
            return _picture(name, content, budget or PixelBudget())
    if suffix == PDF and content[:1024].lstrip().startswith(b"%PDF-"):
        return content, "application/pdf", PDF
    if suffix in OFFICE and _is_office(content, suffix):
        return content, OFFICE[suffix], suffix
    raise _differs(name)


@contextmanager
def _turn():
    """Wait until another picture may be decoded, so that a flood of them fills no memory."""
    if not _TURNS.acquire(timeout=_MOST_WAIT):
        raise Refused("pictures-busy", _("Many pictures are being taken in at this moment. Try again in a minute."))
    try:
        yield
    finally:
        _TURNS.release()


def _picture(name: str, content: bytes, budget: PixelBudget) -> tuple[bytes, str, str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=sorted(set(PICTURES.values())))
            if image.width * image.height > MAX_PIXELS:
                raise _too_large(name)
            # A JPEG is decoded no larger than it is kept, which costs a fraction.
            image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
            budget.take(image.width * image.height)
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large(name) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, RuntimeError):
        raise _differs(name) from None
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    if upright.mode in ("RGBA", "LA", "P"):
        upright.convert("RGBA").save(out, "PNG")
        return out.getvalue(), "image/png", ".png"
    upright.convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue(), "image/jpeg", ".jpg"


def _is_office(content: bytes, suffix: str) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return False
    folder = "word/" if suffix == ".docx" else "xl/"
    return "[Content_Types].xml" in names and any(n.startswith(folder) for n in names)


def _too_large(name: str) -> Refused:
    return Refused(
        "picture-too-large",
        _("The picture “%(name)s” has too many pixels. Take it again or shrink it.") % {"name": name},
    )


def _differs(name: str) -> Refused:
    return Refused(
        "file-name-and-content-differ",
        _("“%(name)s” is not what its name says. Save it in its right format and send that.")
        % {"name": name},
    )
