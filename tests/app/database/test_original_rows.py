"""What the tests of this folder and all others rely on: a PostgreSQL database is what it was before each of them."""

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.databases import POSTGRES, OriginalRows, create_database, drop_database

pytestmark = pytest.mark.needs("postgresql")
TABLES = """
    CREATE TABLE house (id serial PRIMARY KEY, name text);
    CREATE TABLE room (id serial PRIMARY KEY, house_id int REFERENCES house);
    CREATE TABLE empty (id int);
    INSERT INTO house (name) VALUES ('a'), ('b');
    INSERT INTO room (house_id) VALUES (1), (2);
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'append-only'; END $$;
    CREATE TRIGGER kept BEFORE DELETE ON room FOR EACH ROW EXECUTE FUNCTION refuse()"""
CONTENT = """
    SELECT (SELECT array_agg(h ORDER BY h)::text FROM house h), (SELECT array_agg(r ORDER BY r)::text FROM room r),
        (SELECT count(*) FROM empty), (SELECT last_value FROM house_id_seq), (SELECT last_value FROM room_id_seq)"""


def connect(name: str) -> Any:
    """Connect as the superuser."""
    address = POSTGRES.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True)


@pytest.fixture(scope="module")
def rows() -> Iterator[OriginalRows]:
    """A small database, as it is put back."""
    name = f"zhanggui_test_rows_{os.getpid()}"
    create_database(name)
    with connect(name) as connection:
        connection.execute(TABLES)
    made = OriginalRows(name)
    yield made
    made.close()
    drop_database(name)


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO empty VALUES (1)",
        "UPDATE house SET name = 'z' WHERE id = 1",
        "UPDATE room SET house_id = 2; DELETE FROM house WHERE id = 1",
        "UPDATE room SET house_id = NULL; DELETE FROM house; INSERT INTO house VALUES (1, 'a'), (2, 'z')",
        "SELECT nextval('house_id_seq')",
        "INSERT INTO room (house_id) VALUES (2); UPDATE house SET name = upper(name)",
        "ALTER TABLE room DISABLE TRIGGER kept; DELETE FROM room; ALTER TABLE room ENABLE TRIGGER kept",
        "CREATE TABLE more (id int); DROP TABLE more; INSERT INTO empty VALUES (1)",
    ],
)
def test_whatever_was_written_is_put_back(rows: OriginalRows, change: str) -> None:
    with connect(rows.name) as connection:
        before = connection.execute(CONTENT).fetchone()
        connection.execute(change)
        assert connection.execute(CONTENT).fetchone() != before

    for _time in range(2):  # The second time there is nothing to do.
        assert rows.put_back()
        with connect(rows.name) as connection:
            assert connection.execute(CONTENT).fetchone() == before


def test_tables_that_changed_are_told_and_left(rows: OriginalRows) -> None:
    for change, back in (
        ("ALTER TABLE room DISABLE TRIGGER kept", "ALTER TABLE room ENABLE TRIGGER kept"),
        ("CREATE TABLE more (id int)", "DROP TABLE more"),
    ):
        with connect(rows.name) as connection:
            connection.execute(change)
        assert not rows.put_back()
        with connect(rows.name) as connection:
            connection.execute(back)
        assert rows.put_back()


def test_only_who_waits_in_the_apps_own_pool_stays(rows: OriginalRows) -> None:
    with connect(rows.name) as waiting, connect(rows.name) as busy, connect(rows.name) as stranger:
        own = [one.info.backend_pid for one in (waiting, busy)]
        busy.execute("BEGIN")
        busy.execute("UPDATE house SET name = 'locked'")
        assert rows.put_back(own)
        assert waiting.execute("SELECT name FROM house ORDER BY id").fetchall() == [("a",), ("b",)]
        for gone in (busy, stranger):
            with pytest.raises(psycopg.OperationalError):
                gone.execute("SELECT 1")
