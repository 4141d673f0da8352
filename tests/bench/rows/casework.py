"""The kernel's rows of design.md §9: inbox, lists, search, detail, a transition, the overdue scan."""
import json
import uuid
from datetime import timedelta

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from governance.casework import filters
from governance.casework.models import Clock, Matter
from governance.casework.services import moving
from governance.casework.services.opening import open_matter
from governance.organisation.filters import cursor_of
from governance.organisation.models import User

from ..measuring import NothingToMeasure, Pair, bench
from ..scene import Scene, round_robin

LIST_COLUMNS = (
    "m.id, m.number, m.title, m.kind, m.category, m.status, m.grade, m.is_open, m.outcome, m.reported_at,"
    " m.next_due_at, u.short_name, v.short_name, t.short_name, h.name"
)
LIST_FROM = (
    " FROM casework_matter m JOIN organisation_unit u ON u.id = m.unit_id"
    " LEFT JOIN organisation_unit v ON v.id = u.parent_id JOIN organisation_unit t ON t.id = m.township_id"
    " LEFT JOIN organisation_user h ON h.id = m.handler_id WHERE "
)
NEWEST = " ORDER BY m.reported_at DESC, m.id DESC LIMIT 51"
PEOPLE = ("officer", "mediator", "quiet", "clerk")
WORDS = {"common": "宅基", "rare": "采光"}


def list_by_hand(scene: Scene, person, more="", params=(), tail=NEWEST):
    """The rows of a list page by one SQL."""
    seen, own = scene.seen_by_hand(person)
    return scene.sql(f"SELECT {LIST_COLUMNS}{LIST_FROM}{seen} AND m.status NOT IN ('voided', 'merged') {more}{tail}",
                     [*own, *params])


def _for_people(name, title, budget_ms, make, **options):
    """Declare the same row for each kind of person."""
    for code in PEOPLE:
        def pair(scene, code=code):
            people = scene.people(code)
            if not people:
                raise NothingToMeasure("nobody of this kind sees anything at this count")
            return make(scene, people)

        bench(f"{name}.{code}", title, budget_ms, **options)(pair)


def _inbox(scene, people):
    def by_hand(place):
        person = round_robin(people, place)
        seen, own = scene.seen_by_hand(person)
        day = filters.end_of_day(scene.now)
        parts = (
            ("m.next_due_at < %s ORDER BY m.next_due_at", [scene.now]),
            ("m.next_due_at >= %s AND m.next_due_at <= %s ORDER BY m.next_due_at", [scene.now, day]),
            ("m.is_open AND m.status = 'reported' ORDER BY m.reported_at", []),
            ("m.is_open AND m.handler_id IS NOT NULL AND m.next_due_at > %s ORDER BY m.next_due_at", [day]),
        )
        text = " UNION ALL ".join(f"(SELECT {LIST_COLUMNS}{LIST_FROM}{seen} AND {part} LIMIT 12)" for part, _ in parts)
        scene.sql(text, [value for _part, values in parts for value in (*own, *values)])

    return Pair(lambda place: round_robin(people, place).get("casework:inbox"), by_hand)


def _first_page(scene, people):
    return Pair(
        lambda place: round_robin(people, place).get("casework:matters"),
        lambda place: list_by_hand(scene, round_robin(people, place)),
    )


def _filtered(scene, people):
    """Category, state and a range of days, first page."""
    first = timezone.localdate(scene.now - timedelta(days=700))
    last = timezone.localdate(scene.now - timedelta(days=30))

    def by_hand(place):
        list_by_hand(
            scene, round_robin(people, place),
            " AND m.kind = 'dispute' AND m.category = 'neighbour' AND NOT m.is_open"
            " AND m.reported_at >= %s AND m.reported_at < %s", [first, last + timedelta(days=1)],
        )

    return Pair(
        lambda place: round_robin(people, place).get(
            "casework:matters", kind="dispute", category="neighbour", state="closed",
            reported_from=first.isoformat(), reported_to=last.isoformat(),
        ),
        by_hand,
    )


