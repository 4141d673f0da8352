"""An uploaded template is looked at before it is kept (模板检查): the file, its fields, and a trial with a sample."""
import io
import zipfile
from pathlib import PurePath

from django.utils.translation import gettext as _
from docx import Document
from jinja2 import TemplateError
from lxml import etree

from governance.casework import pictures
from governance.casework.workflow import Refused

from .catalogue import Paper
from .fields import problems_in
from .rendering import render
from .values import SampleFacts, values_of

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 20 * 1024 * 1024
MOST_TEXT = 2 * 1024 * 1024
MOST_MEMBERS = 300
MOST_TOLD = 8
# What runs, is fetched from elsewhere or brings in another file when a paper is opened.
_ACTIVE_MEMBERS = ("vbaproject", "activex/", "embeddings/", "vbadata", "customui")
_ACTIVE_FIELDS = ("DDE", "INCLUDETEXT", "INCLUDEPICTURE", "MACROBUTTON")
_LINK = "/hyperlink"
_MARKED = ("word/document.xml", "word/header", "word/footer", "word/footnotes")


def check_template(paper: Paper, name: str, content: bytes) -> None:
    """Refused with its place and what to do: `template-too-large`, `template-not-word`, `template-active`,
    `template-faulty`; and as any upload, `file-name-and-content-differ`.
    """
    members = _members(name, content)
    _refuse_active(members)
    problems = problems_in(paper, content)
    if problems:
        raise _faulty(problems)
    try:
        Document(io.BytesIO(render(content, values_of(paper, SampleFacts()))))
    except (TemplateError, etree.LxmlError, ValueError, KeyError, TypeError) as error:
        raise _faulty([
            _("The template could not be tried out. Download the current template, put your text into it and upload it "
              "again.")
        ]) from error


def _members(name: str, content: bytes) -> dict[str, bytes]:
    """The XML parts of a file that is Word and of bearable size."""
    if len(content) > MOST_BYTES:
        raise Refused(
            "template-too-large",
            _("The template is larger than %(size)s MB. Make the pictures in it smaller.")
            % {"size": MOST_BYTES // 1024 // 1024}, missing=("file",),
        )
    if PurePath(name).suffix.lower() != ".docx":
        raise _not_word()
    pictures.inspect(name, content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            marked = sum(info.file_size for info in infos if info.filename.startswith(_MARKED))
            too_much = sum(info.file_size for info in infos) > MOST_UNPACKED or len(infos) > MOST_MEMBERS
            if too_much or marked > MOST_TEXT:
                raise Refused(
                    "template-too-large",
                    _("The template unpacks to far too much. Save it anew in Word and upload that."), missing=("file",),
                )
            found = {info.filename: _part(archive, info) for info in infos}
        Document(io.BytesIO(content))
    except (zipfile.BadZipFile, etree.LxmlError, ValueError, KeyError, RuntimeError, OSError) as error:
        raise _not_word() from error
    return found


def _part(archive, info) -> bytes:
    return archive.read(info) if info.filename.lower().endswith((".xml", ".rels")) else b""


def _refuse_active(members: dict[str, bytes]) -> None:
    if any(part in name.lower() for name in members for part in _ACTIVE_MEMBERS):
        raise _active()
    for content in members.values():
        if content and _is_active(content):
            raise _active()


def _is_active(content: bytes) -> bool:
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.LxmlError as error:
        raise _not_word() from error
    if root.getroottree().docinfo.doctype:
        return True
    for element in root.iter():
        if element.get("TargetMode") == "External" and not element.get("Type", "").endswith(_LINK):
            return True
        if "macroenabled" in element.get("ContentType", "").lower() or str(element.tag).endswith("}altChunk"):
            return True
    return _has_active_field(root)


def _has_active_field(root) -> bool:
    """Words of a field may lie in several pieces, so all pieces are read together."""
    pieces = [element.text or "" for element in root.iter("{*}instrText")]
    pieces += [value for element in root.iter("{*}fldSimple") for value in element.attrib.values()]
    words = "".join(pieces).upper()
    return any(field in words for field in _ACTIVE_FIELDS)


def _faulty(problems: list[str]) -> Refused:
    if len(problems) == 1:
        return Refused("template-faulty", problems[0], missing=("file",))
    told = " ".join(f"{place}. {text}" for place, text in enumerate(problems[:MOST_TOLD], start=1))
    if len(problems) > MOST_TOLD:
        told += " " + _("And %(count)s more.") % {"count": len(problems) - MOST_TOLD}
    return Refused("template-faulty", told, missing=("file",))


def _active() -> Refused:
    return Refused(
        "template-active",
        _("The template holds macros, embedded or linked files. Take them out, save it as .docx and upload that."),
        missing=("file",),
    )


def _not_word() -> Refused:
    return Refused(
        "template-not-word",
        _("This is not a Word file (.docx) that can be read. Open it in Word or WPS and save it as .docx without a "
          "password."),
        missing=("file",),
    )
