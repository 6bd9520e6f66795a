"""Entering and leaving companies, savepoints, and what waits for the commit."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.database.context import active_company
from app.database.session import as_company, begin_writing, commit, db, on_commit, rollback, session, set_active_company
from app.database.sqlite import set_foreign_keys
from tests.app.database.conftest import Walls
from tests.app.database.models import DummyChild, DummyLoose, DummyTag


def names() -> list[str]:
    """Return the names of the tags that are visible."""
    return sorted(session.scalars(sa.select(DummyTag.name)))


def write(row: DummyTag) -> None:
    """Write the row."""
    session.add(row)
    session.flush()


def fail_with(row: DummyTag) -> None:
    """Add the row and fail before it is written."""
    session.add(row)
    raise LookupError


def test_a_change_of_company_takes_its_rows_out_of_the_session(walls: Walls) -> None:
    with walls.app.app_context(), as_company(1):
        row = session.get_one(DummyChild, 1)

        set_active_company(2)

        assert row not in session
        assert not list(session)
        set_active_company(1)


def test_what_is_pending_is_written_before_the_change(walls: Walls) -> None:
    with walls.app.app_context(), as_company(1):
        session.add(DummyTag(name="pending"))
        with as_company(2):
            assert names() == ["FOREIGN tag"]
        assert names() == ["own tag", "pending"]


def test_one_cached_statement_serves_each_company_its_own(walls: Walls) -> None:
    seen = []
    with walls.app.app_context():
        for company_id in (1, 2, 1, 2):
            with as_company(company_id):
                seen.append(names())

    assert seen == [["own tag"], ["FOREIGN tag"]] * 2


def test_a_failure_inside_leads_back_and_the_transaction_goes_on(walls: Walls) -> None:
    with walls.app.app_context(), as_company(1):
        session.add(DummyTag(name="mine"))
        session.flush()
        with pytest.raises(LookupError), as_company(2):
            fail_with(DummyTag(name="half-done"))

        assert active_company() == 1
        session.commit()
        assert names() == ["mine", "own tag"]
        with as_company(2):
            assert names() == ["FOREIGN tag"]


def test_a_broken_statement_inside_leads_back(walls: Walls) -> None:
    with walls.app.app_context(), as_company(1):
        with pytest.raises(IntegrityError), as_company(2):
            session.execute(sa.insert(DummyTag), [{"id": 2, "name": "taken"}])
        assert active_company() == 1
        rollback()
        assert names() == ["own tag"]


def test_a_savepoint_around_a_company_keeps_what_was_before(walls: Walls) -> None:
    with walls.app.app_context(), as_company(1):
        session.add(DummyTag(name="before"))
        session.flush()
        with pytest.raises(IntegrityError), session.begin_nested(), as_company(2):
            write(DummyTag(id=2, name="taken"))

        assert active_company() == 1
        assert names() == ["before", "own tag"]
        session.commit()
        assert names() == ["before", "own tag"]


def test_a_savepoint_in_the_same_company_keeps_what_was_before(walls: Walls) -> None:
    with walls.app.app_context(), as_company(1):
        session.add(DummyTag(name="before"))
        session.flush()
        with pytest.raises(IntegrityError), session.begin_nested(), as_company(1):
            write(DummyTag(id=1, name="taken"))

        session.commit()
        assert names() == ["before", "own tag"]


def test_calls_wait_for_the_commit_and_forget_what_was_undone(walls: Walls) -> None:
    called: list[str] = []
    with walls.app.app_context(), as_company(1):
        on_commit(lambda: called.append("first"))
        part = session.begin_nested()
        on_commit(lambda: called.append("undone"))
        with session.begin_nested():
            on_commit(lambda: called.append("undone too"))
        part.rollback()
        with session.begin_nested():
            on_commit(lambda: called.append("kept"))
        assert called == []

        commit()

        assert called == ["first", "kept"]
        session.add(DummyTag(name="undone"))
        session.flush()
        on_commit(lambda: called.append("rolled back"))
        session.rollback()
        commit()
        assert called == ["first", "kept"]


def test_a_failing_call_does_not_stop_the_next(walls: Walls, caplog: pytest.LogCaptureFixture) -> None:
    called: list[int] = []
    with walls.app.app_context():
        on_commit(lambda: called.append(1 // 0))
        on_commit(lambda: called.append(2))

        commit()

    assert called == [2]
    assert "ZeroDivisionError" in caplog.text


def test_sqlite_holds_foreign_keys_and_savepoints(walls: Walls) -> None:
    with walls.app.app_context(), as_company(1):
        begin_writing()
        with pytest.raises(IntegrityError):
            session.execute(sa.update(DummyChild).values(parent_id=999))
        session.rollback()

        session.execute(sa.update(DummyLoose).values(child_id=999))  # No foreign key, no complaint.
        nested = session.begin_nested()
        session.add(DummyTag(name="undone"))
        session.flush()
        nested.commit()
        session.rollback()
        assert names() == ["own tag"]


def test_foreign_keys_are_not_switched_within_a_transaction(walls: Walls) -> None:
    if walls.is_postgres:
        return
    with walls.app.app_context(), db.engine.connect() as connection:
        set_foreign_keys(connection, on=False)
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 0
        with pytest.raises(RuntimeError):
            set_foreign_keys(connection, on=True)
        connection.rollback()
        set_foreign_keys(connection, on=True)
