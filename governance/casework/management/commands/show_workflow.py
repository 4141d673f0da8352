"""`manage.py show_workflow KIND`: the state machine of a kind, from the table that runs it."""
from django.utils.translation import gettext as _

from governance.casework import registry
from governance.casework.workflow import ANY, ANY_OPEN, Refused
from governance.organisation.management.answering import Answer, AnsweringCommand


class Command(AnsweringCommand):
    """Print states and steps of a kind as a Mermaid diagram and a table, or as JSON. Exit 2: unknown kind."""

    help = "Print the workflow of a kind: a Mermaid state diagram and the table of its steps."
    needs_database = False

    def add_arguments(self, parser):
        """Take the kind."""
        super().add_arguments(parser)
        parser.add_argument("kind", help="code of the kind, e.g. dispute")

    def answer(self, options) -> Answer:
        """The table that runs the kind. Refused: `kind-unknown`."""
        codes = [kind.code for kind in registry.all_kinds()]
        if options["kind"] not in codes:
            words = {"kind": options["kind"], "known": ", ".join(codes)}
            raise Refused("kind-unknown", _("There is no kind “%(kind)s”. Known: %(known)s.") % words)
        workflow = registry.get(options["kind"]).workflow
        return Answer(as_data(workflow), [as_text(workflow)])


def as_data(workflow) -> dict:
    """The workflow as plain values."""
    return {
        "initial": workflow.initial,
        "states": [{"code": s.code, "label": str(s.label), "is_open": s.is_open} for s in workflow.states],
        "steps": [
            {
                "name": step.name, "label": str(step.label), "from": list(step.sources), "to": list(step.targets),
                "roles": list(step.roles), "needs": [str(need) for need in step.needs],
                "evidence": list(step.evidence), "starts": list(step.start_codes()), "stops": list(step.stops),
                "moots": list(step.moots), "reason_required": step.reason_required,
            }
            for step in workflow.steps
        ],
    }


def as_text(workflow) -> str:
    """A Mermaid diagram, then one row for each step."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {workflow.initial}"]
    lines += [f"    {state.code}: {state.label}" for state in workflow.states]
    for step in workflow.steps:
        for target in step.targets:
            leaving = [source for source in sources_of(workflow, step) if source not in step.stays_in]
            lines += [f"    {source} --> {target}: {step.label}" for source in leaving]
    lines += [f"    {state.code} --> [*]" for state in workflow.states if not state.is_open]
    lines += ["```", "", "| step | from | to | who | requires | clocks |", "|---|---|---|---|---|---|"]
    lines += [_row(step) for step in workflow.steps]
    return "\n".join(lines)


def sources_of(workflow, step) -> list[str]:
    """The states that a step may be taken from, written out."""
    if step.sources == ANY:
        return [state.code for state in workflow.states]
    return list(workflow.open_codes()) if step.sources == ANY_OPEN else list(step.sources)


def _row(step) -> str:
    clocks = [f"+{code}" for code in step.start_codes()] + [f"−{code}" for code in (*step.stops, *step.moots)]
    cells = (
        f"{step.label} (`{step.name}`)", ", ".join(step.sources), ", ".join(step.targets) or "—",
        ", ".join(step.roles), "; ".join(str(need) for need in step.needs) or "—", " ".join(clocks) or "—",
    )
    return "| " + " | ".join(cells) + " |"