def _far_down(scene, people):
    """The same filter without the range, after a cursor beyond nine tenths of what the person sees."""
    moments = [_moment_far_down(person) for person in people]
    cursors = [cursor_of(_At(moment, 0), "reported_at") for moment in moments]

    def by_hand(place):
        list_by_hand(
            scene, round_robin(people, place),
            " AND m.kind = 'dispute' AND NOT m.is_open AND (m.reported_at, m.id) < (%s, 0)",
            [moments[place % len(people)]],
        )

    return Pair(
        lambda place: round_robin(people, place).get(
            "casework:matters", kind="dispute", state="closed", after=cursors[place % len(people)]
        ),
        by_hand,
    )


class _At:
    def __init__(self, moment, pk):
        self.reported_at, self.pk = moment, pk


def _moment_far_down(person):
    rows = Matter.objects.visible_to(person.user).order_by("-reported_at").values_list("reported_at", flat=True)
    return rows[int(rows.count() * 0.9)] if rows.exists() else timezone.now()


def _search(word):
    def pair(scene, people):
        def by_hand(place):
            list_by_hand(scene, round_robin(people, place), " AND m.search @@ %s::tsquery", [f"'{word}'"])

        return Pair(lambda place: round_robin(people, place).get("casework:search", q=word), by_hand)

    return pair


