"""Which row an act wrote: rows and acts of a dispute follow one another (经过与事实的对应).

What came out of an old ledger has rows without acts; it came first, so that both are counted from the last.
"""
from ...workflow import InstalmentState

ENDED = ("decline", "fail", "withdraw")
AGREED = ("agree", "agree_orally")
HEARD = ("record_session", "record_inquiry")
CONFIRMING = ("apply_confirmation", "waive_confirmation")
_RELATIONS = {
    **dict.fromkeys(ENDED, (ENDED, "endings")),
    "refer": (("refer",), "referrals"),
    "record_default": (("record_default",), "defaults"),
    "change_agreement": (("change_agreement",), "agreement_changes"),
    **dict.fromkeys(CONFIRMING, (CONFIRMING, "confirmations")),
}
_BY_ID = {
    **dict.fromkeys(AGREED, ("agreement", "agreements")), **dict.fromkeys(HEARD, ("session", "sessions")),
    "record_revisit": ("revisit", "revisits"), "record_check": ("check", "performance_checks"),
}


def row_of(event):
    """The row that an act wrote; None if it wrote none."""
    if event.verb in _BY_ID:
        name, relation = _BY_ID[event.verb]
        return getattr(event.matter, relation).filter(pk=event.data.get(name)).first()
    if event.verb in _RELATIONS:
        verbs, relation = _RELATIONS[event.verb]
        later = event.matter.events.filter(verb__in=verbs, seq__gt=event.seq).count()
        return getattr(event.matter, relation).order_by("-pk")[later:later + 1].first()
    if event.verb == "record_performance":
        return _performed_by(event)
    return _decided_by(event) if event.verb == "decide_confirmation" else None


def _performed_by(event):
    """The instalment, if this was the entry with which it was wholly performed: none follows that one."""
    same = event.matter.events.filter(verb=event.verb, data__instalment=event.data.get("instalment"))
    if same.filter(seq__gt=event.seq).exists():
        return None
    rows = event.matter.instalments.filter(state=InstalmentState.PERFORMED)
    return rows.filter(pk=event.data.get("instalment")).first()


def _decided_by(event):
    later = event.matter.events.filter(verb=event.verb, seq__gt=event.seq).count()
    decided = event.matter.confirmations.filter(decided_on__isnull=False)
    return decided.order_by("-pk")[later:later + 1].first()
