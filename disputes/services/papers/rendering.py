"""Putting values into a template (套打): a sandbox that reaches plain text and rows, and nothing else."""
import io
import time

from django.utils.translation import gettext as _
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from governance.casework.workflow import Refused

MOST_CHARACTERS = 20_000_000
MOST_SECONDS = 5
# The longest of the usual forms has some eighty; what reads them costs some of them squared.
MOST_FIELDS = 1000


class _Bounded(Template):
    """A template that gives up before it fills the memory or holds a worker."""

    def render(self, *args, **kwargs) -> str:
        pieces, size, until = [], 0, time.monotonic() + MOST_SECONDS
        for piece in self.generate(*args, **kwargs):
            size += len(piece)
            if size > MOST_CHARACTERS or time.monotonic() > until:
                raise Refused(
                    "paper-too-large",
                    _("The paper becomes too large. Take repeated rows or pictures out of its template."),
                )
            pieces.append(piece)
        return "".join(pieces)


class Sandbox(SandboxedEnvironment):
    """No functions, filters, tests or attributes: only names, and the headings of a row."""

    template_class = _Bounded

    def __init__(self):
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()

    def getattr(self, obj, attribute):
        """The text under a heading of a row, or where a loop is; never an attribute of an object."""
        if type(obj) is dict:
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if attribute in LOOP and type(obj).__name__ == "LoopContext":
            return getattr(obj, attribute)
        raise SecurityError(attribute)

    def getitem(self, obj, argument):
        """As `getattr`."""
        return self.getattr(obj, argument)

    def call(self, context, obj, /, *args, **kwargs):
        """Nothing is called."""
        raise SecurityError("call")


LOOP = frozenset({"index", "first", "last", "length"})


def sources_of(document: DocxTemplate) -> list[str]:
    """The texts that are rendered: body, headers, footers, footnotes, and the properties of the file.

    Refused before anything looks at their fields: `template-too-large`.
    """
    document.init_docx()
    found = [document.get_xml()]
    for uri in (document.HEADER_URI, document.FOOTER_URI):
        found += [document.get_part_xml(part) for _key, part in document.get_headers_footers(uri)]
    for part in document.docx.part.package.parts:
        if str(part.partname).startswith("/word/footnotes"):
            found.append(part.blob.decode("utf-8"))
    properties = document.docx.core_properties
    names = ("author", "comments", "identifier", "language", "subject", "title")
    found += [getattr(properties, name) for name in names]
    if sum(source.count("{") + source.count("｛") for source in found) > 2 * MOST_FIELDS:
        raise Refused(
            "template-too-large",
            _("There are more than %(count)s fields in the template. Take out those that are repeated.")
            % {"count": MOST_FIELDS}, missing=("file",),
        )
    return found


def render(template: bytes, values: dict) -> bytes:
    """The Word file of a template with its values; raises jinja2's errors where the template is wrong."""
    document = DocxTemplate(io.BytesIO(template))
    sources_of(document)
    document.render(values, jinja_env=Sandbox(), autoescape=True)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
