"""`manage.py show_clock`: the answer as text and JSON, stable codes, and no database."""
import json
from io import StringIO

import pytest
from django.core.management import call_command

START = "2026-09-25T16:30+08:00"


def ask(*arguments):
    """The JSON answer and the exit code."""
    out, code = StringIO(), 0
    try:
        call_command("show_clock", *arguments, "--json", stdout=out)
    except SystemExit as ended:
        code = ended.code
    return json.loads(out.getvalue()), code


@pytest.mark.parametrize(
    ("arguments", "due_on", "due_at"),
    [
        (["petition.simple_handling"], "2026-10-15", "2026-10-16T00:00:00+08:00"),
        (["dispute.mediation", "--extend", "30"], "2026-11-24", "2026-11-25T00:00:00+08:00"),
        (
            ["dispute.mediation", "--pause", "2026-10-05/2026-10-08", "--pause", "2026-10-12/2026-10-13"],
            "2026-10-29", "2026-10-30T00:00:00+08:00",
        ),
        (["dispute.performance", "--due", "2026-10-05"], "2026-10-05", "2026-10-06T00:00:00+08:00"),
        (["dispute.performance", "--length", "10"], "2026-10-08", "2026-10-09T00:00:00+08:00"),
        (["hotline.done", "--variant", "utility"], "2026-09-28", "2026-09-29T00:00:00+08:00"),
        (["hotline.contact", "--variant", "urgent"], None, "2026-09-25T18:30:00+08:00"),
        (
            ["hotline.done", "--variant", "urgent", "--pause", "2026-09-25T18:00/2026-09-25T19:30"],
            None, "2026-09-26T18:00:00+08:00",
        ),
        (["dispatch.arrive", "--hours", "1.5"], None, "2026-09-25T18:00:00+08:00"),
    ],
)
def test_it_says_when_a_clock_ends(arguments, due_on, due_at):
    answer, code = ask(*arguments, "--start", START)
    assert (answer["due_on"], answer["due_at"], answer["provisional"], code) == (due_on, due_at, False, 0)
    assert answer["why"]


def test_an_open_pause_has_no_end():
    answer, code = ask("dispute.mediation", "--start", START, "--pause", "2026-10-05/")
    assert (answer["due_on"], answer["due_at"], answer["paused_since"], code) == (None, None, "2026-10-05", 0)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ([], "rule-unknown"),
        (["dispute.nonsense", "--start", START], "rule-unknown"),
        (["dispute.mediation"], "start-missing"),
        (["dispute.mediation", "--start", "2026-02-30"], "date-invalid"),
        (["dispute.mediation", "--start", "yesterday"], "date-invalid"),
        (["hotline.contact", "--start", "2026-09-25"], "date-invalid"),
        (["dispute.mediation", "--start", START, "--pause", "2026-10-08/2026-10-05"], "pause-ends-before-start"),
        (["dispute.mediation", "--start", START, "--pause", "2026-10-08"], "pause-invalid"),
        (["dispute.mediation", "--start", START, "--pause", "2026-10-08T10:00/"], "date-invalid"),
        (["dispute.mediation", "--start", START, "--pause", "2026-09-01/2026-09-30"], "pause-before-start"),
        (["dispute.mediation", "--start", START, "--pause", "2026-11-01/2026-11-02"], "pause-after-end"),
        (["dispute.acceptance", "--start", START, "--pause", "2026-09-28/2026-09-29"], "pause-not-allowed"),
        (["dispute.mediation", "--start", START, "--extend", "31"], "extension-too-long"),
        (["dispute.mediation", "--start", START, "--extend", "-1"], "number-invalid"),
        (["dispute.acceptance", "--start", START, "--extend", "1"], "extension-not-allowed"),
        (["dispute.mediation", "--start", START, "--due", "2026-10-01"], "day-not-agreed"),
        (["dispute.performance", "--start", START], "day-missing"),
        (["dispute.performance", "--start", START, "--due", "2026-09-01"], "day-before-start"),
        (["hotline.done", "--start", START], "variant-missing"),
        (["hotline.done", "--start", START, "--variant", "nonsense"], "variant-unknown"),
        (["dispatch.arrive", "--start", START], "hours-missing"),
        (["dispatch.arrive", "--start", START, "--hours", "nan"], "number-invalid"),
        (["dispute.mediation", "--start", START, "--hours", "3"], "hours-not-allowed"),
        (["drill.township", "--start", "9999-01-01"], "date-out-of-range"),
    ],
)
def test_wrong_use_has_a_stable_code(arguments, error):
    answer, code = ask(*arguments)
    assert (answer["error"], code) == (error, 2)
    assert answer["message"]


def test_people_read_lines(capsys):
    call_command("show_clock", "petition.handling", "--start", "2026-08-06")
    assert "2026-10-05" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("show_clock", "petition.handling", "--start", "2026-02-30")
    assert "date-invalid" in capsys.readouterr().err
