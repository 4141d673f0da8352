"""What the documents print from the code is what the code says today (文档与代码一致)."""
import os
from io import StringIO

from django.core.management import call_command

from .sources import ROOT


def test_the_workflow_of_disputes_is_the_table_that_runs_it(monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    out = StringIO()
    call_command("show_workflow", "dispute", stdout=out)
    kept = ROOT / "docs/workflow-dispute.md"
    if os.environ.get("PORTAL_WRITE_DOCS"):
        kept.write_text(out.getvalue(), encoding="utf-8")
    assert kept.read_text(encoding="utf-8").strip() == out.getvalue().strip(), (
        "run: PORTAL_WRITE_DOCS=1 pytest tests/architecture/test_documents_are_current.py"
    )
