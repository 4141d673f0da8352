"""Making a paper: who may, what is recorded, and the Word file itself (制作文书)."""
from django.utils.translation import gettext as _
from jinja2 import TemplateError

from governance.casework.services.door import passage
from governance.casework.services.vocabularies import term_label
from governance.casework.workflow import Refused

from .catalogue import PAPERS
from .facts import Facts
from .rendering import render
from .replacing import current_template
from .values import values_of

MAKERS = ("mediator", "clerk", "handler")


class PaperFacts(Facts):
    """Facts with the words of the vocabularies, and the contents of the dossier."""

    def __init__(self, matter):
        super().__init__(matter)
        self.channel = term_label("dispute.source", matter.channel)
        self.category = term_label("dispute.category", matter.category)
        self.outcome = term_label("dispute.outcome", matter.outcome) if matter.outcome else ""

    def contents(self) -> str:
        """The papers that this matter has, numbered."""
        titles = [paper.title for paper in PAPERS.values() if paper.code != "dossier" and not paper.lacks(self)]
        return "\n".join(f"{place}. {title}" for place, title in enumerate(titles, start=1))


def available(matter) -> list[tuple]:
    """(paper, what it lacks) of every paper, in the order of the file."""
    facts = PaperFacts(matter)
    return [(paper, paper.lacks(facts)) for paper in PAPERS.values()]


def make_paper(*, matter_id, code, actor, origin="web") -> tuple[str, bytes]:
    """The file name and content of a paper; that it was made, and from which template, stands in the history.

    Refused: `paper-unknown`, `paper-not-ready` (with what is missing), `not-your-right`, `template-damaged`,
    `template-outdated`, `paper-too-large`.
    """
    paper = PAPERS.get(code)
    if paper is None:
        raise Refused("paper-unknown", _("There is no such paper."))
    with passage(matter_id=matter_id, actor=actor, roles=MAKERS, origin=origin) as act:
        facts = PaperFacts(act.matter)
        lacks = paper.lacks(facts)
        if lacks:
            raise Refused("paper-not-ready", lacks)
        version, template = current_template(act.matter.township_id, code)
        content = _rendered(template, values_of(paper, facts))
        data = {"paper": code, "template": version, "shown": {"paper": paper.title}}
        act.event("paper_made", data=data, changes=False)
    return f"{paper.title}_{act.matter.number}.docx", content


def _rendered(template: bytes, values: dict) -> bytes:
    try:
        return render(template, values)
    except TemplateError as error:
        raise Refused(
            "template-outdated",
            _("The template of this paper no longer fits. The system administrator puts the usual form back or uploads "
              "a new one under “Paper templates”."),
        ) from error
