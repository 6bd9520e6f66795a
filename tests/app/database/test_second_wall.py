"""Composite keys on both databases, and what PostgreSQL keeps up by itself when the session is out of the way."""

import subprocess
import sys

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.database.isolation import IsolationError, without_isolation
from app.database.row_security import is_held_by_policies
from app.database.session import as_company, db, session, set_active_company
from tests.app.database.conftest import Walls
from tests.app.database.models import DummyChild, DummyParent, DummyTag

NAMES = sa.text("SELECT name FROM dummy_child ORDER BY id")


def test_a_pointer_abroad_is_refused_by_the_database_with_the_first_wall_open(walls: Walls) -> None:
    before = walls.rows_of(1)

    with walls.app.app_context(), as_company(1):
        session.get_one(DummyChild, 1).parent_id = 2
        with pytest.raises(IntegrityError), without_isolation(db.session(), reason="a test"):
            session.flush()
        session.rollback()

    assert walls.rows_of(1) == before


def test_a_pointer_abroad_is_refused_to_whoever_stands_above_the_walls(walls: Walls) -> None:
    with walls.above.connect() as connection:
        for statement in (
            "UPDATE dummy_child SET parent_id = 2 WHERE id = 1",
            "INSERT INTO dummy_child_tag (company_id, child_id, tag_id) VALUES (1, 1, 2)",
        ):
            with pytest.raises(IntegrityError):
                connection.execute(sa.text(statement))
            connection.rollback()


def test_a_unique_key_holds_within_a_company_only(walls: Walls) -> None:
    with walls.app.app_context(), as_company(1):
        session.add(DummyChild(code="FOREIGN code", name="free here"))
        session.flush()
        session.add(DummyChild(code="own code", name="taken here"))
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()


def test_two_processes_see_their_own_company(walls: Walls) -> None:
    script = (
        "import sys, flask\n"
        "from app.database.session import as_company, db, session\n"
        "from tests.app.database.models import DummyTag\n"
        "app = flask.Flask('other')\n"
        "app.config['SQLALCHEMY_DATABASE_URI'] = sys.argv[1]\n"
        "db.init_app(app)\n"
        "with app.app_context(), as_company(2):\n"
        "    session.add(DummyTag(name='of the other process'))\n"
        "    session.commit()\n"
        "    print([tag.name for tag in session.query(DummyTag).order_by(DummyTag.id)])\n"
    )
    url = walls.app.config["SQLALCHEMY_DATABASE_URI"]

    with walls.app.app_context(), as_company(1):
        assert session.query(DummyTag).count() == 1
        session.commit()
        found = subprocess.run([sys.executable, "-c", script, url], capture_output=True, text=True, check=True)
        mine = [tag.name for tag in session.query(DummyTag)]

    assert found.stdout.strip() == "['FOREIGN tag', 'of the other process']"
    assert mine == ["own tag"]


def test_what_is_announced_ends_with_the_transaction(walls: Walls) -> None:
    if not walls.is_postgres:
        return
    with walls.app.app_context():
        with as_company(1):
            assert session.connection().execute(NAMES).scalars().all() == ["own child"]
            session.commit()
        db.session.remove()
        for _ in range(5):  # More than the pool holds: each connection is met.
            with db.engine.connect() as connection:
                assert connection.execute(NAMES).scalars().all() == []
                assert connection.scalar(sa.text("SELECT current_setting('app.company_id', true)")) in {None, ""}


def test_a_switch_within_a_transaction_reaches_the_database(walls: Walls) -> None:
    if not walls.is_postgres:
        return
    with walls.app.app_context(), as_company(1):
        assert session.connection().execute(NAMES).scalars().all() == ["own child"]
        with as_company(2):
            assert session.connection().execute(NAMES).scalars().all() == ["FOREIGN child"]
        assert session.connection().execute(NAMES).scalars().all() == ["own child"]
        set_active_company(None)
        assert session.connection().execute(NAMES).scalars().all() == []
        session.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE dummy_child DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE dummy_child NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY company ON dummy_child",
        "CREATE POLICY open ON dummy_child USING (true)",
        "SET row_security = off; SELECT * FROM dummy_child",
        "TRUNCATE dummy_child CASCADE",
        "DROP TABLE dummy_child CASCADE",
        "ALTER TABLE dummy_child ADD COLUMN extra int",
        "CREATE TABLE mine (id int)",
        "SET ROLE zhanggui_owner",
        "SET ROLE postgres",
        "ALTER ROLE zhanggui_app BYPASSRLS",
        "UPDATE dummy_child SET company_id = 2",
        "INSERT INTO dummy_loose (company_id, version, created_at, updated_at, custom, name) "  # noqa: ISC004
        "SELECT 2, 1, created_at, updated_at, custom, 'x' FROM dummy_loose",
    ],
)
def test_the_app_role_cannot_take_the_wall_down(walls: Walls, statement: str) -> None:
    if not walls.is_postgres:
        return
    before = walls.rows_of(2)

    with walls.app.app_context(), as_company(1):
        with pytest.raises(DBAPIError) as refusal:
            session.connection().exec_driver_sql(statement)
        session.rollback()

    assert getattr(refusal.value.orig, "sqlstate", None) == "42501", refusal.value  # Insufficient privilege.
    assert walls.rows_of(2) == before


@pytest.mark.parametrize("statement", ["DELETE FROM dummy_loose", "UPDATE dummy_tag SET name = 'hacked'"])
def test_raw_writes_touch_the_own_company_only(walls: Walls, statement: str) -> None:
    if not walls.is_postgres:
        return
    before = walls.rows_of(2)

    with walls.app.app_context(), as_company(1):
        assert session.connection().exec_driver_sql(statement).rowcount == 1
        session.commit()

    assert walls.rows_of(2) == before


def test_only_a_humble_role_is_held_by_the_policies(walls: Walls) -> None:
    with walls.app.app_context(), db.engine.connect() as connection:
        assert is_held_by_policies(connection, DummyChild.metadata) is walls.is_postgres
    with walls.above.connect() as connection:
        assert is_held_by_policies(connection, DummyChild.metadata) is False


def test_the_wall_opened_on_purpose_is_logged(walls: Walls, caplog: pytest.LogCaptureFixture) -> None:
    with walls.app.app_context(), as_company(1), without_isolation(db.session(), reason="counting all parents"):
        found = session.query(DummyParent).count()

    assert found == (1 if walls.is_postgres else 2)  # The second wall stays closed.
    assert "counting all parents" in caplog.text


def test_nothing_is_written_abroad_with_no_company(walls: Walls) -> None:
    with walls.app.app_context():
        session.add(DummyTag(name="nobody's"))
        with pytest.raises(IsolationError):
            session.flush()
        session.rollback()
