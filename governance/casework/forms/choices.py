"""Choices that stand in rows: words of a vocabulary, units where somebody may register, people."""
from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language

from governance.organisation.models import Unit

from ..models import VocabularyTerm
from ..visibility import Sight

_SECONDS = 300
_KEY = "casework.vocabularies"


def all_terms() -> dict:
    """Vocabulary -> code -> (Chinese label, English label, in use); kept in the cache for five minutes."""
    terms = cache.get(_KEY)
    if terms is None:
        terms = {}
        for row in VocabularyTerm.objects.order_by("vocabulary", "position", "id"):
            terms.setdefault(row.vocabulary, {})[row.code] = (row.label_zh, row.label_en, row.is_active)
        cache.set(_KEY, terms, _SECONDS)
    return terms


def forget_terms() -> None:
    """Read the vocabularies anew; called when an administrator has changed them."""
    cache.delete(_KEY)


def term_label(vocabulary: str, code: str) -> str:
    """The label of a code in the reader's language; the code itself if the row is gone."""
    row = all_terms().get(vocabulary, {}).get(code)
    if row is None:
        return code
    return row[0] if (get_language() or "zh").startswith("zh") else row[1]


def term_choices(vocabulary: str, *, blank=None, keep: str = "") -> list:
    """Pairs of code and label of the words in use; `keep` stays although it is no longer in use."""
    rows = all_terms().get(vocabulary, {})
    pairs = [(code, term_label(vocabulary, code)) for code, row in rows.items() if row[2] or code == keep]
    return pairs if blank is None else [("", blank), *pairs]


def openable_units(user, kind):
    """Units in which the user's posts let them register a matter of this kind, in tree order."""
    sight = Sight.of(user)
    ids = set().union(*(sight.roles_at.get(role, ()) for role in kind.open_roles))
    today = timezone.localdate()
    still = Q(valid_to=None) | Q(valid_to__gte=today)
    return Unit.objects.filter(still, pk__in=ids, township__isnull=False).exclude(level="department").in_tree_order()


def may_open(user, kind) -> bool:
    """Whether any post of the user lets them register a matter of this kind."""
    sight = Sight.of(user)
    return any(sight.roles_at.get(role) for role in kind.open_roles)
