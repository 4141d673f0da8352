"""What search finds of a matter: the vector of its number, text and parties' names, written anew (检索索引)."""
from collections import defaultdict

from django.db import connection, transaction

from .. import bigrams
from ..models import Matter, Party

SLICE = 1000
# Texts of only these were read alike by every version: ASCII, Chinese of the basic plane, and punctuation.
_PLAIN = "\x01-\x7f\u00b7\u2010-\u2027\u3000-\u3003\u3008-\u3011\u3014-\u301f\u3400-\u9fff\uff01-\uff0f\uff1a-\uff20"
STRANGE = f"[^{_PLAIN}]"
_TEXTS = ("title", "description", "address")


def reindex(matter: Matter) -> None:
    """Write the search vector of one matter from its text and its parties' names."""
    _write([(matter.pk, _lexemes(matter, Party.objects.filter(matter_id=matter.pk, removed_at=None)))])


def reindex_all(*, only_strange=False, after=0, matters=Matter.objects, parties=Party.objects, tell=None) -> int:
    """Write all vectors anew, in slices of ids that commit one by one; returns how many.

    `only_strange`: those alone that hold something else than Chinese of the basic plane and ASCII. Each slice locks
    its rows, so that nothing is lost that somebody writes meanwhile; `tell(id)` hears after each from where to go on.
    """
    written = 0
    last = matters.order_by("-pk").values_list("pk", flat=True).first() or 0
    while after < last:
        with transaction.atomic():
            until = _end_of_slice(matters, after, last)
            rows = matters.filter(pk__gt=after, pk__lte=until)
            if only_strange:
                rows = rows.filter(pk__in=_strange_ids(after, until))
            written += _reindex_rows(list(rows.select_for_update().only("number", *_TEXTS).order_by("pk")), parties)
        after = until
        if tell is not None:
            tell(after)
    return written


def _end_of_slice(matters, after, last) -> int:
    ids = matters.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    return next(iter(ids[SLICE - 1:SLICE]), last)


def _strange_ids(after, until) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM casework_matter WHERE id > %(after)s AND id <= %(until)s"
            " AND (title || description || address) ~ %(strange)s"
            " UNION SELECT matter_id FROM casework_party"
            " WHERE matter_id > %(after)s AND matter_id <= %(until)s AND name ~ %(strange)s",
            {"after": after, "until": until, "strange": STRANGE},
        )
        return [row[0] for row in cursor.fetchall()]


def _reindex_rows(rows, parties) -> int:
    named = defaultdict(list)
    for party in parties.filter(matter_id__in=[row.pk for row in rows], removed_at=None).only("name", "matter_id"):
        named[party.matter_id].append(party)
    _write([(row.pk, _lexemes(row, named[row.pk])) for row in rows])
    return len(rows)


def _lexemes(matter, parties) -> list[str]:
    texts = (getattr(matter, name) for name in _TEXTS)
    found = bigrams.lexemes(*texts, *(party.name for party in parties))
    return sorted({*found, *bigrams.number_lexemes(matter.number)})


def _write(vectors) -> None:
    """The vectors of the matters: pairs (id, lexemes)."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE casework_matter SET search = array_to_tsvector(%s) WHERE id = %s",
            [(lexemes, pk) for pk, lexemes in vectors],
        )
