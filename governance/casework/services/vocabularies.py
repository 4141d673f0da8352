"""Words of the vocabularies and local lengths (词表与本地时限): read from a cache, changed on record."""
import time

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from governance.organisation.services.recording import record_change
from governance.organisation.visibility import Area, require_unit

from .. import clocks, registry
from ..models import LocalLength, VocabularyTerm
from ..workflow import Refused

_SECONDS = 300
_KEY = "casework.vocabularies.2"
# A list page shows some ninety words: each process asks the cache for them once a second at most.
_FRESH_SECONDS = 1.0
_held: list[tuple[float, dict]] = []


def all_terms() -> dict:
    """Vocabulary -> code -> (Chinese label, English label, in use, what it counts under); cached for five minutes.

    A word that was changed in another process is seen within a second.
    """
    if _held and time.monotonic() - _held[0][0] < _FRESH_SECONDS:
        return _held[0][1]
    terms = cache.get(_KEY)
    if terms is None:
        terms = {}
        for row in VocabularyTerm.objects.order_by("vocabulary", "position", "id"):
            terms.setdefault(row.vocabulary, {})[row.code] = (
                row.label_zh, row.label_en, row.is_active, row.counts_under,
            )
        cache.set(_KEY, terms, _SECONDS)
    _held[:] = [(time.monotonic(), terms)]
    return terms


def forget_terms() -> None:
    """Read the vocabularies anew."""
    _held.clear()
    cache.delete(_KEY)


def term_label(vocabulary: str, code: str) -> str:
    """The label of a code in the reader's language; the code itself if the row is gone."""
    row = all_terms().get(vocabulary, {}).get(code)
    if row is None:
        return code
    return row[0] if (get_language() or "zh").startswith("zh") else row[1]


def default_label(vocabulary, code: str) -> str:
    """The label that a declared vocabulary gives a code in the reader's language, without the database."""
    term = next(term for term in vocabulary.terms if term.code == code)
    return term.zh if (get_language() or "zh").startswith("zh") else term.en


def counting_under(vocabulary: str, official: str) -> frozenset[str]:
    """The codes that count under an official one, itself included and words of words."""
    rows = all_terms().get(vocabulary, {})
    found, grown = set(), {official}
    while grown:
        found |= grown
        grown = {code for code, row in rows.items() if row[3] in grown} - found
    return frozenset(found)


def term_choices(vocabulary: str, *, blank=None, keep: str = "") -> list:
    """Pairs of code and label of the words in use; `keep` stays although it is no longer in use."""
    rows = all_terms().get(vocabulary, {})
    pairs = [(code, term_label(vocabulary, code)) for code, row in rows.items() if row[2] or code == keep]
    return pairs if blank is None else [("", blank), *pairs]


def vocabulary_of(code: str):
    """The declared vocabulary, or None."""
    for kind in registry.all_kinds():
        for vocabulary in (kind.categories, kind.channels, kind.outcomes, *kind.vocabularies):
            if vocabulary.code == code:
                return vocabulary
    return None


def may_keep_terms(actor) -> bool:
    """Whether no township lies outside the actor's area: the words of the lists are the same for all."""
    return Area.of(actor).covers_all()


@transaction.atomic
def put_term(*, actor, vocabulary: str, code: str, label_zh: str, label_en: str, counts_under="", is_active=True):
    """Add a word, or change the labels and use of one; its code never changes.

    Refused: `vocabulary-unknown`, `vocabulary-fixed` (a fixed one takes no new word and loses none),
    `counts-under-unknown`.
    """
    if not may_keep_terms(actor):
        raise Refused("not-permitted", _("The lists hold for the whole portal: who administers all of it keeps them."))
    declared = vocabulary_of(vocabulary)
    if declared is None:
        raise Refused("vocabulary-unknown", _("There is no such list."))
    term = VocabularyTerm.objects.select_for_update().filter(vocabulary=vocabulary, code=code).first()
    if declared.fixed and (term is None or not is_active):
        raise Refused("vocabulary-fixed", _("This list is fixed by law; only its labels can be changed."))
    if counts_under and not VocabularyTerm.objects.filter(vocabulary=vocabulary, code=counts_under).exists():
        raise Refused("counts-under-unknown", _("There is no such word."), missing=("counts_under",))
    verb = "changed" if term else "added"
    if term is None:
        position = VocabularyTerm.objects.filter(vocabulary=vocabulary).count()
        term = VocabularyTerm(vocabulary=vocabulary, code=code, position=position)
    before = {"zh": term.label_zh, "en": term.label_en, "active": term.is_active}
    term.label_zh, term.label_en = label_zh, label_en
    term.counts_under, term.is_active = counts_under, is_active
    term.save()
    record_change(
        subject_type="vocabulary", subject_id=f"{vocabulary}.{code}", verb=verb, actor=actor,
        data={"before": before, "zh": label_zh, "en": label_en, "active": is_active, "counts_under": counts_under},
    )
    transaction.on_commit(forget_terms)
    return term


@transaction.atomic
def set_local_length(*, actor, rule: str, township, variant: str, length: int, from_on) -> LocalLength:
    """Give a local rule a township's own length from a day on; clocks that run already keep theirs.

    Refused: `rule-unknown`, `rule-is-law`, `day-in-the-past`.
    """
    require_unit(actor, township, "township")
    declared = next((one for one in clocks.all_rules() if one.code == rule), None)
    if declared is None:
        raise Refused("rule-unknown", _("There is no such rule."))
    if not declared.is_local:
        raise Refused("rule-is-law", _("This length is set by law and cannot be changed."))
    if from_on < timezone.localdate():
        raise Refused("day-in-the-past", _("The day lies in the past."), missing=("from_on",))
    earlier = LocalLength.objects.filter(rule=rule, township=township, variant=variant)
    held = earlier.filter(from_on__lte=from_on).order_by("from_on").last()
    before = held.length if held else None
    row, _created = LocalLength.objects.update_or_create(
        rule=rule, township=township, variant=variant, from_on=from_on,
        defaults={"length": length, "version": earlier.count() + 1},
    )
    record_change(
        subject_type="local_length", subject_id=f"{rule}.{variant}.{township.code}", verb="set", actor=actor,
        data={"before": before, "length": length, "from_on": from_on.isoformat(), "version": row.version},
    )
    return row
