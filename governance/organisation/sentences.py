"""Changes as sentences (变更记录的文字): rendered at display from stored facts, in the reader's language."""
from collections import defaultdict
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .registry import Fact, all_subjects, change_verb


class Names:
    """Names of what changes speak of, by kind of subject and id; one query for each kind, whatever the number."""

    def __init__(self, wanted):
        self.found = {
            subject.code: subject.names(frozenset(wanted[subject.code]))
            for subject in all_subjects() if wanted.get(subject.code)
        }

    def __call__(self, code: str, pk) -> str:
        """The name; what is gone is called by its number."""
        return self.found.get(code, {}).get(str(pk)) or _("no. %(number)s") % {"number": pk}


def tell(changes) -> list:
    """Give each change `sentence` (text) and `differences` (label, before, after), and return them."""
    rows, wanted = list(changes), defaultdict(set)
    for change in rows:
        for code, value in _references(change):
            wanted[code].update(str(pk) for pk in (value if isinstance(value, list) else [value]))
    names = Names(wanted)
    for change in rows:
        change.sentence, change.differences = _sentence(change, names), _differences(change, names)
    return rows


def moment(stored: str) -> str:
    """A stored instant in words."""
    return date_format(timezone.localtime(datetime.fromisoformat(stored)), "DATETIME_FORMAT")


def day(stored: str) -> str:
    """A stored day in words."""
    return date_format(date.fromisoformat(stored[:10]), "DATE_FORMAT")


def listed(words):
    """Words for a list of values."""
    return lambda values: "、".join(str(words(value)) for value in values)


def _references(change):
    """Pairs of kind of subject and id (or ids) that the words of the change need."""
    yield change.subject_type, change.subject_id
    verb = change_verb(change.subject_type, change.verb)
    if verb is None:
        return
    pairs = [fact for difference in verb.differences for fact in (difference.before, difference.after)]
    for fact in (*verb.facts.values(), *pairs):
        value = _at(_values(change), fact.key)
        if fact.of and value not in (None, "", []):
            yield fact.of, value


def _sentence(change, names) -> str:
    verb = change_verb(change.subject_type, change.verb)
    subject = names(change.subject_type, change.subject_id)
    if verb is None:
        return _("%(subject)s was changed (%(verb)s)") % {"subject": subject, "verb": change.verb}
    values = _values(change)
    facts = {name: _in_words(fact, _at(values, fact.key), names, change) for name, fact in verb.facts.items()}
    return str(verb.sentence) % {"subject": subject, **facts}


def _differences(change, names) -> list[dict]:
    verb, values = change_verb(change.subject_type, change.verb), _values(change)
    found = []
    for one in verb.differences if verb else ():
        before, after = _at(values, one.before.key), _at(values, one.after.key)
        shown = one.field in change.data.get("fields", ()) if one.field else before != after
        if shown:
            found.append({
                "label": one.label, "before": _in_words(one.before, before, names, change),
                "after": _in_words(one.after, after, names, change),
            })
    return found


def _values(change) -> dict:
    personal = getattr(change, "personal", None)
    return {**change.data, "personal": personal.values if personal is not None else {}}


def _at(values, key: str):
    """The value at a place, None if there is none."""
    for part in key.split("."):
        values = values.get(part) if isinstance(values, dict) else None
    return values


def _in_words(fact: Fact, value, names, change) -> str:
    if value is None and fact.key.startswith("personal.") and _is_erased(change):
        return _("(erased)")
    if value in (None, "", []):
        return str(fact.empty)
    if fact.of:
        return "、".join(names(fact.of, pk) for pk in (value if isinstance(value, list) else [value]))
    return str(fact.words(value))


def _is_erased(change) -> bool:
    return bool(change.personal_hash) and getattr(change, "personal", None) is None
