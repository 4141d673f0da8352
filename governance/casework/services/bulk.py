"""One act on many matters (批量办理): each through the same services as alone, in a transaction of its own.

A verdict commits together with its act, and a row is decided under its lock: a second click, a second worker or
a worker that was killed does nothing twice, and whatever still waits can be carried on at any time.
"""
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from governance.organisation import encryption
from governance.organisation.models import Unit, User
from governance.organisation.services.background import start_later

from .. import registry
from ..models import BulkRow, BulkRun, Matter, MatterLink
from ..workflow import Refused
from . import assigning, linking, moving, recording
from .notifying import tell_of_run

MOST = 1000
AT_ONCE = 50
_ORIGIN = "bulk"
_TASK = "governance.casework.tasks.carry_on_bulk"
_Verdict = BulkRow.Verdict
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class BulkAct:
    """An act that makes sense for many matters at once: what is typed holds for all of them.

    `perform(row, actor, facts)` calls one service.
    """

    perform: Callable


def _assign(row, actor, facts):
    assigning.assign(
        matter_id=row.matter_id, actor=actor, version=row.version_seen, handler=facts.get("handler"),
        responsible_unit=facts.get("responsible_unit"), text=facts.get("text", ""), due_on=facts.get("due_on"),
        origin=_ORIGIN,
    )


def _urge(row, actor, facts):
    assigning.urge(matter_id=row.matter_id, actor=actor, text=facts.get("text", ""), origin=_ORIGIN)


def _note(row, actor, facts):
    recording.note(matter_id=row.matter_id, actor=actor, text=facts.get("text", ""), origin=_ORIGIN)


def _link(row, actor, facts):
    linking.link(
        matter_id=row.matter_id, other_id=facts["other"], actor=actor, relation=MatterLink.Relation.SAME_AFFAIR,
        origin=_ORIGIN,
    )


def _step(kind, step: str) -> BulkAct:
    """A step of a kind, taken as if alone: the same right, conditions and guards, the version that was seen."""

    def perform(row, actor, facts):
        if not Matter.objects.filter(pk=row.matter_id, kind=kind.code).exists():
            raise Refused("other-kind", _("This is a matter of another kind: this step is not one of its own."))
        moving.move(
            matter_id=row.matter_id, step=step, actor=actor, version=row.version_seen, facts=facts, origin=_ORIGIN
        )

    return BulkAct(perform)


# Only what changes a matter is checked against the version seen (assign, steps): the others overwrite nothing.
ACTS = {"assign": BulkAct(_assign), "urge": BulkAct(_urge), "note": BulkAct(_note), "link": BulkAct(_link)}


def step_acts() -> dict[str, tuple]:
    """Name of the act -> (kind, step), for the steps that kinds let be taken in many matters at once."""
    return {f"{kind.code}-{step}": (kind, step) for kind in registry.all_kinds() for step in kind.bulk_steps}


def act_of(name: str) -> BulkAct | None:
    """The act of this name: one that every kind has, or a kind's own step."""
    if name in ACTS:
        return ACTS[name]
    return _step(*step_acts()[name]) if name in step_acts() else None


@transaction.atomic
def start_run(*, actor, act: str, chosen, facts, client_uuid) -> BulkRun:
    """Write down what is to be done to which matters; nothing is done to them yet.

    `chosen`: pairs (matter id, version seen); those that the actor does not see are left out and counted.
    `facts`: values of the form; users, units and matters as objects. Sent again with the same `client_uuid` it
    returns what the first time wrote. Refused: `act-unknown`, `nothing-chosen`, `too-many-chosen`, `form-expired`.
    """
    _hold(client_uuid)
    written = BulkRun.objects.filter(client_uuid=client_uuid).first()
    if written is not None:
        if written.actor_id != actor.pk:
            raise Refused("form-expired", _("This form is no longer valid. Open it anew; what you typed is kept."))
        return written
    if act_of(act) is None:
        raise Refused("act-unknown", _("This cannot be done to several matters at once."))
    versions = dict(chosen)
    if len(versions) > MOST:
        raise Refused("too-many-chosen", _("At most %(count)s matters at once.") % {"count": MOST})
    seen = set(Matter.objects.visible_to(actor).filter(pk__in=versions).values_list("pk", flat=True))
    if not seen:
        raise Refused("nothing-chosen", _("Tick at least one matter."))
    run = BulkRun.objects.create(
        actor=actor, act=act, facts_encrypted=_closed(facts), client_uuid=client_uuid,
        left_out_count=len(versions) - len(seen), in_background=len(seen) > AT_ONCE, created_at=timezone.now(),
    )
    BulkRow.objects.bulk_create(
        BulkRow(run=run, matter_id=pk, position=place, version_seen=version)
        for place, (pk, version) in enumerate((pk, v) for pk, v in versions.items() if pk in seen)
    )
    return run