def _detail(scene, people):
    """A matter with a long history, another one each time."""
    ids = [
        list(Matter.objects.visible_to(person.user).filter(event_count__gte=5).order_by("-reported_at")
             .values_list("pk", flat=True)[:60])
        for person in people
    ]

    ids = [own for own in ids if own]
    people = [person for person in people if Matter.objects.visible_to(person.user).filter(event_count__gte=5).exists()]

    def pk(place):
        own = ids[place % len(people)]
        return own[place // len(people) % len(own)]

    def by_hand(place):
        scene.sql(
            f"SELECT m.description, {LIST_COLUMNS}, d.*{LIST_FROM.replace(' WHERE ', ' ')}"
            " JOIN disputes_dispute d ON d.matter_id = m.id WHERE m.id = %s", [pk(place)],
        )
        scene.sql(
            "SELECT e.*, p.values, a.name FROM casework_event e LEFT JOIN casework_eventpersonal p ON p.event_id = e.id"
            " LEFT JOIN organisation_user a ON a.id = e.actor_id WHERE e.matter_id = %s ORDER BY e.seq DESC",
            [pk(place)],
        )
        for table in ("casework_clock", "casework_party", "disputes_session", "disputes_agreement"):
            scene.sql(f"SELECT * FROM {table} WHERE matter_id = %s", [pk(place)])

    return Pair(lambda place: round_robin(people, place).get("casework:matter", pk(place)), by_hand)


_for_people("inbox", "inbox", 60, _inbox)
_for_people("list", "list of 50, first page", 60, _first_page, most_ratio=4)
_for_people("filtered", "filtered list, first page", 80, _filtered)
_for_people("far-down", "filtered list, after a cursor far down", 80, _far_down)
for _kind, _word in WORDS.items():
    _for_people(f"search-{_kind}", f"search of {_word}", 100, _search(_word))
_for_people("detail", "detail with timeline", 50, _detail)


def _waiting_to_be_accepted(scene, count=200) -> list:
    """Disputes just reported, each with a clerk who may accept it."""
    waiting = []
    for place in range(count):
        person = round_robin(scene.clerks, place)
        waiting.append((person, open_matter(
            kind="dispute", actor=person.user, client_uuid=uuid.uuid4(), facts={}, origin="bench",
            parties=[{"kind": "applicant", "name": "林大山"}, {"kind": "respondent", "name": "孙来福"}],
            values={"description": "院墙越界", "category": "homestead", "channel": "application",
                    "unit": person.user.home_unit, "reported_at": timezone.now()},
        )))
    return waiting


@bench("transition.clerk", "a step taken and committed", 40, most_queries=None)
def transition(scene):
    """Accepting a dispute by the service, with a person fresh from the session; by hand: the same writes."""
    waiting = _waiting_to_be_accepted(scene)
    actors = [User.objects.get(pk=person.user.pk) for person, _matter in waiting]

    def ours(place):
        _person, matter = waiting[place]
        facts = {"committee": matter.township, "initiative": "applied", "is_unopposed": True}
        moving.move(
            matter_id=matter.pk, step="accept", actor=actors[place], version=matter.version, facts=facts, origin="bench"
        )

    return Pair(ours, _writes_by_hand(scene), remark="the act, from the lock to the commit")


@bench("transition-page.clerk", "the same by its form", 40, most_queries=None)
def transition_page(scene):
    """From the sent form, with session, checks and the redirect."""
    waiting = _waiting_to_be_accepted(scene)

    def ours(place):
        person, matter = waiting[place]
        answer = person.client.post(
            reverse("casework:step", args=[matter.pk, "accept"]),
            {"version": matter.version, "committee": matter.township_id, "initiative": "applied", "is_unopposed": "on"},
        )
        if answer.status_code != 302:
            raise RuntimeError(f"the step was answered with {answer.status_code}")

    return Pair(ours, _writes_by_hand(scene), remark="POST of the form, answered by the redirect")


def _writes_by_hand(scene):
    """As many writes as accepting makes, into copies of the tables: history cannot be written beside the door."""
    columns = {table: _copied(scene, table) for table in ("matter", "event", "clock")}
    event, clock = (columns[name].replace('"seq", ', "").replace('"state", ', "") for name in ("event", "clock"))
    matters = [row for row in scene.sql("SELECT id FROM bench_matter LIMIT 300")]
    lived = [row for row in scene.sql("SELECT matter_id FROM bench_event WHERE verb = 'opened' LIMIT 300")]

    def write(place):
        pk, other = matters[place % len(matters)], lived[place % len(lived)]
        with transaction.atomic():
            scene.sql("SELECT * FROM bench_matter WHERE id = %s FOR UPDATE", pk)
            scene.sql(f"INSERT INTO bench_event (seq, {event}) SELECT {10 ** 6 + place}, {event}"
                      " FROM bench_event WHERE matter_id = %s LIMIT 1", other)
            scene.sql("UPDATE bench_clock SET state = 'stopped', stopped_at = now() WHERE matter_id = %s"
                      " AND rule = 'dispute.acceptance'", other)
            scene.sql(f"INSERT INTO bench_clock (state, {clock}) SELECT 'stopped', {clock}"
                      " FROM bench_clock WHERE matter_id = %s LIMIT 2", other)
            scene.sql("UPDATE bench_matter SET version = version + 1, last_moved_at = now() WHERE id = %s", pk)

    return write


def _copied(scene, table) -> str:
    """Make a copy of some thousand rows under ids of its own; the names of its columns but the id."""
    scene.sql(f"DROP TABLE IF EXISTS bench_{table}")
    scene.sql(f"CREATE TABLE bench_{table} (LIKE casework_{table} INCLUDING ALL)")
    names = scene.sql("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
                      " AND attname <> 'id'", [f"bench_{table}"])
    columns = ", ".join(f'"{name}"' for (name,) in names)
    scene.sql(f"INSERT INTO bench_{table} ({columns}) SELECT {columns} FROM casework_{table}"
              " ORDER BY id DESC LIMIT 5000")
    return columns


@bench("overdue", "overdue scan of the whole city", 100, most_queries=None)
def overdue(scene):
    """The clocks that have run out: what it reads must grow with them and not with the table."""
    rows = Clock.objects.overdue(scene.now).order_by("due_at", "id")
    text, params = rows.values("pk", "matter_id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {text}", params)
        found = cursor.fetchone()[0]
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    late, pages = plan["Actual Rows"], plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    is_scanned = "Seq Scan" in json.dumps(plan)
    return Pair(
        lambda place: list(rows.values_list("pk", "matter_id")),
        lambda place: scene.sql(
            "SELECT id, matter_id FROM casework_clock WHERE state = 'running' AND bearer = 'office' AND due_at < %s"
            " ORDER BY due_at, id", [scene.now],
        ),
        remark=f"{late:.0f} late clocks, {pages} pages read",
        fails="the whole table is read" if is_scanned and Clock.objects.count() > 100_000 else "",
    )
