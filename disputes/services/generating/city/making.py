"""Making a city (生成一座城): histories are lived once and pressed into as many townships as are asked for.

A township holds 5,000 disputes at most. Each process lives the histories of its own stencils, so that no two
neighbouring townships are the same, and makes whole townships, each in one transaction: what is cut off in
the middle leaves whole townships behind, with numbers that go on through the door.
"""
import multiprocessing
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.casework.services.stamping import Recorder
from governance.casework.workflow import Refused
from governance.organisation.models import Unit, UnitLevel
from governance.organisation.services.units import create_unit

from ..texts import SEASON
from . import papers, words
from .stories import Story
from .townships import BEGIN, QUIET_VILLAGE, VILLAGES, Cast, make_township

TOWNSHIP_SIZE = 5000
QUIET_ROWS, QUIET_DAYS = 20, 120
STENCILS = 4
OVERLOOKED = timedelta(days=20)
# The stencil that this process pressed last.
_stencils: dict[tuple, tuple[Cast, Recorder]] = {}
# Codes that no real division has; the demo township lies in 990101.
FIRST_DISTRICT, TOWNSHIPS_OF_DISTRICT = 990201, 20
LOCK = "generate-matters"


@dataclass(frozen=True)
class Township:
    """A township to be made: its code, name, and how many disputes."""

    code: str
    name: str
    size: int
    stencil: int


@dataclass
class Plan:
    """What is to be made: disputes, over so many years up to `now`; `password`: hashed, "" for none."""

    count: int
    years: int
    now: datetime
    password: str = ""
    townships: list[Township] = field(default_factory=list)

    @classmethod
    def of(cls, count: int, *, years: int = 0, size: int = TOWNSHIP_SIZE, password: str = "") -> "Plan":
        """A plan that goes on after the townships that were generated before.

        `years`: 0 for three, or five when townships are full. One township for each `size` disputes.
        """
        plan = cls(count, years or (5 if count >= size else 3), timezone.now(), password)
        first, whole = _generated_before(), count // size
        sizes = [size] * whole + ([count % size] if count % size else [])
        for place, rows in enumerate(sizes):
            stencil = STENCILS if rows != size else place % STENCILS
            plan.townships.append(Township(_code(first + place), _name(first + place), rows, stencil))
        plan.townships.sort(key=lambda township: (township.stencil, township.code))
        return plan


def make_city(plan: Plan, *, processes: int = 2, tell=lambda done, of: None) -> int:
    """Make the planned townships; returns how many events they hold. `tell(townships done, of)` after each.

    With one process, or one township, all is done in this one. Refused `already-generating` while another
    command does the same; RuntimeError if a process ends early.
    """
    with _alone():
        papers.write_placeholder()
        _make_districts(plan)
        shares = [[t for t in plan.townships if t.stencil % processes == n] for n in range(processes)]
        shares = [share for share in shares if share]
        events = _make_here(plan, tell) if len(shares) <= 1 else _make_in_processes(plan, shares, tell)
        _tidy_up()
    return events


@contextmanager
def _alone():
    """Hold the database's lock for generating, which ends with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [LOCK])
        if not cursor.fetchone()[0]:
            raise Refused("already-generating", _("Another command generates matters in this database just now."))
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [LOCK])


def _make_districts(plan: Plan) -> None:
    for code in sorted({township.code[:6] for township in plan.townships}):
        if not Unit.objects.filter(code=code).exists():
            create_unit(code=code, name=f"云川{code[-2:]}县", level=UnitLevel.DISTRICT, parent=None, actor=None,
                        valid_from=BEGIN)


def _tidy_up() -> None:
    """Tell the planner what is there now, and mark pages as visible to all; not inside a transaction."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
            " WHERE relkind = 'r' AND nspname = current_schema()"
            " AND relname ~ '^(casework|disputes|organisation)_' ORDER BY relname"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'VACUUM (ANALYZE) "{table}"')


