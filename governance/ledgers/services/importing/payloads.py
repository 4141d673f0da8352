"""What was understood of a row, as it is kept until the row is entered (识别结果暂存): encrypted, and hashed."""
import hashlib
import hmac
import json
from datetime import date
from decimal import Decimal

from django.conf import settings

from governance.keeping.services.hashing import kept_key
from governance.organisation import encryption

from ...layout import Layout, Reads

_TYPES = {Reads.DAY: date.fromisoformat, Reads.YUAN: Decimal}


def plain(value):
    """A value as JSON has it."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def seal(record, changes=(), stood=None) -> bytes:
    """Values, troubles, guesses and changes of a row, encrypted: names and telephone numbers stand in them.

    `stood`: what stands in the portal, or will by the rows above, once the row is entered; for rows below.
    """
    held = {
        "values": {code: plain(value) for code, value in record.values.items()}, "said": sorted(record.said),
        "troubles": [remark.plain() for remark in record.troubles],
        "guesses": [remark.plain() for remark in record.guesses],
        "changes": [change.plain() for change in changes],
    }
    if stood is not None:
        held["stood"] = {code: plain(value) for code, value in stood.items()}
    return encryption.encrypt(json.dumps(held, ensure_ascii=False), key=settings.PERSONAL_KEY)


def seal_plain(data: dict) -> bytes:
    """Any plain data, encrypted."""
    return encryption.encrypt(json.dumps(data, ensure_ascii=False), key=settings.PERSONAL_KEY)


def unseal(payload: bytes) -> dict:
    """What `seal` or `seal_plain` took in; nothing of an emptied one."""
    if not payload:
        return {"values": {}, "said": [], "troubles": [], "guesses": [], "changes": []}
    return json.loads(encryption.decrypt(payload, key=settings.PERSONAL_KEY))


def typed(values: dict, layout: Layout) -> dict:
    """The values of a row with their types again."""
    found = {}
    for code, value in values.items():
        turn = _TYPES.get(layout.column(code).reads) if code in layout else None
        found[code] = turn(value) if turn and value is not None else value
    return found


def identity_of(layout: Layout, township_code: str, values: dict) -> str:
    """What tells the affair: a keyed hash, from which no name can be had back."""
    told = [township_code, layout.kind, *(_sorted(values.get(code)) for code in layout.identity)]
    return _hash(told)


def fingerprint_of(layout: Layout, identity: str, values: dict) -> str:
    """All that a row says, its running number aside."""
    skipped = {c.code for c in layout.columns if c.reads in (Reads.SERIAL, Reads.NUMBER) and not c.value}
    told = {code: plain(value) for code, value in values.items() if code not in skipped and code != "number"}
    return _hash([identity, json.dumps(told, ensure_ascii=False, sort_keys=True)])


def _sorted(value):
    return sorted(value) if isinstance(value, list) else plain(value)


def _hash(told) -> str:
    text = json.dumps(told, ensure_ascii=False)
    return hmac.new(b"ledger:" + kept_key("ledger"), text.encode(), hashlib.sha256).hexdigest()