def carry_on(run_id: int) -> int:
    """Decide every row that still waits; returns how many were decided now.

    When the database gives way in the middle the rest keeps waiting, and the next call goes on there.
    """
    run = BulkRun.objects.select_related("actor").get(pk=run_id)
    if run.state == BulkRun.State.DONE:
        return 0
    decided = 0
    waiting = run.rows.filter(verdict=_Verdict.WAITING).order_by("position")
    with translation.override(run.actor.language):
        facts = _opened(run)
        try:
            for row_id in list(waiting.values_list("pk", flat=True)):
                decided += _decide(row_id, run, facts)
        except (OperationalError, InterfaceError):
            _log.warning("bulk run %s stopped in the middle; what waits is carried on later", run.pk)
            return decided
    _finish(run.pk)
    return decided


def carry_on_soon(run: BulkRun) -> None:
    """Have a worker carry the run on after the commit; if the broker is down, the next beat finds it."""
    start_later(_TASK, run.pk)


def carry_on_all() -> int:
    """Carry on every unfinished run, the oldest first (whatever stopped it); returns how many rows were decided."""
    unfinished, decided = BulkRun.objects.filter(state=BulkRun.State.RUNNING).order_by("pk"), 0
    for pk in list(unfinished.values_list("pk", flat=True)):
        try:
            decided += carry_on(pk)
        except ValueError:
            # What was typed was written with another key: this run waits for it, the others do not.
            _log.exception("bulk run %s cannot be read", pk)
    return decided


@transaction.atomic
def _decide(row_id: int, run: BulkRun, facts) -> bool:
    """Do the act to one matter and write its verdict, both or neither; False if another worker has the row."""
    waiting = BulkRow.objects.select_for_update(skip_locked=True, of=("self",))
    row = waiting.filter(pk=row_id, verdict=_Verdict.WAITING).first()
    if row is None:
        return False
    try:
        with transaction.atomic():
            act_of(run.act).perform(row, run.actor, facts)
        row.verdict = _Verdict.DONE
    except Refused as refusal:
        row.verdict, row.code, row.message = _Verdict.REFUSED, refusal.code, str(refusal.message)[:300]
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # One matter that breaks an act must not hold up the others; its own savepoint is rolled back.
        _log.exception("bulk run %s: matter %s", run.pk, row.matter_id)
        row.verdict, row.code = _Verdict.FAILED, "unexpected"
    row.decided_at = timezone.now()
    row.save(update_fields=["verdict", "code", "message", "decided_at"])
    return True


@transaction.atomic
def _finish(run_id: int) -> None:
    """Close the run once nothing waits: what was typed is wiped; who ran it in the background is told."""
    run = BulkRun.objects.select_for_update(of=("self",)).get(pk=run_id)
    if run.state == BulkRun.State.DONE or run.rows.filter(verdict=_Verdict.WAITING).exists():
        return
    run.state, run.finished_at, run.facts_encrypted = BulkRun.State.DONE, timezone.now(), b""
    run.save(update_fields=["state", "finished_at", "facts_encrypted"])
    if run.in_background:
        tell_of_run(run, refused_count=run.rows.exclude(verdict=_Verdict.DONE).count())


def _hold(client_uuid) -> None:
    """Serialise two sendings of the same form, so that the second finds what the first wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"bulk:{client_uuid}"])


def _closed(facts) -> bytes:
    """The facts as ciphertext: ids, days and words."""
    plain = {name: getattr(value, "pk", value) for name, value in facts.items() if value not in (None, "")}
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in plain.items()}
    return encryption.encrypt(json.dumps(plain, ensure_ascii=False), key=settings.PERSONAL_KEY)


def _opened(run: BulkRun) -> dict:
    """The facts again, with people and units as rows."""
    facts = json.loads(encryption.decrypt(run.facts_encrypted, key=settings.PERSONAL_KEY) or "{}")
    if "handler" in facts:
        facts["handler"] = User.objects.get(pk=facts["handler"])
    if "responsible_unit" in facts:
        facts["responsible_unit"] = Unit.objects.get(pk=facts["responsible_unit"])
    if "due_on" in facts:
        facts["due_on"] = date.fromisoformat(facts["due_on"])
    return facts
