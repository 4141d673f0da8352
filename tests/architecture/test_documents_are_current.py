"""What the documents print from the code is what the code says today (文档与代码一致)."""
import os
from io import StringIO

import pytest
from django.core.management import call_command

from .sources import ROOT

PRINTED = {
    "docs/workflow-dispute.md": ("show_workflow", "dispute"), "docs/settings.md": ("show_settings",),
    "docs/retention.md": ("show_retention",),
}


@pytest.mark.parametrize("page", PRINTED)
def test_the_page_is_what_the_command_prints(page, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    out = StringIO()
    call_command(*PRINTED[page], stdout=out)
    kept = ROOT / page
    if os.environ.get("PORTAL_WRITE_DOCS"):
        kept.write_text(out.getvalue(), encoding="utf-8")
    assert kept.read_text(encoding="utf-8").strip() == out.getvalue().strip(), "run: make docs"
