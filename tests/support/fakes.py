"""A fake kind, "probe": the kernel's own tests run on it with no case app installed."""
from contextlib import contextmanager

from governance.casework import clocks, registry
from governance.casework.registry import BY_BOTH, BY_RESPONSIBILITY, BY_UNIT, CaseKind, Retention, Term, Vocabulary
from governance.casework.workflow import ANY_OPEN, ClockStart, Refused, State, Step, Workflow, opens_clocks

CATEGORIES = Vocabulary("probe.category", "类别", (Term("small", "小", "Small"), Term("large", "大", "Large")))
CHANNELS = Vocabulary("probe.channel", "来源", (Term("seen", "发现", "Seen"), Term("told", "告知", "Told")))
OUTCOMES = Vocabulary("probe.outcome", "结果", (Term("mended", "修好", "Mended"),), fixed=True)

LOOK = clocks.ClockRule(
    code="probe.look", kind="probe", label="查看期限", bearer=clocks.Bearer.OFFICE, basis=clocks.Basis.WORKING_DAYS,
    length=3, starts="reported", stops="looked at", source="test", is_local=True,
)
MEND = clocks.ClockRule(
    code="probe.mend", kind="probe", label="修理期限", bearer=clocks.Bearer.OFFICE, basis=clocks.Basis.DAYS,
    length=30, starts="looked at", stops="mended", source="test",
    extension=clocks.ExtensionPolicy(max_times=1, max_days=15, approver="unit_head", requires=("reason",)),
    pause=clocks.PausePolicy(ground="parts", evidence="part_order"),
)
OBJECT = clocks.ClockRule(
    code="probe.object", kind="probe", label="异议期", bearer=clocks.Bearer.WINDOW, basis=clocks.Basis.DAYS,
    length=10, roll=clocks.Roll.FORWARD, starts="mended", stops="objected", source="test", survives_closing=True,
)


def is_described(matter, actor):
    """Guard: the matter says what happened."""
    if "无" in matter.title:
        raise Refused("not-described", "Say what is broken.")


@opens_clocks("probe.object")
def objection_window(matter, acted_at):
    """The window opens on the day of mending."""
    return [ClockStart("probe.object", at=acted_at)]


def note_look(act, facts):
    """Recorder: what was seen."""
    act.event_personal["seen"] = facts.get("seen", "")
    if facts.get("handler"):
        from governance.casework.services.assigning import set_handler

        set_handler(act, facts["handler"])
    act.set(accepted_at=act.acted_at)


WORKFLOW = Workflow(
    initial="reported",
    states=(
        State("reported", "已报", True, "报"),
        State("looking", "查看中", True, "查"),
        State("mended", "已修好", True, "修"),
        State("closed", "已结", False, "结"),
        State("merged", "已并案", False),
        State("voided", "已作废", False),
    ),
    steps=(
        Step("look", "查看", ("reported",), ("looking",), ("clerk", "mediator"), guards=(is_described,),
             starts=("probe.mend",), stops=("probe.look",), is_main=True),
        Step("mend", "修好", ("looking",), ("mended",), ("clerk", "mediator", "handler"), stops=("probe.mend",),
             starts=(objection_window,), outcome="mended", is_main=True),
        Step("close", "结案", ("mended",), ("closed",), ("clerk",), is_main=True),
        Step("prove", "补证", ("looking",), (), ("clerk", "handler"), evidence=("photo",)),
        Step("reopen", "重启", ("closed",), ("looking",), ("clerk", "office"), starts=("probe.mend",),
             reason_required=True),
        Step("merge", "并案", ANY_OPEN, ("merged",), ("clerk",), hidden=True, reason_required=True),
        Step("void", "作废", ANY_OPEN, ("voided",), ("clerk",), reason_required=True, is_destructive=True),
    ),
)

PROBE = CaseKind(
    code="probe", prefix="PB", label="测试事项", numbering_name="测试", workflow=WORKFLOW, facts="grants",
    facts_model="casework.Matter",
    reach={
        "grid_worker": BY_UNIT, "village_officer": BY_UNIT, "mediator": BY_UNIT, "clerk": BY_UNIT,
        "leader": BY_UNIT, "office": BY_UNIT, "unit_head": BY_BOTH, "liaison": BY_RESPONSIBILITY,
    },
    open_roles=("grid_worker", "village_officer", "clerk"), manage_roles=("clerk",),
    handling_roles=("grid_worker", "village_officer", "mediator", "clerk", "liaison"),
    categories=CATEGORIES, channels=CHANNELS, outcomes=OUTCOMES,
    party_kinds=("applicant", "respondent", "witness"), open_facts=lambda act, facts: None,
    recorders={"look": note_look}, opening_clocks=lambda matter: [ClockStart("probe.look", at=matter.reported_at)],
    evidence={"photo": "照片"}, reveal_roles=("clerk",), own_reveal_roles=("mediator", "village_officer"),
    confidential_roles=("clerk",), retention=(Retention(10, "测试"), Retention(2, "测试", "mended")),
)


@contextmanager
def probe_kind():
    """Register the fake kind with its clocks, words and rights; the database must be open to the test."""
    from governance.casework.services.seeding import grant_kinds_to_roles, seed_vocabularies

    known = {rule.code for rule in clocks.all_rules()}
    clocks.register_rules(*(rule for rule in (LOOK, MEND, OBJECT) if rule.code not in known))
    registry.register(PROBE)
    try:
        seed_vocabularies()
        grant_kinds_to_roles()
        yield PROBE
    finally:
        registry.unregister("probe")
