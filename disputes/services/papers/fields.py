"""What stands between the braces of a template (模板字段检查): only names that the paper has, loops and conditions."""
import difflib
import io
import re

from django.utils.translation import gettext as _
from docx import Document
from docx.opc.oxml import parse_xml
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError, nodes

from .catalogue import Paper
from .rendering import LOOP, Sandbox, sources_of
from .values import lists_in, names_in

_WHOLE = re.compile(r"\{\{.{0,500}?\}\}|\{%.{0,500}?%\}|\{#.{0,500}?#\}")
_TORN = re.compile(r"\{\{|\}\}|\{%|%\}|｛｛|｝｝|｛%|%｝|\{｛|｛\{")
# docxtpl puts these beside the text, where plain text damages the file.
_BESIDE = re.compile(r"\{\{(?:r|p|tr|tc)\s")
_PLAIN = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.If, nodes.Not, nodes.And, nodes.Or,
          nodes.Compare, nodes.Operand)
_EXCERPT, _MOST_FOUND = 40, 30


def problems_in(paper: Paper, content: bytes) -> list[str]:
    """What is wrong with the fields, each with its place and what to do; empty if nothing is.

    After some dozens nobody reads on. Refused: `template-too-large`.
    """
    document = DocxTemplate(io.BytesIO(content))
    sources = sources_of(document)
    torn = [text for root in _roots(content) for text in _torn(root)]
    if torn:
        return torn
    found = []
    for source in sources:
        found += _Reading(paper, document.patch_xml(source)).problems()
    return list(dict.fromkeys(found))


def _roots(content: bytes):
    """The roots of body, headers, footers and footnotes."""
    parts = Document(io.BytesIO(content)).part.package.parts
    for part in parts:
        if re.match(r"/word/(document|header|footer|footnotes)\d*\.xml", str(part.partname)):
            yield parse_xml(part.blob)


def _torn(root):
    """Fields that are not whole within their paragraph."""
    for paragraph in root.iter(qn("w:p")):
        text = "".join(piece.text or "" for piece in paragraph.iter(qn("w:t")))
        if _TORN.search(_WHOLE.sub("", text)) or _BESIDE.search(text):
            yield _(
                "At “%(place)s”: a field is not whole. Write it in one paragraph with two half-width braces on each "
                "side, as {{ 当事人 }}."
            ) % {"place": _short(text)}


class _Reading:
    """One text, read node by node."""

    def __init__(self, paper: Paper, source: str):
        self.texts, self.lists = names_in(paper), lists_in(paper)
        self.source = re.sub(r"<w:p([ >])", r"\n<w:p\1", source)
        self.found: list[str] = []
        self.items: dict[str, tuple[str, ...]] = {}

    def problems(self) -> list[str]:
        """What is wrong in this text."""
        try:
            tree = Sandbox().parse(self.source)
        except TemplateSyntaxError as error:
            return [_(
                "At “%(place)s”: this cannot be read. Each {%%tr for … %%} and {%% if … %%} needs its own {%%tr endfor "
                "%%} or {%% endif %%}, and a {%%tr … %%} a table row of its own."
            ) % {"place": self._place(error.lineno)}]
        self._visit(tree)
        return self.found

    def _visit(self, node) -> None:
        if len(self.found) >= _MOST_FOUND:
            return
        if isinstance(node, nodes.For):
            self._loop(node)
        elif isinstance(node, nodes.Getattr):
            self._heading(node)
        elif isinstance(node, nodes.Name):
            self._name(node)
        elif isinstance(node, _PLAIN):
            for child in node.iter_child_nodes():
                self._visit(child)
        else:
            self._tell(node, _(
                "At “%(place)s”: only names from the table below, repeated rows and conditions may stand between "
                "braces."
            ))

    def _loop(self, node) -> None:
        """One loop over a list of the paper; loops within loops would multiply."""
        known = isinstance(node.iter, nodes.Name) and node.iter.name in self.lists
        plain = isinstance(node.target, nodes.Name) and not (node.test or node.else_ or node.recursive)
        if not (known and plain) or self.items:
            self._tell(node, _("At “%(place)s”: rows can only be repeated for the lists in the table below, one at a "
                               "time."))
            return
        self.items = {node.target.name: self.lists[node.iter.name].headings, "loop": tuple(LOOP)}
        for child in node.body:
            self._visit(child)
        self.items = {}

    def _heading(self, node) -> None:
        of = node.node.name if isinstance(node.node, nodes.Name) else None
        if of not in self.items:
            self._tell(node, _("At “%(place)s”: “%(name)s” does not exist here. Take a name from the table below."),
                       name=f"{of or '…'}.{node.attr}")
        elif node.attr not in self.items[of]:
            self._unknown(node, node.attr, self.items[of])

    def _name(self, node) -> None:
        if node.name not in self.texts:
            self._unknown(node, node.name, self.texts)

    def _unknown(self, node, name: str, known) -> None:
        near = difflib.get_close_matches(name, known, 1, 0.4)
        if near:
            self._tell(node, _("At “%(place)s”: this paper has no field “%(name)s”. Did you mean “%(near)s”?"),
                       name=name, near=near[0])
        else:
            self._tell(node, _("At “%(place)s”: this paper has no field “%(name)s”. Take a name from the table below."),
                       name=name)

    def _tell(self, node, message: str, **words) -> None:
        self.found.append(message % {"place": self._place(node.lineno), **words})

    def _place(self, line: int) -> str:
        lines = self.source.splitlines()
        text = re.sub(r"<[^>]+>", "", lines[min(line, len(lines)) - 1]) if lines else ""
        return _short(text)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]}…"
