"""A million parcels of one company among those of nineteen others, with the tokens of their recipients."""

import datetime as dt
import itertools
import sqlite3
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import psycopg
from _database import COMPANIES, FIRST_DAY, BenchDatabase, SqliteBenchDatabase

ROWS, OTHERS_EVERY = 1_000_000, 12  # Every twelfth row of the table is another company's.
DEPOTS = 200  # Of each company.
CHINESE, LATIN, RARE_EVERY = "靖雯", "quil", 40_000  # Names that a search finds 25 times in a million.
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
_GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂芝文辉玲红玉建国庆华"
_FIRST_NAMES = (
    "Anna",
    "Boris",
    "Clara",
    "David",
    "Elena",
    "Frank",
    "Grace",
    "Henry",
    "Irene",
    "Jacob",
    "Karen",
    "Louis",
)
_CITIES = ("北京", "上海", "广州", "深圳", "杭州", "成都", "武汉", "西安", "南京", "重庆")
_STATES = ("packed", "on_the_way", "delivered")
_STAMP = "2025-01-01 08:00:00"
_DEPOT = ("id", "company_id", "version", "created_at", "updated_at", "custom", "name")
_PARCEL = (
    "id", "company_id", "version", "created_at", "updated_at", "custom", "org_unit_id", "number", "recipient",
    "depot_id", "city", "pieces", "freight", "sent_on", "state",
)  # fmt: skip
_TOKEN = ("company_id", "model", "record_id", "personal", "token")


class ParcelsDatabase(BenchDatabase):
    """A million parcels on PostgreSQL."""

    addon = "parcels"

    def fill(self, companies: list[int]) -> None:
        """Write the rows in bulk: triggers and the index of tokens wait until they are there."""
        with self.connect() as connection:
            units = dict(connection.execute("SELECT company_id, min(id) FROM companies_org_unit GROUP BY 1").fetchall())
            connection.execute("SET session_replication_role = replica")
            definition = connection.execute(
                "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_search_token_found'"
            ).fetchall()
            connection.execute("DROP INDEX ix_search_token_found")
            _copy(connection, "parcels_depot", _DEPOT, depots(companies))
            _copy(connection, "parcels_parcel", _PARCEL, parcels(companies, units))
            _copy(connection, "search_token", _TOKEN, tokens(companies, units))
            connection.execute(definition[0][0])
            for table in ("parcels_depot", "parcels_parcel", "search_token"):
                connection.execute(f"VACUUM ANALYZE {table}")


class SqliteParcelsDatabase(SqliteBenchDatabase):
    """A million parcels on SQLite; nobody searches there, so they have no tokens."""

    addon = "parcels"

    def fill(self, companies: list[int]) -> None:
        """Write the rows in one transaction."""
        with sqlite3.connect(self.file) as connection:
            units = dict(connection.execute("SELECT company_id, min(id) FROM companies_org_unit GROUP BY 1"))
            _insert(connection, "parcels_depot", _DEPOT, depots(companies))
            _insert(connection, "parcels_parcel", _PARCEL, parcels(companies, units))
            connection.execute("ANALYZE")
        connection.close()


def depots(companies: list[int]) -> Iterator[tuple[Any, ...]]:
    """Yield the depots of every company."""
    for company, number in itertools.product(companies, range(1, DEPOTS + 1)):
        yield (_depot(company, number), company, 0, _STAMP, _STAMP, "{}", f"{_CITIES[number % 10]} {number:03}")


def parcels(companies: list[int], units: dict[int, int]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows as they would have been written by all companies together."""
    own = 0
    for key in itertools.count(1):
        is_own = key % OTHERS_EVERY > 0
        own += is_own
        if own > ROWS:
            return
        company = companies[0] if is_own else companies[1 + key // OTHERS_EVERY % (COMPANIES - 1)]
        yield (
            key, company, 0, _STAMP, _STAMP, "{}", units[company], f"PC-{key:08}", recipient(key, own if is_own else 0),
            _depot(company, 1 + key % DEPOTS), _CITIES[key % 10], 1 + key % 50, key * 37 % 90_000,
            FIRST_DAY + dt.timedelta(key % 400), _STATES[key % 3],
        )  # fmt: skip


def recipient(key: int, own: int) -> str:
    """Return a name that people have: one in ten is a Latin one, two are rare."""
    surname = _SURNAMES[key % len(_SURNAMES)]
    if own % RARE_EVERY == 1:
        return surname + CHINESE
    if own % RARE_EVERY == 2:
        return f"{LATIN.capitalize()}lon {_FIRST_NAMES[key % 11]}"
    if key % 10 == 0:
        return f"{_FIRST_NAMES[key % 11]} {_FIRST_NAMES[key * 7 % 10]}"
    return surname + _GIVEN[key * 7 % len(_GIVEN)] + (_GIVEN[key * 11 % len(_GIVEN)] if key % 3 else "")


def tokens(companies: list[int], units: dict[int, int]) -> Iterator[tuple[Any, ...]]:
    """Yield the tokens that the product would have written with each row."""
    from addons.parcels.models import Parcel
    from app.search.declaration import declaration_of
    from app.search.tokenizer import open_tokens

    number, tokens_of = declaration_of(Parcel).number, cache(open_tokens)
    for row in parcels(companies, units):
        for token in sorted(tokens_of(row[8])):
            yield (row[1], number, row[0], False, token)


def _depot(company: int, number: int) -> int:
    return company * 1_000 + number


def _copy(
    connection: psycopg.Connection[Any], table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]
) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _insert(
    connection: sqlite3.Connection, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]
) -> None:
    places = ", ".join("?" * len(columns))
    texts = ([str(value) if isinstance(value, dt.date) else value for value in row] for row in rows)
    connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", texts)  # noqa: S608
