"""Opening a matter (登记): entered once, numbered at once, its first clocks running."""
import uuid
from datetime import datetime

from django.core import signing
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import registry
from ..models import Matter, MatterUnit, VocabularyTerm
from ..workflow import Refused
from . import attaching, granting, parties, timing
from .door import Passage
from .moving import regrade
from .numbering import next_number

_SALT = "casework.client-uuid"
_TITLE_LENGTH = 30
_TOKEN_AGE = timezone.timedelta(days=90)


class SimilarOpen(Refused):
    """Matters like this one are open: is it one of them?"""

    def __init__(self, matters):
        super().__init__(
            "similar-open", _("A similar matter is open. Is it this one?"), missing=[row.number for row in matters]
        )
        self.matters = matters


def refuse_similar(*, kind, actor, values, client_uuid) -> None:
    """SimilarOpen if matters like this one are open where the actor sees them, and this one is not written yet."""
    if Matter.objects.filter(client_uuid=client_uuid).exists():
        return
    rows = Matter.objects.visible_to(actor).similar_open(kind.code, values["unit"], values["category"])
    similar = list(rows.select_related("township", "unit", "unit__parent")[:5])
    if similar:
        raise SimilarOpen(similar)


def issue_client_uuid(user, held: uuid.UUID | None = None) -> str:
    """A signed token for one entry of this user; the form or the offline queue sends it back."""
    return signing.dumps({"user": user.pk, "uuid": (held or uuid.uuid4()).hex}, salt=_SALT, compress=True)


def read_client_uuid(token: str, user) -> uuid.UUID:
    """The id inside a token. Refused `form-expired` if it is not this user's, or older than 90 days."""
    try:
        held = signing.loads(token, salt=_SALT, max_age=_TOKEN_AGE)
    except signing.BadSignature:
        held = {}
    if held.get("user") != user.pk:
        raise Refused("form-expired", _("This form is no longer valid. Open it anew; what you typed is kept."))
    return uuid.UUID(held["uuid"])


@transaction.atomic
def open_matter(*, kind, actor, values, parties=(), facts=None, files=(), client_uuid, origin="web") -> Matter:
    """Register a matter: number, facts, parties, first clocks and event in one transaction.

    `values`: title, description, category, unit, address, latitude, longitude, channel, occurred_at,
    reported_at, is_confidential, other_units. Sent a second time with the same `client_uuid`, it returns
    what the first time wrote. Raises Refused: `not-your-right`, `description-missing`, `category-unknown`,
    `channel-unknown`, `unit-closed`, `act-in-the-future`, `occurred-after-reported`.
    """
    _hold(client_uuid)
    written = Matter.objects.filter(client_uuid=client_uuid).first()
    if written is not None:
        if written.creator_id != actor.pk:
            raise Refused("form-expired", _("This form is no longer valid. Open it anew; what you typed is kept."))
        return written
    declared = registry.get(kind)
    now = timezone.now()
    checked = _checked(declared, values, now)
    act = Passage(_row(declared, actor, checked, client_uuid, now), actor, origin=origin, now=now)
    _require_right(act, declared)
    try:
        _insert_all(act, checked, parties, facts or {}, files)
    except BaseException:
        act.take_back_files()
        raise
    return act.matter


def _insert_all(act: Passage, checked, people, facts, files) -> None:
    number_and_insert(act)
    MatterUnit.objects.bulk_create(
        [MatterUnit(matter=act.matter, unit=unit) for unit in checked["other_units"]], ignore_conflicts=True
    )
    _write_contents(act, people, facts, files)
    act.finish()


def number_and_insert(act: Passage) -> None:
    """Give the matter its number and insert it. The series stays locked until commit: no gap, no double."""
    matter = act.matter
    matter.number = next_number(
        prefix=act.kind.prefix, township_code=matter.township.code, year=timezone.localdate(act.now).year
    )
    matter.save(force_insert=True)


