"""Numbers without gaps (编号), per kind, township and year."""
from django.db import connection


def next_number(*, prefix: str, township_code: str, year: int) -> str:
    """The next number, e.g. `330122101-JF-2026-00042`, in the caller's transaction."""
    last = take_numbers(1, prefix=prefix, township_code=township_code, year=year)
    return f"{township_code}-{prefix}-{year}-{last:05d}"


def take_numbers(count: int, *, prefix: str, township_code: str, year: int) -> int:
    """Take the next `count` numbers of a series; the last of them.

    One statement takes the series' row lock and keeps it until commit; a rollback gives the numbers back.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO casework_numberseries AS series (prefix, township_code, year, last)
            VALUES (%s, %s, %s, %s)
            ON CONFLICT (prefix, township_code, year) DO UPDATE SET last = series.last + excluded.last
            RETURNING last
            """,
            [prefix, township_code, year, count],
        )
        return cursor.fetchone()[0]


def shown_number(number: str, *, township_name: str, kind_name: str) -> str:
    """The number as a township writes it: 富春江纠纷〔2026〕0042."""
    year, serial = number.rsplit("-", 2)[1:]
    return f"{township_name}{kind_name}〔{year}〕{int(serial):04d}"