def record(cast: Cast, size: int, years: int, now: datetime, seed: int) -> Recorder:
    """Live so many disputes of a township and keep them as a stencil."""
    rng, recorder = Random(seed), Recorder(seed)
    serials: dict[int, int] = {}

    occasions = _occasions(rng, size, years, now)
    # Whatever the day, every township has one that is overdue.
    overlooked = max((pair for pair in occasions if pair[0] < now - OVERLOOKED), default=None)

    def lives():
        for pair in occasions:
            at, village = pair
            year = timezone.localtime(at).year
            serials[year] = serials.get(year, 0) + 1
            yield Story(rng, cast, recorder.reserve, now).tell(village, at, serials[year], pair == overlooked)

    recorder.add(lives())
    return recorder


def _occasions(rng: Random, size: int, years: int, now: datetime) -> list[tuple[datetime, int]]:
    """When disputes were typed and in which village, oldest first, more before Spring Festival and at harvest."""
    days = years * 365
    quiet = min(QUIET_ROWS, size // 50)
    found = [
        (now - timedelta(days=days - rng.uniform(0, min(QUIET_DAYS, days / 4))), QUIET_VILLAGE) for _ in range(quiet)
    ]
    weights = [rng.uniform(0.5, 1.8) for _ in range(VILLAGES - 1)]
    while len(found) < size:
        at = now - timedelta(days=rng.uniform(0.02, days))
        if rng.random() < SEASON[at.month]:
            found.append((at, rng.choices(range(VILLAGES - 1), weights)[0]))
    return sorted(found)


def _make_here(plan: Plan, tell) -> int:
    events = 0
    for done, township in enumerate(plan.townships, start=1):
        events += _make_one(plan, township)
        tell(done, len(plan.townships))
    _stencils.clear()
    return events


def _make_in_processes(plan: Plan, shares, tell) -> int:
    """Each share in a process of its own, which keeps its stencil and opens its own connection."""
    import django

    context, events = multiprocessing.get_context("spawn"), 0
    # An empty plan travels with each township; the list of all would be pickled as often.
    sent = (replace(plan, townships=[]), connection.settings_dict["NAME"])
    with ExitStack() as stack:
        waiting = []
        for share in shares:
            pool = stack.enter_context(ProcessPoolExecutor(1, mp_context=context, initializer=django.setup))
            waiting += [pool.submit(_make_in_process, *sent, township) for township in share]
        try:
            for done, made in enumerate(as_completed(waiting), start=1):
                events += made.result()
                tell(done, len(plan.townships))
        except BaseException:
            for one in waiting:
                one.cancel()
            raise
    return events


def _make_in_process(plan: Plan, database: str, township: Township) -> int:
    connection.settings_dict["NAME"] = database
    return _make_one(plan, township)


def _make_one(plan: Plan, township: Township) -> int:
    """Make a township with all its disputes, in one transaction; returns its events."""
    key = (township.stencil, township.size)
    if key not in _stencils:
        # One at a time: a full stencil takes some hundred megabytes.
        _stencils.clear()
        cast = Cast(township.stencil)
        _stencils[key] = cast, record(cast, township.size, plan.years, plan.now, seed=township.stencil)
    cast, stencil = _stencils[key]
    with transaction.atomic():
        district = Unit.objects.get(code=township.code[:6])
        ids = make_township(cast, code=township.code, name=township.name, district=district, password=plan.password)
        return stencil.press(township.code, township.name, ids)


def _generated_before() -> int:
    last = Unit.objects.filter(level=UnitLevel.TOWNSHIP, code__startswith="9902").order_by("code").last()
    if last is None:
        return 0
    district, number = int(last.code[:6]), int(last.code[6:])
    return (district - FIRST_DISTRICT) * TOWNSHIPS_OF_DISTRICT + number - 100


def _code(place: int) -> str:
    district, number = divmod(place, TOWNSHIPS_OF_DISTRICT)
    return f"{FIRST_DISTRICT + district}{101 + number}"


def _name(place: int) -> str:
    """两字镇名; beyond them a direction stands before."""
    first, last = words.TOWNSHIP_FIRST, words.TOWNSHIP_LAST
    turn, place = divmod(place, len(first) * len(last))
    name = first[place % len(first)] + last[place // len(first)]
    return name if not turn else "东西南北中"[(turn - 1) % 5] + name