def _write_contents(act: Passage, people, facts, files) -> None:
    act.text_touched = True
    act.acted_at = act.matter.reported_at
    stored = attaching.store_files(act, files)
    act.kind.open_facts(act, facts)
    event = act.event(
        "opened",
        data={"channel": act.matter.channel, "category": act.matter.category, "unit": act.matter.unit_id,
              "files": [a.pk for a in stored], "shown": {"number": act.matter.number}, **act.event_data},
        acted_at=act.matter.reported_at,
    )
    attaching.bind(stored, event)
    for position, person in enumerate(people):
        parties.put_party(act, person, position=position, tells=False)
    if act.kind.opening_clocks is not None:
        timing.start_all(act, act.kind.opening_clocks(act.matter), event)
    regrade(act)
    granting.grant_if_blind(act.matter, act.actor, ground="reporter")


def _hold(client_uuid) -> None:
    """Serialise two sendings of the same form, so that the second finds what the first wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"open:{client_uuid}"])


def _row(kind, actor, checked, client_uuid, now: datetime) -> Matter:
    unit = checked["unit"]
    if unit.township is None:
        raise Refused("unit-without-township", _("Choose a village, a grid or the township."), missing=("unit",))
    columns = {key: value for key, value in checked.items() if key != "other_units"}
    return Matter(
        kind=kind.code, township=unit.township, status=kind.workflow.initial,
        is_open=kind.state(kind.workflow.initial).is_open, creator=actor, client_uuid=client_uuid,
        created_at=now, last_moved_at=now, **columns,
    )


def _checked(kind, values, now: datetime) -> dict:
    """The columns that a person fills, checked."""
    checked = {
        "title": (values.get("title") or "").strip(), "description": (values.get("description") or "").strip(),
        "address": (values.get("address") or "").strip(), "unit": values["unit"],
        "category": check_term(kind.categories, values.get("category"), "category"),
        "channel": check_term(kind.channels, values.get("channel"), "channel"),
        "latitude": values.get("latitude"), "longitude": values.get("longitude"),
        "is_confidential": bool(values.get("is_confidential")),
        "reported_at": values.get("reported_at") or now, "occurred_at": values.get("occurred_at"),
        "other_units": [unit for unit in values.get("other_units") or () if unit.pk != values["unit"].pk],
    }
    if not checked["description"]:
        raise Refused("description-missing", _("Say what happened."), missing=("description",))
    checked["title"] = checked["title"] or title_from(checked["description"])
    check_times(checked["occurred_at"], checked["reported_at"], now)
    if checked["unit"].is_closed:
        raise Refused("unit-closed", _("This unit no longer exists. Choose its successor."), missing=("unit",))
    return checked


def title_from(description: str) -> str:
    """A short title from the first line of what happened."""
    first = description.splitlines()[0].strip()
    return first if len(first) <= _TITLE_LENGTH else first[:_TITLE_LENGTH] + "…"


def check_times(occurred_at, reported_at, now: datetime) -> None:
    """Refused when something is dated later than now, or happened after it was received."""
    if reported_at > now or (occurred_at is not None and occurred_at > now):
        raise Refused("act-in-the-future", _("An act cannot be dated later than now."), missing=("reported_at",))
    if occurred_at is not None and occurred_at > reported_at:
        raise Refused(
            "occurred-after-reported", _("It cannot have happened after it was received."), missing=("occurred_at",)
        )


def check_term(vocabulary, code, name: str) -> str:
    """The code, if it is a word in use of this vocabulary; Refused `category-unknown`, `channel-unknown`."""
    code = code or ""
    if not VocabularyTerm.objects.filter(vocabulary=vocabulary.code, code=code, is_active=True).exists():
        raise Refused(
            f"{name}-unknown",
            _("“%(code)s” is not in the list “%(list)s”.") % {"code": code, "list": vocabulary.label},
            missing=(name,),
        )
    return code


def _require_right(act: Passage, kind) -> None:
    """The actor needs a post with an opening role in whose subtree the unit lies."""
    held = {
        role for role in kind.open_roles if act.matter.unit_id in act.sight.roles_at.get(role, ())
    }
    if not held:
        raise Refused("not-your-right", _("Your posts do not give you the right to do this here."))
    act.roles, act.used_roles = held | {"reporter"}, held
