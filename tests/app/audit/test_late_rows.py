"""The log is written at the end of the transaction, and shares the fate of what it tells of (S:CORE-07)."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from app.audit import AuditEntry
from app.database.late_rows import write_waiting
from app.database.session import as_company, commit, rollback, session
from tests.app.jobs.notes import DummyNote

Run = Callable[..., Any]
pytestmark = pytest.mark.rule("S:CORE-07")


def note(text: str) -> None:
    session.add(DummyNote(text=text))
    session.flush()


def told() -> list[str]:
    found = session.scalars(sa.select(AuditEntry.changes).order_by(AuditEntry.id))
    return [changes["text"][1] for changes in found]


@pytest.fixture
def told_of(run_in: Run) -> Callable[[int], list[str]]:
    """Return a function that reads which notes of a company the log tells of, after all was committed."""
    return lambda company_id: run_in(company_id, told)


@pytest.mark.parametrize("written_in_between", [False, True])
def test_a_savepoint_takes_its_own_entries_back_and_no_others(
    run_in: Run, world: SimpleNamespace, told_of: Any, *, written_in_between: bool
) -> None:
    def work() -> None:
        note("before")
        with session.begin_nested():
            note("kept")
        savepoint = session.begin_nested()
        note("undone")
        if written_in_between:
            write_waiting(session.connection())
        savepoint.rollback()
        note("after")

    run_in(world.one, work)

    assert told_of(world.one) == ["before", "kept", "after"]


def test_a_rollback_leaves_nothing_for_the_next_transaction(run_in: Run, world: SimpleNamespace, told_of: Any) -> None:
    def work() -> None:
        note("undone")
        rollback()
        note("done")

    run_in(world.one, work)

    assert told_of(world.one) == ["done"]


def test_who_reads_the_log_sees_what_was_just_done(run_in: Run, world: SimpleNamespace) -> None:
    def work() -> list[str]:
        note("first")
        note("second")
        return told()

    assert run_in(world.one, work) == ["first", "second"]


def test_entries_belong_to_the_company_of_their_change(run_in: Run, world: SimpleNamespace, told_of: Any) -> None:
    def fail_in_two() -> None:
        with as_company(world.two):
            note("of two, and then it failed")
            raise ZeroDivisionError

    def work() -> None:
        note("of one")
        with as_company(world.two):
            note("of two")
        with pytest.raises(ZeroDivisionError):
            fail_in_two()
        note("of one again")

    run_in(world.one, work)

    assert told_of(world.one) == ["of one", "of one again"]
    assert told_of(world.two) == ["of two", "of two, and then it failed"]


def test_a_long_transaction_keeps_few_entries_waiting(run_in: Run, world: SimpleNamespace, told_of: Any) -> None:
    def work() -> int:
        session.add_all(DummyNote(text=f"{number:04}") for number in range(1200))
        session.flush()
        waiting = sum(map(len, session.connection().info["late_rows"].rows.values()))
        commit()
        return waiting

    assert run_in(world.one, work) < 500
    assert told_of(world.one) == [f"{number:04}" for number in range(1200)]
